import type { Features } from "./case.ts";

/** Functions: how they are written, bound, handed on and called. See case.ts for the marks. */
export const FUNCTIONS: Features = {
  "declarations, expressions and closures": [
    ["a declaration is entered before the line it stands on", "f/*>f*/(); /*f:*/function f() {}"],
    [
      "a closure",
      "/*outer:*/function outer() { let n = 0; return /*inner:*/() => n++; } const next = outer/*>outer*/(); next/*>inner ?*/();",
    ],
    ["a function called where it is written", "(/*f:*/function () {})/*>f*/(); (/*g:*/() => {})/*>g*/();"],
    [
      "a named function expression calls itself",
      "const run = /*f:*/function self(n: number): void { if (n > 0) self/*>f*/(n - 1); }; run/*>f*/(2);",
    ],
    [
      "an inner function hides an outer one",
      "/*out:*/function f() {} { /*in:*/function f() {} f/*>in*/(); } f/*>out*/();",
    ],
    [
      "a label, a block and a switch around calls",
      "/*f:*/function f(n: number) { return n; } out: for (const n of [1, 2]) { switch (f/*>f*/(n)) { case 1: continue out; default: f/*>f*/(9); break out; } }",
    ],
    [
      "closures made in a loop",
      "const fs: (() => number)[] = []; for (let i = 0; i < 2; i++) fs.push/*><push>*/(/*f:*/() => i); for (const f of fs) f/*>f ?*/();",
    ],
    [
      "a module of old: what a function called at once gives back",
      "const mod = (/*make:*/function () { /*a:*/function a() { return b/*>b*/(); } /*b:*/function b() { return 1; } return { a, c: b }; })/*>make*/(); mod.a/*>a ?*/(); mod.c/*>b ?*/();",
    ],
  ],
  recursion: [
    [
      "recursion of two functions",
      "/*even:*/function even(n: number): boolean { return n === 0 || odd/*>odd*/(n - 1); } /*odd:*/function odd(n: number): boolean { return n !== 0 && even/*>even*/(n - 1); } even/*>even*/(3);",
    ],
    [
      "a function that gets itself as an argument",
      "type F = (self: F, n: number) => number; const fact: F = /*fact:*/(self, n) => (n < 2 ? 1 : n * self/*>fact ?*/(self, n - 1)); fact/*>fact*/(fact, 3);",
    ],
    [
      "a walk over a tree with a function for each node",
      "interface T { kids: T[] } /*walk:*/function walk(t: T, visit: (t: T) => void) { visit/*>v ?*/(t); for (const kid of t.kids) walk/*>walk*/(kid, visit); } walk/*>walk*/({ kids: [{ kids: [] }] }, /*v:*/() => {});",
    ],
    [
      "a trampoline",
      "type Step = (() => Step) | number; /*count:*/function count(n: number): Step { return n === 0 ? 0 : /*next:*/() => count/*>count*/(n - 1); } let step: Step = count/*>count*/(2); while (typeof step === 'function') step = step/*>next ?*/();",
    ],
  ],
  "functions in variables": [
    [
      "one of two functions, chosen by a condition",
      "const yes = Date.now/*><now>*/() > 0; const f = yes ? /*f:*/() => 1 : /*g:*/() => 2; f/*>f|g*/();",
    ],
    [
      "a function behind || and ??",
      "let given: (() => void) | undefined; const f = given || (/*d:*/() => {}); const g = given ?? f; f/*>d ?*/(); g/*>d ?*/();",
    ],
    [
      "a function bound by a logical assignment",
      "let f: (() => void) | undefined; f ??= /*a:*/() => {}; f ||= /*b:*/() => {}; f/*>a|b*/();",
    ],
    ["a variable that is assigned again", "let f = /*a:*/() => 1; f = /*b:*/() => 2; f/*>b|a*/();"],
    ["the value of a comma", "/*f:*/function f() {} (0, f)/*>f*/();"],
    ["once: a function that replaces itself", "let f = /*a:*/() => { f = /*b:*/() => {}; }; f/*>a|b*/(); f/*>b|a*/();"],
    [
      "a variable that a loop assigns",
      "let f = /*a:*/() => 1; for (let i = 0; i < 2; i++) { f/*>a,b*/(); f = /*b:*/() => 2; }",
    ],
    [
      "a variable that an inner function assigns",
      "let f = /*a:*/() => 1; /*set:*/function set() { f = /*b:*/() => 2; } set/*>set*/(); f/*>b|a*/();",
    ],
  ],
  "arguments and results": [
    [
      "a callback that is handed on twice",
      "/*a:*/function a(f: () => void) { b/*>b*/(f); } /*b:*/function b(f: () => void) { f/*>c ?*/(); } a/*>a*/(/*c:*/() => {});",
    ],
    [
      "the result of a call is called",
      "/*f:*/function f() { return /*g:*/() => /*h:*/() => 1; } f/*>f*/()/*>g ?*/()/*>h ?*/();",
    ],
    [
      "a function that another picks by a switch",
      "/*pick:*/function pick(k: string) { switch (k) { case 'a': return /*a:*/() => 1; default: return /*b:*/() => 2; } } pick/*>pick*/('a')/*>a|b ?*/();",
    ],
    [
      "a function given back by one of two branches",
      "/*pick:*/function pick(x: boolean): () => number { if (x) { return one; } return two; } /*one:*/function one() { return 1; } /*two:*/function two() { return 2; } pick/*>pick*/(true)/*>one|two ?*/(); pick/*>pick*/(false)/*>two|one ?*/();",
    ],
    [
      "an object with functions as an argument",
      "/*run:*/function run(o: { before(): void; after?: () => void }) { o.before/*>b*/(); o.after?./*>a*/(); } run/*>run*/({ /*b:*/before() {}, after: /*a:*/() => {} });",
    ],
    [
      "a function in the result of a function",
      "/*use:*/function use() { let n = 0; return [/*get:*/() => n, /*set:*/(m: number) => { n = m; }] as const; } const [get, set] = use/*>use*/(); set/*>set ?*/(1); get/*>get ?*/();",
    ],
  ],
  "default and rest parameters, spread": [
    [
      "a default value that is a call",
      "/*d:*/function d() { return 1; } /*f:*/function f(x = d/*>d*/()) { return x; } f/*>f*/(); f/*>f*/(2);",
    ],
    ["a default value that is a function", "/*f:*/function f(g = /*g:*/() => 1) { return g/*>g ?*/(); } f/*>f*/();"],
    [
      "rest and spread",
      "/*f:*/function f(...xs: number[]) { return xs.length; } const xs = [1, 2]; f/*>f*/(...xs, ...xs);",
    ],
    [
      "arguments.callee and arguments of a sloppy function",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js": "/*f:*/function f (g) { return arguments[0]/*>g ?*/() } f/*>f*/(/*g:*/function () {})",
      },
    ],
    [
      "a default function and one in its place",
      "/*f:*/function f(g = /*d:*/() => 1) { return g/*>d,h ?*/(); } f/*>f*/(); f/*>f*/(/*h:*/() => 2);",
    ],
    [
      "functions in a rest parameter",
      "/*all:*/function all(...fs: (() => void)[]) { for (const f of fs) f/*>a,b ?*/(); } all/*>all*/(/*a:*/() => {}, /*b:*/() => {});",
    ],
    [
      "arguments that are spread from an array",
      "/*two:*/function two(f: () => void, g: () => void) { f/*>a ?*/(); g/*>b ?*/(); } const fs: [() => void, () => void] = [/*a:*/() => {}, /*b:*/() => {}]; two/*>two*/(...fs);",
    ],
    [
      "arguments that are handed on with a spread",
      "/*outer:*/function outer(...xs: [() => void]) { inner/*>inner*/(...xs); } /*inner:*/function inner(f: () => void) { f/*>f ?*/(); } outer/*>outer*/(/*f:*/() => {});",
    ],
    [
      "functions in an array that is spread into another",
      "const a = [/*f:*/() => 1], b = [...a, /*g:*/() => 2]; for (const f of b) f/*>f,g ?*/();",
    ],
    [
      "a default of a destructured parameter",
      "/*f:*/function f({ g = /*d:*/() => 1 }: { g?: () => number } = {}) { return g/*>d ?*/(); } f/*>f*/();",
    ],
  ],
  destructuring: [
    ["a function destructured from an object", "const o = { /*m:*/m() {} }; const { m } = o; m/*>m*/();"],
    [
      "a function destructured with a new name and a default",
      "const o: { m?: () => void } = {}; const { m: n = /*d:*/() => {} } = o; n/*>d ?*/();",
    ],
    [
      "a function destructured from an array",
      "const [f, g] = [/*f:*/() => 1, /*g:*/() => 2]; f!/*>f ?*/(); g!/*>g ?*/();",
    ],
    [
      "destructured parameters",
      "/*f:*/function f({ g }: { g: () => void }, [h]: (() => void)[]) { g/*>g ?*/(); h!/*>h ?*/(); } f/*>f*/({ g: /*g:*/() => {} }, [/*h:*/() => {}]);",
    ],
    [
      "what is left of an object",
      "const { a, ...rest } = { /*a:*/a() {}, /*b:*/b() {} }; a/*>a*/(); rest.b/*>b ?*/();",
    ],
    [
      "what is left of an array",
      "const [a, ...rest] = [/*a:*/() => 1, /*b:*/() => 2]; a!/*>a ?*/(); rest[0]!/*>b ?*/();",
    ],
    [
      "a destructuring pattern within another",
      "const { in: { f }, list: [g] } = { in: { /*f:*/f() {} }, list: [/*g:*/() => 1] }; f/*>f*/(); g!/*>g ?*/();",
    ],
    [
      "two variables that change places",
      "let [f, g] = [/*a:*/() => 1, /*b:*/() => 2] as [() => number, () => number]; [f, g] = [g, f]; f/*>b ?*/(); g/*>a ?*/();",
    ],
    [
      "functions destructured in the head of a loop",
      "for (const { f } of [{ /*f:*/f() {} }]) f/*>f*/(); for (const [, g] of [['g', /*g:*/() => 1]] as [string, () => number][]) g/*>g ?*/();",
    ],
    [
      "a destructuring assignment to members",
      "const o: { f?: () => void } = {}; ({ g: o.f } = { g: /*g:*/() => {} }); o.f!/*>g ?*/();",
    ],
  ],
  "optional calls": [
    [
      "an optional call that is made, and one that is not",
      "/*mk:*/function mk(x: boolean): (() => void) | undefined { return x ? /*f:*/() => {} : undefined; } const f = mk/*>mk*/(true), g = mk/*>mk*/(false); f?./*>f ?*/(); g?./*> ?*/();",
    ],
    [
      "an optional chain",
      "const o: { m?: () => { n(): void } } = { m: /*m:*/() => ({ /*n:*/n() {} }) }; o.m?./*>m*/().n/*>n*/(); const none: typeof o | null = null as typeof o | null; none?.m?./*>|m*/();",
    ],
    [
      "an optional call of a member with a receiver",
      "/*A:*/class A { n = 1; /*m:*/m() { return this.k?./*>k*/(); } /*k:*/k?() { return this.n; } } const a: A | undefined = new A/*>A*/(); a?.m/*>m*/(); a.m?./*>m*/();",
    ],
  ],
  "bind, call and apply": [
    [
      "call and apply enter what they are called on",
      "/*f:*/function f(this: unknown, n: number) { return n; } f.call/*>f*/(null, 1); f.apply/*>f*/(null, [1]);",
    ],
    [
      "bind gives the function back",
      "/*f:*/function f(this: unknown, n: number) { return n; } const g = f.bind/*><bind>*/(null, 1); g/*>f*/();",
    ],
    [
      "a bound function of a bound function",
      "/*f:*/function f(this: unknown, a: number, b: number) { return a + b; } const g = f.bind/*><bind>*/(null, 1), h = g.bind/*><bind>*/(null, 2); h/*>f*/();",
    ],
    ["Function.prototype.call of a built-in", "Array.prototype.map.call/*><map>,&f*/([1], /*f:*/(n: unknown) => n);"],
    [
      "a method bound to its object",
      "const o = { /*g:*/g() { return 1; }, /*m:*/m() { return this.g/*>g ?*/(); } }; const m = o.m.bind/*><bind>*/(o); m/*>m*/();",
    ],
    [
      "the receiver that bind gives",
      "interface O { g(): number } /*f:*/function f(this: O) { return this.g/*>g*/(); } const b = f.bind/*><bind>*/({ /*g:*/g() { return 1; } }); b/*>f*/();",
    ],
    [
      "the receiver that call and apply give",
      "interface O { g(): void } /*f:*/function f(this: O) { this.g/*>g,h ?*/(); } f.call/*>f*/({ /*g:*/g() {} }); f.apply/*>f*/({ /*h:*/g() {} });",
    ],
    [
      "the arguments that call, apply and bind pass on",
      "/*f:*/function f(this: unknown, g: () => void) { g/*>a,b,c ?*/(); } f.call/*>f*/(null, /*a:*/() => {}); f.apply/*>f*/(null, [/*b:*/() => {}]); f.bind/*><bind>*/(null, /*c:*/() => {})/*>f*/();",
    ],
    [
      "a bound method as a callback",
      "/*A:*/class A { /*new:*/constructor() { [1].forEach/*><forEach>,&m*/(this.m.bind/*><bind>*/(this)); } /*m:*/m() { this.k/*>k*/(); } /*k:*/k() {} } new A/*>new*/();",
    ],
  ],
  generators: [
    [
      "a generator is entered when it is called",
      "/*g:*/function* g() { yield 1; } const all = [...g/*>g*/()]; const it = g/*>g*/(); it.next/*><next>*/(); export { all };",
    ],
    [
      "yield* goes to another generator",
      "/*g:*/function* g() { yield 1; } /*h:*/function* h() { yield* g/*>g*/(); } for (const x of h/*>h*/()) void x;",
    ],
    [
      "functions that a generator yields",
      "/*g:*/function* g() { yield /*a:*/() => 1; yield /*b:*/() => 2; } for (const f of g/*>g*/()) f/*>a,b ?*/();",
    ],
    [
      "functions that a generator yields from another",
      "/*g:*/function* g() { yield /*a:*/() => 1; } /*h:*/function* h() { yield* g/*>g*/(); yield* [/*b:*/() => 2]; } for (const f of h/*>h*/()) f/*>a,b ?*/(); const [first] = h/*>h*/(); first!/*>a ?*/();",
    ],
    [
      "what a generator returns, and what it is sent",
      "/*g:*/function* g(): Generator<number, () => void, () => void> { const f = yield 1; f/*>sent ?*/(); return /*end:*/() => {}; } /*h:*/function* h(): Generator<number, void, () => void> { const f = yield* g/*>g*/(); f/*>end ?*/(); } const it = h/*>h*/(); it.next/*><next>*/(/*no:*/() => {}); it.next/*><next>*/(/*sent:*/() => {});",
    ],
    [
      "a generator that is a method",
      "/*A:*/class A { fs = [/*f:*/() => 1]; /*each:*/*each() { for (const f of this.fs) yield f; } } for (const f of new A/*>A*/().each/*>each*/()) f/*>f ?*/();",
    ],
  ],
  "async functions and iteration": [
    [
      "an async function, awaited",
      "/*f:*/async function f() { await g/*>g*/(); } /*g:*/async function g() {} await f/*>f*/();",
    ],
    [
      "an async generator and for await",
      "/*g:*/async function* g() { yield await h/*>h*/(); } /*h:*/async function h() { return 1; } for await (const x of g/*>g*/()) void x;",
    ],
    [
      "async iteration over an array of promises",
      "/*p:*/async function p() { return 1; } for await (const x of [p/*>p*/(), p/*>p*/()]) void x;",
    ],
    [
      "a function that an async function gives",
      "/*mk:*/async function mk() { return /*f:*/() => 1; } (await mk/*>mk*/())/*>f ?*/(); const g = await mk/*>mk*/(); g/*>f ?*/();",
    ],
    [
      "functions that an async generator yields",
      "/*g:*/async function* g() { yield /*f:*/() => 1; } for await (const f of g/*>g*/()) f/*>f ?*/();",
    ],
    [
      "a method of what is awaited",
      "/*A:*/class A { /*m:*/m() {} } const load = /*load:*/async () => new A/*>A*/(); (await load/*>load*/()).m/*>m*/();",
    ],
  ],
  "tagged templates": [
    [
      "a tagged template",
      "const f = /*f:*/(s: TemplateStringsArray, ...xs: unknown[]) => xs.length; f/*>f*/`a${1}b`; const o = { /*t:*/t(s: TemplateStringsArray) { return s[0]; } }; o.t/*>t*/`x`;",
    ],
    [
      "a tag that is the result of a call",
      "/*mk:*/function mk() { return /*tag:*/(s: TemplateStringsArray) => s.length; } mk/*>mk*/()/*>tag ?*/`x`;",
    ],
    [
      "functions that a tag is given",
      "/*tag:*/function tag(_: TemplateStringsArray, ...fs: (() => number)[]) { return fs[0]!/*>a ?*/() + fs[1]!/*>b ?*/(); } tag/*>tag*/`x${/*a:*/() => 1}y${/*b:*/() => 2}`;",
    ],
    ["a tag of the library", "String.raw/*><raw>*/`x${1}`;"],
  ],
  exceptions: [
    [
      "a call after an error that is thrown is not made",
      "/*f:*/function f(_: unknown) {} /*boom:*/function boom(): never { throw new Error/*><Error>*/('x'); } try { f/*>|f*/(boom/*>boom*/()); } catch { f/*>f*/(0); }",
    ],
    [
      "a new after an error that is thrown is not made",
      "class A { /*new:*/constructor(_: unknown) {} } /*boom:*/function boom(): never { throw new RangeError/*><RangeError>*/('x'); } try { new A/*>|new*/(boom/*>boom*/()); } catch {}",
    ],
    [
      "a method of what is thrown",
      "/*E:*/class E extends Error { /*m:*/m() {} } try { throw new E/*>E*/('x'); } catch (e) { (e as E).m/*>m*/(); }",
    ],
    [
      "calls in catch and finally",
      "/*f:*/function f() { throw 1; } /*g:*/function g(_: unknown) {} /*h:*/function h() {} try { f/*>f*/(); } catch (e) { g/*>g*/(e); } finally { h/*>h*/(); }",
    ],
  ],
  "currying, composing and memoising": [
    [
      "memoised",
      "/*memo:*/function memo<T>(f: () => T) { let v: T | undefined; return /*get:*/() => (v ??= f/*>one ?*/()); } const one = memo/*>memo*/(/*one:*/() => 1); one/*>get ?*/(); one/*>get ?*/();",
    ],
    [
      "curried and composed",
      "const compose = /*compose:*/<A,>(...fs: ((a: A) => A)[]) => /*composed:*/(a: A) => fs.reduce/*><reduce>,&step*/(/*step:*/(x, f) => f/*>inc,dbl ?*/(x), a); compose/*>compose*/(/*inc:*/(n: number) => n + 1, /*dbl:*/(n: number) => n * 2)/*>composed ?*/(1);",
    ],
    [
      "a curried function",
      "const add = /*add:*/(a: number) => /*inner:*/(b: number) => a + b; add/*>add*/(1)/*>inner ?*/(2); const inc = add/*>add*/(1); inc/*>inner ?*/(2);",
    ],
    [
      "a pipe of two functions",
      "/*pipe:*/function pipe<A, B, C>(f: (a: A) => B, g: (b: B) => C) { return /*both:*/(a: A) => g/*>len ?*/(f/*>str ?*/(a)); } const both = pipe/*>pipe*/(/*str:*/(n: number) => `${n}`, /*len:*/(s: string) => s.length); both/*>both ?*/(1);",
    ],
    [
      "results kept in a Map",
      "/*memo:*/function memo<K, V>(f: (k: K) => V) { const seen = new Map<K, V>/*><Map>*/(); return /*get:*/(k: K): V => { if (!seen.has/*><has>*/(k)) seen.set/*><set>*/(k, f/*>slow ?*/(k)); return seen.get/*><get>*/(k)!; }; } const fast = memo/*>memo*/(/*slow:*/(n: number) => n); fast/*>get ?*/(1); fast/*>get ?*/(1);",
    ],
    [
      "a function wrapped in another that logs",
      "const logged = /*logged:*/<A extends unknown[], R>(f: (...a: A) => R) => /*wrapper:*/(...a: A): R => f/*>inc,dec ?*/(...a); const inc = logged/*>logged*/(/*inc:*/(n: number) => n + 1), dec = logged/*>logged*/(/*dec:*/(n: number) => n - 1); inc/*>wrapper ?*/(1); dec/*>wrapper ?*/(1);",
    ],
    [
      "a function that runs once",
      "/*once:*/function once(f: () => void) { let done = false; return /*o:*/() => { if (!done) { done = true; f/*>f ?*/(); } }; } const g = once/*>once*/(/*f:*/() => {}); g/*>o ?*/(); g/*>o ?*/();",
    ],
  ],
  "code made of text": [
    ["a function made of text", "const f = new Function/*><Function>*/('return 1') as () => number; f/*>~ ?*/();"],
    [
      "a function made by eval",
      "/*g:*/function g() { return 1; } const f = (0, eval)/*><eval>*/('(h) => h()') as (h: () => number) => number; f/*>~,&g ?*/(g);",
    ],
    ["a direct eval", "/*g:*/function g() { return 1; } eval/*>|<eval>*/('1'); g/*>g*/();"],
  ],
  "how a file is written": [
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
  ],
  "closures and callbacks": [
    [
      "a counter with two closures over one variable",
      "/*counter:*/function counter() { let on = /*none:*/() => {}; return { /*set:*/set(f: () => void) { on = f; }, /*fire:*/fire() { on/*>f|none ?*/(); } }; } const c = counter/*>counter*/(); c.set/*>set ?*/(/*f:*/() => {}); c.fire/*>fire ?*/();",
    ],
    [
      "a callback that gets a callback",
      "/*load:*/function load(done: (next: () => void) => void) { done/*>d ?*/(/*next:*/() => {}); } load/*>load*/(/*d:*/(next) => next/*>next ?*/());",
    ],
    [
      "an error-first callback",
      "/*read:*/function read(k: string, done: (e: Error | null, f?: () => string) => void) { if (k === '') done/*>|d ?*/(new Error/*>|<Error>*/('x')); else done/*>d ?*/(null, /*f:*/() => k); } read/*>read*/('k', /*d:*/(e, f) => { if (!e) f!/*>f ?*/(); });",
    ],
  ],
};
