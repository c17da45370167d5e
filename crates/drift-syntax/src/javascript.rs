//! JavaScript and TypeScript, by the oxc crates.

use drift_text::Span;
use oxc::allocator::Allocator;
use oxc::ast::ast::Program;
use oxc::diagnostics::OxcDiagnostic;
use oxc::parser::{ParseOptions, Parser};
use oxc::semantic::{Scoping, SemanticBuilder};
use oxc::span::SourceType;

use crate::{Language, Problem};

/// A syntax tree with its bindings, and what the parser complained about.
pub struct Parsed<'a> {
    /// The tree; empty when the parser gave up.
    pub program: &'a Program<'a>,
    /// Which name refers to which binding.
    pub scoping: Scoping,
    /// Empty when everything was understood; in the order of the text.
    pub problems: Vec<Problem>,
}

/// Parses one file and binds its names. The tree lives in `allocator`.
pub fn parse<'a>(allocator: &'a Allocator, language: Language, text: &'a str) -> Parsed<'a> {
    let source_type = match language {
        Language::JavaScript | Language::Python | Language::Notebook => SourceType::unambiguous().with_jsx(true),
        Language::CommonJs => SourceType::cjs().with_jsx(true),
        Language::TypeScript => SourceType::ts(),
        Language::TypeScriptJsx => SourceType::tsx(),
        Language::TypeScriptDeclaration => SourceType::d_ts(),
    };
    let options =
        ParseOptions { allow_return_outside_function: true, preserve_parens: false, ..ParseOptions::default() };
    let mut parsed = Parser::new(allocator, text, source_type).with_options(options).parse();
    let mut problems: Vec<Problem> = parsed.diagnostics.iter().map(|found| problem(found, text)).collect();
    if parsed.panicked {
        // What stands before the broken statement is still worth reading; positions in it stay as they are.
        let broken_at = problems.first().map_or(0, |problem| problem.span.start);
        let before = &text[..statements_before(text, broken_at as usize)];
        parsed = Parser::new(allocator, before, source_type).with_options(options).parse();
    }
    if problems.is_empty() && parsed.panicked {
        problems.push(Problem { span: whole(text), message: "the parser gave up".to_owned() });
    }
    problems.sort_by_key(|problem| problem.span);
    let program = allocator.alloc(parsed.program);
    let scoping = SemanticBuilder::new().with_build_nodes(false).build(program).semantic.into_scoping();
    Parsed { program, scoping, problems }
}

/// The end of the last line before `broken_at` behind which no bracket is open. Brackets in strings and comments count
/// too, so the end may be earlier than need be, or at a place that does not parse either.
fn statements_before(text: &str, broken_at: usize) -> usize {
    let mut depth = 0_i64;
    let mut end = 0;
    for (at, byte) in text.bytes().enumerate().take(broken_at.min(text.len())) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'\n' if depth == 0 => end = at + 1,
            _ => {}
        }
    }
    end
}

fn problem(found: &OxcDiagnostic, text: &str) -> Problem {
    let span = found.labels.iter().next().map_or_else(
        || whole(text),
        |label| {
            let start = label.offset();
            Span::new(start, start + label.len())
        },
    );
    Problem { span, message: found.message.to_string() }
}

fn whole(text: &str) -> Span {
    Span::new(0, text.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_broken_statement_is_read() {
        let allocator = Allocator::default();
        let parsed = parse(&allocator, Language::JavaScript, "function k() { k() }\n/* é */ f();\n(");
        assert_eq!(parsed.program.body.len(), 2);
        assert_eq!(parsed.problems.len(), 1);
    }

    #[test]
    fn text_that_is_broken_from_the_start_is_empty() {
        let allocator = Allocator::default();
        let parsed = parse(&allocator, Language::TypeScript, "(");
        assert!(parsed.program.body.is_empty());
        assert_eq!(parsed.problems.len(), 1);
    }
}
