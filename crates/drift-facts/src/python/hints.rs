//! Type annotations: what they say about the values of a variable. They never exclude anything.

use tree_sitter::Node as Syntax;

use super::{Lower, children, fields};
use crate::flow::{ELEMENT, Flow, MAX_INDEX, NONE, Node, TypeFact};

/// An annotation, as written in code or in quotes.
enum Hint<'t> {
    /// Any expression.
    Code(Syntax<'t>),
    /// `a.b` in quotes.
    Names(Vec<&'t str>),
    Generic(Box<Self>, Vec<Self>),
    Union(Vec<Self>),
    /// Says nothing: `None`, `...`, a text that is no annotation.
    Nothing,
}

/// What `X[A, B]` of the library says.
#[derive(Clone, Copy)]
enum Shape {
    /// A sequence of A; the library class that it is taken for.
    Sequence(&'static str),
    Tuple,
    Dictionary,
    /// One of all, of the first, or the last.
    Any,
    First,
    Last,
    /// A class itself.
    Class,
    Nothing,
}

impl<'t> Lower<'t> {
    /// The node that holds the classes and types which an annotation names; [`NONE`] when it names none.
    pub(super) fn hint(&mut self, node: Syntax<'t>) -> Node {
        let hint = self.read_hint(node);
        self.declared_by(&hint)
    }

    /// `list[A]` as a value: an alias of a type. [`None`] where it is no generic type of the library.
    pub(super) fn generic_value(&mut self, node: Syntax<'t>) -> Option<Node> {
        let base = node.child_by_field_name("value")?;
        self.library_name(base).as_deref().and_then(shape)?;
        let held = self.expression(base);
        let hint = self.read_hint(node);
        let declared = self.declared_by(&hint);
        Some(self.either(&[declared, held]))
    }

    fn read_hint(&mut self, node: Syntax<'t>) -> Hint<'t> {
        self.deeper(node, Hint::Nothing, |lower| match node.kind() {
            "type" | "parenthesized_expression" => match children(node)[..] {
                [inner] => lower.read_hint(inner),
                _ => Hint::Code(node),
            },
            "string" => lower.constant_text(node).map_or(Hint::Code(node), |text| Quoted { rest: text }.union(0)),
            "binary_operator" | "union_type" => {
                Hint::Union(children(node).into_iter().map(|part| lower.read_hint(part)).collect())
            }
            "generic_type" | "subscript" => {
                let Some(base) = node.child_by_field_name("value").or_else(|| node.named_child(0)) else {
                    return Hint::Nothing;
                };
                let arguments = match node.kind() {
                    "subscript" => fields(node, "subscript"),
                    _ => children(node).into_iter().skip(1).flat_map(children).collect(),
                };
                let is_text = lower.library_name(base).is_some_and(|name| name.ends_with(".Literal"));
                let arguments = arguments.into_iter();
                let arguments = arguments.filter(|argument| !(is_text && without_type(*argument).kind() == "string"));
                let arguments = arguments.map(|argument| lower.read_hint(argument)).collect();
                Hint::Generic(Box::new(Hint::Code(base)), arguments)
            }
            "none" | "integer" | "ellipsis" => Hint::Nothing,
            _ => Hint::Code(node),
        })
    }

    fn declared_by(&mut self, hint: &Hint<'t>) -> Node {
        match hint {
            Hint::Nothing => NONE,
            Hint::Code(node) if self.library_name(*node).is_some_and(|name| is_special(&name)) => NONE,
            Hint::Code(node) => self.expression(*node),
            Hint::Names(names) if names.len() == 1 && self.library_of(hint).is_some_and(|name| is_special(&name)) => {
                NONE
            }
            Hint::Names(names) => {
                let Some((first, rest)) = names.split_first() else { return NONE };
                let mut held = self.read_name(first);
                for name in rest {
                    held = self.load(held, name);
                }
                held
            }
            Hint::Union(parts) => {
                let parts: Vec<Node> = parts.iter().map(|part| self.declared_by(part)).collect();
                self.either(&parts)
            }
            Hint::Generic(base, arguments) => {
                let shape = self.library_of(base).as_deref().and_then(shape);
                // A tuple of any length has the same everywhere.
                let is_repeated = matches!(arguments.last(), Some(Hint::Code(last)) if last.kind() == "ellipsis")
                    || matches!(arguments[..], [_, Hint::Nothing]);
                let held: Vec<Node> = arguments.iter().map(|argument| self.declared_by(argument)).collect();
                match shape {
                    None => self.declared_by(base),
                    Some(shape) => self.generic(shape, &held, is_repeated),
                }
            }
        }
    }

    /// What a base in brackets is called in the library.
    fn library_of(&self, hint: &Hint<'t>) -> Option<String> {
        match hint {
            Hint::Code(node) => self.library_name(*node),
            Hint::Names(names) => {
                let (first, rest) = names.split_first()?;
                let mut name = self.library_name_of(first)?;
                for part in rest {
                    name = format!("{name}.{part}");
                }
                Some(name)
            }
            _ => None,
        }
    }

    fn generic(&mut self, shape: Shape, held: &[Node], is_repeated: bool) -> Node {
        let at = |index: usize| held.get(index).copied().unwrap_or(NONE);
        match shape {
            Shape::Nothing => return NONE,
            Shape::Any => return self.either(held),
            Shape::First => return at(0),
            Shape::Last => return held.last().copied().unwrap_or(NONE),
            _ => {}
        }
        let instance = self.node();
        match shape {
            Shape::Class => self.assign(instance, at(0)),
            Shape::Dictionary => {
                let object = self.object();
                self.instance(instance, object, "builtins.dict", false);
                self.store_typed(instance, super::containers::KEY, at(0));
                self.store_typed(instance, ELEMENT, at(1));
            }
            Shape::Tuple => {
                let object = self.object();
                self.instance(instance, object, "builtins.tuple", true);
                if is_repeated {
                    self.store_typed(instance, ELEMENT, at(0));
                } else {
                    for (index, &declared) in held.iter().enumerate().take(MAX_INDEX as usize) {
                        self.store_typed(instance, &index.to_string(), declared);
                    }
                }
            }
            Shape::Sequence(class) => {
                let object = self.object();
                self.instance(instance, object, class, true);
                self.store_typed(instance, ELEMENT, at(0));
            }
            Shape::Any | Shape::First | Shape::Last | Shape::Nothing => {}
        }
        let declared = self.facts.types.len() as u32;
        let (extends, members, required) = (Vec::new(), Vec::new(), Vec::new());
        self.facts.types.push(TypeFact { instance, extends, members, required, library: None });
        let to = self.node();
        self.flow(Flow::Type { to, declared });
        to
    }

    /// A field holds values of a type.
    fn store_typed(&mut self, base: Node, field: &str, declared: Node) {
        if declared != NONE {
            let value = self.node();
            self.flow(Flow::Typed { to: value, declared, alone: false });
            self.store(base, field, value);
        }
    }

    /// What a function is said to return; for a generator, what it is said to yield.
    pub(super) fn return_hint(&mut self, hint: Syntax<'t>) {
        let hint = self.read_hint(hint);
        if self.around.yields == NONE {
            let declared = self.declared_by(&hint);
            if declared != NONE {
                self.flow(Flow::Hinted { to: self.around.returns, declared });
            }
            return;
        }
        let Hint::Generic(base, arguments) = hint else {
            self.declared_by(&hint);
            return;
        };
        self.declared_by(&base);
        let held: Vec<Node> = arguments.iter().map(|argument| self.declared_by(argument)).collect();
        if let Some(&declared) = held.first().filter(|&&declared| declared != NONE) {
            let to = self.node();
            self.flow(Flow::Hinted { to, declared });
            self.store(self.around.yields, ELEMENT, to);
        }
    }
}

fn without_type(node: Syntax<'_>) -> Syntax<'_> {
    node.named_child(0).filter(|_| node.kind() == "type").unwrap_or(node)
}

/// Names that say nothing about a value.
fn is_special(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(last, "Any" | "None" | "object" | "Self" | "NoReturn" | "Never" | "TypeVar")
}

fn shape(name: &str) -> Option<Shape> {
    let (module, last) = name.rsplit_once('.')?;
    if !matches!(module, "builtins" | "typing" | "typing_extensions" | "collections" | "collections.abc" | "contextlib")
    {
        return None;
    }
    Some(match last {
        "list" | "List" | "Sequence" | "MutableSequence" | "Collection" | "Iterable" | "Reversible" | "deque"
        | "Deque" => Shape::Sequence("builtins.list"),
        "set" | "Set" | "frozenset" | "FrozenSet" | "AbstractSet" | "MutableSet" | "KeysView" | "ValuesView" => {
            Shape::Sequence("builtins.set")
        }
        "Iterator" | "Generator" | "AsyncIterator" | "AsyncIterable" | "AsyncGenerator" => {
            Shape::Sequence("builtins.generator")
        }
        "tuple" | "Tuple" => Shape::Tuple,
        "dict" | "Dict" | "Mapping" | "MutableMapping" | "defaultdict" | "DefaultDict" | "OrderedDict" => {
            Shape::Dictionary
        }
        "Optional" | "Union" | "Final" | "ClassVar" | "Required" | "NotRequired" | "ReadOnly" => Shape::Any,
        "Annotated" => Shape::First,
        "Awaitable" | "Coroutine" => Shape::Last,
        "type" | "Type" => Shape::Class,
        "Literal" | "Callable" => Shape::Nothing,
        _ => return None,
    })
}

/// An annotation in quotes, read from its start.
struct Quoted<'t> {
    rest: &'t str,
}

/// Brackets in quotes nest this deep at most.
const MAX_QUOTED_DEPTH: u32 = 20;

impl<'t> Quoted<'t> {
    /// `A | b.C[D]`
    fn union(&mut self, depth: u32) -> Hint<'t> {
        let mut parts = vec![self.part(depth)];
        while self.eat('|') {
            parts.push(self.part(depth));
        }
        match parts.len() {
            1 => parts.remove(0),
            _ => Hint::Union(parts),
        }
    }

    fn part(&mut self, depth: u32) -> Hint<'t> {
        let mut names = Vec::new();
        loop {
            let text = self.rest.trim_start();
            let end = text.find(|character: char| !character.is_alphanumeric() && character != '_');
            let (name, rest) = text.split_at(end.unwrap_or(text.len()));
            self.rest = rest;
            if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
                names.clear();
                self.rest = rest.trim_start_matches(['.', '\'', '"']);
                break;
            }
            names.push(name);
            if !self.eat('.') {
                break;
            }
        }
        let is_known = !names.is_empty() && names != ["None"];
        let name = if is_known { Hint::Names(names) } else { Hint::Nothing };
        if depth >= MAX_QUOTED_DEPTH || !self.eat('[') {
            return name;
        }
        let mut arguments = vec![self.union(depth + 1)];
        while self.eat(',') {
            arguments.push(self.union(depth + 1));
        }
        self.eat(']');
        if is_known { Hint::Generic(Box::new(name), arguments) } else { Hint::Nothing }
    }

    fn eat(&mut self, expected: char) -> bool {
        match self.rest.trim_start().strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}
