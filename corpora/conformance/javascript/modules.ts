import type { Features } from "./case.ts";

/** Modules: how one file reaches another. See case.ts for the marks. */
export const MODULES: Features = {
  "ES imports and exports": [
    [
      "named, renamed, default and namespace imports",
      {
        "main.ts":
          "import d, { f as g } from './b.ts'; import * as ns from './b.ts'; d/*>d*/(); g/*>f*/(); ns.f/*>f*/(); ns.default/*>d*/();",
        "b.ts": "/*f:*/export function f() {} /*d:*/export default function () {}",
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
      "a key of a namespace",
      {
        "main.ts":
          "import * as ns from './b.ts'; const k = 'f'; ns[k]/*>f*/(); const { g } = ns; g/*>g*/(); for (const h of Object.values/*><values>*/(ns)) h/*>f,g ?*/();",
        "b.ts": "/*f:*/export function f() {} /*g:*/export function g() {}",
      },
    ],
    [
      "an export list with new names, and a default among them",
      {
        "main.ts": "import it, { h } from './b.ts'; it/*>f*/(); h/*>g*/();",
        "b.ts": "/*f:*/function f() {} const g = /*g:*/() => 1; export { f as default, g as h };",
      },
    ],
    [
      "an import for its effects",
      {
        "main.ts": "import './b.ts'; import { all } from './c.ts'; for (const f of all) f/*>f ?*/();",
        "b.ts": "import { all } from './c.ts'; all.push/*><push>*/(/*f:*/() => {});",
        "c.ts": "export const all: (() => void)[] = [];",
      },
    ],
    [
      "an object that is exported and filled elsewhere",
      {
        "main.ts": "import './b.ts'; import { api } from './c.ts'; api.f!/*>f*/();",
        "b.ts": "import { api } from './c.ts'; api.f = /*f:*/() => {};",
        "c.ts": "export const api: { f?: () => void } = {};",
      },
    ],
    [
      "a class whose base is imported",
      {
        "main.ts":
          "import { A } from './b.ts'; /*B:*/class B extends A { /*b:*/override m() { super.m/*>a*/(); } } new B/*>B*/().m/*>b*/();",
        "b.ts": "export class A { /*a:*/m() {} }",
      },
    ],
    [
      "a function handed to another module",
      {
        "main.ts": "import { run } from './b.ts'; run/*>run*/(/*f:*/() => {});",
        "b.ts": "/*run:*/export function run(f: () => void) { f/*>f ?*/(); }",
      },
    ],
    [
      "a binding that hides an import",
      {
        "main.ts": "import { f } from './b.ts'; f/*>f*/(); { const f = /*g:*/() => 1; f/*>g*/(); }",
        "b.ts": "/*f:*/export function f() {}",
      },
    ],
  ],
  "re-exports": [
    [
      "re-exports, of all and of some",
      {
        "main.ts": "import { f, h, b } from './b.ts'; f/*>f*/(); h/*>f*/(); b.f/*>f*/();",
        "b.ts": "export * from './c.ts'; export { f as h } from './c.ts'; export * as b from './c.ts';",
        "c.ts": "/*f:*/export function f() {}",
      },
    ],
    [
      "a default handed on under names",
      {
        "main.ts": "import f, { g } from './b.ts'; f/*>f*/(); g/*>f*/();",
        "b.ts": "export { default, default as g } from './c.ts';",
        "c.ts": "/*f:*/export default function () {}",
      },
    ],
    [
      "a name of one's own wins over a star",
      {
        "main.ts": "import { f, g } from './b.ts'; f/*>mine*/(); g/*>g*/();",
        "b.ts": "export * from './c.ts'; /*mine:*/export function f() {}",
        "c.ts": "/*f:*/export function f() {} /*g:*/export function g() {}",
      },
    ],
    [
      "stars in a circle",
      {
        "main.ts": "import { f, g } from './b.ts'; f/*>f*/(); g/*>g*/();",
        "b.ts": "export * from './c.ts'; /*f:*/export function f() {}",
        "c.ts": "export * from './b.ts'; /*g:*/export function g() {}",
      },
    ],
    [
      "an import that is exported again",
      {
        "main.ts": "import { f, ns } from './b.ts'; f/*>f*/(); ns.f/*>f*/();",
        "b.ts": "import { f } from './c.ts'; import * as ns from './c.ts'; export { f, ns };",
        "c.ts": "/*f:*/export function f() {}",
      },
    ],
  ],
  "dynamic import": [
    [
      "a dynamic import",
      {
        "main.ts": "const { f } = await import('./b.ts'); f/*>f*/(); (await import('./b.ts')).f/*>f*/();",
        "b.ts": "/*f:*/export function f() {}",
      },
    ],
    [
      "then after a dynamic import",
      {
        "main.ts":
          "await import('./b.ts').then/*><then>,&t*/(/*t:*/(m) => m.f/*>f*/()); await import('./b.ts').then/*><then>,&u*/(/*u:*/({ default: g }) => g/*>g ?*/());",
        "b.ts": "/*f:*/export function f() {} /*g:*/export default function () {}",
      },
    ],
    [
      "modules loaded by a table of functions",
      {
        "main.ts":
          "const pages = { a: /*la:*/() => import('./a.ts'), b: /*lb:*/() => import('./b.ts') }; (await pages.a/*>la*/()).f/*>fa*/(); (await pages.b/*>lb*/()).f/*>fb*/();",
        "a.ts": "/*fa:*/export function f() {}",
        "b.ts": "/*fb:*/export function f() {}",
      },
    ],
    [
      "one of two modules",
      {
        "main.ts":
          "const m = await (Date.now/*><now>*/() < 0 ? import('./a.ts') : import('./b.ts')); const x: unknown = m.f/*>fb|fa*/(); export { x };",
        "a.ts": "/*fa:*/export function f() {}",
        "b.ts": "/*fb:*/export function f() { return 1; }",
      },
    ],
  ],
  CommonJS: [
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
      "CommonJS: exports and module.exports at once",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const f = require('./b'); f/*>f*/(); require('./c').g/*>g*/()",
        "b.js": "exports = module.exports = /*f:*/function () {}",
        "c.js": "module.exports = exports = {}\nexports.g = /*g:*/() => 1",
      },
    ],
    [
      "CommonJS: a folder, and one whose package.json says where",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "require('./lib').f/*>f*/(); require('./pkg').g/*>g*/()",
        "lib/index.js": "exports.f = /*f:*/() => 1",
        "pkg/package.json": '{ "main": "./src/it.js" }',
        "pkg/src/it.js": "exports.g = /*g:*/() => 1",
      },
    ],
    [
      "CommonJS: JSON",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js":
          "const { names } = require('./data.json'); const on = { a: /*a:*/() => 1 }; for (const name of names) on[name]/*>a ?*/()",
        "data.json": '{ "names": ["a"] }',
      },
    ],
    [
      "CommonJS: a class with a static member, and members assigned one by one",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const { A, make } = require('./b'); make/*>make*/().m/*>m*/(); A.s/*>s*/()",
        "b.js":
          "/*A:*/class A { /*m:*/m () {} /*s:*/static s () {} }\nmodule.exports.A = A\nmodule.exports['make'] = /*make:*/() => new A/*>A*/()",
      },
    ],
    [
      "CommonJS: what one module takes over from another",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = require('./b'); b.f/*>f*/(); b.g/*>g*/()",
        "b.js": "module.exports = { ...require('./c'), /*g:*/g () {} }",
        "c.js": "exports.f = /*f:*/() => 1",
      },
    ],
    [
      "CommonJS: Object.assign onto exports",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = require('./b'); b.f/*>f ?*/()",
        "b.js": "Object.assign/*><assign>*/(exports, require('./c'))",
        "c.js": "exports.f = /*f:*/() => 1",
      },
    ],
    [
      "CommonJS: a default that a compiler wrote",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = require('./b'); b.default/*>f*/(); (0, b.g)/*>g*/()",
        "b.js":
          "Object.defineProperty/*><defineProperty>*/(exports, '__esModule', { value: true })\nexports.default = f\nexports.g = g\n/*f:*/function f () {}\n/*g:*/function g () {}",
      },
    ],
    [
      "CommonJS: a getter that a compiler wrote for a re-export",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = require('./b'); b.f/*>f ?*/()",
        "b.js":
          "const c_1 = require('./c')\nObject.defineProperty/*><defineProperty>*/(exports, 'f', { enumerable: true, get: /*get:*/function () { return c_1.f } })",
        "c.js": "exports.f = /*f:*/() => 1",
      },
    ],
    [
      "CommonJS: exports copied in a loop",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = require('./b'); b.f/*>f ?*/()",
        "b.js": "const c = require('./c')\nfor (const k in c) exports[k] = c[k]",
        "c.js": "exports.f = /*f:*/() => 1",
      },
    ],
    [
      "CommonJS: require when it is needed",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "/*run:*/function run () { const { f } = require('./b'); return f/*>f*/() }\nrun/*>run*/()",
        "b.js": "exports.f = /*f:*/() => 1",
      },
    ],
    [
      "CommonJS: a module that is a function of what it is given",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const make = require('./b'); make/*>make*/({ log: /*log:*/() => 1 }).run/*>run ?*/()",
        "b.js":
          "module.exports = /*make:*/function (deps) { return { /*run:*/run () { return deps.log/*>log ?*/() } } }",
      },
    ],
    [
      "CommonJS: this at the top is exports",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = require('./b'); b.f/*>f ?*/()",
        "b.js": "this.f = /*f:*/() => 1",
      },
    ],
    [
      "CommonJS: one of two modules",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const b = process.env.CONFORMANCE ? require('./b') : require('./c'); b.f/*>c|b*/()",
        "b.js": "exports.f = /*b:*/() => 1",
        "c.js": "exports.f = /*c:*/() => ''",
      },
    ],
    [
      "CommonJS: a folder of modules that is put together",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "const { a, b } = require('./all'); a.run/*>ar*/(); b.run/*>br*/()",
        "all/index.js": "module.exports = { a: require('./a'), b: require('./b.js') }",
        "all/a.js": "exports.run = /*ar:*/() => 1",
        "all/b.js": "exports.run = /*br:*/() => 2",
      },
    ],
  ],
  "ES modules and CommonJS together": [
    [
      "an ES module imports a CommonJS one",
      {
        "main.mjs": "import cjs from './b.cjs'; import { f } from './b.cjs'; f/*>f*/(); cjs.f/*>f*/();",
        "b.cjs": "exports.f = /*f:*/function () {}",
      },
    ],
    [
      "createRequire in an ES module",
      {
        "main.mjs":
          "import { createRequire } from 'node:module'; const require = createRequire/*><createRequire>*/(import.meta.url); require('./b.cjs').f/*>f ?*/();",
        "b.cjs": "exports.f = /*f:*/function () {}",
      },
    ],
    [
      "a class that a CommonJS module is",
      {
        "main.mjs": "import A from './b.cjs'; new A/*>A*/().m/*>m*/();",
        "b.cjs": "/*A:*/class A { /*m:*/m() {} }\nmodule.exports = A",
      },
    ],
  ],
  "tsconfig paths": [
    [
      "a path with a star",
      {
        "tsconfig.json":
          '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "paths": { "@app/*": ["./src/*"] } } }',
        "main.ts": "import { f } from '@app/b'; f/*>f*/();",
        "src/b.ts": "/*f:*/export function f() {}",
      },
    ],
    [
      "a path of one name",
      {
        "tsconfig.json":
          '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "paths": { "lib": ["./src/lib/index.ts"] } } }',
        "main.ts": "import { f } from 'lib'; f/*>f*/();",
        "src/lib/index.ts": "export { f } from './f.ts';",
        "src/lib/f.ts": "/*f:*/export function f() {}",
      },
    ],
    [
      "paths out of the config that another extends",
      {
        "tsconfig.base.json":
          '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "paths": { "~/*": ["./src/*"] } } }',
        "tsconfig.json": '{ "extends": "./tsconfig.base.json" }',
        "main.ts": "import { f } from '~/b'; import { g } from '~/deep/c'; f/*>f*/(); g/*>g*/();",
        "src/b.ts": "/*f:*/export function f() {}",
        "src/deep/c.ts": "/*g:*/export function g() {}",
      },
    ],
    [
      "projects that reference each other",
      {
        "tsconfig.json": '{ "files": [], "references": [{ "path": "./lib" }, { "path": "./app" }] }',
        "lib/tsconfig.json": '{ "compilerOptions": { "composite": true } }',
        "lib/index.ts": "/*f:*/export function f() {}",
        "app/tsconfig.json": '{ "references": [{ "path": "../lib" }] }',
        "app/main.ts": "import { f } from '../lib/index.ts'; f/*>f*/();",
      },
    ],
  ],
  "packages and workspaces": [
    [
      "a package of the workspace",
      {
        "package.json": '{ "type": "module", "private": true, "workspaces": ["packages/*"] }',
        "packages/app/package.json": '{ "name": "app", "type": "module", "dependencies": { "@x/lib": "*" } }',
        "packages/app/main.ts": "import { f } from '@x/lib'; import { g } from '@x/lib/sub'; f/*>f*/(); g/*>g*/();",
        "packages/lib/package.json":
          '{ "name": "@x/lib", "type": "module", "exports": { ".": "./src/index.ts", "./sub": "./src/sub.ts" } }',
        "packages/lib/src/index.ts": "/*f:*/export function f() {}",
        "packages/lib/src/sub.ts": "/*g:*/export function g() {}",
      },
    ],
    [
      "conditions and patterns of exports",
      {
        "package.json": '{ "type": "module", "private": true, "workspaces": ["packages/*"] }',
        "packages/app/package.json": '{ "name": "app", "type": "module", "dependencies": { "lib": "*" } }',
        "packages/app/main.ts": "import { f } from 'lib'; import { g } from 'lib/parts/g'; f/*>f*/(); g/*>g*/();",
        "packages/lib/package.json":
          '{ "name": "lib", "type": "module", "exports": { ".": { "import": "./esm.ts", "require": "./cjs.cts" }, "./parts/*": "./parts/*.ts" } }',
        "packages/lib/esm.ts": "/*f:*/export function f() {}",
        "packages/lib/cjs.cts": "/*no:*/export function f() {}",
        "packages/lib/parts/g.ts": "/*g:*/export function g() {}",
      },
    ],
    [
      "imports that a package.json names",
      {
        "package.json": '{ "type": "module", "imports": { "#b": "./src/b.ts", "#lib/*": "./lib/*.ts" } }',
        "main.ts": "import { f } from '#b'; import { g } from '#lib/g'; f/*>f*/(); g/*>g*/();",
        "src/b.ts": "/*f:*/export function f() {}",
        "lib/g.ts": "/*g:*/export function g() {}",
      },
    ],
    [
      "a package that imports itself",
      {
        "package.json": '{ "name": "self", "type": "module", "exports": "./src/b.ts" }',
        "main.ts": "import { f } from 'self'; f/*>f*/();",
        "src/b.ts": "/*f:*/export function f() {}",
      },
    ],
  ],
  "scripts that share their globals": [
    [
      "functions and variables of two scripts",
      {
        "index.html": '<script src="a.js"></script><script src="b.js"></script>',
        "a.js": "/*f:*/function f() { return g/*>g*/(); }\nvar h = /*h:*/function () {};",
        "b.js": "/*g:*/function g() {}\nf/*>f*/();\nh/*>h*/();",
      },
    ],
    [
      "an object that each script adds to",
      {
        "index.html": '<script src="a.js"></script><script src="b.js"></script><script src="c.js"></script>',
        "a.js": "var App = App || {};\nApp.f = /*f:*/function () { return App.g/*>g*/(); };",
        "b.js": "var App = App || {};\nApp.g = /*g:*/function () {};",
        "c.js": "App.f/*>f*/();",
      },
    ],
    [
      "members of the global object",
      {
        "index.html": '<script src="a.js"></script><script src="b.js"></script>',
        "a.js":
          "globalThis.f = /*f:*/function () {};\n(/*wrap:*/function (root) { root.g = /*g:*/function () {}; })/*>wrap*/(globalThis);",
        "b.js": "f/*>f*/();\nglobalThis.g/*>g ?*/();",
      },
    ],
    [
      "a class of another script",
      {
        "index.html": '<script src="a.js"></script><script src="b.js"></script>',
        "a.js": "/*A:*/class A { /*m:*/m() {} }\nconst make = /*make:*/() => new A/*>A*/();",
        "b.js": "new A/*>A*/().m/*>m*/();\nmake/*>make*/().m/*>m*/();",
      },
    ],
    [
      "a namespace that a function called at once fills",
      {
        "index.html": '<script src="a.js"></script><script src="b.js"></script>',
        "a.js":
          "var Lib = {};\n(/*fill:*/function (ns) { ns.f = /*f:*/function () { return hidden/*>hidden*/(); }; /*hidden:*/function hidden() {} })/*>fill*/(Lib);",
        "b.js": "Lib.f/*>f ?*/();",
      },
    ],
  ],
};
