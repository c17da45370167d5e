use drift_syntax::Language;
use rustc_hash::FxHashSet;

use super::{FileValues, How, Value, values};

/// Checks which of the texts `a`, `b`, … the argument of each call of `sink` can be, or be made of, in order.
#[track_caller]
fn check(language: Language, text: &str, expected: &[&str]) {
    let file = values(language, text).expect("the language has a reader");
    let sinks = file.calls.iter().filter(|call| call.name == "sink");
    let found: Vec<String> = sinks.map(|call| texts_of(&file, call.arguments[0].value)).collect();
    assert_eq!(found, expected, "{text}");
}

fn texts_of(file: &FileValues, value: Value) -> String {
    let (mut pending, mut seen) = (vec![value], FxHashSet::default());
    let mut found: Vec<&str> = Vec::new();
    while let Some(value) = pending.pop() {
        found.extend(file.texts.iter().filter(|(one, _)| *one == value).map(|(_, text)| text.as_str()));
        let edges = file.edges.iter().filter(|edge| edge.to == value && !matches!(edge.how, How::Into(_)));
        pending.extend(edges.map(|edge| edge.from).filter(|&from| seen.insert(from)));
    }
    found.sort_unstable();
    found.dedup();
    found.concat()
}

fn javascript(text: &str, expected: &[&str]) {
    check(Language::TypeScript, text, expected);
}

fn python(text: &str, expected: &[&str]) {
    check(Language::Python, text, expected);
}

#[test]
fn what_is_assigned_last_is_read() {
    javascript("let x: string = 'a'; sink(x); x = 'b'; sink(x);", &["a", "b"]);
    python("x = 'a'\nsink(x)\nx = 'b'\nsink(x)\n", &["a", "b"]);
}

#[test]
fn ways_meet() {
    javascript("let x = 'a'; if (c) { x = 'b'; } else if (d) { x = 'c'; return; } sink(x);", &["ab"]);
    javascript("let x = 'a'; switch (c) { case 1: x = 'b'; break; case 2: x = 'c'; } sink(x);", &["abc"]);
    javascript("let x = 'a'; try { x = 'b'; } catch { sink(x); } sink(x);", &["ab", "ab"]);
    python("x = 'a'\nif c:\n    x = 'b'\nelif d:\n    x = 'c'\nelse:\n    raise e\nsink(x)\n", &["bc"]);
    python("x = 'a'\ntry:\n    x = 'b'\nexcept E:\n    sink(x)\nelse:\n    x = 'c'\nsink(x)\n", &["ab", "abc"]);
    python("x = 'a'\nmatch y:\n    case 1:\n        x = 'b'\nsink(x)\n", &["ab"]);
}

#[test]
fn loops_bring_back_what_they_assign() {
    javascript("let x = 'a'; while (c) { sink(x); x = 'b'; if (d) { x = 'c'; break; } } sink(x);", &["ab", "abc"]);
    python("x = 'a'\nfor y in z:\n    sink(x)\n    if y:\n        continue\n    x = 'b'\nsink(x)\n", &["ab", "ab"]);
}

#[test]
fn functions_inside_read_all_that_a_variable_holds() {
    javascript("let x = 'a'; const f = () => sink(x); x = 'b';", &["ab"]);
    python("def g():\n    x = 'a'\n    def f():\n        sink(x)\n    x = 'b'\n", &["ab"]);
    python("x = 'a'\ndef f():\n    global x\n    x = 'b'\nsink(x)\n", &["ab"]);
}

#[test]
fn patterns_take_parts() {
    javascript("const { x = 'a', ...rest } = 'b'; sink(x); sink(rest);", &["ab", "b"]);
    javascript("let x; ({ y: [x] } = 'a'); sink(x);", &["a"]);
    python("x, *y = 'a'\nsink(x)\nsink(y)\n", &["a", "a"]);
}

#[test]
fn texts_are_put_together() {
    javascript("let x = `a${'b'}` + 'c'; x += 'd'; sink(x);", &["abcd"]);
    python("x = f\"a{'b'}\" 'c'\nx += 'd'\nsink(x % 'e')\n", &["abcde"]);
}

#[test]
fn what_only_tells_about_a_value_is_nothing_of_it() {
    javascript("const x = 'a'; sink(x.length); sink(x === 'b'); sink(x && 'c'); sink(!x);", &["", "", "c", ""]);
    python("x = 'a'\nsink(x == 'b')\nsink(x and 'c')\nsink(not x)\n", &["", "c", ""]);
}

#[test]
fn broken_and_deep_texts_are_read_as_far_as_they_go() {
    javascript("let x = 'a'; sink(x);\nfunction (", &["a"]);
    python("x = 'a'\nsink(x)\ndef f(:\n", &["a"]);
    let deep = format!("x = {}'a'{}\n", "(".repeat(5_000), ")".repeat(5_000));
    assert!(values(Language::Python, &deep).is_some());
    assert_eq!(values(Language::Notebook, "{}"), None);
}
