//! Python, by tree-sitter.

use drift_text::Span;
use tree_sitter::{Node, Parser, Tree, TreeCursor};

use crate::Problem;

/// Problems named per file; the rest follow from these.
const MAX_PROBLEMS: usize = 100;

/// A syntax tree, and what the parser could not understand.
pub struct Parsed {
    /// The tree; what was not understood stands in it as `ERROR`.
    pub tree: Tree,
    /// Empty when everything was understood; in the order of the text.
    pub problems: Vec<Problem>,
}

/// Parses one file, a notebook's cells or a stub. `None` only where the parser refuses to start.
pub fn parse(text: &str) -> Option<Parsed> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    let tree = parser.parse(text, None)?;
    let problems = problems(&tree);
    Some(Parsed { tree, problems })
}

/// Every place that the parser skipped or made up. Walks by a cursor, so that depth costs no stack.
fn problems(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let is_problem = node.is_error() || node.is_missing();
        if is_problem {
            let range = node.byte_range();
            let message =
                if node.is_missing() { format!("missing {}", node.kind()) } else { "unexpected text".to_owned() };
            found.push(Problem { span: Span::new(range.start as u32, range.end as u32), message });
            if found.len() >= MAX_PROBLEMS {
                return found;
            }
        }
        if node.has_error() && !is_problem && cursor.goto_first_child() {
            continue;
        }
        if !next(&mut cursor) {
            return found;
        }
    }
}

/// The next node that is not inside this one.
fn next(cursor: &mut TreeCursor<'_>) -> bool {
    loop {
        if cursor.goto_next_sibling() {
            return true;
        }
        if !cursor.goto_parent() {
            return false;
        }
    }
}

/// The text of a node.
pub fn text_of<'t>(node: Node<'_>, text: &'t str) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood_has_no_problems() {
        let parsed = parse("def f(a, /, *, b=1):\n\treturn [g(x) for x in a]\n").unwrap();
        assert_eq!(parsed.problems, []);
        assert_eq!(parsed.tree.root_node().kind(), "module");
    }

    #[test]
    fn broken_text_gives_a_tree_and_problems() {
        let parsed = parse("def f(:\n  pass\nf()\n").unwrap();
        assert!(!parsed.problems.is_empty());
        assert!(parse("\0\0(((").is_some());
    }
}
