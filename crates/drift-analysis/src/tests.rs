use std::convert::Infallible;
use std::rc::Rc;

use drift_facts::values::{FileValues, values};
use drift_syntax::Language;
use drift_text::LineSpan;

use crate::library::{Outcome, has_placeholder, outcome};
use crate::{Code, TargetOf, flows};

/// One file whose calls of `f` enter its first function.
struct OneFile(Rc<FileValues>);

impl OneFile {
    fn calls(&self) -> Vec<LineSpan> {
        self.0.calls.iter().filter(|call| call.name == "f").map(|call| call.span).collect()
    }
}

impl Code for OneFile {
    type Error = Infallible;

    fn values(&mut self, _path: &str) -> Result<Option<Rc<FileValues>>, Infallible> {
        Ok(Some(Rc::clone(&self.0)))
    }

    fn targets(&mut self, path: &str, call: LineSpan) -> Result<Vec<TargetOf>, Infallible> {
        let function = self.0.functions.first().filter(|_| self.calls().contains(&call));
        Ok(function
            .map(|one| TargetOf { path: path.to_owned(), span: one.span, probability: 0.5 })
            .into_iter()
            .collect())
    }

    fn callers(&mut self, path: &str, function: LineSpan) -> Result<Vec<(String, LineSpan)>, Infallible> {
        let is_f = self.0.functions.first().is_some_and(|one| one.span == function);
        Ok(if is_f { self.calls().into_iter().map(|span| (path.to_owned(), span)).collect() } else { Vec::new() })
    }
}

/// Checks at which calls what stands at the first `source` arrives.
#[track_caller]
fn check(language: Language, text: &str, expected: &[&str]) {
    let at = text.find("source").expect("the text has a source");
    let before = &text[..at];
    let line = before.matches('\n').count() as u32 + 1;
    let column = (at - before.rfind('\n').map_or(0, |end| end + 1)) as u32 + 1;
    let place = LineSpan { line, column, end_line: line, end_column: column + 8 };
    let mut code = OneFile(Rc::new(values(language, text).expect("the language has a reader")));
    let Ok(found) = flows(&mut code, "a", place);
    let sinks: Vec<String> =
        found.sinks.iter().map(|sink| format!("{} {:?} {}", sink.at.callee, sink.arrives, sink.effects)).collect();
    assert_eq!(sinks, expected, "{text}");
}

#[test]
fn what_enters_a_function_at_one_call_leaves_it_there() {
    check(
        Language::JavaScript,
        "function f(x) { return x; } a(f(source())); b(f(1)); function g(s) { h(s); }",
        &["a Whole 0", "f Whole 0"],
    );
    check(Language::Python, "def f(x):\n    return [x]\na(f(source()))\nb(f(1))\n", &["a Inside 0", "f Whole 0"]);
}

#[test]
fn what_is_read_inside_a_function_leaves_it_at_every_call() {
    check(Language::JavaScript, "function f() { return source(); } a(f()); b(f());", &["a Whole 0", "b Whole 0"]);
}

#[test]
fn recursion_ends() {
    check(Language::JavaScript, "function f(x) { return f([x]); } f(source());", &["f Inside 0", "f Whole 0"]);
}

#[test]
fn what_is_given_is_filled() {
    check(
        Language::Python,
        "def f(box, x, *, k=0, **more):\n    box.a = x\n    box['b'] = k\nbox = B()\nf(box, 1, k=source())\na(box.a)\nb(box['b'])\n",
        // An object that a call fills is not told apart from what it was before.
        &["f Inside 0", "f Whole 0", "b Whole 0"],
    );
}

#[test]
fn names_tell_what_functions_outside_do() {
    assert_eq!(outcome("replace", "x.replace", &["'", "''"], true), Outcome::Made(2));
    assert_eq!(outcome("replace", "x.replace", &["a", "b"], true), Outcome::Made(0));
    assert_eq!(outcome("push", "list.push", &[], true), Outcome::Kept);
    assert_eq!(outcome("assign", "Object.assign", &[], true), Outcome::Container);
    assert_eq!(outcome("len", "len", &[], false), Outcome::Nothing);
    assert_eq!(outcome("max", "Math.max", &[], true), Outcome::Made(16));
    assert_eq!(outcome("hexdigest", "hash.hexdigest", &[], true), Outcome::Made(8));
    assert_eq!(outcome("quote", "urllib.parse.quote", &[], true), Outcome::Made(4));
    assert_eq!(outcome("", "", &[], false), Outcome::Made(0));
}

#[test]
fn queries_have_places_for_values() {
    for text in ["a = ?", "a = $1", "a = :name", "a = %s", "a = @name", "a {}"] {
        assert!(has_placeholder(text), "{text}");
    }
    for text in ["a = 'b'", "a::text", "100 %", "a@b.c", "$name", "12:30"] {
        assert!(!has_placeholder(text), "{text}");
    }
}
