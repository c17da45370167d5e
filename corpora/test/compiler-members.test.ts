import { test } from "vitest";
import { check } from "./support/compiled.ts";

test("a method is certain while no subclass overrides it", () => {
  check("class A { m() {} n() {} } class B extends A { override m() {} } declare const a: A; a.m(); a.n();", [
    "m: method may! A.m, B.m",
    "n: method must A.n",
  ]);
});

test("a method that somebody replaces is not certain", () => {
  check("class A { m() {} } const a = new A(); a.m = () => {}; a.m();", [
    "A: direct must A",
    "m: method may! A.m, a.m",
  ]);
});

test("a method is not certain when somebody writes to that name on an object without a type", () => {
  check("class A { m() {} } declare const x: any; x.m = () => {}; new A().m();", [
    "A: direct must A",
    "m: method may! A.m, x.m",
  ]);
});

test("private and static methods are certain", () => {
  check("class A { #p() {} static s() {} q() { this.#p(); } } A.s();", ["#p: method must A.#p", "s: method must A.s"]);
});

test("super.m() enters the method of the base class, whatever overrides it", () => {
  check("class A { m() {} } class B extends A { override m() { super.m(); } } class C extends B { override m() {} }", [
    "m: method must A.m",
  ]);
});

test("new enters the constructor, the inherited one, or the class itself", () => {
  check(
    "class A { constructor() {} } class B extends A {} class C {} class D extends C {} new A(); new B(); new C(); new D();",
    ["A: direct must A.constructor", "B: direct must A.constructor", "C: direct must C", "D: direct must D"],
  );
});

test("super() enters the constructor of the base class, or what lies outside", () => {
  check(
    "class A { constructor() {} } class B extends A { constructor() { super(); } } class E extends Error { constructor() { super(); } }",
    ["-: method must A.constructor", "-: external must <Error>"],
  );
});

test("an interface leads to the classes that implement it, said or unsaid", () => {
  check("interface I { m(): void } class A implements I { m() {} } class B { m() {} } function f(i: I) { i.m(); }", [
    "m: interface may! A.m, B.m",
  ]);
});

test("an interface leads to object literals and to assigned functions", () => {
  check(
    "interface I { m: () => void } const a: I = { m() {} }; declare const b: I; b.m = () => {}; export const c: I = { m: () => {} }; b.m();",
    ["m: interface may! m, m, b.m"],
  );
});

test("an interface to which something unseen is written is not closed", () => {
  check(
    "interface I { m(): void } class A implements I { m() {} } function f(i: I, g: () => void) { i.m = g; i.m(); }",
    ["m: interface may A.m"],
  );
});

test("an abstract member leads to the classes that have it", () => {
  check("abstract class A { abstract m(): void; n() { this.m(); } } class B extends A { m() {} }", [
    "m: interface may! B.m",
  ]);
});

test("an interface that nobody implements is unknown", () => {
  check("interface I { m(): void } declare const i: I; i.m();", ["m: interface unknown no-implementation-found"]);
});

test("members of an interface that extends another lead to the same implementations", () => {
  check(
    "interface I { m(): void } interface J extends I { m(): void } const j: J = { m() {} }; function f(i: I) { i.m(); }",
    ["m: interface may! m"],
  );
});

test("a union leads to the members of all its parts", () => {
  check("class A { m() {} } class B { m() {} } function f(x: A | B) { x.m(); }", ["m: method may! A.m, B.m"]);
});

test("a key written out is followed, another is not", () => {
  check('const o = { f() {} }; const k: string = "f"; o["f"](); (o as any)[k]();', [
    "f: computed must f",
    "-: computed unknown any-receiver",
  ]);
});

test("the methods of a constant literal are certain; through a variable they may be replaced", () => {
  check("const o = { f() {} }; let p = { f() {} }; p = { f() {} }; o.f(); p.f();", [
    "f: method must f",
    "f: method may f, f",
  ]);
});

test("constructor is another one in each class, and unknown", () => {
  check("class A { m() { const C: any = this.constructor; new C(); } }", [
    "C: stored-value unknown constructor-property",
  ]);
});

test("members written by defineProperty, Reflect.set, delete or destructuring are not certain", () => {
  check(
    [
      "class A { m() {} n() {} o() {} p() {} } const a = new A(); const f = () => 1;",
      'Object.defineProperty(a, "m", { value: f }); Reflect.set(a, "n", f); delete (a as any).x; [a.o] = [f];',
      'Object.defineProperty(a, "p", { get: f });',
      "a.m(); a.n(); a.o(); a.p();",
    ].join("\n"),
    [
      "A: direct must A",
      "defineProperty: external must <defineProperty>",
      "set: external must <set>",
      "defineProperty: external must <defineProperty>",
      "m: method may! A.m, f",
      "n: method may! A.n, f",
      "o: method may A.o",
      "p: method may A.p",
    ],
  );
});

test("a function in a field of a class is certain while nobody writes to the field", () => {
  check(
    "class A { f = () => 1; g = () => 2; h; constructor() { this.h = () => 3; this.g = () => 4; } } const a = new A(); a.f(); a.g(); a.h();",
    ["A: direct must A.constructor", "f: method must f", "g: method may! g, this.g", "h: stored-value must this.h"],
  );
});

test("an accessor, a loop variable and a destructured member are stored values", () => {
  check(
    "class A { get f() { return () => 1; } } new A().f(); for (const g of [() => 1]) g(); const o = { h() {} }; const { h } = o; h(); const [i] = [() => 1]; i();",
    [
      "A: direct must A",
      "f: stored-value unknown accessor",
      "g: stored-value unknown variable",
      "h: stored-value may! h",
      "i: stored-value unknown destructured",
    ],
  );
});

test("a class expression and a class behind a constant are entered like any other", () => {
  check("const A = class { constructor() {} }; const B = A; class C extends B {} new A(); new B(); new C();", [
    "A: direct must A.constructor",
    "B: stored-value must A.constructor",
    "C: direct must A.constructor",
  ]);
});

test("a class above which stands the result of a call is not certain", () => {
  check("declare const mix: (c: any) => any; class A extends mix(Object) {} new A();", [
    "mix: stored-value unknown variable",
    "A: direct may A",
  ]);
});

test("members written under a key that is computed are not certain", () => {
  check(
    {
      "a.js":
        "function R () {}\nR.prototype.m = function m () {}\nR.prototype['x'.trim()] = function () {}\nnew R().m()",
    },
    ["trim: external must <trim>", "R: direct must R", "m: method may! m"],
  );
});

const OLD = { experimentalDecorators: true };

test("what a decorator may replace is not known, and neither is a member of a class that one may replace", () => {
  check(
    "declare const any: any; function log(_f: unknown, _c: unknown) {} function wrap(f: () => number, _c: unknown) { return () => f() + 1; } function also<C extends new () => object>(C: C, _c: unknown) { return class extends C {}; } class A { @log m() { return 1; } @wrap n() { return 1; } @any o() {} @any f = () => 1; } @also class B { m() {} static s() {} } class C extends B { k() { super.m(); } } const a = new A(); a.m(); a.n(); a.o(); a.f(); new B().m(); B.s(); new C().k();",
    [
      "f: callback unknown parameter",
      "m: method may B.m",
      "A: direct must A",
      "m: method must A.m",
      "n: stored-value unknown decorated",
      "o: stored-value unknown decorated",
      "f: stored-value unknown decorated",
      "B: stored-value unknown decorated",
      "m: method may B.m",
      "s: method may B.s",
      "C: direct may C",
      "k: method must C.k",
    ],
  );
});

test("a decorator from before the standard may change what it gives nothing for, a parameter's its method", () => {
  check(
    "function log(..._: unknown[]) {} @log class A { @log m() {} n(@log _x: number) {} o() {} } const a = new A(); a.m(); a.n(1); a.o();",
    [
      "A: direct must A",
      "m: stored-value unknown decorated",
      "n: stored-value unknown decorated",
      "o: method must A.o",
    ],
    OLD,
  );
});

test("a function out of a property descriptor, or out of a value of any type, is not known", () => {
  check(
    "declare const d: PropertyDescriptor; declare const t: TypedPropertyDescriptor<() => void>; declare const i: IteratorResult<() => void>; const f = d.value as () => void; f.call(null); const { get } = t; get?.(); t.value!(); i.value(); [1].map(String);",
    [
      "call: stored-value unknown value-given-by-anybody",
      "get: stored-value unknown value-given-by-anybody",
      "value: external unknown value-given-by-anybody",
      "value: external unknown value-given-by-anybody",
      "map: external must <map>",
    ],
  );
});

test("a member of one of several modules is any of theirs, where all can be told, else it is not known", () => {
  check(
    {
      "a.ts": "export function f() {}",
      "b.ts": "export function f() { return 1; }",
      "main.ts":
        'import * as a from "./a"; import * as b from "./b"; const m = Math.random() < 0.5 ? a : b; m.f(); const { f } = m; f(); const l = await (Math.random() < 0.5 ? import("./a") : import("./b")); l.f(); const p = "./a"; const k: typeof a = await import(p); k.f(); function g(n: typeof a) { n.f(); } g(b); (await import("./a")).f(); const h = () => import("./b"); (await h()).f(); let w = a; w.f(); import("./a").then((o) => o.f());',
    },
    [
      "random: external must <random>",
      "f: method may! f, f",
      "f: stored-value may! f, f",
      "random: external must <random>",
      "f: method may! f, f",
      "f: method may f",
      "f: method may f",
      "g: direct must g",
      "f: method must f",
      "f: method must f",
      "h: direct must h",
      "f: method must f",
      "then: external must <then>",
      "f: method must f",
    ],
  );
});
