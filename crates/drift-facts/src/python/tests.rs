//! Nothing is left out, whatever the text is.

use drift_syntax::Language;

use super::scopes::preorder;
use crate::{Binding, Extracted, FileFacts, FunctionKind, SiteKind, extract};

fn facts(text: &str) -> FileFacts {
    let Extracted { facts, problems } = extract(Language::Python, text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    facts
}

/// Calls, decorators, functions with lambdas, and classes, as the parser's own tree has them.
fn counts_of_tree(text: &str) -> [usize; 4] {
    let parsed = drift_syntax::python::parse(text).expect("the parser starts");
    let mut counts = [0; 4];
    preorder(parsed.tree.root_node(), |node| {
        match node.kind() {
            _ if !node.is_named() => {}
            "call" => counts[0] += 1,
            "decorator" => counts[1] += 1,
            "function_definition" | "lambda" => counts[2] += 1,
            "class_definition" => counts[3] += 1,
            _ => {}
        }
        true
    });
    counts
}

const PROGRAMS: &[&str] = &[
    "",
    "f(); f(g())(); a.b.c(*x(), **y()); a[b()](); (a.b)(); print(f'{g()!r:>{w()}} {{no()}}')\n",
    "@d\n@e(f())\nclass A(b(), metaclass=c()):\n    x: t() = g()\n    @property\n    def p(self, q=h()) -> r(): return i()\n",
    "async def f(a, /, b: int = g(), *c, d=h(), **e):\n    async with k() as m, n():\n        async for x in o(): yield await p(x)\n",
    "[f(x) for x in g() if h(x)]; {k(): v() for _ in w()}; {s() for q in r()}; any(t(u) for u in z())\n",
    "try:\n    f()\nexcept (A, b()) as e:\n    g(e)\nelse:\n    h()\nfinally:\n    i()\n",
    "match f():\n    case [a, *b] if g(a): h(b)\n    case {'k': v, **r}: i(v)\n    case C(x=1) | D(): j()\n    case _: k()\n",
    "while f():\n    if g(): h()\n    elif i(): j()\n    else: k()\nelse: l()\nassert m(), n()\nraise o() from p()\ndel q()[0]\n",
    "x = y = f(); (a, (b, *c)), d.e, g()[h()] = i(); x += j(); (z := k()); w: l() = lambda u=m(): n(u)\n",
    "if a: \n    def f(): pass\nelse:\n    def f(): pass\nclass A:\n    def f(self): return super().f()\n",
    "-f(); not g(); h() + i() * j(); k() < l() <= m() in n(); o() if p() else q(); r() and s() or t(); x[u():v():w()]\n",
    "def g():\n    global h\n    def h(): nonlocal_()\n    yield from h()\n    return h\n",
];

#[test]
fn every_call_function_and_class_is_there_once() {
    for text in PROGRAMS {
        let facts = facts(text);
        let sites = |kind| facts.sites.iter().filter(|site| site.kind == kind).count();
        let functions = facts.functions.iter().filter(|one| one.kind != FunctionKind::ImplicitConstructor).count();
        let found = [sites(SiteKind::Call), sites(SiteKind::Decorator), functions, facts.classes.len()];
        assert_eq!(found, counts_of_tree(text), "in\n{text}");
        let mut places: Vec<_> = facts.sites.iter().map(|site| (site.span, site.kind)).collect();
        places.dedup();
        assert_eq!(places.len(), facts.sites.len(), "a site is there twice in\n{text}");
        let mut names: Vec<_> = facts.functions.iter().map(|function| &function.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), facts.functions.len(), "a name is there twice in\n{text}");
    }
}

#[test]
fn members_know_what_they_are_given() {
    let text = "class A:\n    def m(self): pass\n    @staticmethod\n    def s(x): pass\n    @classmethod\n    def c(cls): pass\n";
    let facts = facts(text);
    let bindings: Vec<_> = facts.functions.iter().map(|one| (one.name.as_str(), one.binding)).collect();
    assert_eq!(bindings[..3], [("A.m", Binding::Instance), ("A.s", Binding::Nothing), ("A.c", Binding::Class)]);
}

#[test]
fn a_definition_starts_at_its_first_decorator() {
    let facts = facts("@a\n@b\ndef f(): pass\n");
    assert_eq!((facts.functions[0].span.line, facts.functions[0].span.column), (1, 1));
}

#[test]
fn broken_text_gives_facts_and_problems() {
    for text in
        ["def f(:\n  g()\nh()\n", "print 'a', f()\n", "class\n", "\0\0", "if x:\n\ty()\n        z()\n", "((((", "'''"]
    {
        extract(Language::Python, text);
    }
    let found = extract(Language::Python, "f()\n)(\ng()\n");
    assert!(!found.problems.is_empty());
    assert!(!found.facts.sites.is_empty());
}

#[test]
fn what_nests_too_deeply_is_left_out_with_a_note() {
    let deep = |open: &str, close: &str| format!("x = {}0{}\n", open.repeat(20_000), close.repeat(20_000));
    let texts = [deep("(", ")"), deep("f(", ")"), deep("[", "]"), deep("not ", ""), deep("lambda: ", "")];
    let run = move || {
        for text in texts {
            let found = extract(Language::Python, &text);
            assert!(found.problems.iter().any(|problem| problem.message.starts_with("nested-too-deeply")));
        }
        let chain = format!("x = a{}\n", " + f()".repeat(50_000));
        assert_eq!(extract(Language::Python, &chain).facts.sites.len(), 50_000);
    };
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(run).expect("a thread");
    worker.join().expect("no overflow");
}

#[test]
fn notebooks_are_read_where_they_stand() {
    let text = r#"{
 "cells": [
  {"cell_type": "markdown", "source": ["f()"]},
  {"cell_type": "code", "source": ["%magic\n", "def f(): pass\n", "\"é\"; f()"]},
  {"cell_type": "code", "source": ["%%bash\n", "f() ("]},
  {"source": "\tg()", "cell_type": "code"}
 ],
 "metadata": {"language_info": {"name": "python"}}
}"#;
    let found = extract(Language::Notebook, text);
    let places: Vec<_> = found.facts.sites.iter().map(|site| (site.span.line, site.span.column)).collect();
    assert_eq!(places, [(4, 75), (6, 17)]);
    let functions: Vec<_> = found.facts.functions.iter().map(|one| (one.span.line, one.span.column)).collect();
    assert_eq!(functions, [(4, 49)]);
    assert_eq!(found.facts.line_count, 9);
}

#[test]
fn what_is_no_notebook_of_python_gives_a_problem() {
    for text in
        ["", "{", "[1, ", r#"{"metadata": {"kernelspec": {"language": "R"}}}"#, "\"\\ud800", &"[".repeat(100_000)]
    {
        let found = extract(Language::Notebook, text);
        assert_eq!((found.problems.len(), found.facts.sites.len()), (1, 0), "{}", text.len());
    }
}
