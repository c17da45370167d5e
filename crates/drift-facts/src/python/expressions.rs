//! Expressions: each is lowered once, to the node that holds its value.

use tree_sitter::Node as Syntax;

use super::scopes::ScopeKind;
use super::{Lower, children};
use crate::flow::{AccessKind, ELEMENT, Flow, ImportFact, ImportKind, NONE, Node, RETURNED, SENT};

/// Names that every module has without binding them.
const BUILTINS: &str = " ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError \
    BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError \
    ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError \
    Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit \
    IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError \
    KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented \
    NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError \
    PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning \
    StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True \
    TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError \
    UnicodeWarning UserWarning ValueError Warning WindowsError ZeroDivisionError __build_class__ __debug__ __doc__ \
    __import__ __loader__ __name__ __package__ __spec__ abs aiter all anext any ascii bin bool breakpoint bytearray \
    bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit \
    filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len \
    license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed \
    round set setattr slice sorted staticmethod str sum super tuple type vars zip basestring cmp execfile file long \
    raw_input reduce reload unichr unicode xrange ";

/// Whether every module has this name without binding it.
pub(super) fn is_builtin_name(name: &str) -> bool {
    BUILTINS.contains(&format!(" {name} "))
}

impl<'t> Lower<'t> {
    /// Lowers an expression; returns the node that holds its value, or [`NONE`] where that calls nothing.
    pub(super) fn expression(&mut self, node: Syntax<'t>) -> Node {
        self.deeper(node, NONE, |lower| lower.expression_here(node))
    }

    fn expression_here(&mut self, node: Syntax<'t>) -> Node {
        match node.kind() {
            "identifier" => self.read_name(self.text_of(node)),
            "attribute" => self.attribute(node),
            "call" => self.call(node),
            "subscript" => self.subscript(node),
            "string" | "concatenated_string" => self.string(node),
            "integer" => self.key_of(node),
            "list" | "tuple" | "expression_list" | "set" => self.sequence(node),
            "dictionary" => self.dictionary(node),
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                self.comprehension(node)
            }
            "lambda" => self.lambda(node),
            "assignment" => self.assignment(node),
            "augmented_assignment" => self.augmented_assignment(node),
            "named_expression" => {
                let value = self.field_value(node, "value");
                if let Some(name) = node.child_by_field_name("name") {
                    self.bind(self.text_of(name), value);
                }
                value
            }
            "parenthesized_expression" | "interpolation" | "type" | "list_splat" | "dictionary_splat" => {
                self.children_value(node)
            }
            "conditional_expression" => {
                // The condition stands in the middle and runs first.
                let parts = children(node);
                let condition = parts.get(1).copied();
                if let Some(condition) = condition {
                    self.expression(condition);
                }
                let [first, last] = [(0, true), (2, false)].map(|(index, is)| {
                    parts.get(index).map_or(NONE, |&part| {
                        self.optional(part, |lower| lower.where_it_holds(condition, is, |lower| lower.expression(part)))
                    })
                });
                self.either(&[first, last])
            }
            "boolean_operator" => self.boolean(node),
            "binary_operator" => self.binary(node),
            "comparison_operator" => {
                self.comparison(node);
                NONE
            }
            "not_operator" => {
                self.children_value(node);
                NONE
            }
            "unary_operator" => self.unary(node),
            "await" => {
                let from = self.children_value(node);
                if from == NONE {
                    return NONE;
                }
                let to = self.node();
                self.flow(Flow::Await { to, from });
                to
            }
            "yield" => self.yield_expression(node),
            "as_pattern" => {
                let value = node.named_child(0).map_or(NONE, |first| self.expression(first));
                if let Some(alias) = node.child_by_field_name("alias") {
                    self.bind_target(alias, value, None);
                }
                value
            }
            "float" => self.library("builtins.float"),
            "true" | "false" => self.library("builtins.bool"),
            "none" | "ellipsis" | "comment" | "identifier_pattern" => NONE,
            "block" => {
                self.block(node);
                NONE
            }
            kind if kind.ends_with("_statement") || kind.ends_with("_definition") => {
                self.statement(node);
                NONE
            }
            // What the parser did not understand is read as far as it goes.
            _ => {
                self.children_value(node);
                NONE
            }
        }
    }

    pub(super) fn read_name(&mut self, name: &'t str) -> Node {
        if let Some(variable) = self.find(name) {
            return self.version(variable);
        }
        if name == "__class__" || name == "__file__" {
            return NONE;
        }
        if is_builtin_name(name) {
            return self.library(&format!("builtins.{name}"));
        }
        if let Some(&node) = self.starred.get(name) {
            return node;
        }
        let to = self.node();
        self.starred.insert(name, to);
        if self.stars.is_empty() {
            self.flow(Flow::Unknown { to });
        }
        to
    }

    /// What only imports of everything can have bound, once all of these are known.
    pub(super) fn import_starred(&mut self) {
        let mut starred: Vec<(&'t str, Node)> = self.starred.iter().map(|(&name, &node)| (name, node)).collect();
        starred.sort_unstable();
        for (text, to) in starred {
            let name = self.name(text);
            for specifier in self.stars.clone() {
                self.facts.imports.push(ImportFact { to, specifier, kind: ImportKind::Star(name) });
            }
        }
    }

    /// Whether this is the name of something built in that the file does not hide.
    pub(super) fn is_builtin(&self, node: Syntax<'_>, name: &str) -> bool {
        node.kind() == "identifier" && self.text_of(node) == name && self.find(name).is_none()
    }

    fn attribute(&mut self, node: Syntax<'t>) -> Node {
        let base = self.field_value(node, "object");
        let Some(attribute) = node.child_by_field_name("attribute") else { return NONE };
        let field = self.attribute_name(self.text_of(attribute));
        let to = self.load(base, &field);
        let field = self.name(&field);
        self.access(node, base, field, AccessKind::Read, NONE);
        to
    }

    /// Private names carry the name of the class they are written in.
    pub(super) fn attribute_name(&self, name: &str) -> String {
        if name.starts_with("__")
            && !name.ends_with("__")
            && let Some(class) = self.class_name()
        {
            return format!("_{}{name}", class.trim_start_matches('_'));
        }
        name.to_owned()
    }

    /// The name of the innermost class around.
    fn class_name(&self) -> Option<&str> {
        let class = self.around.class?;
        self.class_names.get(class as usize).map(String::as_str)
    }

    fn boolean(&mut self, node: Syntax<'t>) -> Node {
        // Chains lean to the left; they are walked down by hand, so that their length costs no stack.
        let mut operands = Vec::new();
        let mut left = node;
        while left.kind() == "boolean_operator" {
            if let Some(right) = left.child_by_field_name("right") {
                operands.push((left, right));
            }
            match left.child_by_field_name("left") {
                Some(next) => left = next,
                None => break,
            }
        }
        let mut held = Vec::new();
        if left.kind() != "boolean_operator" {
            held.push(self.expression(left));
        }
        for (whole, operand) in operands.into_iter().rev() {
            let before = whole.child_by_field_name("left");
            let is = whole.child_by_field_name("operator").is_some_and(|operator| operator.kind() == "and");
            let value =
                self.optional(operand, |lower| lower.where_it_holds(before, is, |lower| lower.expression(operand)));
            held.push(value);
        }
        self.either(&held)
    }

    fn yield_expression(&mut self, node: Syntax<'t>) -> Node {
        let mut cursor = node.walk();
        let is_from = node.children(&mut cursor).any(|child| child.kind() == "from");
        let value = self.children_value(node);
        let yielded = if is_from { self.iterate(node, value) } else { value };
        self.store(self.around.yields, ELEMENT, yielded);
        if is_from { self.load(value, RETURNED) } else { self.load(self.around.yields, SENT) }
    }

    pub(super) fn comprehension(&mut self, node: Syntax<'t>) -> Node {
        let object = self.object();
        let to = self.node();
        let is_dictionary = node.kind() == "dictionary_comprehension";
        let kind = match node.kind() {
            "list_comprehension" => "builtins.list",
            "set_comprehension" => "builtins.set",
            "dictionary_comprehension" => "builtins.dict",
            _ => "builtins.generator",
        };
        self.instance(to, object, kind, !is_dictionary);
        let outer = self.scope;
        let before = self.versions_here();
        let body = node.child_by_field_name("body");
        let mut inner = None;
        for clause in children(node) {
            match clause.kind() {
                "for_in_clause" => {
                    let right = clause.child_by_field_name("right");
                    // The first iterable is evaluated outside.
                    let from = self.field_value(clause, "right");
                    let scope = *inner.get_or_insert_with(|| self.open_scope(ScopeKind::Comprehension, node));
                    self.scope = scope;
                    if let Some(left) = clause.child_by_field_name("left") {
                        self.declare_targets(scope, left);
                        let element = right.map_or(NONE, |right| self.iterate(right, from));
                        self.bind_target(left, element, None);
                    }
                }
                "if_clause" => {
                    self.children_value(clause);
                    if let Some(&test) = children(clause).first() {
                        self.narrow(test, true);
                    }
                }
                _ => {}
            }
        }
        if let Some(body) = body {
            if is_dictionary {
                let key = self.field_value(body, "key");
                let value = self.field_value(body, "value");
                if value != NONE {
                    self.flow(Flow::StoreAny { base: to, from: value, key });
                }
                self.store(to, super::containers::KEY, key);
            } else {
                let element = self.expression(body);
                self.store(to, ELEMENT, element);
            }
        }
        self.scope = outer;
        self.go_on_from(before);
        self.forget_versions(node);
        to
    }
}
