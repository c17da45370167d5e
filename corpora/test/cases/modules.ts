import type { Case } from "./case.ts";

/** Modules and what only TypeScript has. See case.ts for the marks. */
export const MODULES: Case[] = [
  [
    "named, renamed, default and namespace imports",
    {
      "main.ts":
        "import d, { f as g } from './b.ts'; import * as ns from './b.ts'; d/*>d*/(); g/*>f*/(); ns.f/*>f*/(); ns.default/*>d*/();",
      "b.ts": "/*f:*/export function f() {} /*d:*/export default function () {}",
    },
  ],
  [
    "re-exports, of all and of some",
    {
      "main.ts": "import { f, h, b } from './b.ts'; f/*>f*/(); h/*>f*/(); b.f/*>f*/();",
      "b.ts": "export * from './c.ts'; export { f as h } from './c.ts'; export * as b from './c.ts';",
      "c.ts": "/*f:*/export function f() {}",
    },
  ],
  [
    "a default export that is an expression",
    {
      "main.ts": "import f from './b.ts'; import A from './c.ts'; f/*>f*/(); new A/*>A*/();",
      "b.ts": "export default /*f:*/() => 1;",
      "c.ts": "/*A:*/export default class {}",
    },
  ],
  [
    "modules that import each other",
    {
      "main.ts": "import { even } from './b.ts'; even/*>even*/(2);",
      "b.ts":
        "import { odd } from './c.ts'; /*even:*/export function even(n: number): boolean { return n === 0 || odd/*>odd*/(n - 1); }",
      "c.ts":
        "import { even } from './b.ts'; /*odd:*/export function odd(n: number): boolean { return n !== 0 && even/*>even*/(n - 1); }",
    },
  ],
  [
    "a live binding that changes",
    {
      "main.ts": "import { f, swap } from './b.ts'; f/*>a|b*/(); swap/*>swap*/(); f/*>b|a*/();",
      "b.ts": "export let f = /*a:*/() => 1; /*swap:*/export function swap() { f = /*b:*/() => 2; }",
    },
  ],
  [
    "a dynamic import",
    {
      "main.ts": "const { f } = await import('./b.ts'); f/*>f*/(); (await import('./b.ts')).f/*>f*/();",
      "b.ts": "/*f:*/export function f() {}",
    },
  ],
  [
    "CommonJS: exports, module.exports and destructured require",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js":
        "const { f, g: h } = require('./b'); const C = require('./c'); f/*>f*/(); h/*>g*/(); new C/*>C*/(); require('./b').f/*>f*/()",
      "b.js": "exports.f = /*f:*/function () {}\nmodule.exports.g = /*g:*/() => 1",
      "c.js": "/*C:*/class C {}\nmodule.exports = C",
    },
  ],
  [
    "CommonJS: a function with members, and an object of shorthands",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js":
        "const make = require('./b'); const lib = require('./c'); make/*>make*/(); make.other/*>other*/(); lib.f/*>f*/(); lib.g/*>g*/()",
      "b.js": "/*make:*/function make () {}\nmake.other = /*other:*/function () {}\nmodule.exports = make",
      "c.js": "/*f:*/function f () {}\nmodule.exports = { f, /*g:*/g () {} }",
    },
  ],
  [
    "CommonJS: a cycle, and exports read late",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js": "const b = require('./b'); b.f/*>f*/()",
      "b.js":
        "const c = require('./c')\nexports.f = /*f:*/function () { c.g/*>g*/() }\nexports.h = /*h:*/function () {}",
      "c.js": "const b = require('./b')\nexports.g = /*g:*/function () { b.h/*>h*/() }",
    },
  ],
  [
    "an ES module imports a CommonJS one",
    {
      "main.mjs": "import cjs from './b.cjs'; import { f } from './b.cjs'; f/*>f*/(); cjs.f/*>f*/();",
      "b.cjs": "exports.f = /*f:*/function () {}",
    },
  ],
  [
    "overloads",
    "function f(a: string): void; function f(a: number): void; /*f:*/function f(_: unknown) {} f/*>f*/(1); /*A:*/class A { m(a: string): void; m(a: number): void; /*m:*/m(_: unknown) {} } new A/*>A*/().m/*>m*/('x');",
  ],
  [
    "an abstract class and its method",
    "abstract class A { abstract m(): void; /*run:*/run() { this.m/*>b|c*/(); } } /*B:*/class B extends A { /*b:*/m() {} } class C extends A { /*c:*/m() {} } const a: A = new B/*>B*/(); a.run/*>run*/(); void C;",
  ],
  [
    "an interface with several implementers",
    "interface I { m(): void } /*A:*/class A implements I { /*a:*/m() {} } /*B:*/class B implements I { /*b:*/m() {} } class N { /*n:*/m() {} } /*f:*/function f(i: I) { i.m/*>a,b|n*/(); } f/*>f*/(new A/*>A*/()); f/*>f*/(new B/*>B*/()); void N;",
  ],
  [
    "an interface that a literal and a variable implement",
    "interface I { m(): void } const a: I = { /*m:*/m() {} }; const g = /*g:*/() => {}; const b: I = { m: g }; for (const i of [a, b]) i.m/*>m,g*/();",
  ],
  [
    "a type with a call signature",
    "interface F { (n: number): number; other(): void } const f: F = Object.assign/*><assign>*/(/*f:*/(n: number) => n, { /*o:*/other() {} }); f/*>f ?*/(1); f.other/*>o ?*/();",
  ],
  [
    "generics keep what they are given",
    "/*id:*/function id<T>(x: T): T { return x; } /*A:*/class A { /*m:*/m() {} } id/*>id*/(new A/*>A*/()).m/*>m*/(); id/*>id*/(/*f:*/() => 1)/*>f ?*/();",
  ],
  [
    "a generic that is bounded by an interface",
    "interface I { m(): void } /*f:*/function f<T extends I>(x: T) { x.m/*>m*/(); } /*A:*/class A { /*m:*/m() {} } f/*>f*/(new A/*>A*/());",
  ],
  [
    "assertions, non-null marks, satisfies and type arguments",
    "/*f:*/function f<T>(x: T) { return x; } (f as typeof f)/*>f*/(1); f!/*>f*/(1); f<number>/*>f*/(1); (f satisfies unknown)/*>f*/(1); (<typeof f>f)/*>f*/(1);",
  ],
  [
    "a decorator's function is not asked about, what stands inside it is",
    "/*log:*/function log(_t: unknown, _c: unknown) { seen/*>seen*/(); } /*seen:*/function seen() {} /*A:*/class A { /*m:*/@log m() {} } new A/*>A*/().m/*>m*/();",
  ],
  [
    "a decorator that is made by a call",
    "/*mk:*/function mk(_n: number) { return /*dec:*/(_t: unknown, _c: unknown) => {}; } /*A:*/class A { /*m:*/@(mk/*>mk*/(1)) m() {} } new A/*>A*/().m/*>m*/();",
  ],
  [
    "a namespace",
    "namespace N { export const f = /*f:*/() => 1; /*g:*/export function g() { f/*>f*/(); } } N.g/*>g*/(); N.f/*>f*/();",
  ],
  [
    "an enum's initialiser calls, and its members are keys",
    "/*n:*/function n() { return 2; } enum E { A = 1, B = n/*>n*/() } const table: Record<E.A, () => void> = { [E.A]: /*a:*/() => {} }; table[E.A]/*>a ?*/(); void E.B;",
  ],
  [
    "parameter properties",
    "class A { /*new:*/constructor(private readonly f: () => void) {} /*m:*/m() { this.f/*>g ?*/(); } } new A/*>new*/(/*g:*/() => {}).m/*>m*/();",
  ],
  [
    "a union of classes",
    "/*A:*/class A { /*a:*/m() {} } class B { /*b:*/m() {} } /*f:*/function f(x: A | B) { x.m/*>a|b*/(); if (x instanceof B) x.m/*>|b*/(); } f/*>f*/(new A/*>A*/());",
  ],
  [
    "a receiver of any type",
    "/*A:*/class A { /*m:*/m() {} } const a: any = new A/*>A*/(); a.m/*>m ?*/(); a['m']/*>m ?*/();",
  ],
  ["a module's function in a .tsx file", { "main.tsx": "/*f:*/export function f<T,>(x: T) { return x; } f/*>f*/(1);" }],
  [
    "explicit resource management",
    "/*D:*/class D { /*d:*/[Symbol.dispose]() { f/*>f*/(); } } /*f:*/function f() {} { using d = new D/*>D*/(); void d; }",
  ],
  [
    "import type and export type leave nothing behind",
    {
      "main.ts":
        "import type { T } from './b.ts'; import { f, type U } from './b.ts'; const x: T & U = { a: 1, b: 2 }; f/*>f*/(x);",
      "b.ts": "export type T = { a: number }; export interface U { b: number } /*f:*/export function f(_: T) {}",
    },
  ],
];
