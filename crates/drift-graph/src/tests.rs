use drift_facts::extract;
use drift_syntax::Language;

use crate::{CallGraph, MAX_FUNCTIONS, MAX_OBJECTS, Manifest, SourceFile, Status, Target, build};

/// Reads files separated by `//- path` lines (one file `a.ts` without them).
fn graph(source: &str) -> (Vec<String>, CallGraph) {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in source.lines() {
        if let Some(path) = line.trim().strip_prefix("//- ") {
            parts.push((path.to_owned(), String::new()));
        } else {
            if parts.is_empty() {
                parts.push(("a.ts".to_owned(), String::new()));
            }
            let text = &mut parts.last_mut().expect("just pushed").1;
            text.push_str(line);
            text.push('\n');
        }
    }
    parts.sort();
    let (sources, manifests): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(path, _)| !path.ends_with(".json"));
    let facts: Vec<_> = sources
        .iter()
        .map(|(path, text)| {
            let found = extract(Language::of_path(path).expect("a source file"), text);
            assert!(found.problems.is_empty(), "{path}: {:?}", found.problems);
            found.facts
        })
        .collect();
    let files: Vec<_> = sources.iter().zip(&facts).map(|((path, _), facts)| SourceFile { path, facts }).collect();
    let manifests: Vec<_> = manifests.iter().map(|(path, text)| Manifest { path, text }).collect();
    let graph = build(&files, &manifests);
    (sources.into_iter().map(|(path, _)| path).collect(), graph)
}

/// One line per site: `caller -> target, target` with a mark for the status: `!` certain, `~` likely, `^` external,
/// `?reason` unknown. Ids lose their path when there is one file only.
fn calls(source: &str) -> String {
    let (paths, graph) = graph(source);
    let short = |id: &str| {
        let id = if paths.len() == 1 { id.split_once('#').map_or(id, |(_, name)| name) } else { id };
        id.to_owned()
    };
    let mut lines = Vec::new();
    for site in &graph.sites {
        let caller = site.caller.map_or_else(
            || short(&format!("{}#<module>", paths[site.file as usize])),
            |caller| short(&graph.functions[caller as usize].id),
        );
        let mark = match site.status {
            Status::Certain => "!".to_owned(),
            Status::Likely(_) => "~".to_owned(),
            Status::External(_) => "^".to_owned(),
            Status::Unknown(reason) => format!("?{}", reason.as_str()),
        };
        let targets: Vec<String> = site
            .targets
            .iter()
            .map(|target| match target {
                Target::Function { function, .. } => short(&graph.functions[*function as usize].id),
                Target::Module { file, .. } => format!("{}#<module>", paths[*file as usize]),
                Target::External { name, .. } => name.clone(),
            })
            .collect();
        lines.push(format!("{caller} {mark} {}", targets.join(", ")).trim_end().to_owned());
    }
    lines.join("\n")
}

fn check(source: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(calls(source), expected.join("\n"), "in\n{source}");
}

#[test]
fn call_through_an_alias_reaches_the_definition() {
    check("function f() {}  const g = f;  function main() { g() }", "main ! f");
}

#[test]
fn functions_flow_through_arguments_and_returns() {
    check(
        "function id(x) { return x } function f() {} function run(cb) { cb() }
         run(f); id(f)();",
        "run ! f
         <module> ! run
         <module> ! id
         <module> ! f",
    );
}

#[test]
fn a_method_is_found_on_its_class_and_on_subclasses() {
    check(
        "class A { m() { this.n() } n() {} } class B extends A { n() {} }
         new B().m(); const a: A = make(); a.m();",
        "A.m ~ A.n, B.n
         <module> ! B.constructor
         <module> ! A.m
         <module> ^ make
         <module> ~ A.m",
    );
}

#[test]
fn reading_and_writing_a_property_runs_its_accessors() {
    check(
        "class A { get x() { return f } set x(v) { v() } y = 1; }
         class B extends A { get y() { return super.x } }
         function f() {} function g() {}
         function main(a: A, b: B) { a.x(); a.x = g; b.x ||= f; b.x++; b.y; const { x, ...r } = b; delete a.x; }",
        "A.x~2 ~ f, g
         B.y ! A.x
         main ~ A.x
         main ~ f, g
         main ~ A.x~2
         main ~ A.x, A.x~2
         main ~ A.x, A.x~2
         main ~ B.y
         main ~ A.x",
    );
}

#[test]
fn accessors_of_literals_and_statics_are_found_and_other_properties_are_no_calls() {
    check(
        "const o = { get x() { return 1 }, set z(v) {}, n: 1 }; o.x; o.n; o.z = 2; o['x']; [1].x; 'a'.x; unknown.x;
         class S { static get #p() { return 1 } static q() { return S.#p } } o.n.x;",
        "<module> ! o.x
         <module> ! o.z
         <module> ! o.x
         S.q ! S.#p",
    );
}

#[test]
fn an_inherited_constructor_is_the_target_of_new() {
    check(
        "class A { constructor() {} } class B extends A {} class C extends B { constructor() { super() } } class D {}
         new B(); new C(); new D();",
        "C.constructor ! A.constructor
         <module> ! A.constructor
         <module> ! C.constructor
         <module> ! D.constructor",
    );
}

#[test]
fn prototypes_and_this_in_constructor_functions() {
    check(
        "//- a.js
         function P() { this.x = function () {} } P.prototype.run = function () { this.x() }
         const p = new P(); p.run();",
        "a.js#P.prototype.run ! a.js#P.x
         a.js#<module> ! a.js#P
         a.js#<module> ! a.js#P.prototype.run"
            .replace("a.js#", "")
            .as_str(),
    );
}

#[test]
fn es_imports_follow_re_exports_and_namespaces() {
    check(
        "//- a.ts
         import d, { f as g } from './index.js'; import * as ns from './index'; g(); d(); ns.f(); ns.inner.h();
         //- index.ts
         export * from './lib'; export { default } from './lib'; export * as inner from './inner';
         //- inner.ts
         export const h = () => {};
         //- lib.ts
         export function f() {} export default function () {}",
        "a.ts#<module> ! lib.ts#f
         a.ts#<module> ! lib.ts#default
         a.ts#<module> ! lib.ts#f
         a.ts#<module> ! inner.ts#h",
    );
}

#[test]
fn common_js_modules_export_functions_and_objects() {
    check(
        "//- a.js
         const f = require('./f'); const { g, k } = require('./g'); f(); g(); k(); require('./f')();
         //- f.js
         module.exports = function main() {};
         //- g.js
         exports.g = () => {}; module.exports.k = function () {};",
        "a.js#<module> ! f.js#<module>
         a.js#<module> ! g.js#<module>
         a.js#<module> ! f.js#main
         a.js#<module> ! g.js#g
         a.js#<module> ! g.js#k
         a.js#<module> ! f.js#<module>
         a.js#<module> ! f.js#main",
    );
}

#[test]
fn workspace_packages_and_tsconfig_paths_are_found() {
    check(
        "//- app/main.ts
         import { f } from '@x/lib'; import { g } from '~/util'; import { built } from '@x/built'; f(); g(); built();
         //- app/src/util.ts
         export function g() {}
         //- app/tsconfig.json
         { \"compilerOptions\": { \"paths\": { \"~/*\": [\"./src/*\"] } } }
         //- built/package.json
         { \"name\": \"@x/built\", \"main\": \"dist/index.js\" }
         //- built/src/index.ts
         export function built() {}
         //- lib/package.json
         { \"name\": \"@x/lib\", \"exports\": { \".\": { \"@x/source\": \"./src/main.ts\", \"default\": \"./dist/main.js\" } } }
         //- lib/src/main.ts
         export function f() {}",
        "app/main.ts#<module> ! lib/src/main.ts#f
         app/main.ts#<module> ! app/src/util.ts#g
         app/main.ts#<module> ! built/src/index.ts#built",
    );
}

#[test]
fn unknown_is_told_apart_from_external() {
    check(
        "import x from 'pkg'; import { gone } from './gone';
         x.a(); gone(); console.log(); eval('1'); [1].map(String); export function f(cb, o, k) { cb(); o[k](); o.zap() }",
        "<module> ^ pkg.a
         <module> ?unresolved-import
         <module> ^ console.log
         <module> ^ eval
         <module> ^ Array.prototype.map
         f ?unknown-parameter
         f ?dynamic-property
         f ?unknown-receiver",
    );
}

#[test]
fn interfaces_reach_what_implements_them() {
    check(
        "interface Shape { area(): number; name: string } class Square implements Shape { name = ''; area() { return 1 } }
         const round: Shape = { name: '', area() { return 2 } };
         export function total(s: Shape) { s.area(); s.name.trim() }",
        "total ~ Square.area, round.area
         total ^ String.prototype.trim",
    );
}

#[test]
fn callbacks_of_library_functions_get_elements() {
    check(
        "const fs = [() => {}]; fs.forEach((f) => f()); fs.map((f) => f)[0](); Promise.resolve(fs).then((x) => x[0]());",
        "<module> ^ Array.prototype.forEach
         <forEach> ! <anonymous>
         <module> ^ Array.prototype.map
         <module> ! <anonymous>
         <module> ^ Promise.resolve
         <module> ^ Promise.prototype.then
         <then> ! <anonymous>",
    );
}

#[test]
fn call_apply_and_bind_reach_the_function() {
    check(
        "function f(this: any, g) { g() } function h() {} f.call(null, h); f.apply(null, [h]); f.bind(null)(h);",
        "f ! h
         <module> ! f
         <module> ! f
         <module> ^ Function.prototype.bind
         <module> ! f",
    );
}

#[test]
fn getters_static_members_and_private_names() {
    check(
        "function f() {} class A { #p() {} get g() { return f } static s() { this.t() } static t() {} run() { this.#p(); this.g() } }
         A.s(); new A().run();",
        "A.s ! A.t
         A.run ! A.#p
         A.run ! A.g
         A.run ! f
         <module> ! A.s
         <module> ! A.constructor
         <module> ! A.run",
    );
}

#[test]
fn a_name_offers_candidates_among_connected_files_only() {
    check(
        "//- a.ts
         import './lib'; export function f(x) { x.zap(); x.zip() }
         //- copy.ts
         export class Copy { zap() {} zip() {} }
         //- lib.ts
         export class Lib { zap() {} }",
        "a.ts#f ~ lib.ts#Lib.zap
         a.ts#f ?unknown-receiver",
    );
}

#[test]
fn computed_keys_that_fold_to_constants_are_ordinary_members() {
    check(
        "const key = 'f'; const table = { f() {}, g() {} }; table[key](); table['g'](); table[pick()]();",
        "<module> ! table.f
         <module> ! table.g
         <module> ~ table.f, table.g
         <module> ^ pick",
    );
}

#[test]
fn ids_are_unique_and_free_of_positions() {
    let (_, graph) = graph("const a = () => {}; [].map(() => {}); [].map(() => {}); function f() { return () => {} }");
    let ids: Vec<&str> = graph.functions.iter().map(|function| function.id.as_str()).collect();
    assert_eq!(ids, ["a.ts#a", "a.ts#<map>", "a.ts#<map>~2", "a.ts#f", "a.ts#f.<returned>"]);
}

#[test]
fn scripts_share_their_top_level() {
    check(
        "//- a.js
         function shared() {}
         //- b.js
         shared(); own();",
        "b.js#<module> ! a.js#shared
         b.js#<module> ^ own",
    );
}

#[test]
fn long_chains_of_classes_and_re_exports_cost_no_stack() {
    let lines = |line: &dyn Fn(u32) -> String| (1..3_000).map(line).collect::<String>();
    let extended = lines(&|number| format!("class C{number} extends C{} {{}}\n", number - 1));
    let classes = format!("class C0 {{ m() {{}} }}\n{extended}new C2999().m();");
    assert_eq!(calls(&classes), "<module> ! C2999.constructor\n<module> ! C0.m");
    let exported = lines(&|number| format!("//- f{number}.ts\nexport * from './f{}';\n", number - 1));
    let files =
        format!("//- f0.ts\nexport function f() {{}}\n{exported}//- main.ts\nimport {{ f }} from './f2999'; f();");
    assert_eq!(calls(&files), "main.ts#<module> ! f0.ts#f");
}

#[test]
fn nothing_is_dropped_in_an_empty_project() {
    assert_eq!(build(&[], &[]), CallGraph::default());
}

#[test]
fn a_reassigned_variable_holds_what_was_assigned_last() {
    check(
        "function a() {} function b() {} function c() {}
         function straight() { let f = a; f(); f = b; f(); }
         function meets(x) { let f; if (x) f = a; else f = b; f(); if (x) { f = c; return } f(); }
         function loops(xs) { let f = a; for (const x of xs) { f(); f = b; } f(); }
         function tries() { let f = a; try { f = b; g(); f = c; } catch { f(); } }
         function closed() { let f = a; const g = () => f(); f = b; g(); }
         function shared() { let f = a; const g = () => { f = b }; g(); f(); }
         function maybe(x) { let f = a; x && (f = b); f(); f ||= c; f(); }
         function given(f) { f(); f = f || b; f(); } given(a);
         class K { x = (() => { let f = a; f = b; return f })(); } new K().x();",
        "straight ! a
         straight ! b
         meets ~ a, b
         meets ~ a, b
         loops ~ a, b
         loops ~ a, b
         tries ^ g
         tries ~ a, b, c
         closed.g ~ a, b
         closed ! closed.g
         shared ! shared.g
         shared ~ a, b
         maybe ~ a, b
         maybe ~ a, b, c
         given ! a
         given ~ a, b
         <module> ! given
         <module> ! K.<immediate>
         <module> ! K.constructor
         <module> ! b",
    );
}

#[test]
fn elements_of_an_array_are_told_apart_by_their_index() {
    check(
        "function a() {} function b() {} function c() {}
         const xs = [a, b]; xs[0](); xs[1](); const [x, y] = xs; x(); y(); for (const z of xs) z();
         const moved = [a, b]; moved.reverse(); moved[0]();
         const more = [a, ...xs, c]; more[0](); more[1]();
         function first(...fs) { fs[0](); } first(a, b);
         [a, b].slice(1)[0](); xs.forEach(f => f());",
        "<module> ! a
         <module> ! b
         <module> ! a
         <module> ! b
         <module> ~ a, b
         <module> ^ Array.prototype.reverse
         <module> ~ a, b
         <module> ~ a, b, c
         <module> ~ a, b, c
         first ! a
         <module> ! first
         <module> ^ Array.prototype.slice
         <module> ~ a, b
         <module> ^ Array.prototype.forEach
         <forEach> ~ a, b",
    );
}

#[test]
fn a_default_counts_where_nothing_may_have_been_passed() {
    check(
        "function a() {} function b() {}
         function given(f = a) { f() } given(b);
         function left(f = a) { f() } left(); left(undefined);
         function outer(f) { inner(f) } function inner(f = a) { f() } outer(b);
         function outer2(f) { inner2(f) } function inner2(f = a) { f() } outer2();
         function field(f = a) { f() } field(({}).x);",
        "given ! b
         <module> ! given
         left ! a
         <module> ! left
         <module> ! left
         outer ! inner
         inner ! b
         <module> ! outer
         outer2 ! inner2
         inner2 ! a
         <module> ! outer2
         field ! a
         <module> ! field",
    );
}

#[test]
fn a_name_that_is_assigned_but_never_declared_is_global() {
    check(
        "//- a.cjs
         function f() {} handler = f; handler(); other();
         //- b.cjs
         handler();",
        "a.cjs#<module> ~ a.cjs#f, handler
         a.cjs#<module> ^ other
         b.cjs#<module> ~ a.cjs#f, handler",
    );
}

#[test]
fn iterating_runs_the_methods_of_an_iterator_and_yields_its_values() {
    check(
        "function f() {}
         class Bag { [Symbol.iterator]() { let n = 0; return { next() { return { value: f, done: n++ > 1 } } } } }
         class Own { [Symbol.iterator]() { return this } next() { return { value: f, done: false } } }
         class Lazy { *[Symbol.iterator]() { yield f } }
         for (const x of new Bag()) x(); const [y] = new Own(); y(); [...new Lazy()][0](); for (const z of [f]) z();",
        "<module> ! Bag.constructor
         <module> ~ Bag.@@iterator, Bag.@@iterator.<returned>.next
         <module> ! f
         <module> ~ Own.@@iterator, Own.next
         <module> ! Own.constructor
         <module> ! f
         <module> ! f
         <module> ! Lazy.constructor
         <module> ! Lazy.@@iterator
         <module> ! f",
    );
}

#[test]
fn a_method_sees_the_receiver_it_was_found_on() {
    check(
        "class A { m() { this.n() } n() {} } class B { m() { this.n() } n() {} }
         function either(x) { x.m() } either(new A()); either(new B());
         const o = { m() { this.n() }, n() {} }; either(o);",
        "A.m ! A.n
         B.m ! B.n
         either ~ A.m, B.m, o.m
         <module> ! either
         <module> ! A.constructor
         <module> ! either
         <module> ! B.constructor
         o.m ! o.n
         <module> ! either",
    );
}

#[test]
fn a_name_of_which_the_beginning_is_known_reaches_all_that_fit_however_many() {
    let members: Vec<String> = (0..MANY).map(|at| format!("on{at}() {{}}")).collect();
    let members = members.join(" ");
    let found = calls(&format!(
        "class A {{ run(k) {{ this['on' + k](); }} {members} other() {{}} }} new A().run(process.argv[2]);"
    ));
    let called = found.lines().find(|line| line.starts_with("A.run ")).expect("the call");
    for at in 0..MANY {
        assert!(called.split([' ', ',']).any(|target| target == format!("A.on{at}")), "on{at} in {called}");
    }
    assert!(!called.contains("A.other") && !called.contains("A.run,"), "{called}");
}

/// The targets of calls in `go`, without those of which nothing is known.
fn called_in_go(source: &str) -> Vec<Vec<String>> {
    let found = calls(source);
    let lines = found.lines().filter_map(|line| line.strip_prefix("go ~ "));
    lines.map(|line| line.split(", ").map(str::to_owned).collect()).collect()
}

/// More than one node keeps of anything but instances.
const MANY: usize = MAX_OBJECTS + MAX_FUNCTIONS + 8;

fn every(name: impl Fn(usize) -> String) -> String {
    (0..MANY).flat_map(|at| [name(at), "\n".to_owned()]).collect()
}

#[test]
fn a_table_of_more_than_a_node_keeps_reaches_all_that_is_in_it() {
    let listed = |name: &str| every(|at| format!("{name}{at},"));
    let script = format!(
        "{}{}const handlers = [{}]; const kinds = [{}]; const made = [{}];
         function go(k) {{ handlers[k](); new kinds[k](); for (const one of made) one.step(); }} go(process.argv[2]);",
        every(|at| format!("function f{at}() {{}}")),
        every(|at| format!("class C{at} {{ constructor() {{}} step() {{}} }}")),
        listed("f"),
        listed("C"),
        every(|at| format!("new C{at}(),")),
    );
    let python = format!(
        "//- main.py\n{}{}HANDLERS = {{{}}}\nMADE = [{}]\ndef go(k):\n    HANDLERS[k]()\n    for one in MADE:\n        one.step()\nimport sys\ngo(sys.argv[1])\n",
        every(|at| format!("def f{at}(): pass")),
        every(|at| format!("class C{at}:\n    def step(self): pass")),
        every(|at| format!("'{at}': f{at},")).replace('\n', " "),
        every(|at| format!("C{at}(),")).replace('\n', " "),
    );
    let constructor = |at: usize| format!("C{at}.constructor");
    let expected: [&dyn Fn(usize) -> String; 3] = [&|at| format!("f{at}"), &constructor, &|at| format!("C{at}.step")];
    for (found, expected) in called_in_go(&script).iter().zip(expected) {
        assert_eq!(found.len(), MANY, "{found:?}");
        assert!((0..MANY).all(|at| found.contains(&expected(at))), "{found:?}");
    }
    assert_eq!(called_in_go(&script).len(), 3, "{}", calls(&script));
    let found = called_in_go(&python);
    assert!((0..MANY).all(|at| found[0].contains(&format!("f{at}"))), "{found:?}");
    assert!((0..MANY).all(|at| found[1].contains(&format!("C{at}.step"))), "{found:?}");
}

#[test]
fn what_is_read_from_each_of_many_classes_and_kept_is_reached() {
    let classes = every(|at| {
        format!("class C{at}(Base):\n    def _on_a(self): pass\n    def _on_b(self): pass\n    def other(self): pass")
    });
    for kinds in ["os.listdir()", "['a', 'b']"] {
        let found = called_in_go(&format!(
            "//- main.py
import os, sys
class Base:
    def __init_subclass__(cls):
        prepare(cls)
def prepare(cls):
    cls.handlers = {{}}
    for kind in {kinds}:
        handler = getattr(cls, '_on_%s' % kind, None)
        if handler is not None:
            cls.handlers[kind] = handler
{classes}
def go(kind, one):
    handler = one.handlers.get(kind)
    handler(one)
go(sys.argv[1], C0())
"
        ));
        for at in 0..MANY {
            for name in ["_on_a", "_on_b"] {
                assert!(found[0].contains(&format!("C{at}.{name}")), "C{at}.{name} in {found:?}");
            }
        }
        assert!(!found[0].iter().any(|target| target.contains("other")), "{found:?}");
    }
}

#[test]
fn a_call_that_says_which_member_of_a_family_it_means_reaches_that_one() {
    let found = calls(
        "//- main.py
import sys
class Checker:
    def by_name(self, name):
        return getattr(self, 'is_' + name.replace('-', '_').lower(), None)
    def is_a_b(self): pass
    def is_c(self): pass
    def one(self): self.by_name('A-B')()
    def any(self, name): self.by_name(name)()
Checker().one()
Checker().any(sys.argv[1])
",
    );
    let of = |caller: &str| -> Vec<&str> {
        found.lines().filter(|line| line.starts_with(caller) && line.contains("is_")).collect()
    };
    assert_eq!(of("Checker.one "), ["Checker.one ! Checker.is_a_b"], "{found}");
    assert_eq!(of("Checker.any "), ["Checker.any ~ Checker.is_a_b, Checker.is_c"], "{found}");
}

#[test]
fn what_is_copied_name_by_name_is_found_under_its_name() {
    let found = calls(
        "function mix(to: any, from: any) {
           for (const name of Object.getOwnPropertyNames(from.prototype)) to.prototype[name] = from.prototype[name];
         }
         class Extra { more() {} less() {} }
         class Base {} class Sub extends Base { run() { super.more(); } }
         mix(Base, Extra); new Sub().run();",
    );
    let of_run: Vec<&str> = found.lines().filter(|line| line.starts_with("Sub.run ")).collect();
    assert_eq!(of_run.len(), 1, "{found}");
    assert!(of_run[0].contains("Extra.more") && !of_run[0].contains("less"), "{found}");
}

#[test]
fn what_reduce_starts_with_is_no_element() {
    check(
        "class A { go() {} } class B { go() { return this; } }
         [new A()].reduce((sum, one) => sum.go(), new B()); [new A()].reduce((one, other) => one.go());",
        "<module> ^ Array.prototype.reduce
         <module> ! A.constructor
         <reduce> ! B.go
         <module> ! B.constructor
         <module> ^ Array.prototype.reduce
         <module> ! A.constructor
         <reduce>~2 ! A.go",
    );
}

#[test]
fn super_means_the_nearest_base_that_has_the_member() {
    check(
        "class A { m() {} n() {} } class B extends A { m() { super.m() } } class C extends B { m() { super.m(); super.n() } }
         new C().m();",
        "B.m ! A.m
         C.m ! B.m
         C.m ! A.n
         <module> ! C.constructor
         <module> ! C.m",
    );
}

#[test]
fn what_a_library_base_has_is_not_asked_of_the_hook_for_attributes() {
    let found = calls(
        "//- main.py
class Results(list):
    def __init__(self): self.held = {}
    def keep(self, name, one):
        self.held[name] = one
        self.append(one)
    def __getattr__(self, name): return self.held.get(name)
def f(): pass
results = Results()
results.keep('one', f)
results.one()
",
    );
    let of_keep: Vec<&str> = found.lines().filter(|line| line.starts_with("Results.keep ")).collect();
    assert_eq!(of_keep, ["Results.keep ^ builtins.list.append"]);
    assert!(found.lines().any(|line| line.starts_with("<module> ~ f")), "{found}");
}

#[test]
fn functions_that_meet_in_one_node_are_followed_beyond_what_a_node_keeps_of_other_things() {
    let some = |name: &dyn Fn(usize) -> String| (0..MAX_FUNCTIONS - 2).map(name).collect::<Vec<_>>().join(" ");
    let found = calls(&format!(
        "const all = []; {} function go(k) {{ const one = all[k]; const made = one(); made(); }} go(process.argv[2]);",
        some(&|at| format!("function m{at}() {{ return function r{at}() {{}}; }} all.push(m{at});")),
    ));
    let called: Vec<&str> = found.lines().filter(|line| line.starts_with("go ")).collect();
    for at in 0..MAX_FUNCTIONS - 2 {
        assert!(called.iter().any(|line| line.contains(&format!("m{at}.r{at}"))), "r{at} in {found}");
    }
}

#[test]
fn what_copies_of_a_function_share_is_answered_by_the_function_itself() {
    let found = calls(
        "//- sources.js
         export const once = (sink) => { sink({ talk: (pull) => { sink('end'); } }); };
         //- sinks.js
         export const publish = (source) => { ((source) => { source((message) => { message.talk(1); }); })(source); };
         export function pipe(...steps) { let x = steps[0]; for (let i = 1; i < steps.length; i++) x = steps[i](x); return x; }
         //- main.js
         import { once } from './sources.js'; import { publish, pipe } from './sinks.js';
         pipe(once, publish);",
    );
    let of_talk = found.lines().find(|line| line.starts_with("sources.js#once.talk ")).expect("the call");
    assert!(of_talk.contains("sinks.js#publish.<immediate>.<source>"), "{found}");
}

#[test]
fn how_much_else_leaves_the_project_says_nothing_of_what_does() {
    let passed_out = "import { x } from 'x'; function f(g) { g(); } function a() {} f(a); x(f);";
    let of_f = |source: &str| {
        let found = calls(source);
        found.lines().find(|line| line.starts_with("f ")).expect("the call in f").to_owned()
    };
    assert!(of_f(passed_out).starts_with("f ~ a"), "others may call f with anything: {}", of_f(passed_out));
    let others = every(|at| format!("x(function o{at}() {{}});"));
    assert_eq!(of_f(&format!("{passed_out} {others}")), of_f(passed_out));
    assert_eq!(
        of_f(&format!("import {{ y }} from 'y'; {} {passed_out}", others.replace("x(", "y("))),
        of_f(passed_out)
    );
}

#[test]
fn what_dozens_of_constructors_of_one_maker_make_is_told_apart() {
    let found = calls(&format!(
        "function make(init, parent) {{
           class Inner extends (parent ?? Object) {{}}
           function Made() {{ const self = parent ? new Inner() : this; init(self); return self; }}
           Made.init = init; return Made;
         }}
         const Base = make((self) => {{ self.run = (given) => self.parse(given); }});
         {}
         function go(one) {{ one.run(1); one.parse(1); }}
         {}",
        every(|at| format!(
            "const K{at} = make((self) => {{ Base.init(self); self.parse = function p{at}() {{}}; }});"
        )),
        every(|at| format!("go(new K{at}());")),
    ));
    let called = found.lines().find(|line| line.starts_with("go ~") && line.contains("p0")).expect("one.parse()");
    let targets: Vec<&str> = called.split([' ', ',']).collect();
    for at in 0..MANY {
        let name = format!("p{at}");
        assert!(targets.iter().any(|target| target.rsplit('.').next() == Some(&name)), "{name} in {called}");
    }
}

#[test]
fn a_declared_class_keeps_other_classes_out() {
    check(
        "class A { m() {} } class A2 extends A { m() {} } class B { m() {} next: B | null = null; }
         function mixed(): any { return Math.random() > 1 ? new A() : new B() }
         const a: A = mixed(); a.m(); const b: B | null = mixed(); b.m(); b.next.m();
         const either: A | B = mixed(); either.m(); const sub: A2 = mixed(); sub.m();
         const shaped: A = { m() {} }; shaped.m();
         class C { held: A; constructor() { this.held = mixed() } run() { this.held.m() } }",
        "mixed ^ Math.random
         mixed ! A.constructor
         mixed ! B.constructor
         <module> ! mixed
         <module> ! A.m
         <module> ! mixed
         <module> ! B.m
         <module> ~ B.m
         <module> ! mixed
         <module> ~ A.m, B.m
         <module> ! mixed
         <module> ~ A2.m
         <module> ! shaped.m
         C.constructor ! mixed
         C.run ~ A.m, A2.m",
    );
}

#[test]
fn maps_sets_and_promises_give_back_what_they_were_given() {
    let found = calls(
        "function f() {} function g() {} function h() {}
         const m = new Map([['a', f]]); m.set('b', g); function main() { m.get('a')(); }
         const s = new Set([h]); function all() { for (const x of s) x(); }
         const p = new Promise((done) => { done(f); }); async function later() { (await p)(); }",
    );
    for line in ["main ~ f, g", "all ! h", "later ! f"] {
        assert!(found.lines().any(|one| one == line), "{line} is not in\n{found}");
    }
}

#[test]
fn arguments_and_property_descriptors_hand_on_functions() {
    let found = calls(
        "function f() {} function g() {} function first(x) { return arguments[0]() } function more() { arguments[0]() }
         first(f); more(g);
         const o = {}; Object.defineProperty(o, 'run', { value: f }); function main() { o.run() }
         const p = Object.create(null, { run: { get: () => g } }); function created() { p.run() }",
    );
    for line in ["first ! f", "more ! g", "main ! f", "created ! g"] {
        assert!(found.lines().any(|one| one == line), "{line} is not in\n{found}");
    }
}

#[test]
fn what_a_function_of_the_project_is_called_does_not_decide() {
    let named = |name: &str| {
        calls(&format!(
            "function f() {{}} function g() {{}} function {name}(o, k) {{ return o[k] }}
             function main() {{ {name}({{ a: f, b: g }}, 'a')() }}"
        ))
    };
    assert!(named("get").contains("main ~ f, g"), "{}", named("get"));
    assert_eq!(named("get"), named("pick").replace("pick", "get"));
    let own = "const Object = { defineProperty(o, k, d) { o.x = d.value } }; function f() {} function g() {}
               const o = { run: g }; Object.defineProperty(o, 'run', { value: f }); function main() { o.run() }";
    assert!(calls(own).contains("main ! g"), "{}", calls(own));
}

#[test]
fn a_base_class_does_not_take_its_subclass_for_itself() {
    let found = calls(
        "class A { static m() {} } class B extends A { static m() { super.m() } }
         B.m(); function main() { A.m() }",
    );
    assert!(found.contains("B.m ! A.m") && found.contains("main ! A.m"), "{found}");
}

#[test]
fn symbols_and_constant_strings_of_other_files_name_members() {
    let found = calls(
        "//- keys.ts
         export const kRun = Symbol('run'); export const STOP = 'stop';
         //- main.ts
         import { kRun, STOP } from './keys.ts';
         class A { [kRun]() {} stop() {} other() {} }
         export function main(a: A) { a[kRun](); a[STOP](); }",
    );
    assert!(found.contains("main.ts#main ~ main.ts#A.<computed>"), "{found}");
    assert!(found.contains("main.ts#main ~ main.ts#A.stop"), "{found}");
}

#[test]
fn the_most_probable_target_comes_first() {
    let ways = "if (n) f = () => n;\n".repeat(12);
    let source = format!("function main(n: number) {{ let f: any = Math.abs; {ways} f(); }}\n");
    let (_, graph) = graph(&source);
    let site = graph.sites.last().expect("there is a call");
    assert!(site.targets.len() > 12, "{:?}", site.targets);
    let probability = |target: &Target| target.support().probability();
    assert!(site.targets.is_sorted_by(|left, right| probability(left) >= probability(right)), "{:?}", site.targets);
}

#[test]
fn what_one_call_passes_does_not_reach_what_another_call_gets() {
    check(
        "function wrap(f) { return () => f() }
        function one() { return function a() {} }
        function two() { return function b() {} }
        const first = wrap(one), second = wrap(two);
        function main() { first()() }",
        "wrap.<returned> ~ one, two
        <module> ! wrap
        <module> ! wrap
        main ! wrap.<returned>
        main ! one.a",
    );
}

#[test]
fn objects_that_one_function_makes_for_two_calls_are_two() {
    check(
        "function box(held) { return { open() { return held } } }
        function one() {}
        function two() {}
        const first = box(one), second = box(two);
        function main() { second.open()() }",
        "<module> ! box
        <module> ! box
        main ! box.<returned>.open
        main ! two",
    );
}

#[test]
fn a_function_that_is_bound_keeps_what_it_was_given() {
    check(
        "function call(f, g) { return () => { f(); g() } }
        function one() {}
        function two() {}
        const bound = call.bind(null, one);
        function main() { bound(two)() }",
        "call.<returned> ! one
        call.<returned> ! two
        <module> ^ Function.prototype.bind
        main ! call
        main ! call.<returned>",
    );
}

#[test]
fn one_caller_of_which_nothing_is_known_makes_a_call_uncertain() {
    check(
        "function apply(f) { f() }
        function one() {}
        apply(one);
        function other(given) { apply(given.member) }
        export { other }",
        "apply ~ one
        <module> ! apply
        other ! apply",
    );
}

#[test]
fn classes_beyond_those_that_a_node_keeps_are_as_probable_as_the_others() {
    let class = |n: u32| format!("class C{n} extends Base {{ step() {{}} }} new C{n}().run();\n");
    let classes: String = (0..40).map(class).collect();
    let (_, graph) = graph(&format!("class Base {{ run() {{ this.step() }} }}\n{classes}"));
    let step = graph.sites.iter().find(|site| site.targets.len() > 1).expect("many are called");
    let probabilities: Vec<String> = step
        .targets
        .iter()
        .map(|target| match target {
            Target::Function { support, .. } => support.probability().to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(probabilities.len(), 40);
    assert!(probabilities.iter().all(|one| *one == probabilities[0]), "{probabilities:?}");
}

#[test]
fn what_inherits_by_a_function_of_node_is_told_from_what_has_a_member_of_that_name() {
    check(
        "//- a.js
         const { inherits } = require('node:util');
         function Base() {}
         Base.prototype.run = function ofBase() {};
         function Other() {}
         Other.prototype.run = function ofOther() {};
         function Sub() {}
         inherits(Sub, Base);
         new Sub().run();",
        "<module> ^ node:util
         <module> ^ node:util.inherits
         <module> ! Sub
         <module> ! ofBase",
    );
}

#[test]
fn what_is_emitted_reaches_the_listeners_of_that_event_of_that_object() {
    check(
        "//- a.js
         const { EventEmitter } = require('node:events');
         const one = new EventEmitter(), other = new EventEmitter();
         one.on('go', (f) => f());
         one.on('stop', (g) => g());
         other.on('go', (h) => h());
         one.emit('go', function gone() {});",
        "<module> ^ node:events
         <module> ^ node:events.EventEmitter
         <module> ^ node:events.EventEmitter
         <module> ^ node:events.EventEmitter.prototype.on
         <on> ~ gone
         <module> ^ node:events.EventEmitter.prototype.on
         <on>~2 ?unknown-parameter
         <module> ^ node:events.EventEmitter.prototype.on
         <on>~3 ?unknown-parameter
         <module> ^ node:events.EventEmitter.prototype.emit",
    );
}

#[test]
fn what_a_test_says_ends_where_paths_meet_or_the_variable_is_assigned() {
    check(
        "class A { m() {} } class B { m() {} }
         function f(x: A | B, y: A | B) {
           if (x instanceof A) x.m();
           x.m();
           while (x instanceof B) { x.m(); x = y; x.m(); }
           switch (1) { case 1: if (!(y instanceof A)) return; y.m(); break; default: y.m(); }
           try { if (!(y instanceof A)) throw 1; y.m(); } catch { y.m(); }
         }
         f(new A(), new B()); f(new B(), new A());",
        "f ! A.m
         f ~ A.m, B.m
         f ! B.m
         f ~ A.m, B.m
         f ! A.m
         f ~ A.m, B.m
         f ! A.m
         f ~ A.m, B.m
         <module> ! f
         <module> ! A.constructor
         <module> ! B.constructor
         <module> ! f
         <module> ! B.constructor
         <module> ! A.constructor",
    );
}

#[test]
fn files_that_export_each_other_whole_are_looked_through_once() {
    let names: Vec<String> = (0..40).map(|file| format!("m{file}")).collect();
    let all: Vec<String> = names.iter().map(|name| format!("export * from './{name}';")).collect();
    let all = all.join("\n");
    let files: Vec<String> = names.iter().map(|name| format!("//- {name}.ts\n{all}")).collect();
    let main = "//- main.ts\nimport { nothing } from './m0';\nnothing().more();";
    let (_, graph) = graph(&format!("{}\n{main}", files.join("\n")));
    assert_eq!(graph.sites.len(), 2);
}

#[test]
fn types_that_need_themselves_end() {
    let (_, graph) = graph(
        "interface Tree<T> { left: Tree<Tree<T>>; right: Tree<T[]>; value: T; map<U>(f: (x: Tree<T>) => U): Tree<U> }
         type Loop<T> = Loop<T>[] | T; interface P extends Q { p(): P } interface Q extends P { q(): Q }
         class A { m() {} }
         declare const tree: Tree<A>, loop: Loop<A>, p: P;
         tree.left.right.left.right.map((x) => x.left.map((y) => y.right)).value.left.value;
         loop[0]; p.p().q().p();",
    );
    assert!(graph.sites.len() >= 5);
}

#[test]
fn interfaces_that_extend_the_same_ones_many_times_are_looked_through_once() {
    let levels = (0..40).map(|at| {
        let next = at + 1;
        format!(
            "interface A{at} extends A{next}, B{next} {{ a{at}(): void }} interface B{at} extends A{next}, B{next} {{}}"
        )
    });
    let levels: Vec<String> = levels.collect();
    let main = "interface A40 { last(): void } interface B40 {}
        class C { a0() {} } class D { x = 1 }
        function f(x: A0, y: A0 | B0 | C) { x.last(); y.last(); x.missing(); }
        f(new C() as any, new D() as any);";
    let (_, graph) = graph(&format!("{}\n{main}", levels.join("\n")));
    assert_eq!(graph.sites.len(), 6);
}
