//! What tests say about the variables they test: `isinstance(x, A)`, alone, negated, or joined to others.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{Flow, NONE, Node};

/// A variable of which a test says something.
pub(super) type Narrowed = crate::versions::Narrowed<Node>;

impl<'t> Lower<'t> {
    /// Lowers what runs where a test holds (`is`) or does not.
    pub(super) fn where_it_holds<R>(
        &mut self,
        test: Option<Syntax<'t>>,
        is: bool,
        lower: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let narrowed = test.map_or(Vec::new(), |test| self.narrow(test, is));
        let result = lower(self);
        self.versions.widen(&narrowed);
        result
    }

    /// From here on the test holds (`is`) or does not. The test itself was lowered before.
    pub(super) fn narrow(&mut self, test: Syntax<'t>, is: bool) -> Vec<Narrowed> {
        let (mut open, mut found) = (vec![(test, is)], Vec::new());
        while let Some((test, is)) = open.pop() {
            match test.kind() {
                "parenthesized_expression" => open.extend(test.named_child(0).map(|inner| (inner, is))),
                "not_operator" => open.extend(test.child_by_field_name("argument").map(|inner| (inner, !is))),
                "boolean_operator" => {
                    let is_and = test.child_by_field_name("operator").is_some_and(|operator| operator.kind() == "and");
                    // Only one way for all parts to be known: all hold, or none does.
                    if is_and == is {
                        let parts = ["right", "left"].map(|part| test.child_by_field_name(part));
                        open.extend(parts.into_iter().flatten().map(|part| (part, is)));
                    }
                }
                "call" => found.extend(self.narrow_by_call(test, is)),
                _ => {}
            }
        }
        found
    }

    /// What a test says, where it holds (`is`) or does not, of whether a parameter is missing.
    pub(super) fn missing(&mut self, test: Syntax<'t>, is: bool) -> Option<(Node, bool)> {
        match test.kind() {
            "parenthesized_expression" => self.missing(test.named_child(0)?, is),
            "not_operator" => self.missing(test.child_by_field_name("argument")?, !is),
            "comparison_operator" => {
                let [left, right] = children(test)[..] else { return None };
                let operator = test.child_by_field_name("operators")?.kind();
                let is_none = matches!(operator, "is" | "==");
                if right.kind() != "none" || !(is_none || matches!(operator, "is not" | "!=")) {
                    return None;
                }
                Some((self.parameter_named(left)?, is_none == is))
            }
            // What is there may be false as well.
            "identifier" if is => Some((self.parameter_named(test)?, false)),
            _ => None,
        }
    }

    /// The node of a parameter of the function around that was not assigned anew.
    fn parameter_named(&mut self, name: Syntax<'t>) -> Option<Node> {
        let text = self.text_of(name);
        let variable = *self.scopes[self.scope].names.get(text).filter(|_| name.kind() == "identifier")?;
        (variable.is_parameter && variable.writes == 1).then(|| self.version(variable))
    }

    /// A value, as far as what is known of a parameter here lets it be.
    pub(super) fn where_missing(&mut self, value: Node) -> Node {
        let Some((test, missing)) = self.around.missing.filter(|_| value != NONE) else { return value };
        let to = self.node();
        self.flow(Flow::Where { to, from: value, test, missing });
        to
    }

    fn narrow_by_call(&mut self, test: Syntax<'t>, is: bool) -> Option<Narrowed> {
        let function = test.child_by_field_name("function")?;
        let written = children(test.child_by_field_name("arguments")?);
        let [tested, classes] = written[..] else { return None };
        if !self.is_builtin(function, "isinstance") || tested.kind() != "identifier" {
            return None;
        }
        let classes = self.classes_named(classes)?;
        self.narrow_variable(self.text_of(tested), &classes, is)
    }

    /// A variable holds, from here on, what it held as far as that is (`is`) or is not an instance of these classes.
    pub(super) fn narrow_variable(&mut self, name: &str, classes: &[Node], is: bool) -> Option<Narrowed> {
        let variable = self.find(name).filter(|variable| !variable.is_shared && !variable.is_import)?;
        let after = self.narrowed(self.version(variable), classes, is);
        Some(self.versions.narrow(variable.node, after))
    }

    /// A node that holds what `from` holds and is, or is not, an instance of one of these classes.
    pub(super) fn narrowed(&mut self, from: Node, classes: &[Node], is: bool) -> Node {
        if is {
            let to = self.node();
            for &declared in classes {
                self.flow(Flow::Hinted { to, declared });
                if from != NONE {
                    self.flow(Flow::Narrowed { to, from, declared, is });
                }
            }
            return to;
        }
        let mut from = from;
        for &declared in classes {
            let to = self.node();
            if from != NONE {
                self.flow(Flow::Narrowed { to, from, declared, is });
            }
            from = to;
        }
        from
    }

    /// The nodes that hold the classes which an expression names, one or several; `None` where it is anything else.
    pub(super) fn classes_named(&mut self, node: Syntax<'t>) -> Option<Vec<Node>> {
        match node.kind() {
            "identifier" => Some(vec![self.read_name(self.text_of(node))]),
            "attribute" => {
                let [base] = self.classes_named(node.child_by_field_name("object")?)?[..] else { return None };
                Some(vec![self.load(base, self.text_of(node.child_by_field_name("attribute")?))])
            }
            "tuple" => {
                let named: Option<Vec<Vec<Node>>> =
                    children(node).into_iter().map(|part| self.classes_named(part)).collect();
                Some(named?.concat())
            }
            "binary_operator" => {
                let parts = [fields(node, "left"), fields(node, "right")].concat();
                let named: Option<Vec<Vec<Node>>> = parts.into_iter().map(|part| self.classes_named(part)).collect();
                Some(named?.concat())
            }
            "dotted_name" => {
                let parts = children(node);
                let (first, rest) = parts.split_first()?;
                let mut held = self.read_name(self.text_of(*first));
                for part in rest {
                    held = self.load(held, self.text_of(*part));
                }
                Some(vec![held])
            }
            "parenthesized_expression" => self.classes_named(node.named_child(0)?),
            _ => None,
        }
        .filter(|named| !named.contains(&NONE))
    }
}
