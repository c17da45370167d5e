//! The answer depends on the facts, not on the order in which the solver works.

use drift_facts::{FileFacts, extract};
use drift_syntax::Language;

use crate::{SourceFile, build_in_order};

const SEEDS: u64 = 12;

fn check_any_order(sources: &[(&str, &str)]) {
    let facts: Vec<FileFacts> = sources
        .iter()
        .map(|(path, text)| extract(Language::of_path(path).expect("a source file"), text).facts)
        .collect();
    let files: Vec<_> = sources.iter().zip(&facts).map(|(&(path, _), facts)| SourceFile { path, facts }).collect();
    let usual = build_in_order(&files, &[], None);
    assert!(usual.sites.iter().any(|site| !site.targets.is_empty()), "nothing is called");
    for seed in 1..=SEEDS {
        assert!(build_in_order(&files, &[], Some(seed)) == usual, "order {seed} gives another answer");
    }
}

/// A library of combinators: functions that make functions, called with what other calls of them made.
const COMBINATORS: &str = r"
export const pipe = (x, ...fs) => { for (const f of fs) x = f(x); return x; };
export const map = (f) => (source) => (sink) => source((signal) => sink(f(signal)));
export const filter = (f) => (source) => (sink) => source((signal) => { if (f(signal)) sink(signal); });
export function share(source) {
  let sinks = [];
  return (sink) => { sinks.push(sink); if (sinks.length === 1) source((signal) => sinks.forEach((one) => one(signal))); };
}
export const of = (...values) => (sink) => { for (const value of values) sink(value); };
export const collect = (source) => { const all = []; source((value) => { all.push(value); }); return all; };
";

#[test]
fn combinators() {
    let main = r#"
import { pipe, map, filter, share, of, collect } from "./combinators";
pipe(of(1, 2), map((x) => x + 1), filter((x) => x > 1), share, collect);
pipe(of((y) => y), map((f) => f(1)), collect);
const twice = map((f) => () => f());
collect(share(twice(of(() => 1, () => 2))));
"#;
    check_any_order(&[("combinators.js", COMBINATORS), ("main.js", main)]);
}

#[test]
fn classes_and_types() {
    let text = r"
interface Shape { area(): number; scale?(by: number): Shape }
abstract class Base implements Shape { abstract area(): number; scale(by: number): Shape { return this.copy(by); } copy(by: number): Base { return this; } }
class Square extends Base { constructor(private side: number) { super(); } area() { return this.side ** 2; } copy(by: number) { return new Square(this.side * by); } }
class Circle extends Base { area() { return 3; } get round() { return () => this.area(); } }
const mixed = <T extends new (...args: any[]) => Base>(of: T) => class extends of { extra() { return this.area(); } };
class Big extends mixed(Square) { area() { return super.area() + this.extra(); } }
function total(shapes: Shape[]) { return shapes.map((shape) => shape.area()).reduce((a, b) => a + b); }
total([new Big(1), new Circle()]);
new Circle().round();
function never(shape: Shape, base: Base) { shape.scale!(2).area(); base.copy(1).area(); }
const table: Record<string, (shape: Shape) => number> = { a: (s) => s.area(), b: total as any };
for (const key of Object.keys(table)) table[key](new Square(1));
";
    check_any_order(&[("shapes.ts", text)]);
}

#[test]
fn more_than_a_node_keeps() {
    let first = "function call(f) { return f(); }\nconst keep = { all: [] };\nfunction put(f) { keep.all.push(f); return f; }\n";
    let each = "call(put(() => N)); function gN() { return call(() => gN); }\ngN()();\n";
    let each: String = (0..60).map(|number| each.replace('N', &number.to_string())).collect();
    check_any_order(&[("many.js", &format!("{first}{each}for (const f of keep.all) f();\nkeep.all[3]();\n"))]);
}

#[test]
fn more_calls_than_get_copies() {
    let first = "function make(f) { return { f, go() { return f(); } }; }\n";
    let each: String = (0..250).map(|number| "make(() => N).go();\n".replace('N', &number.to_string())).collect();
    check_any_order(&[("copies.js", &format!("{first}{each}"))]);
}

#[test]
fn python() {
    let text = r#"
class Base:
    def run(self): return self.step()
    def step(self): return None
class One(Base):
    def step(self): return helper(lambda: 1)
class Two(One):
    def step(self): return super().step()
    def __enter__(self): return self
    def __exit__(self, *a): pass
def helper(f, *rest, **named): return f()
def deco(f):
    def inner(*args, **kwargs): return f(*args, **kwargs)
    return inner
@deco
def main(kind=One):
    for one in [kind(), Two()]:
        one.run()
    with Two() as two:
        two.run()
    handlers = {"a": helper, "b": main}
    for name in handlers: handlers[name](lambda: 2)
main()
"#;
    check_any_order(&[("main.py", text)]);
}

#[test]
fn tables_of_more_than_a_node_keeps() {
    let each = |one: &dyn Fn(u32) -> String| (0..40).map(one).collect::<Vec<_>>().join("\n");
    let text = format!(
        "{}\n{}\nTABLE = {{{}}}\nMADE = [{}]\ndef go(key, table=TABLE):\n    table[key](MADE)\n    TABLE.get(key, f0)(1)\n    for one in MADE: one.run(key)\nimport sys\ngo(sys.argv[1])\n",
        each(&|n| format!("def f{n}(x): return x")),
        each(&|n| format!("class C{n}:\n    def run(self, x): return f{n}(x)")),
        each(&|n| format!("\"{n}\": f{n},")),
        each(&|n| format!("C{n}(),")),
    );
    check_any_order(&[("main.py", &text)]);
}

#[test]
fn more_classes_below_one_than_a_node_keeps() {
    let base = r"
class Base:
    def run(self, n):
        one = self
        one.step(n)
        return self.last
    @property
    def last(self):
        return self.end()
    def end(self): return 0
";
    let class = |n: u32| {
        format!(
            "class C{n}(Base):\n    def step(self, n): return super().end()\n    def end(self): return {n}\nC{n}().run(1)\n"
        )
    };
    let classes: String = (0..60).map(class).collect();
    check_any_order(&[("main.py", &format!("{base}{classes}"))]);
}
