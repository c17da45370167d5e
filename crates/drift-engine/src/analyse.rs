//! One file: from its text to its facts, whatever the text is.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};
use std::thread;

use drift_facts::{Extracted, extract};
use drift_scan::generated_by_line;
use drift_store::StoredFacts;
use drift_syntax::{Language, guessing_estimate, nesting_estimate};
use drift_text::LineIndex;

/// The stack of a worker. Address space; only what is used is ever backed by memory.
pub const WORKER_STACK_BYTES: usize = 256 << 20;
/// Files that nest deeper than this leave the workers' stacks for one of their own.
const WORKER_NESTING: u32 = 2_000;
/// Reading recurses as deep as the text nests; a level takes a few kB of stack at most.
const STACK_BYTES_PER_LEVEL: usize = 16 << 10;
/// Deeper than any program; a stack for more is not to be had everywhere.
const MAX_NESTING: u32 = 250_000;
const MAX_STACK_BYTES: usize = 4 << 30;
/// The parser reads what it took for something else again, at each level that it did; with so many of these a file takes
/// seconds, with ten times as many minutes.
const MAX_GUESSING: u32 = 2_000;

/// One deep file at a time, so that their stacks do not add up.
static DEEP: Mutex<()> = Mutex::new(());

/// Reads one file's facts. Broken source gives facts and notes; a text that nests too deeply, or one on which Drift
/// itself fails, gives a note alone.
pub fn analyse(language: Language, text: &str, damage: Option<String>) -> StoredFacts {
    // The reader of Python counts its own levels, and leaves out what is too deep.
    let nesting = if matches!(language, Language::Python | Language::Notebook) { 0 } else { nesting_estimate(text) };
    let extracted = if nesting > MAX_NESTING {
        Err(format!("nested-too-deeply: about {nesting} levels, limit {MAX_NESTING}"))
    } else if nesting > WORKER_NESTING && guessing_estimate(text, language.has_types()) > MAX_GUESSING {
        Err(format!("nested-too-deeply: more than {MAX_GUESSING} levels that can be read in more than one way"))
    } else if nesting > WORKER_NESTING {
        on_own_stack(language, text, nesting)
    } else {
        panic::catch_unwind(AssertUnwindSafe(|| extract(language, text))).map_err(|panic| internal_error(&*panic))
    };
    let mut notes: Vec<String> = damage.into_iter().collect();
    notes.extend(generated_by_line(text).map(|line| format!("generated: line {line} says so")));
    let facts = match extracted {
        Ok(Extracted { facts, problems }) => {
            notes.extend(first_problem(text, &problems));
            Some(facts)
        }
        Err(reason) => {
            notes.push(reason);
            None
        }
    };
    StoredFacts { facts, notes }
}

fn on_own_stack(language: Language, text: &str, nesting: u32) -> Result<Extracted, String> {
    let _one = DEEP.lock().unwrap_or_else(PoisonError::into_inner);
    let bytes = (nesting as usize * STACK_BYTES_PER_LEVEL).clamp(WORKER_STACK_BYTES, MAX_STACK_BYTES);
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(bytes).spawn_scoped(scope, || extract(language, text));
        match worker {
            Ok(worker) => worker.join().map_err(|panic| internal_error(&*panic)),
            Err(_) => Err(format!("nested-too-deeply: about {nesting} levels, and no memory for so deep a stack")),
        }
    })
}

fn internal_error(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    format!("internal-error: {text}")
}

/// The first problem says what is wrong with the file; the rest are counted, since most follow from it.
fn first_problem(text: &str, problems: &[drift_syntax::Problem]) -> Option<String> {
    let first = problems.first()?;
    let (line, column) = LineIndex::new(text).line_column(first.span.start);
    let message = first.message.lines().next().unwrap_or_default();
    let more = match problems.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("syntax-error: {message} ({line}:{column}){more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_source_gives_facts_and_one_note() {
        let stored = analyse(Language::TypeScript, "export function f() { return }\n function (", None);
        assert!(stored.facts.is_some());
        let [note] = stored.notes.as_slice() else { panic!("one note, not {:?}", stored.notes) };
        assert!(note.starts_with("syntax-error: "), "{note}");
    }

    #[test]
    fn deep_nesting_is_read_on_a_stack_of_its_own() {
        let text = format!("x = {}0{};", "(".repeat(20_000), ")".repeat(20_000));
        assert_eq!(analyse(Language::JavaScript, &text, None).notes, Vec::<String>::new());
    }

    #[test]
    fn nesting_beyond_any_program_is_refused_with_its_depth() {
        let text = "[".repeat(300_000);
        let stored = analyse(Language::JavaScript, &text, None);
        assert_eq!(stored.facts, None);
        assert!(stored.notes[0].starts_with("nested-too-deeply: about 300000 levels"), "{:?}", stored.notes);
    }

    #[test]
    fn nesting_that_is_read_again_and_again_is_refused() {
        for text in ["a<b,".repeat(400_000), "T<".repeat(10_000), "(a=".repeat(10_000)] {
            let stored = analyse(Language::TypeScript, &text, None);
            assert_eq!(stored.facts, None);
            assert!(stored.notes[0].starts_with("nested-too-deeply: "), "{:?}", stored.notes);
        }
        assert!(analyse(Language::JavaScript, &"a<b,".repeat(10_000), None).facts.is_some());
    }

    #[test]
    fn a_failure_of_drift_itself_is_a_note() {
        assert_eq!(internal_error(&"boom"), "internal-error: boom");
        assert_eq!(internal_error(&String::from("bang")), "internal-error: bang");
        assert_eq!(internal_error(&1), "internal-error: no message");
    }
}
