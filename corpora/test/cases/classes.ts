import type { Case } from "./case.ts";

/** Classes and objects: members, inheritance, what stands under a key. See case.ts for the marks. */
export const CLASSES: Case[] = [
  [
    "a constructor, a method and a field that holds a function",
    "class A { /*new:*/constructor() { this.m/*>m*/(); } /*m:*/m() {} f = /*f:*/() => 1; } new A/*>new*/().f/*>f*/();",
  ],
  [
    "a class without a constructor is entered itself",
    "/*A:*/class A {} /*B:*/class B extends A {} new A/*>A*/(); new B/*>B*/();",
  ],
  [
    "a class without a constructor enters that of its base",
    "class A { /*new:*/constructor() {} } class B extends A {} new B/*>new*/();",
  ],
  [
    "super() and super.m()",
    "class A { /*a:*/constructor(n: number) { void n; } /*am:*/m() {} } class B extends A { /*b:*/constructor() { super/*>a*/(1); } /*bm:*/override m() { super.m/*>am*/(); } } new B/*>b*/().m/*>bm*/();",
  ],
  [
    "super() three classes deep",
    "class A { /*a:*/constructor() {} } class B extends A { /*b:*/constructor() { super/*>a*/(); } } class C extends B { /*c:*/constructor() { super/*>b*/(); } } new C/*>c*/();",
  ],
  [
    "a method that a subclass overrides",
    "class A { /*am:*/m() {} } /*B:*/class B extends A { /*bm:*/override m() {} } const xs: A[] = [new B/*>B*/()]; for (const x of xs) x.m/*>bm|am*/();",
  ],
  ["a method that only the base has", "class A { /*m:*/m() {} } /*B:*/class B extends A {} new B/*>B*/().m/*>m*/();"],
  [
    "private members",
    "/*A:*/class A { #f = /*f:*/() => 1; /*p:*/#p() { return this.#f/*>f*/(); } /*m:*/m() { return this.#p/*>p*/(); } } new A/*>A*/().m/*>m*/();",
  ],
  [
    "static methods and static blocks",
    "class A { /*s:*/static s() { return 1; } static n = A.s/*>s*/(); static { A.s/*>s*/(); } } A.s/*>s*/();",
  ],
  [
    "a static method is inherited",
    "class A { /*s:*/static s() { return new this/*>B ?*/(); } } /*B:*/class B extends A {} B.s/*>s*/();",
  ],
  [
    "this in a static method and in a method",
    "/*A:*/class A { /*s:*/static s() { return this.t/*>t*/(); } /*t:*/static t() { return 1; } /*m:*/m() { return this.n/*>n*/(); } /*n:*/n() { return 2; } } A.s/*>s*/(); new A/*>A*/().m/*>m*/();",
  ],
  ["a getter that gives a function", "/*A:*/class A { get f() { return /*f:*/() => 1; } } new A/*>A*/().f/*>f ?*/();"],
  [
    "a setter is no call, and what it calls is",
    "/*A:*/class A { set v(n: number) { this.m/*>m*/(n); } /*m:*/m(n: number) { return n; } } new A/*>A*/().v = 1;",
  ],
  [
    "an accessor of an object literal",
    "const o = { get x() { return y/*>y*/(); } }; /*y:*/function y() { return 1; } void o.x;",
  ],
  [
    "a class expression",
    "const A = class B { /*new:*/constructor() {} /*m:*/m() { return new B/*>new*/(); } }; new A/*>new*/().m/*>m*/();",
  ],
  ["an anonymous class that is made at once", "new (class { /*new:*/constructor() {} })/*>new*/();"],
  [
    "a mixin",
    "type C<T = object> = new (...args: any[]) => T; /*mix:*/function mix<T extends C>(Base: T) { return /*M:*/class extends Base { /*m:*/m() {} }; } /*A:*/class A {} const B = mix/*>mix*/(A); new B/*>M ?*/().m/*>m*/();",
  ],
  [
    "a class that extends what a call gives",
    "/*mk:*/function mk() { return /*K:*/class { /*m:*/m() {} }; } /*A:*/class A extends mk/*>mk*/() {} new A/*>A ?*/().m/*>m*/();",
  ],
  [
    "an error class",
    "class E extends Error { /*new:*/constructor() { super/*><Error>*/('x'); } } try { throw new E/*>new*/(); } catch {}",
  ],
  [
    "an object's methods, with this",
    "const o = { /*a:*/a() { return this.b/*>b ?*/(); }, b: /*b:*/() => 1, /*c:*/async c() {}, /*d:*/*d() { yield 1; } }; o.a/*>a*/(); o.c/*>c*/(); o.d/*>d*/();",
  ],
  [
    "a method under a computed key",
    "const k = 'm'; const o = { /*m:*/[k]() {} }; o.m/*>m*/(); o[k]/*>m*/(); /*A:*/class A { /*n:*/[k]() {} } new A/*>A*/()[k]/*>n*/();",
  ],
  [
    "a method under a constant symbol, overridden",
    "const s = Symbol/*><Symbol>*/('s'); class A { /*am:*/[s]() {} } /*B:*/class B extends A { /*bm:*/override [s]() {} } /*f:*/function f(a: A) { a[s]/*>bm|am*/(); } f/*>f*/(new B/*>B*/());",
  ],
  [
    "a key that is one of a few words",
    "const o = { /*a:*/a() {}, /*b:*/b() {} }; for (const k of ['a', 'b'] as const) o[k]/*>a,b*/();",
  ],
  [
    "a key that is any word",
    "const o: Record<string, () => void> = { a: /*a:*/() => {} }; for (const k of Object.keys/*><keys>*/(o)) o[k]!/*>a ?*/();",
  ],
  ["an object with a member added later", "const o: { f?: () => void } = {}; o.f = /*f:*/() => {}; o.f/*>f*/();"],
  [
    "a method that is replaced on one object",
    "/*A:*/class A { /*m:*/m() {} } const a = new A/*>A*/(); a.m = /*n:*/() => {}; a.m/*>n|m*/();",
  ],
  ["a spread object", "const a = { /*f:*/f() {} }, b = { ...a, /*g:*/g() {} }; b.f/*>f ?*/(); b.g/*>g*/();"],
  ["Object.assign", "const o = Object.assign/*><assign>*/({}, { /*f:*/f() {} }); o.f/*>f ?*/();"],
  [
    "Object.create with a prototype",
    "const p = { /*f:*/f() {} }; const o = Object.create/*><create>*/(p) as typeof p; o.f/*>f ?*/();",
  ],
  [
    "Object.defineProperty",
    "const o = {} as { f(): void }; Object.defineProperty/*><defineProperty>*/(o, 'f', { value: /*f:*/() => {} }); o.f/*>f*/();",
  ],
  [
    "toString and valueOf that the language calls",
    "/*A:*/class A { /*ts:*/toString() { return 'a'; } } const a = new A/*>A*/(); String/*><String>,&ts*/(a); void `${a}`;",
  ],
  [
    "Symbol.iterator that spread and Array.from ask for",
    "/*A:*/class A { /*it:*/*[Symbol.iterator]() { yield 1; } } const a = new A/*>A*/(); void [...a]; Array.from/*><from>*/(a);",
  ],
  [
    "new.target",
    "class A { /*new:*/constructor() { if (new.target !== B) throw new Error/*>|<Error>*/(); } } class B extends A {} new B/*>new*/();",
  ],
  [
    "a constructor that gives back another object",
    "class A { /*new:*/constructor() { return { /*m:*/m() {} } as never; } /*m2:*/m() {} } new A/*>new*/().m/*>m ?|m2*/();",
  ],
  [
    "a proxy with a trap and one without",
    "/*f:*/function f() {} const p = new Proxy/*><Proxy>*/(f, {}); p/*>f ?*/(); const q = new Proxy/*><Proxy>*/(f, { /*trap:*/apply() {} }); q/*>trap ?*/();",
  ],
  [
    "constructor functions and their prototypes",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js":
        "/*A:*/function A () { this.f = /*f:*/function () {} }\nA.prototype.m = /*m:*/function () { return this.f/*>f*/() }\nA.s = /*s:*/function () {}\nnew A/*>A*/().m/*>m*/()\nA.s/*>s*/()",
    },
  ],
  [
    "util.inherits and a base's constructor called on this",
    {
      "package.json": '{ "type": "commonjs" }',
      "main.js":
        "const util = require('node:util')\n/*A:*/function A () {}\nA.prototype.m = /*m:*/function () {}\n/*B:*/function B () { A.call/*>A*/(this) }\nutil.inherits/*><inherits>*/(B, A)\nnew B/*>B*/().m/*>m ?*/()",
    },
  ],
  [
    "a static method that a subclass overrides",
    "class A { /*am:*/static m() {} /*s:*/static s() { this.m/*>bm|am*/(); } /*i:*/i() { (this.constructor as typeof A).m/*>bm|am*/(); } } /*B:*/class B extends A { /*bm:*/static override m() {} } B.s/*>s*/(); new B/*>B*/().i/*>i*/(); A.m/*>am*/();",
  ],
];
