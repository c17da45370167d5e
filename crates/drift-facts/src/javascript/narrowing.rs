//! What tests say about what they test: `x instanceof A`, `typeof x === "function"`, `Array.isArray(x)`, calls of
//! functions that are declared to say what they are given is, alone, negated, or joined to others.

use oxc::ast::ast::{
    Argument, BinaryExpression, CallExpression, ChainElement, Expression, StaticMemberExpression, UnaryExpression,
};
use oxc::semantic::SymbolId;
use oxc::span::GetSpan;
use oxc::syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};
use rustc_hash::FxHashMap;

use super::Lower;
use super::versions::Versions;
use crate::flow::{Flow, NONE, Name, Node, RECEIVER};

/// Arguments of a call that a test may speak of.
const MAX_ARGUMENTS: usize = 4;

/// Parts of one test that are looked at, the last first: each part of a long chain has what stands before it as its test.
const MAX_PARTS: u32 = 32;

/// What a test can speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    Variable(SymbolId),
    /// See [`Members`].
    Member(u32),
}

/// Members of variables or of `this` ([`None`]) that tests spoke of.
#[derive(Default)]
pub(super) struct Members {
    ids: FxHashMap<(Option<Place>, Name), u32>,
    /// By number.
    owners: Vec<Option<Place>>,
}

impl Members {
    /// Whether a place is a member of a variable, or of one of its members.
    fn is_of(&self, place: Place, variable: Place) -> bool {
        let mut at = Some(place);
        while let Some(Place::Member(member)) = at {
            at = self.owners[member as usize];
            if at == Some(variable) {
                return true;
            }
        }
        false
    }
}

pub(super) type Narrowed = crate::versions::Narrowed<Place>;

impl Lower<'_> {
    /// Lowers what runs where a test, which was lowered before, holds (`is`) or does not.
    pub(super) fn where_it_holds<R>(
        &mut self,
        test: &Expression<'_>,
        is: bool,
        lower: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let narrowed = self.narrow(test, is);
        let result = lower(self);
        self.versions.widen(&narrowed);
        result
    }

    /// From here on the test holds (`is`) or does not. It was lowered before.
    pub(super) fn narrow(&mut self, test: &Expression<'_>, is: bool) -> Vec<Narrowed> {
        let mut parts_left = MAX_PARTS;
        self.narrow_by_part(test, is, &mut parts_left)
    }

    /// What the last parts say, those in front first: a part may speak of a member of what one before it speaks of.
    fn narrow_by_part(&mut self, test: &Expression<'_>, is: bool, parts_left: &mut u32) -> Vec<Narrowed> {
        let (mut open, mut parts) = (vec![(test, is)], Vec::new());
        while let Some((test, is)) = open.pop().filter(|_| *parts_left > 0) {
            *parts_left -= 1;
            match test.get_inner_expression() {
                Expression::UnaryExpression(not) if not.operator == UnaryOperator::LogicalNot => {
                    open.push((&not.argument, !is));
                }
                // Only one way for all parts to be known: all hold, or none does.
                Expression::LogicalExpression(joined)
                    if joined.operator != LogicalOperator::Coalesce
                        && (joined.operator == LogicalOperator::And) == is =>
                {
                    open.extend([(&joined.left, is), (&joined.right, is)]);
                }
                part => parts.push((part, is)),
            }
        }
        let mut found = Vec::new();
        for (part, is) in parts.into_iter().rev() {
            match part {
                Expression::LogicalExpression(joined) if joined.operator != LogicalOperator::Coalesce => {
                    found.extend(self.narrow_to_either(&joined.left, &joined.right, is, parts_left));
                }
                Expression::BinaryExpression(binary) => found.extend(self.narrow_by_operator(binary, is)),
                Expression::CallExpression(call) => found.extend(self.narrow_by_call(call, is)),
                // It may not hold because there is nothing to call.
                Expression::ChainExpression(chain) if is => {
                    if let ChainElement::CallExpression(call) = &chain.expression {
                        found.extend(self.narrow_by_call(call, is));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// One of two tests holds (`is`), or one does not: a place of which both speak is what one of them says.
    fn narrow_to_either(
        &mut self,
        left: &Expression<'_>,
        right: &Expression<'_>,
        is: bool,
        parts_left: &mut u32,
    ) -> Vec<Narrowed> {
        let before = self.versions_here();
        let first = self.narrow_by_part(left, is, parts_left);
        if first.is_empty() {
            return first;
        }
        let one = self.go_on_from(before.clone());
        self.narrow_by_part(right, is, parts_left);
        let other = self.go_on_from(before);
        let mut places: Vec<Place> = first.iter().map(|narrowed| narrowed.variable).collect();
        places.sort_unstable();
        places.dedup();
        let mut found = Vec::new();
        for place in places {
            let now = self.versions.get(place);
            if let (Some(one), Some(other)) = (one.get(place), other.get(place))
                && now != Some(one)
                && now != Some(other)
            {
                let either = self.join(one, other);
                found.push(self.versions.narrow(place, either));
            }
        }
        found
    }

    fn narrow_by_operator(&mut self, binary: &BinaryExpression<'_>, is: bool) -> Option<Narrowed> {
        let (left, right) = (binary.left.get_inner_expression(), binary.right.get_inner_expression());
        match binary.operator {
            BinaryOperator::Instanceof => {
                let place = self.place(left)?;
                let declared = self.named_value(right)?;
                let from = self.held_at(left, place);
                self.narrow_place(place, from, declared, is)
            }
            BinaryOperator::StrictEquality | BinaryOperator::Equality => self.narrow_by_equality(left, right, is),
            BinaryOperator::StrictInequality | BinaryOperator::Inequality => self.narrow_by_equality(left, right, !is),
            _ => None,
        }
    }

    /// `typeof x === "function"`
    fn narrow_by_equality(&mut self, left: &Expression<'_>, right: &Expression<'_>, is: bool) -> Option<Narrowed> {
        let (type_of, text) = match (left, right) {
            (Expression::UnaryExpression(unary), Expression::StringLiteral(text))
            | (Expression::StringLiteral(text), Expression::UnaryExpression(unary)) => (unary, text.value.as_str()),
            _ => return None,
        };
        let UnaryExpression { operator: UnaryOperator::Typeof, argument, .. } = &**type_of else { return None };
        let (library, is) = match text {
            "function" => ("Function.prototype", is),
            "string" => ("String.prototype", is),
            "number" => ("Number.prototype", is),
            "boolean" => ("Boolean.prototype", is),
            "bigint" => ("BigInt.prototype", is),
            "symbol" => ("Symbol.prototype", is),
            // All that is neither a function nor one of the above; what is no object may be one.
            "object" if is => ("Function.prototype", false),
            _ => return None,
        };
        let argument = argument.get_inner_expression();
        let place = self.place(argument)?;
        let (declared, from) = (self.library(library), self.held_at(argument, place));
        self.narrow_place(place, from, declared, is)
    }

    fn narrow_by_call(&mut self, call: &CallExpression<'_>, is: bool) -> Vec<Narrowed> {
        let passed: Vec<&Expression<'_>> =
            call.arguments.iter().map_while(Argument::as_expression).take(MAX_ARGUMENTS).collect();
        if let Expression::StaticMemberExpression(member) = call.callee.get_inner_expression()
            && member.property.name == "isArray"
            && self.is_global(&member.object, "Array")
        {
            let Some((tested, place)) = passed.first().and_then(|tested| Some((tested, self.place(tested)?))) else {
                return Vec::new();
            };
            let (declared, from) = (self.library("Array.prototype"), self.held_at(tested, place));
            return self.narrow_place(place, from, declared, is).into_iter().collect();
        }
        // Only declarations say what a call says.
        let Some(&result) = self.test_calls.get(&call.span.end).filter(|_| self.facts.is_typed) else {
            return Vec::new();
        };
        let receiver = match call.callee.get_inner_expression() {
            Expression::StaticMemberExpression(member) => Some((RECEIVER, &member.object)),
            _ => None,
        };
        let arguments = passed.into_iter().enumerate().map(|(index, tested)| (index as u32, tested));
        let mut found = Vec::new();
        for (argument, tested) in arguments.chain(receiver) {
            let tested = tested.get_inner_expression();
            let Some(place) = self.place(tested) else { continue };
            let from = self.held_at(tested, place);
            if from != NONE {
                let to = self.node();
                self.flow(Flow::Guarded { to, from, call: result, argument, is });
                found.push(self.versions.narrow(place, to));
            }
        }
        found
    }

    /// A place holds, from here on, what it held as far as that is (`is`) or is not an instance of what `declared` holds.
    fn narrow_place(&mut self, place: Place, from: Node, declared: Node, is: bool) -> Option<Narrowed> {
        if from == NONE || declared == NONE {
            return None;
        }
        let to = self.node();
        if is {
            self.flow(Flow::Hinted { to, declared });
        }
        self.flow(Flow::Narrowed { to, from, declared, is });
        Some(self.versions.narrow(place, to))
    }

    /// The place that an expression names.
    fn place(&mut self, expression: &Expression<'_>) -> Option<Place> {
        match expression.get_inner_expression() {
            Expression::Identifier(id) => {
                Some(Place::Variable(self.scoping.get_reference(id.reference_id()).symbol_id()?))
            }
            Expression::StaticMemberExpression(member) => self.place_of_member(member),
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::StaticMemberExpression(member) => self.place_of_member(member),
                _ => None,
            },
            _ => None,
        }
    }

    fn place_of_member(&mut self, member: &StaticMemberExpression<'_>) -> Option<Place> {
        let owner = match member.object.get_inner_expression() {
            Expression::ThisExpression(_) => None,
            object => Some(self.place(object)?),
        };
        let name = self.name(&member.property.name);
        let next = self.members.owners.len() as u32;
        let id = *self.members.ids.entry((owner, name)).or_insert(next);
        if id == next {
            self.members.owners.push(owner);
        }
        Some(Place::Member(id))
    }

    /// The node that holds the member, where a test said something of it.
    pub(super) fn narrowed_member(&self, object: &Expression<'_>, field: &str) -> Option<Node> {
        if self.members.owners.is_empty() || self.versions.is_empty() {
            return None;
        }
        self.versions.get(Place::Member(self.known_member(object, field)?))
    }

    fn known_member(&self, object: &Expression<'_>, field: &str) -> Option<u32> {
        let owner = match object.get_inner_expression() {
            Expression::ThisExpression(_) => None,
            Expression::Identifier(id) => {
                Some(Place::Variable(self.scoping.get_reference(id.reference_id()).symbol_id()?))
            }
            Expression::StaticMemberExpression(member) => {
                Some(Place::Member(self.known_member(&member.object, &member.property.name)?))
            }
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::StaticMemberExpression(member) => {
                    Some(Place::Member(self.known_member(&member.object, &member.property.name)?))
                }
                _ => return None,
            },
            _ => return None,
        };
        self.members.ids.get(&(owner, *self.names.get(field)?)).copied()
    }

    /// The node that holds what is at a place, which this expression names.
    fn held_at(&mut self, expression: &Expression<'_>, place: Place) -> Node {
        if let Some(held) = self.versions.get(place) {
            return held;
        }
        let member = match expression.get_inner_expression() {
            Expression::StaticMemberExpression(member) => member,
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::StaticMemberExpression(member) => member,
                _ => return NONE,
            },
            _ => {
                let Place::Variable(symbol) = place else { return NONE };
                return Self::symbol(symbol);
            }
        };
        let base = match member.object.get_inner_expression() {
            Expression::ThisExpression(_) => self.around.this,
            object => match self.place(object) {
                Some(place) => self.held_at(object, place),
                None => NONE,
            },
        };
        self.load(base, &member.property.name)
    }

    /// The node of a class that a test names; `None` where it is no plain name.
    fn named_value(&mut self, expression: &Expression<'_>) -> Option<Node> {
        match expression.get_inner_expression() {
            Expression::Identifier(id) => Some(self.read(id)),
            Expression::StaticMemberExpression(member) => {
                let base = self.named_value(&member.object)?;
                Some(self.load(base, &member.property.name))
            }
            _ => None,
        }
        .filter(|&node| node != NONE)
    }

    /// What tests said of members of a variable, or of all members, no longer holds.
    pub(super) fn forget_members(&mut self, of: Option<SymbolId>) {
        if self.members.owners.is_empty() || self.versions.is_empty() {
            return;
        }
        let members = &self.members;
        self.versions.forget_where(|place| {
            matches!(place, Place::Member(_)) && of.is_none_or(|symbol| members.is_of(place, Place::Variable(symbol)))
        });
    }

    /// What still holds in a function made here, whenever it is called: what tests said of variables that are assigned once.
    pub(super) fn lasting_versions(&self) -> Versions {
        let mut lasting = self.versions.clone();
        lasting.forget_where(|place| match place {
            Place::Variable(symbol) => self.scoping.symbol_is_mutated(symbol),
            Place::Member(_) => true,
        });
        lasting
    }

    /// The result of a call, for tests that it is part of.
    pub(super) fn note_test_call(&mut self, call: &CallExpression<'_>, result: Node) {
        if self.facts.is_typed {
            self.test_calls.insert(call.span().end, result);
        }
    }
}
