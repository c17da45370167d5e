import type { Case } from "./case.ts";

/** Functions: how they are written, bound and handed on. See case.ts for the marks. */
export const FUNCTIONS: Case[] = [
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
    "recursion of two functions",
    "/*even:*/function even(n: number): boolean { return n === 0 || odd/*>odd*/(n - 1); } /*odd:*/function odd(n: number): boolean { return n !== 0 && even/*>even*/(n - 1); } even/*>even*/(3);",
  ],
  [
    "an inner function hides an outer one",
    "/*out:*/function f() {} { /*in:*/function f() {} f/*>in*/(); } f/*>out*/();",
  ],
  [
    "a default value that is a call",
    "/*d:*/function d() { return 1; } /*f:*/function f(x = d/*>d*/()) { return x; } f/*>f*/(); f/*>f*/(2);",
  ],
  ["a default value that is a function", "/*f:*/function f(g = /*g:*/() => 1) { return g/*>g ?*/(); } f/*>f*/();"],
  [
    "rest and spread",
    "/*f:*/function f(...xs: number[]) { return xs.length; } const xs = [1, 2]; f/*>f*/(...xs, ...xs);",
  ],
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
    "a callback that is handed on twice",
    "/*a:*/function a(f: () => void) { b/*>b*/(f); } /*b:*/function b(f: () => void) { f/*>c ?*/(); } a/*>a*/(/*c:*/() => {});",
  ],
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
  [
    "the result of a call is called",
    "/*f:*/function f() { return /*g:*/() => /*h:*/() => 1; } f/*>f*/()/*>g ?*/()/*>h ?*/();",
  ],
  [
    "an optional call that is made, and one that is not",
    "/*mk:*/function mk(x: boolean): (() => void) | undefined { return x ? /*f:*/() => {} : undefined; } const f = mk/*>mk*/(true), g = mk/*>mk*/(false); f?./*>f ?*/(); g?./*> ?*/();",
  ],
  [
    "an optional chain",
    "const o: { m?: () => { n(): void } } = { m: /*m:*/() => ({ /*n:*/n() {} }) }; o.m?./*>m*/().n/*>n*/(); const none: typeof o | null = null as typeof o | null; none?.m?./*>|m*/();",
  ],
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
  [
    "Reflect.apply enters what it is given",
    "/*f:*/function f(n: number) { return n; } Reflect.apply/*>f*/(f, null, [1]);",
  ],
  [
    "Reflect.construct enters the class it is given",
    "class A { /*new:*/constructor() {} } Reflect.construct/*>new*/(A, []);",
  ],
  [
    "a generator is entered when it is called",
    "/*g:*/function* g() { yield 1; } const all = [...g/*>g*/()]; const it = g/*>g*/(); it.next/*><next>*/(); export { all };",
  ],
  [
    "yield* goes to another generator",
    "/*g:*/function* g() { yield 1; } /*h:*/function* h() { yield* g/*>g*/(); } for (const x of h/*>h*/()) void x;",
  ],
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
    "a call after an error that is thrown is not made",
    "/*f:*/function f(_: unknown) {} /*boom:*/function boom(): never { throw new Error/*><Error>*/('x'); } try { f/*>|f*/(boom/*>boom*/()); } catch { f/*>f*/(0); }",
  ],
  [
    "a new after an error that is thrown is not made",
    "class A { /*new:*/constructor(_: unknown) {} } /*boom:*/function boom(): never { throw new RangeError/*><RangeError>*/('x'); } try { new A/*>|new*/(boom/*>boom*/()); } catch {}",
  ],
  [
    "a tagged template",
    "const f = /*f:*/(s: TemplateStringsArray, ...xs: unknown[]) => xs.length; f/*>f*/`a${1}b`; const o = { /*t:*/t(s: TemplateStringsArray) { return s[0]; } }; o.t/*>t*/`x`;",
  ],
  [
    "a tag that is the result of a call",
    "/*mk:*/function mk() { return /*tag:*/(s: TemplateStringsArray) => s.length; } mk/*>mk*/()/*>tag ?*/`x`;",
  ],
  [
    "a label, a block and a switch around calls",
    "/*f:*/function f(n: number) { return n; } out: for (const n of [1, 2]) { switch (f/*>f*/(n)) { case 1: continue out; default: f/*>f*/(9); break out; } }",
  ],
  [
    "arguments.callee and arguments of a sloppy function",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js": "/*f:*/function f (g) { return arguments[0]/*>g ?*/() } f/*>f*/(/*g:*/function () {})",
    },
  ],
];
