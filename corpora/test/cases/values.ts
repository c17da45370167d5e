import type { Case } from "./case.ts";

/** Functions in containers, and functions that built-ins call. See case.ts for the marks. */
export const VALUES: Case[] = [
  [
    "an array of functions",
    "const fs = [/*a:*/() => 1, /*b:*/() => 2]; for (const f of fs) f/*>a,b ?*/(); fs[0]!/*>a ?*/();",
  ],
  ["a map of handlers", "const on = new Map/*><Map>*/([['a', /*a:*/() => 1]]); on.get/*><get>*/('a')!/*>a ?*/();"],
  [
    "a set of listeners",
    "const all = new Set<() => void>/*><Set>*/(); all.add/*><add>*/(/*f:*/() => {}); all.forEach/*><forEach>,&each*/(/*each:*/(f) => f/*>f ?*/());",
  ],
  [
    "a table of handlers in an object",
    "const table: { [k: string]: (n: number) => number } = { inc: /*inc:*/(n) => n + 1 }; table['inc']!/*>inc ?*/(1);",
  ],
  [
    "a function kept in a field by the constructor",
    "class A { readonly f: () => void; /*new:*/constructor(f: () => void) { this.f = f; } /*m:*/m() { this.f/*>g ?*/(); } } new A/*>new*/(/*g:*/() => {}).m/*>m*/();",
  ],
  [
    "map, filter and reduce",
    "[1].map/*><map>,&m*/(/*m:*/(n) => n).filter/*><filter>,&f*/(/*f:*/(n) => n > 0).reduce/*><reduce>,&r*/(/*r:*/(a, n) => a + n, 0);",
  ],
  ["sort asks its comparison", "[2, 1].sort/*><sort>,&c*/(/*c:*/(a, b) => a - b);"],
  [
    "a function of the file as the callback",
    "/*twice:*/function twice(n: number) { return 2 * n; } [1].map/*><map>,&twice*/(twice);",
  ],
  ["replace with a function", "'abc'.replace/*><replace>,&up*/(/b/, /*up:*/(s) => s.toUpperCase/*><toUpperCase>*/());"],
  [
    "JSON.parse and JSON.stringify ask their functions",
    "JSON.parse/*><parse>,&r*/('{}', /*r:*/(_, v: unknown) => v); JSON.stringify/*><stringify>,&j*/({ /*j:*/toJSON() { return 1; } });",
  ],
  ["Array.from with a function", "Array.from/*><from>,&f*/([1], /*f:*/(n) => n);"],
  [
    "a callback within a callback",
    "[1].forEach/*><forEach>,&a*/(/*a:*/() => [2].forEach/*><forEach>,&b*/(/*b:*/() => f/*>f*/())); /*f:*/function f() {}",
  ],
  [
    "what a callback calls is no callback",
    "/*f:*/function f() { return g/*>g*/(); } /*g:*/function g() { return 1; } [1, 2].map/*><map>,&f*/(f); [3].map/*><map>,&f*/(f);",
  ],
  [
    "a getter that a callback reads is no callback",
    "const o = { get x() { return 1; } }; [1].map/*><map>,&f*/(/*f:*/() => o.x);",
  ],
  [
    "a promise's executor, then, catch and finally",
    "await new Promise<number>/*><Promise>,&ex*/(/*ex:*/(done) => done/*><*> ?*/(1)).then/*><then>,&t*/(/*t:*/(n) => { throw n; }).catch/*><catch>,&c*/(/*c:*/() => 2).finally/*><finally>,&f*/(/*f:*/() => {});",
  ],
  [
    "Promise.all over async functions",
    "/*f:*/async function f() { return 1; } await Promise.all/*><all>*/([f/*>f*/(), f/*>f*/()]);",
  ],
  [
    "setTimeout, setImmediate and queueMicrotask",
    "await new Promise<void>/*><Promise>,&ex*/(/*ex:*/(done) => { setTimeout/*><setTimeout>,&t*/(/*t:*/() => {}, 1); setImmediate/*><setImmediate>,&i*/(/*i:*/() => {}); queueMicrotask/*><queueMicrotask>,&q*/(/*q:*/() => {}); setTimeout/*><setTimeout>*/(done, 20); });",
  ],
  ["process.nextTick", "process.nextTick/*><nextTick>,&f*/(/*f:*/() => {}); await null;"],
  [
    "an emitter: emit enters the listeners, on does not",
    "import { EventEmitter } from 'node:events'; const e = new EventEmitter/*><EventEmitter>*/(); e.on/*><on>*/('x', /*f:*/() => {}); e.once/*><once>*/('x', /*g:*/() => {}); e.emit/*><emit>,&f,&g*/('x');",
  ],
  [
    "a stream's methods are entered by Node",
    "import { Readable } from 'node:stream'; const r = new Readable/*><Readable>,&read*/({ /*read:*/read() { this.push/*><push>*/(null); } }); for await (const x of r) void x;",
  ],
  ["a function made of text", "const f = new Function/*><Function>*/('return 1') as () => number; f/*>~ ?*/();"],
  [
    "a function made by eval",
    "/*g:*/function g() { return 1; } const f = (0, eval)/*><eval>*/('(h) => h()') as (h: () => number) => number; f/*>~,&g ?*/(g);",
  ],
  [
    "Reflect.get and a function of it",
    "const o = { /*f:*/f() {} }; (Reflect.get/*><get>*/(o, 'f') as () => void)/*>f ?*/();",
  ],
  ["Function.prototype.call of a built-in", "Array.prototype.map.call/*><map>,&f*/([1], /*f:*/(n: unknown) => n);"],
  ["once: a function that replaces itself", "let f = /*a:*/() => { f = /*b:*/() => {}; }; f/*>a|b*/(); f/*>b|a*/();"],
  [
    "memoised",
    "/*memo:*/function memo<T>(f: () => T) { let v: T | undefined; return /*get:*/() => (v ??= f/*>one ?*/()); } const one = memo/*>memo*/(/*one:*/() => 1); one/*>get ?*/(); one/*>get ?*/();",
  ],
  [
    "curried and composed",
    "const compose = /*compose:*/<A,>(...fs: ((a: A) => A)[]) => /*composed:*/(a: A) => fs.reduce/*><reduce>,&step*/(/*step:*/(x, f) => f/*>inc,dbl ?*/(x), a); compose/*>compose*/(/*inc:*/(n: number) => n + 1, /*dbl:*/(n: number) => n * 2)/*>composed ?*/(1);",
  ],
  [
    "a visitor with a method for each kind",
    "type N = { kind: 'a' } | { kind: 'b' }; /*V:*/class V { /*a:*/a(_: N) {} /*b:*/b(_: N) {} /*visit:*/visit(n: N) { this[n.kind]/*>a|b*/(n); } } new V/*>V*/().visit/*>visit*/({ kind: 'a' });",
  ],
  [
    "a listener that is removed is not entered",
    "const target = new EventTarget/*><EventTarget>*/(); const f = /*f:*/() => {}; target.addEventListener/*><addEventListener>*/('x', f); target.removeEventListener/*><removeEventListener>*/('x', f); target.addEventListener/*><addEventListener>*/('x', /*g:*/() => {}); target.dispatchEvent/*><dispatchEvent>,&g*/(new Event/*><Event>*/('x'));",
  ],
  [
    "characters outside the first plane before a call",
    "/*ƒ:*/function größe𝒳() { return '😀'; } const s = '😀é' + größe𝒳/*>ƒ*/() + größe𝒳/*>ƒ*/();",
  ],
  [
    "a hashbang, carriage returns and tabs",
    { "main.js": "#!/usr/bin/env node\r\n\t/*f:*/function f() {}\r\n\tf/*>f*/();\r\n\r\nf\r\n\t/*>f*/();\r\n" },
  ],
  ["a byte order mark", { "main.js": "\uFEFF/*f:*/function f() {} f/*>f*/();" }],
  [
    "strict and sloppy this",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js":
        "/*f:*/function f () { 'use strict'\n return this }\n/*g:*/function g () { return this }\nif (f/*>f*/() !== undefined || g/*>g*/() !== globalThis) throw new Error/*>|<Error>*/()",
    },
  ],
  [
    "no semicolons, a call that begins a line with a bracket or parenthesis",
    {
      "main.js":
        "/*f:*/function f() { return 1 }\nconst a = f/*>f*/()\n;[a].map/*><map>,&g*/(/*g:*/x => x)\n;(/*h:*/() => {})/*>h*/()\nconst b = new Map/*><Map>*/()\nnew Map/*><Map>*/()\nvoid b",
    },
  ],
];
