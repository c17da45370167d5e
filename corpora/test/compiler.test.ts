import { expect, test } from "vitest";
import { deriveCompilerTruth } from "../src/derive/compiler.ts";
import { check, JAVASCRIPT, OPTIONS } from "./support/compiled.ts";
import { folderWith } from "./support/folder.ts";

test("a function declaration that nobody assigns is certain", () => {
  check("function f() {} f();", ["f: direct must f"]);
});

test("a function that is assigned to may be either", () => {
  check("function f() {} function g() {} f = g as any; f();", ["f: direct may! f, g"]);
});

test("a constant with a function in it is certain, a variable too while nobody writes to it", () => {
  check("const f = () => 1; let g = function () {}; f(); g();", ["f: direct must f", "g: direct must g"]);
});

test("a constant that names another function is a stored value", () => {
  check("function f() {} const g = f; g();", ["g: stored-value must f"]);
});

test("a variable that holds one of two functions may be either", () => {
  check("const a = () => 1, b = () => 2; let c = a; if (Date.now() > 0) c = b; c();", [
    "now: external must <now>",
    "c: stored-value may! a, b",
  ]);
});

test("an overloaded function is entered by its implementation", () => {
  check("function f(a: string): void; function f(a: number): void; function f(a: unknown) {} f(1);", [
    "f: direct must f",
  ]);
});

test("imports, renamed, default, namespace and re-exported, lead to the definition", () => {
  check(
    {
      "a.ts": 'import d, { f as g } from "./b"; import * as ns from "./c"; d(); g(); ns.f(); ns.h();',
      "b.ts": "export function f() {} export default function e() {}",
      "c.ts": 'export * from "./b"; export { f as h } from "./b";',
    },
    ["d: imported must e", "g: imported must f", "f: imported must f", "h: imported must f"],
  );
});

test("what comes from a package or from the language lies outside", () => {
  check(
    'import { join } from "node:path"; import x from "nowhere"; join("a"); x(); x.y(); [1].map(String); parseInt("1");',
    [
      "join: external must <join>",
      "x: external must <x>",
      "y: external must <y>",
      "map: external must <map>",
      "parseInt: external must <parseInt>",
    ],
  );
});

test("a relative import that leads nowhere is unknown", () => {
  check('import { f } from "./gone"; f();', ["f: imported unknown unresolved-import"]);
});

test("a parameter is a callback, and unknown", () => {
  check("function f(g: () => void, { h }: { h: () => void }) { g(); h(); }", [
    "g: callback unknown parameter",
    "h: callback unknown parameter",
  ]);
});

test("a receiver without a type is unknown", () => {
  check("function f(x: any) { x.m(); x[1](); }", [
    "m: method unknown any-receiver",
    "-: computed unknown any-receiver",
  ]);
});

test("a function called where it is written is certain", () => {
  check("(function () {})(); (() => 1)();", ["-: direct must (anonymous)", "-: direct must (anonymous)"]);
});

test("the result of a call may be the function that was returned", () => {
  check("const f = () => () => 1; f()();", ["f: direct must f", "-: stored-value may (anonymous)"]);
});

test("call and apply enter the function they are called on; bind gives it back", () => {
  check("function f() {} const g = f.bind(null); f.call(null); f.apply(null); g();", [
    "bind: external must <bind>",
    "call: direct must f",
    "apply: direct must f",
    "g: stored-value may! f",
  ]);
});

test("tagged templates and optional calls are calls", () => {
  check("function f(s: TemplateStringsArray) {} const g = Date.now() > 0 ? () => 1 : undefined; f`x`; g?.();", [
    "now: external must <now>",
    "f: direct must f",
    "g: stored-value may! (anonymous)",
  ]);
});

test("an alternative behind || or ?? is allowed too", () => {
  check("const a = () => 1, b = () => 2; const f = (globalThis as any).x || a; const g = undefined ?? b; f(); g();", [
    "f: stored-value may a",
    "g: stored-value may! b",
  ]);
});

test("names that hold each other end, and are unknown", () => {
  check("let a: any = 1, b: any = a; a = b; b = a; a();", ["a: stored-value unknown no-implementation-found"]);
});

test("what is defined beside the measured files is a target, but not asked about", () => {
  check(
    { "a.ts": 'import { f } from "./context/b"; f();', "context/b.ts": "export function f() { g(); } function g() {}" },
    ["f: imported must f"],
  );
});

test("loading modules is not a call", () => {
  check('async function f() { await import("node:path"); }', []);
});

test("writes that cannot be followed leave a variable open", () => {
  check(
    "const given: any[] = []; let a: any = () => 1, b: any = () => 2, c: any = () => 3; [a, { b, x: c = 1 }] = given as any; a(); b(); c();",
    ["a: direct may a", "b: direct may b", "c: direct may c"],
  );
  check("let a: any = () => 1, b: any = () => 2; for (a of []) a(); b++; b();", ["a: direct may a", "b: direct may b"]);
});

test("conditional assignments add a function", () => {
  check("let a: any = () => 1; const b = () => 2; a ??= b; a ||= b; a();", ["a: direct may! a, b"]);
});

test("a spread namespace, shorthand members and default exports are followed", () => {
  check(
    {
      "a.ts":
        'import * as ns from "./b"; import d from "./b"; const all = { ...ns }; const f = () => 1; const o = { f }; all.g(); all.h(); o.f(); d();',
      "b.ts": "export function g() {} function i() {} export { i as h }; export default () => 2;",
    },
    ["g: method must g", "h: method must i", "f: method must f", "d: imported must (anonymous)"],
  );
});

test("an ambient function and a namespace member lead where they are declared", () => {
  check("declare function f(): void; namespace N { export const g = () => 1; } f(); N.g();", [
    "f: stored-value unknown ambient",
    "g: direct must g",
  ]);
});

test("CommonJS: exports, prototypes and classes of JavaScript are followed", () => {
  check(
    {
      "a.js": [
        "const { f, g: h } = require('./b'); const B = require('./c'); const outside = require('somewhere')",
        "f(); h(); const b = new B(); b.m(); outside(); outside.x()",
      ].join("\n"),
      "b.js": "function f () {}\nmodule.exports = { f, g: () => 1 }",
      "c.js":
        "function B () { if (!(this instanceof B)) return new B() }\nB.prototype.m = function m () {}\nmodule.exports = B",
    },
    [
      "f: imported must f",
      "h: imported must g",
      "B: imported must B",
      "m: method must m",
      "outside: external must <outside>",
      "x: external must <x>",
      "B: direct must B",
    ],
  );
});

test("a source that does not parse still has its calls", () => {
  check("function f() {} f( ; class {", ["f: direct must f"]);
});

test("positions are those of the truth schema", () => {
  const root = folderWith({
    "a.ts": "/* é𝒳 */ export function f(a = 1) { }\nclass C { m() {} }\n  new C()\n   .m();\n",
  });
  const { definitions, sites } = deriveCompilerTruth({
    root,
    measured: ["a.ts"],
    context: [],
    compilerOptions: OPTIONS,
  });
  expect(definitions.map(({ name, id, body }) => [name, id, body])).toEqual([
    ["f", "a.ts:1:11", { line: 1, column: 36 }],
    ["C", "a.ts:2:1", { line: 2, column: 9 }],
    ["C.m", "a.ts:2:11", { line: 2, column: 15 }],
  ]);
  expect(sites.map(({ id, callee }) => [id, callee])).toEqual([
    ["a.ts:3:3-3:10", { name: "C", line: 3, column: 7 }],
    ["a.ts:3:3-4:8", { name: "m", line: 4, column: 5 }],
  ]);
});

test("a constructor says where the class stands that a tool may name in its place", () => {
  const root = folderWith({
    "a.ts":
      "@d\nexport class C<T> extends B {\n  constructor(a: string);\n  constructor(a: unknown) { super(); }\n}\nclass D {}",
  });
  const { definitions } = deriveCompilerTruth({ root, measured: ["a.ts"], context: [], compilerOptions: OPTIONS });
  expect(definitions.map(({ id, name, classHeader }) => [id, name, classHeader])).toEqual([
    ["a.ts:4:3", "C.constructor", { line: 1, column: 1, body: { line: 2, column: 29 } }],
    ["a.ts:6:1", "D", undefined],
  ]);
});

test("CommonJS: a function that is exported under a name is imported, whatever it is called inside", () => {
  check(
    {
      "a.js": "const b = require('./b'); const c = require('./c'); b.f(); b.g(); c.h()",
      "b.js": "function f () {}\nfunction g () {}\nmodule.exports = { f, g: g }",
      "c.js": "function i () {}\nexports.h = i",
    },
    ["f: imported must f", "g: imported must g", "h: imported must i"],
  );
});

test("declarations beside a source of JavaScript do not hide what it defines", () => {
  const root = folderWith({
    "a.js": "import { C } from './b.js'; new C().m()",
    "b.js": "export class C { m () {} }",
    "b.d.ts": "export declare class C { m(): void }",
  });
  const options = { ...JAVASCRIPT, module: "esnext", moduleResolution: "bundler" };
  const { sites } = deriveCompilerTruth({ root, measured: ["a.js", "b.js"], context: [], compilerOptions: options });
  expect(sites.map(({ must }) => must)).toEqual([[{ definition: "b.js:1:1" }], [{ definition: "b.js:1:18" }]]);
});

test("a corpus that imports itself by its name enters its own sources, where its options say so", () => {
  const root = folderWith({
    "a.ts": 'import { f } from "self"; f();',
    "src/index.ts": "export function f() {}",
    "dist/index.d.ts": "export declare function f(): void;",
    "package.json": '{ "name": "self", "exports": { ".": { "types": "./dist/index.d.ts" } } }',
  });
  const { sites } = deriveCompilerTruth({
    root,
    measured: ["a.ts", "src/index.ts"],
    context: [],
    compilerOptions: { ...OPTIONS, paths: { self: ["./src/index"] } },
  });
  expect(sites.map(({ must }) => must)).toEqual([[{ definition: "src/index.ts:1:1" }]]);
});

test("a member that a well-known symbol names is spelled the same whatever the checker looked at before", () => {
  check("declare const xs: Iterable<number>; xs[Symbol.iterator]();", ["-: computed must <[Symbol.iterator]>"]);
});
