//! Edits that only move code: a comment, a line break, another number. What is solved stays, and positions follow.

use drift_facts::FileFacts;
use drift_store::{FileBlocks, decode_functions, decode_sites, encode_functions, encode_sites};
use drift_text::LineSpan;

type Position = (u32, u32);

/// From the positions of a file's facts to those after an edit that changed nothing else.
pub struct Moves {
    /// Sorted.
    from: Vec<Position>,
    /// By the place in `from`.
    to: Vec<Position>,
}

impl Moves {
    /// `None` when the edit changed more than positions, or their order. O(facts).
    pub fn between(old: &FileFacts, new: &FileFacts) -> Option<Self> {
        let moves = Self { from: positions(old), to: positions(new) };
        if moves.from.len() != moves.to.len() {
            return None;
        }
        let mut moved = old.clone();
        moved.line_count = new.line_count;
        for span in spans_of(&mut moved) {
            *span = moves.moved(*span)?;
        }
        (moved == *new).then_some(moves)
    }

    fn moved(&self, span: LineSpan) -> Option<LineSpan> {
        let to = |position: Position| self.from.binary_search(&position).ok().map(|at| self.to[at]);
        let ((line, column), (end_line, end_column)) =
            (to((span.line, span.column))?, to((span.end_line, span.end_column))?);
        Some(LineSpan { line, column, end_line, end_column })
    }

    /// The file's part of the graph after the edit; `None` when it holds positions that its facts do not.
    pub fn apply(&self, blocks: &FileBlocks) -> Option<FileBlocks> {
        let mut functions = decode_functions(&blocks.functions)?;
        for row in &mut functions {
            row.span = self.moved(row.span)?;
        }
        let mut sites = decode_sites(&blocks.sites)?;
        for row in &mut sites.sites {
            row.span = self.moved(row.span)?;
        }
        let callers = blocks.callers.clone();
        Some(FileBlocks { functions: encode_functions(&functions), sites: encode_sites(&sites), callers })
    }
}

/// Every place at which something starts or ends, once, in order: two files whose facts have the same order of them are
/// the same to a reader that compares positions.
fn positions(facts: &FileFacts) -> Vec<Position> {
    let spans = facts.functions.iter().map(|fact| fact.span);
    let spans = spans.chain(facts.sites.iter().map(|fact| fact.span));
    let spans = spans.chain(facts.accesses.iter().map(|fact| fact.span));
    let spans = spans.chain(facts.iterations.iter().map(|fact| fact.span));
    let spans = spans.chain(facts.implicit_calls.iter().map(|fact| fact.span));
    let mut positions: Vec<Position> =
        spans.flat_map(|span| [(span.line, span.column), (span.end_line, span.end_column)]).collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

fn spans_of(facts: &mut FileFacts) -> impl Iterator<Item = &mut LineSpan> {
    let spans = facts.functions.iter_mut().map(|fact| &mut fact.span);
    let spans = spans.chain(facts.sites.iter_mut().map(|fact| &mut fact.span));
    let spans = spans.chain(facts.accesses.iter_mut().map(|fact| &mut fact.span));
    let spans = spans.chain(facts.iterations.iter_mut().map(|fact| &mut fact.span));
    spans.chain(facts.implicit_calls.iter_mut().map(|fact| &mut fact.span))
}

#[cfg(test)]
mod tests {
    use drift_syntax::Language;

    use super::*;

    fn facts(text: &str) -> FileFacts {
        drift_facts::extract(Language::TypeScript, text).facts
    }

    #[test]
    fn comments_and_line_breaks_only_move_code() {
        let moves = Moves::between(&facts("function f() { g(1); }"), &facts("/* é */ function f() {\n  g(2);\n}"));
        let moves = moves.expect("the same code");
        let span = |line, column, end_line, end_column| LineSpan { line, column, end_line, end_column };
        assert_eq!(moves.moved(span(1, 16, 1, 20)), Some(span(2, 3, 2, 7)));
        assert_eq!(moves.moved(span(1, 16, 1, 21)), None, "no fact ends there");
    }

    #[test]
    fn another_call_or_name_or_order_is_more_than_a_move() {
        for edited in ["function f() { g(1); g(1); }", "function f() { h(1); }", "g(1); function f() { }", ""] {
            assert!(Moves::between(&facts("function f() { g(1); }"), &facts(edited)).is_none(), "{edited}");
        }
    }
}
