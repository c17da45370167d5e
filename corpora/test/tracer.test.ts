import { stripTypeScriptTypes } from "node:module";
import { compileFunction } from "node:vm";
import { expect, test } from "vitest";
import { instrument, Registry } from "../src/derive/trace/instrument.ts";
import { createHooks } from "../src/derive/trace/runtime.mts";

const HERE = { root: "/corpus" };

/** Runs an instrumented program; returns its result and what each call site entered, as `line:column -> target`. */
function run(source: string, language: "js" | "ts" = "js"): { result: unknown; edges: string[] } {
  const file = `a.${language}`;
  const registry = new Registry();
  const text = instrument({ file, text: source, registry, withSites: true });
  expect(text.split("\n")).toHaveLength(source.split("\n").length);
  const edges = new Set<string>();
  const short = (id: string | undefined): string => (id ?? "?").replace(`${file}:`, "").replace(/-.*/, "");
  const hooks = createHooks((site, kind, target) => {
    const definition = short(registry.definitions[Number(target)]);
    const shown =
      kind === "d" ? definition : kind === "c" ? `... ${definition}` : kind === "n" ? `<${target}>` : "outside";
    edges.add(`${short(registry.sites[site])} -> ${shown}`);
  }, HERE);
  // The program under test; it is written in this file.
  const program = compileFunction(runnable(text, language), ["__drift__"], { filename: `${HERE.root}/${file}` }) as (
    given: typeof hooks,
  ) => unknown;
  return { result: program(hooks), edges: [...edges].sort() };
}

/** The body of a function, without types. */
function runnable(text: string, language: "js" | "ts"): string {
  return language === "js" ? text : `${stripTypeScriptTypes(`function main() {${text}\n}`)} return main()`;
}

/** Checks the edges, and that instrumentation left the result as it was. */
function check(source: string, expected: string[], language: "js" | "ts" = "js"): void {
  const plain = compileFunction(runnable(source, language)) as () => unknown;
  const { result, edges } = run(source, language);
  expect(edges).toEqual([...expected].sort());
  expect(result).toEqual(plain());
}

test("a function that is called is recognised", () => {
  check("function f() { return 1 }\nreturn f()", ["2:8 -> 1:1"]);
});

test("arrow functions with an expression for a body keep their value", () => {
  check("const f = x => x + 1\nconst g = () =>\n  ({ a: f(1) })\nreturn g().a", ["3:9 -> 1:11", "4:8 -> 2:11"]);
});

test("a function that its caller was handed is recognised", () => {
  check("function f(g) { return g(2) }\nconst h = x => x\nreturn f(h) + f(x => x * 2)", [
    "1:24 -> 2:11",
    "1:24 -> 3:17",
    "3:15 -> 1:1",
    "3:8 -> 1:1",
  ]);
});

test("methods get their receiver, which is evaluated once", () => {
  check(
    "let n = 0\nconst o = { v: 3, m(x) { return this.v + x } }\nconst at = () => { n++; return o }\nreturn [at().m(1), n]",
    ["4:9 -> 2:19", "4:9 -> 3:12"],
  );
});

test("a member is read before the arguments are evaluated", () => {
  check("const o = { m: () => 1 }\nreturn o.m(o.m = () => 2)", ["2:8 -> 1:16"]);
});

test("computed members, private members and tagged templates are calls", () => {
  check(
    "class A { #p() { return 1 } static s(x) { return x.#p() } }\nconst o = { t(s) { return s[0] + this.u }, u: 5 }\nconst k = 't'\nreturn [A.s(new A()), o[k](['a']), o.t`b`]",
    ["1:50 -> 1:11", "4:13 -> 1:1", "4:23 -> 2:13", "4:36 -> 2:13", "4:9 -> 1:29"],
  );
});

test("an optional call that is not made enters nothing, and skips its arguments and what follows", () => {
  check(
    "let n = 0\nconst o = { m: () => ({ x: 1 }) }, u = undefined\nreturn [u?.m(n++).x, o?.m(n++).x, u?.(n++), o.z?.(n++), o?.z?.(n++), n]",
    ["3:22 -> 2:16"],
  );
});

test("a parenthesis ends an optional chain", () => {
  expect(() => run("const u = undefined\nreturn (u?.m)()")).toThrow(TypeError);
});

test("calling what is no function throws what it threw", () => {
  expect(() => run("const o = {}\no.m()")).toThrow(/is not a function/);
  expect(() => run("const u = undefined\nu.m()")).toThrow(/Cannot read properties of undefined/);
});

test("new enters the constructor, an inherited one, or the class itself", () => {
  check(
    "class A { constructor(n) { this.n = n } }\nclass B extends A {}\nclass C {}\nclass D extends C {}\nfunction E() { this.e = 1 }\nreturn [new A(1).n, new B(2).n, new C(), new D(), new E().e].length",
    ["6:21 -> 1:11", "6:33 -> 3:1", "6:42 -> 4:1", "6:51 -> 5:1", "6:9 -> 1:11"],
  );
});

test("super() enters the constructor above the one it stands in, however far below the new class is", () => {
  check(
    "class A { constructor(n) { this.n = n } }\nclass B extends A { constructor(n) { super(n) } }\nclass C extends B { constructor() { super(4) } }\nclass D extends Error { constructor() { super() } }\nreturn [new C().n, new D() instanceof Error]",
    ["2:38 -> 1:11", "3:37 -> 2:21", "4:41 -> <Error>", "5:20 -> 4:25", "5:9 -> 3:21"],
  );
});

test("super.m() enters the method above", () => {
  check(
    "class A { m() { return [this.v] } }\nclass B extends A { v = 2; m() { return super.m() } }\nreturn new B().m()",
    ["2:41 -> 1:11", "3:8 -> 2:28", "3:8 -> 2:1"],
  );
});

test("Reflect of another realm is Reflect", () => {
  expect(
    run(
      "const there = process.getBuiltinModule('vm').runInNewContext('Reflect')\nfunction f() {}\nclass C { constructor() {} }\nthere.apply(f, null, [])\nthere.construct(C, [])\nconst { apply } = there\napply(f, null, [])\nreturn there.get({}, 'a')",
    ).edges.filter((edge) => !edge.startsWith("1:")),
  ).toEqual(["4:1 -> 2:1", "5:1 -> 3:11", "7:1 -> 2:1", "8:8 -> <get>"]);
});

test("call, apply and Reflect.apply enter the function that they are given; bind keeps it", () => {
  check(
    "function f(x) { return [this.v, x] }\nconst b = f.bind({ v: 1 })\nreturn [f.call({ v: 2 }, 3), f.apply({ v: 4 }, [5]), Reflect.apply(f, { v: 6 }, [7]), b(8)]",
    ["2:11 -> <bind>", "3:30 -> 1:1", "3:54 -> 1:1", "3:87 -> 1:1", "3:9 -> 1:1"],
  );
});

test("functions of the language have a name, other functions lie outside", () => {
  expect(run("return new Function('return 1')() + Math.max(1, 2) + [1].map(x => x).length").edges).toEqual([
    "1:37 -> <max>",
    "1:54 -> ... 1:62",
    "1:54 -> <map>",
    "1:8 -> <Function>",
    "1:8 -> outside",
  ]);
});

test("a function in the parameters of another is not taken for it", () => {
  check("function f(a = () => 1, { b = (c = () => 2) => c() } = {}) { return a() + b() }\nreturn f()", [
    "1:48 -> 1:36",
    "1:69 -> 1:16",
    "1:75 -> 1:31",
    "2:8 -> 1:1",
  ]);
});

test("a method under a computed key and a class with a computed base are recognised", () => {
  check(
    "const base = c => c\nclass B {}\nclass A extends base(B) { [(() => 'm')()]() { return 1 } }\nreturn new A().m()",
    ["3:17 -> 1:14", "3:28 -> 3:29", "4:8 -> 3:1", "4:8 -> 3:27"],
  );
});

test("generators and async functions are entered when they are called", () => {
  check(
    "function* g() { yield 1 }\nasync function a() { await 0 }\nclass A { async *m() {} }\na()\nnew A().m()\nreturn [...g()]",
    ["4:1 -> 2:1", "5:1 -> 3:1", "5:1 -> 3:11", "6:12 -> 1:1"],
  );
});

test("directives stay directives", () => {
  check("function f() { 'use strict'; return this === undefined }\nreturn f()", ["2:8 -> 1:1"]);
});

test("a proxy is not looked at, what stands behind it is seen as it starts, and a direct eval and require are left alone", () => {
  check(
    "let traps = 0\nconst p = new Proxy(() => 1, { get(t, k) { traps++; return t[k] } })\nconst local = 3\nconst v = eval('local')\nconst require = () => 9\nreturn [p(), traps, v, require('x')]",
    ["2:11 -> <Proxy>", "6:9 -> 2:21"],
  );
});

test("TypeScript: assertions, type arguments and overloads stay as they are", () => {
  check(
    "function f(a: string): string;\nfunction f<T>(a: T): T;\nfunction f(a: unknown): unknown { return a }\nconst o = { m<T>(x: T): T { return x } };\nreturn [f<number>(1), (o as any).m(2), o!.m!<number>(3), (o.m as typeof o.m)(4), (o satisfies object)?.m(5)];",
    ["5:23 -> 4:13", "5:40 -> 4:13", "5:58 -> 4:13", "5:82 -> 4:13", "5:9 -> 3:1"],
    "ts",
  );
});

test("what is not asked about has definitions, but no sites", () => {
  const registry = new Registry();
  instrument({
    file: "b.ts",
    text: "export function f() { f(); }\nexport default class {}",
    registry,
    withSites: false,
  });
  expect(registry).toEqual({ sites: [], definitions: ["b.ts:1:1", "b.ts:2:1"] });
});

test("a source that does not parse is a syntax error", () => {
  expect(() => instrument({ file: "a.js", text: "function (", registry: new Registry(), withSites: true })).toThrow(
    SyntaxError,
  );
});

/** Places of the calls and definitions of a source, as they stand in ids. */
function placesIn(file: string, text: string): { sites: string[]; definitions: string[]; text: string } {
  const registry = new Registry();
  const instrumented = instrument({ file, text, registry, withSites: true });
  const short = (id: string): string => id.slice(file.length + 1);
  return { sites: registry.sites.map(short), definitions: registry.definitions.map(short), text: instrumented };
}

test("an accessor field is read, and what stands in it", () => {
  const { sites, definitions } = placesIn("a.ts", "class A { accessor f = () => g(); @d static accessor h = g(); }");
  expect(sites).toEqual(["1:30-1:33", "1:58-1:61"]);
  expect(definitions).toEqual(["1:1", "1:24"]);
});

test("decorators of parameters are read, and leave decorated methods where they are", () => {
  const member = "@d() m(x: number) { return x; }";
  const { sites, definitions, text } = placesIn("a.ts", `class A { constructor(@inject() x: X) {} ${member} }`);
  expect(sites).toEqual(["1:24-1:32", "1:43-1:46"]);
  expect(definitions).toEqual(["1:11", "1:42"]);
  expect(text).toContain("constructor(@__drift__.value(0, inject)() x: X)");
  // As they are without such a parameter.
  const standard = placesIn("a.ts", `class A { constructor(          x: X) {} ${member} }`);
  expect(standard.definitions).toEqual(definitions);
});

test("a source without import and export that waits is a module", () => {
  expect(placesIn("a.js", "await (f()); g(1);").sites).toEqual(["1:8-1:11", "1:14-1:18"]);
  expect(placesIn("a.js", "await (f()); export {};").sites).toEqual(["1:8-1:11"]);
});

test("where await is a name of the program, it is called", () => {
  const called = "function await(x) { return x; }\nawait (f());";
  expect(placesIn("a.js", called).sites).toEqual(["2:1-2:12", "2:8-2:11"]);
  expect(placesIn("a.cjs", "await (f());").sites).toEqual(["1:1-1:12", "1:8-1:11"]);
});
