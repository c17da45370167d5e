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
        Language::JavaScript => SourceType::unambiguous().with_jsx(true),
        Language::CommonJs => SourceType::cjs().with_jsx(true),
        Language::TypeScript => SourceType::ts(),
        Language::TypeScriptJsx => SourceType::tsx(),
        Language::TypeScriptDeclaration => SourceType::d_ts(),
    };
    let options =
        ParseOptions { allow_return_outside_function: true, preserve_parens: false, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, text, source_type).with_options(options).parse();
    let mut problems: Vec<Problem> = parsed.diagnostics.iter().map(|found| problem(found, text)).collect();
    if parsed.panicked && problems.is_empty() {
        problems.push(Problem { span: whole(text), message: "the parser gave up".to_owned() });
    }
    problems.sort_by_key(|problem| problem.span);
    let program = allocator.alloc(parsed.program);
    let scoping = SemanticBuilder::new().with_build_nodes(false).build(program).semantic.into_scoping();
    Parsed { program, scoping, problems }
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
