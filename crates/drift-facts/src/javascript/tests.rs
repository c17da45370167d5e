//! Nothing is left out: what the tree holds, by an independent count, is what the facts hold.

use drift_syntax::{Language, javascript};
use oxc::allocator::Allocator;
use oxc::ast::ast::{
    ArrowFunctionExpression, CallExpression, Class, ClassElement, Decorator, Function, ImportExpression,
    JSXElementName, JSXOpeningElement, MethodDefinitionKind, NewExpression, StaticBlock, TaggedTemplateExpression,
};
use oxc::ast_visit::{Visit, walk};
use oxc::syntax::scope::ScopeFlags;

use crate::{AccessKind, FileFacts, FunctionKind, SiteKind, extract};

/// Counts by the parser's own visitor.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    calls: usize,
    news: usize,
    templates: usize,
    imports: usize,
    components: usize,
    decorators: usize,
    functions: usize,
    arrows: usize,
    classes_without_constructor: usize,
    static_blocks: usize,
}

impl<'a> Visit<'a> for Counts {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.calls += 1;
        walk::walk_call_expression(self, call);
    }
    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.news += 1;
        walk::walk_new_expression(self, new);
    }
    fn visit_tagged_template_expression(&mut self, tagged: &TaggedTemplateExpression<'a>) {
        self.templates += 1;
        walk::walk_tagged_template_expression(self, tagged);
    }
    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        self.imports += 1;
        walk::walk_import_expression(self, import);
    }
    fn visit_jsx_opening_element(&mut self, opening: &JSXOpeningElement<'a>) {
        let is_component = !matches!(opening.name, JSXElementName::Identifier(_) | JSXElementName::NamespacedName(_));
        self.components += usize::from(is_component);
        walk::walk_jsx_opening_element(self, opening);
    }
    fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
        self.decorators += 1;
        walk::walk_decorator(self, decorator);
    }
    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        self.functions += usize::from(function.body.is_some());
        walk::walk_function(self, function, flags);
    }
    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        self.arrows += 1;
        walk::walk_arrow_function_expression(self, arrow);
    }
    fn visit_class(&mut self, class: &Class<'a>) {
        let has_constructor = class.body.body.iter().any(|element| match element {
            ClassElement::MethodDefinition(method) => {
                method.kind == MethodDefinitionKind::Constructor && method.value.body.is_some()
            }
            _ => false,
        });
        self.classes_without_constructor += usize::from(!has_constructor);
        walk::walk_class(self, class);
    }
    fn visit_static_block(&mut self, block: &StaticBlock<'a>) {
        self.static_blocks += 1;
        walk::walk_static_block(self, block);
    }
}

fn counts_of_facts(facts: &FileFacts) -> Counts {
    let sites = |kinds: &[SiteKind]| facts.sites.iter().filter(|site| kinds.contains(&site.kind)).count();
    let functions = |test: fn(FunctionKind) -> bool| facts.functions.iter().filter(|fact| test(fact.kind)).count();
    Counts {
        calls: sites(&[SiteKind::Call, SiteKind::OptionalCall, SiteKind::SuperCall, SiteKind::Require]),
        news: sites(&[SiteKind::New]),
        templates: sites(&[SiteKind::TaggedTemplate]),
        imports: sites(&[SiteKind::DynamicImport]),
        components: sites(&[SiteKind::Jsx]),
        decorators: sites(&[SiteKind::Decorator]),
        functions: functions(|kind| {
            !matches!(kind, FunctionKind::Arrow | FunctionKind::ImplicitConstructor | FunctionKind::StaticBlock)
        }),
        arrows: functions(|kind| kind == FunctionKind::Arrow),
        classes_without_constructor: functions(|kind| kind == FunctionKind::ImplicitConstructor),
        static_blocks: functions(|kind| kind == FunctionKind::StaticBlock),
    }
}

/// Checks a text in a dialect, and that no site or function is there twice.
fn check(language: Language, text: &str) {
    let allocator = Allocator::default();
    let parsed = javascript::parse(&allocator, language, text);
    assert!(parsed.problems.is_empty(), "{text}: {:?}", parsed.problems);
    let mut expected = Counts::default();
    expected.visit_program(parsed.program);
    let facts = extract(language, text).facts;
    assert_eq!(counts_of_facts(&facts), expected, "in\n{text}");
    let mut sites: Vec<_> = facts.sites.iter().map(|site| (site.span, site.kind)).collect();
    sites.dedup();
    assert_eq!(sites.len(), facts.sites.len(), "a site is there twice in\n{text}");
    let mut names: Vec<_> = facts.functions.iter().map(|function| &function.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), facts.functions.len(), "a name is there twice in\n{text}");
}

const JAVASCRIPT: &[&str] = &[
    "",
    "f(); f(g()); f()(); a.b.c(); a?.b(); a?.(); a?.b?.c()(); a[b()](); a['x'](); (0, a.b)(); (f(), g)();",
    "new A; new A(); new (f())(); new a.b(c()); new new X()();",
    "f`a${g()}b`; a.b`x`; `${f()}`;",
    "import('x'); import(f()); const m = await import('y');",
    "const a = require('a'), b = require(f()), { c } = require('c').d;",
    "x = f(); x.y = f(); x[f()] = g(); [x, y = f()] = g(); ({ a: x.b, [f()]: y = g(), ...z } = h()); x ||= f(); x.y ??= g();",
    "const { a = f(), b: { c = g() }, ...d } = h(); const [e = i(), , ...j] = k();",
    "function f(a = g(), { b = h() } = {}, [c = i()] = [], ...d) { return j(() => k()); }",
    "const o = { a() { f() }, get b() { return f() }, set b(v) { g(v) }, [h()]: i(), [j()]() {}, ...k(), async *l() { yield m() } };",
    "class A extends f() { constructor() { super(g()); super.m(h()) } static #p = i(); [j()] = k(); static { l() } get x() { return n() } static async *[o()]() { yield* p() } #q() {} r = () => this.#q() }",
    "const C = class { }; const D = class N extends C { m() { return class { } } };",
    "if (f()) g(); else if (h()) i(); else j(); for (const a of k()) l(); for (const b in m()) n(); for (let i = f(); g(); h()) ; while (f()) g(); do f(); while (g());",
    "switch (f()) { case g(): h(); default: i() } try { f() } catch ({ a = g() }) { h() } finally { i() } throw new E(f());",
    "label: for (;;) { f(); break label } with_(f()); !f(); typeof f(); void f(); delete a[f()]; -f(); f() + g() * h(); a[f()]++; f() ? g() : h(); f() && g() || h(); i() ?? j();",
    "export default f(); export const g = () => h(); export { g as i }; export * from 'm'; import d, { e } from 'n'; e(d());",
    "export default class { m() { n() } }",
    "export default function () { return f() }",
    "export default () => f();",
    "async function f() { await g(); for await (const a of h()) i() } function* j() { const x = yield k(); yield* l(x) }",
    "(function () { f() })(); (() => g())(); (async () => { await h() })(); !function () { i() }();",
    "const e = <A b={f()} {...g()}>{h()}<B.C d=<i j={k()} /> />{...l()}<><M /></></A>;",
    "var a = b(c(d(e(f)))); a(b)(c)(d);",
    "class A { static m() { return #x in f() } #x = g() }",
];

const TYPESCRIPT: &[&str] = &[
    "f<T>(); new A<T>(); f<T>`x`; (f as any)(); (<any>f)(); f!(); (f satisfies X)(); a!.b!(); (f<T>)();",
    "abstract class A { abstract m(): void; private constructor(private a = f(), readonly b: X = g()) { h() } n?(): void; declare x: Y; accessor z = i(); o(this: A): void; o(): void { } }",
    "@d @e() class A { @f() m(@g() a: X) { } @h x = i(); @j() get y() { return k() } @l accessor z = m() } ",
    "namespace N { export function f() { g() } export namespace O.P { export const h = () => i() } j() } declare module 'x' { export function k(): void }",
    "enum E { A = f(), B } const enum F { C = 1 } declare global { interface W { a: X } } import r = require('r'); import s = N.O; r(); s(); ",
    "interface I<T = X> { m(): T; new (): I; (): void; [k: string]: Y; get a(): Z } type A = { b: () => C } | D[] | [E, ...F[]] | typeof g | G<H> | (I & J) | keyof K;",
    "function f(): void; function f(a?: X): void { g() } declare function h(): void; export = f;",
    "let x: Array<X> = f(), y: Promise<Y> = g(), z: Record<string, Z> = h(), s: Set<T> = i(), r: readonly U[] = j();",
    "function f<T extends A & { m(): B }>(this: T, a: T['m'], ...b: Array<() => C>): asserts a is D { this.m(); b[0]() }",
];

#[test]
fn every_call_and_function_of_javascript_is_there_once() {
    for text in JAVASCRIPT {
        check(Language::JavaScript, text);
    }
}

#[test]
fn every_call_and_function_of_typescript_is_there_once() {
    for text in TYPESCRIPT {
        check(Language::TypeScript, text);
    }
}

#[test]
fn reading_twice_gives_the_same() {
    for text in JAVASCRIPT.iter().chain(TYPESCRIPT) {
        assert_eq!(extract(Language::TypeScriptJsx, text).facts, extract(Language::TypeScriptJsx, text).facts);
    }
}

#[test]
fn broken_text_gives_facts_and_problems() {
    for text in ["f(", "class {", "import {", "a => {", "`${", "\u{0}", "function (", "}}}}", "let x = ;"] {
        let found = extract(Language::TypeScript, text);
        assert!(!found.problems.is_empty(), "{text}");
        assert_eq!(found.facts.line_count, 1, "{text}");
    }
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let sum = format!("x = f(){};", "+ f()".repeat(2_000));
    assert_eq!(extract(Language::JavaScript, &sum).facts.sites.len(), 2_001);
    let branches = format!("{}{{ f() }}", "if (f()) { } else ".repeat(1_000));
    assert_eq!(extract(Language::JavaScript, &branches).facts.sites.len(), 1_001);
}

#[test]
fn deep_nesting_keeps_names_short_and_unique() {
    let deep = format!("{}f()", "a => ".repeat(500));
    let facts = extract(Language::JavaScript, &deep).facts;
    let mut names: Vec<_> = facts.functions.iter().map(|function| function.name.clone()).collect();
    assert!(names.iter().all(|name| name.len() < 250), "{names:?}");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 500);
}

#[test]
fn the_way_a_call_is_written_is_kept() {
    let facts = extract(Language::JavaScript, "super_(); a?.(); require('x')").facts;
    let kinds: Vec<SiteKind> = facts.sites.iter().map(|site| site.kind).collect();
    assert_eq!(kinds, [SiteKind::Call, SiteKind::OptionalCall, SiteKind::Require]);
    let facts = extract(Language::TypeScript, "const a = 'b'; x[a]()").facts;
    assert!(matches!(facts.sites[0].shape, crate::CalleeShape::Member(name) if facts.names[name as usize] == "b"));
}

#[test]
fn every_property_access_by_a_fixed_name_is_there_once() {
    let text = "a.r; a?.b.c; a.m(); a['k']; a[i]; a.w = 1; a.u += 1; a.v++; a.o ||= 2; delete a.d; delete a.e.f;
        const { p, q: { s }, [i]: t, ...rest } = a; ({ x: a.y, z } = a); for (a.l of a.k2) {} typeof a.n;
        class C extends a.B { #h = 1; g() { return super.j + this.#h; } } new a.N; a.t``; <a.J />;";
    let facts = extract(Language::JavaScript, text).facts;
    let found = |kind: AccessKind| {
        let of_kind = facts.accesses.iter().filter(|access| access.kind == kind);
        of_kind.map(|access| facts.names[access.field as usize].as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(AccessKind::Read), "r b c m k e p q s x z k2 n B j #h N t J");
    assert_eq!(found(AccessKind::Write), "w y l");
    assert_eq!(found(AccessKind::ReadWrite), "u v o");
}

#[test]
fn long_tests_make_no_more_facts_than_their_text() {
    for (joined, call) in [(" && ", " && x.m()"), (" || ", " || x.m()"), (" ? x.m() : ", " ? x.m() : 0")] {
        let size = |tests: usize| {
            let text = format!("function f(x) {{ return {}{call}; }}", vec!["x instanceof A"; tests].join(joined));
            let facts = extract(Language::TypeScript, &text).facts;
            facts.flows.len() + facts.node_count as usize
        };
        let [few, many] = [100, 200].map(size);
        assert!(many < 3 * few, "{joined}: {few} and {many}");
    }
}
