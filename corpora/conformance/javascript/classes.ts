import type { Features } from "./case.ts";

const MANY = Array.from({ length: 40 }, (_, n) => n);

/** Classes and objects: members, inheritance, what stands under a key. See case.ts for the marks. */
export const CLASSES: Features = {
  "constructors and new": [
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
      "a method of a base class calls what forty classes below it have",
      `abstract class Base { abstract step(): void; /*run:*/run() { this.step/*>${MANY.map((n) => `step${n}`).join(",")}*/(); } }
${MANY.map((n) => `/*C${n}:*/class C${n} extends Base { /*step${n}:*/step() {} } new C${n}/*>C${n}*/().run/*>run*/();`).join("\n")}`,
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
      "an error class",
      "class E extends Error { /*new:*/constructor() { super/*><Error>*/('x'); } } try { throw new E/*>new*/(); } catch {}",
    ],
    [
      "a class that is an argument",
      "/*make:*/function make<T>(C: new () => T) { return new C/*>new ?*/(); } class A { /*new:*/constructor() {} /*m:*/m() {} } make/*>make*/(A).m/*>m*/();",
    ],
    [
      "a class out of a table",
      "/*A:*/class A { /*am:*/m() {} } /*B:*/class B { /*bm:*/m() {} } const kinds = { a: A, b: B }; new kinds.a/*>A*/().m/*>am*/(); new kinds['b']/*>B*/().m/*>bm*/();",
    ],
    [
      "new without parentheses",
      "/*A:*/class A { /*m:*/m() {} } const a = new A/*>A*/(); const B = /*B:*/class { a = a; }; new B/*>B*/().a.m/*>m*/();",
    ],
  ],
  super: [
    [
      "super() and super.m()",
      "class A { /*a:*/constructor(n: number) { void n; } /*am:*/m() {} } class B extends A { /*b:*/constructor() { super/*>a*/(1); } /*bm:*/override m() { super.m/*>am*/(); } } new B/*>b*/().m/*>bm*/();",
    ],
    [
      "super() three classes deep",
      "class A { /*a:*/constructor() {} } class B extends A { /*b:*/constructor() { super/*>a*/(); } } class C extends B { /*c:*/constructor() { super/*>b*/(); } } new C/*>c*/();",
    ],
    [
      "super in a static method",
      "class A { /*a:*/static m() {} } class B extends A { /*b:*/static override m() { super.m/*>a*/(); } } B.m/*>b*/();",
    ],
    [
      "super in an arrow function",
      "class A { /*a:*/m() {} } /*B:*/class B extends A { /*b:*/override m() { const f = /*f:*/() => super.m/*>a*/(); f/*>f*/(); } } new B/*>B*/().m/*>b*/();",
    ],
    [
      "super in an object",
      "const a = { /*a:*/m() { return 1; } }; const b = { __proto__: a, /*b:*/m(): number { return (super.m as () => number)/*>a ?*/(); } }; b.m/*>b*/();",
    ],
    [
      "this of a method that super calls",
      "class A { /*run:*/run() { this.hook/*>bh|ah*/(); } /*ah:*/hook() {} } /*B:*/class B extends A { /*brun:*/override run() { super.run/*>run*/(); } /*bh:*/override hook() {} } new B/*>B*/().run/*>brun*/();",
    ],
  ],
  "inheritance and overriding": [
    [
      "a method that a subclass overrides",
      "class A { /*am:*/m() {} } /*B:*/class B extends A { /*bm:*/override m() {} } const xs: A[] = [new B/*>B*/()]; for (const x of xs) x.m/*>bm|am*/();",
    ],
    ["a method that only the base has", "class A { /*m:*/m() {} } /*B:*/class B extends A {} new B/*>B*/().m/*>m*/();"],
    [
      "a class that extends what a call gives",
      "/*mk:*/function mk() { return /*K:*/class { /*m:*/m() {} }; } /*A:*/class A extends mk/*>mk*/() {} new A/*>A ?*/().m/*>m*/();",
    ],
    [
      "a method that is replaced on one object",
      "/*A:*/class A { /*m:*/m() {} } const a = new A/*>A*/(); a.m = /*n:*/() => {}; a.m/*>n|m*/();",
    ],
    [
      "a step that subclasses fill in",
      "abstract class A { /*run:*/run() { this.step/*>b,c*/(); } abstract step(): void; } /*B:*/class B extends A { /*b:*/step() {} } /*C:*/class C extends A { /*c:*/step() {} } new B/*>B*/().run/*>run*/(); new C/*>C*/().run/*>run*/();",
    ],
    [
      "a method two classes up",
      "class A { /*m:*/m() {} } class B extends A {} /*C:*/class C extends B { /*k:*/k() { this.m/*>m*/(); } } new C/*>C*/().k/*>k*/();",
    ],
    [
      "two classes with a method of one name",
      "/*A:*/class A { /*am:*/m() {} } /*B:*/class B { /*bm:*/m() {} } new A/*>A*/().m/*>am*/(); new B/*>B*/().m/*>bm*/();",
    ],
  ],
  "private members": [
    [
      "private members",
      "/*A:*/class A { #f = /*f:*/() => 1; /*p:*/#p() { return this.#f/*>f*/(); } /*m:*/m() { return this.#p/*>p*/(); } } new A/*>A*/().m/*>m*/();",
    ],
    [
      "private methods, static ones too",
      "/*A:*/class A { /*s:*/static #s() { return 1; } /*m:*/#m() { return A.#s/*>s*/(); } /*run:*/run(o: A) { return #m in o ? o.#m/*>m*/() : 0; } } new A/*>A*/().run/*>run*/(new A/*>A*/());",
    ],
    [
      "a private accessor",
      "/*A:*/class A { #f = /*f:*/() => 1; get #get() { return this.#f; } /*m:*/m() { return this.#get/*>f ?*/(); } } new A/*>A*/().m/*>m*/();",
    ],
  ],
  "static members and static blocks": [
    [
      "static methods and static blocks",
      "class A { /*s:*/static s() { return 1; } static n = A.s/*>s*/(); static { A.s/*>s*/(); } } A.s/*>s*/();",
    ],
    [
      "a static method is inherited",
      "class A { /*s:*/static s() { return new this/*>B ?*/(); } } /*B:*/class B extends A {} B.s/*>s*/();",
    ],
    [
      "a static method that a subclass overrides",
      "class A { /*am:*/static m() {} /*s:*/static s() { this.m/*>bm|am*/(); } /*i:*/i() { (this.constructor as typeof A).m/*>bm|am*/(); } } /*B:*/class B extends A { /*bm:*/static override m() {} } B.s/*>s*/(); new B/*>B*/().i/*>i*/(); A.m/*>am*/();",
    ],
    [
      "static fields that hold functions",
      "class A { static f = /*f:*/() => A.#g/*>g*/(); static #g = /*g:*/() => 1; static table = { /*t:*/t() {} }; } A.f/*>f*/(); A.table.t/*>t ?*/();",
    ],
    [
      "a static block that fills a table",
      "class A { static on: Record<string, () => void> = {}; static { this.on['x'] = /*f:*/() => {}; } } A.on['x']!/*>f ?*/();",
    ],
    [
      "a single instance",
      "class A { static #one: A | undefined; /*new:*/private constructor() {} /*get:*/static get(): A { return (A.#one ??= new A/*>new*/()); } /*m:*/m() {} } A.get/*>get*/().m/*>m*/(); A.get/*>get*/().m/*>m*/();",
    ],
  ],
  "class fields": [
    [
      "a function kept in a field by the constructor",
      "class A { readonly f: () => void; /*new:*/constructor(f: () => void) { this.f = f; } /*m:*/m() { this.f/*>g ?*/(); } } new A/*>new*/(/*g:*/() => {}).m/*>m*/();",
    ],
    [
      "a field that is an arrow function with this",
      "/*A:*/class A { n = 1; f = /*f:*/() => this.m/*>m*/(); /*m:*/m() { return this.n; } } const { f } = new A/*>A*/(); f/*>f*/();",
    ],
    [
      "a field whose value is a call",
      "/*mk:*/function mk() { return /*f:*/() => 1; } /*A:*/class A { f = mk/*>mk*/(); } new A/*>A*/().f/*>f ?*/();",
    ],
    [
      "a field in place of a method of the base",
      "class A { m: () => void = /*am:*/() => {}; } /*B:*/class B extends A { override m = /*bm:*/() => {}; } new B/*>B*/().m/*>bm*/();",
    ],
    [
      "a field that is set later",
      "/*A:*/class A { f?: () => void; /*set:*/set(f: () => void) { this.f = f; } /*run:*/run() { this.f?./*>g ?*/(); } } const a = new A/*>A*/(); a.set/*>set*/(/*g:*/() => {}); a.run/*>run*/();",
    ],
  ],
  "class expressions": [
    [
      "a class expression",
      "const A = class B { /*new:*/constructor() {} /*m:*/m() { return new B/*>new*/(); } }; new A/*>new*/().m/*>m*/();",
    ],
    ["an anonymous class that is made at once", "new (class { /*new:*/constructor() {} })/*>new*/();"],
    [
      "a function that makes classes",
      "/*mk:*/function mk(n: number) { return /*K:*/class { /*m:*/m() { return n; } }; } const K = mk/*>mk*/(1); new K/*>K ?*/().m/*>m*/();",
    ],
  ],
  mixins: [
    [
      "a mixin",
      "type C<T = object> = new (...args: any[]) => T; /*mix:*/function mix<T extends C>(Base: T) { return /*M:*/class extends Base { /*m:*/m() {} }; } /*A:*/class A {} const B = mix/*>mix*/(A); new B/*>M ?*/().m/*>m*/();",
    ],
    [
      "a mixin that is given two bases: each class inherits from its own",
      "type C<T = object> = new (...args: any[]) => T; /*mix:*/function mix<T extends C>(Base: T) { return class extends Base { /*add:*/add() {} }; } /*A:*/class A { /*a:*/set() {} } /*B:*/class B { /*b:*/set() {} } /*X:*/class X extends mix/*>mix*/(A) {} /*Y:*/class Y extends mix/*>mix*/(B) {} new X/*>X ?*/().set/*>a*/(); new Y/*>Y ?*/().set/*>b*/(); new X/*>X ?*/().add/*>add*/();",
    ],
    [
      "two mixins on top of each other",
      "type C<T = object> = new (...args: any[]) => T; const Walks = /*walks:*/<B extends C>(Base: B) => /*W:*/class extends Base { /*walk:*/walk() { return 1; } }; const Talks = /*talks:*/<B extends C>(Base: B) => /*T:*/class extends Base { /*talk:*/talk() { return 2; } }; class A { /*new:*/constructor() {} /*m:*/m() {} } const X = Talks/*>talks*/(Walks/*>walks*/(A)); const x = new X/*>new ?*/(); x.walk/*>walk*/(); x.talk/*>talk*/(); x.m/*>m*/();",
    ],
    [
      "methods copied onto a prototype",
      {
        "main.js":
          "/*A:*/class A {}\nconst speaks = { /*speak:*/speak() { return this.name/*>name ?*/(); }, /*name:*/name() { return 'a'; } };\nObject.assign/*><assign>*/(A.prototype, speaks);\nconst a = new A/*>A*/();\na.speak/*>speak ?*/();",
      },
    ],
  ],
  "getters and setters": [
    [
      "a getter that gives a function",
      "/*A:*/class A { get f() { return /*f:*/() => 1; } } new A/*>A*/().f/*>f ?*/();",
    ],
    [
      "a setter is no call, and what it calls is",
      "/*A:*/class A { set v(n: number) { this.m/*>m*/(n); } /*m:*/m(n: number) { return n; } } new A/*>A*/().v = 1;",
    ],
    [
      "an accessor of an object literal",
      "const o = { get x() { return y/*>y*/(); } }; /*y:*/function y() { return 1; } void o.x;",
    ],
    [
      "a getter that a callback reads is no callback",
      "const o = { get x() { return 1; } }; [1].map/*><map>,&f*/(/*f:*/() => o.x);",
    ],
    [
      "a setter that keeps a function",
      "/*A:*/class A { #h: () => void = /*none:*/() => {}; set handler(f: () => void) { this.#h = f; } /*fire:*/fire() { this.#h/*>h|none ?*/(); } } const a = new A/*>A*/(); a.handler = /*h:*/() => {}; a.fire/*>fire*/();",
    ],
    [
      "a method of what a getter gives",
      "/*B:*/class B { /*m:*/m() {} } /*A:*/class A { get b() { return new B/*>B*/(); } } /*C:*/class C extends A {} new C/*>C*/().b.m/*>m*/();",
    ],
    ["a getter of an object that gives a function", "const o = { get f() { return /*f:*/() => 1; } }; o.f/*>f ?*/();"],
    ["a static getter", "/*A:*/class A { static get one() { return new A/*>A*/(); } /*m:*/m() {} } A.one.m/*>m*/();"],
    [
      "reading a member enters its getter, writing it its setter",
      "/*A:*/class A {\n  #n = 0;\n  /*get:*/get x() { return this.#n; }\n  /*set:*/set x(n: number) { this.#n = n; }\n}\nconst a = new A/*>A*/();\nvoid /*@accessor>get*/a.x;\n/*@accessor>set*/a.x = 1;",
    ],
    [
      "a getter that a subclass overrides",
      "class A {\n  /*ax:*/get x() { return 1; }\n}\n/*B:*/class B extends A {\n  /*bx:*/override get x() {\n    return /*@accessor>ax*/super.x + 1;\n  }\n}\nconst b = new B/*>B*/();\nvoid /*@accessor>bx*/b.x;",
    ],
    [
      "an inherited getter and a static one",
      "class A {\n  /*x:*/get x() { return 1; }\n  /*s:*/static get s() { return 1; }\n}\n/*B:*/class B extends A {}\nconst b = new B/*>B*/();\nvoid /*@accessor>x*/b.x;\nvoid /*@accessor>s*/B.s;",
    ],
    [
      "destructuring enters a getter",
      "const o = {\n  /*x:*/get x() { return 1; },\n};\nconst {\n  /*@accessor>x*/x,\n} = o;\nvoid x;",
    ],
    [
      "accessors of an object literal with this",
      "const o = {\n  n: 1,\n  /*get:*/get x() { return this.n; },\n  /*set:*/set x(n: number) { this.n = n; },\n};\nvoid /*@accessor>get*/o.x;\n/*@accessor>set*/o.x = 2;",
    ],
    [
      "a getter that Object.defineProperty adds",
      "const o = {} as { x: number };\nObject.defineProperty/*><defineProperty>*/(o, 'x', { get: /*x:*/() => 1 });\nvoid /*@accessor>x*/o.x;",
    ],
    [
      "a getter under a constant symbol",
      "const s: unique symbol = Symbol/*><Symbol>*/('s');\n/*A:*/class A {\n  /*x:*/get [s]() { return 1; }\n}\nconst a = new A/*>A*/();\nvoid /*@accessor>x*/a[s];",
    ],
  ],
  this: [
    [
      "this in a static method and in a method",
      "/*A:*/class A { /*s:*/static s() { return this.t/*>t*/(); } /*t:*/static t() { return 1; } /*m:*/m() { return this.n/*>n*/(); } /*n:*/n() { return 2; } } A.s/*>s*/(); new A/*>A*/().m/*>m*/();",
    ],
    [
      "an object's methods, with this",
      "const o = { /*a:*/a() { return this.b/*>b ?*/(); }, b: /*b:*/() => 1, /*c:*/async c() {}, /*d:*/*d() { yield 1; } }; o.a/*>a*/(); o.c/*>c*/(); o.d/*>d*/();",
    ],
    [
      "this of an arrow function in a callback",
      "/*A:*/class A { /*run:*/run() { [1].forEach/*><forEach>,&each*/(/*each:*/() => this.m/*>m*/()); } /*m:*/m() {} } new A/*>A*/().run/*>run*/();",
    ],
    [
      "this kept in a variable",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js":
          "/*A:*/function A () {}\nA.prototype.run = /*run:*/function () { var self = this\n return (/*f:*/function () { return self.m/*>m*/() })/*>f*/() }\nA.prototype.m = /*m:*/function () {}\nnew A/*>A*/().run/*>run*/()",
      },
    ],
    [
      "the receiver that forEach gives",
      "const o = { /*m:*/m() {} }; [1].forEach/*><forEach>,&each*/(/*each:*/function (this: typeof o) { this.m/*>m ?*/(); }, o);",
    ],
    [
      "a method that is taken from its object",
      "const o = { /*m:*/m() { return 1; } }; const m = o.m; m/*>m*/(); [1].map/*><map>,&m*/(o.m);",
    ],
    [
      "this of a function that is a member of two objects",
      "/*f:*/function f(this: { g(): void }) { this.g/*>a,b ?*/(); } const a = { f, /*a:*/g() {} }, b = { f, /*b:*/g() {} }; a.f/*>f*/(); b.f/*>f*/();",
    ],
  ],
  "computed keys": [
    [
      "methods that are copied one by one",
      "/*all:*/function all(to: any, from: Record<string, () => void>) { for (const k in from) to[k + ''] = from[k]; return to; } const o = all/*>all*/({}, { /*a:*/a() {}, /*b:*/b() {} }); o.a/*>a ?*/(); o.c?./*>|a,b ?*/();",
    ],
    [
      "a method under a computed key",
      "const k = 'm'; const o = { /*m:*/[k]() {} }; o.m/*>m*/(); o[k]/*>m*/(); /*A:*/class A { /*n:*/[k]() {} } new A/*>A*/()[k]/*>n*/();",
    ],
    [
      "a key that is one of a few words",
      "const o = { /*a:*/a() {}, /*b:*/b() {} }; for (const k of ['a', 'b'] as const) o[k]/*>a,b*/();",
    ],
    [
      "a key that is any word",
      "const o: Record<string, () => void> = { a: /*a:*/() => {} }; for (const k of Object.keys/*><keys>*/(o)) o[k]!/*>a ?*/();",
    ],
    [
      "a key that is put together from constants",
      "const on = 'on'; const o = { /*f:*/['on' + 'Click']() {}, /*g:*/[`${on}Load`]() {} }; o['onClick']!/*>f ?*/(); o[`on${'Load'}`]!/*>g*/();",
    ],
    [
      "a key out of a frozen table",
      "const KEYS = { RUN: 'run', STOP: 'stop' } as const; const o = { /*run:*/[KEYS.RUN]() {}, /*stop:*/[KEYS.STOP]() {} }; o[KEYS.RUN]/*>run*/(); o.stop/*>stop*/();",
    ],
    ["numbers as keys", "const o = { /*one:*/1() {}, /*two:*/'2'() {} }; o[1]/*>one ?*/(); o['2']/*>two*/();"],
    [
      "a key that is an argument",
      "const o = { /*a:*/a() {}, /*b:*/b() {} }; /*run:*/function run(k: 'a' | 'b') { o[k]/*>a|b*/(); } run/*>run*/('a');",
    ],
    [
      "a family of methods, of whose names the beginning is known",
      "/*V:*/class V { /*visit:*/visit(n: { kind: string }) { (this as any)['visit' + n.kind]/*>num,text ?*/(); } /*again:*/again(n: { kind: string }) { (this as any)[`visit${n.kind}`]/*>num,text ?*/(); } /*num:*/visitNum() {} /*text:*/visitText() {} other() {} } const v = new V/*>V*/(); for (const kind of ['Num', 'Text']) { v.visit/*>visit*/({ kind }); v.again/*>again*/({ kind }); }",
    ],
    [
      "a static method under a computed key",
      "const k = 's'; class A { /*s:*/static [k]() {} } A.s/*>s*/(); A[k]/*>s*/();",
    ],
  ],
  "symbol keys": [
    [
      "a method under a constant symbol, overridden",
      "const s = Symbol/*><Symbol>*/('s'); class A { /*am:*/[s]() {} } /*B:*/class B extends A { /*bm:*/override [s]() {} } /*f:*/function f(a: A) { a[s]/*>bm|am*/(); } f/*>f*/(new B/*>B*/());",
    ],
    [
      "an object's method under a symbol",
      "const s = Symbol/*><Symbol>*/('s'); const o = { /*m:*/[s]() {}, f: 1 }; o[s]/*>m*/();",
    ],
    [
      "a method under a symbol of the registry",
      "const s: unique symbol = Symbol.for/*><for>*/('s'); /*A:*/class A { /*m:*/[s]() {} } new A/*>A*/()[s]/*>m*/();",
    ],
    [
      "a symbol from another module",
      {
        "main.ts": "import { s } from './b.ts'; const o = { /*m:*/[s]() {} }; o[s]/*>m*/();",
        "b.ts": "export const s: unique symbol = Symbol/*><Symbol>*/('s');",
      },
    ],
  ],
  "object members": [
    ["an object with a member added later", "const o: { f?: () => void } = {}; o.f = /*f:*/() => {}; o.f/*>f*/();"],
    ["a spread object", "const a = { /*f:*/f() {} }, b = { ...a, /*g:*/g() {} }; b.f/*>f ?*/(); b.g/*>g*/();"],
    ["a member that is replaced", "const o = { f: /*a:*/() => 1 }; o.f/*>a|b*/(); o.f = /*b:*/() => 2; o.f/*>b|a*/();"],
    [
      "functions of functions",
      {
        "main.js":
          "/*f:*/function f() {}\nf.g = /*g:*/function () {};\nf.g.h = /*h:*/() => 1;\nf/*>f*/(); f.g/*>g*/(); f.g.h/*>h*/();",
      },
    ],
    [
      "two objects with the same member",
      "const a = { /*am:*/m() {} }, b = { /*bm:*/m() {} }; a.m/*>am*/(); b.m/*>bm*/();",
    ],
    [
      "an object within an object",
      "const app = { log: { /*info:*/info() { return app.fmt.line/*>line ?*/(); } }, fmt: { line: /*line:*/() => '' } }; app.log.info/*>info ?*/();",
    ],
    ["a member that is deleted", "const o: { f?: () => void } = { /*f:*/f() {} }; delete o.f; o.f?./*>|f ?*/();"],
  ],
  prototypes: [
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
      "util.inherits beside another constructor with a member of that name",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js":
          "const { inherits } = require('node:util')\n/*A:*/function A () {}\nA.prototype.m = /*m:*/function () {}\n/*C:*/function C () {}\nC.prototype.m = /*other:*/function () {}\n/*B:*/function B () {}\ninherits/*><inherits>*/(B, A)\nnew B/*>B*/().m/*>m ?*/()\nnew C/*>C*/().m/*>other*/()",
      },
    ],
    [
      "Object.create with a prototype",
      "const p = { /*f:*/f() {} }; const o = Object.create/*><create>*/(p) as typeof p; o.f/*>f ?*/();",
    ],
    [
      "a prototype that is replaced as a whole",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js":
          "/*A:*/function A () {}\nA.prototype = { constructor: A, m: /*m:*/function () { return this.n/*>n ?*/() }, /*n:*/n () {} }\nnew A/*>A*/().m/*>m ?*/()",
      },
    ],
    [
      "a prototype made with Object.create",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js":
          "/*A:*/function A () {}\nA.prototype.m = /*m:*/function () {}\n/*B:*/function B () { A.call/*>A*/(this) }\nB.prototype = Object.create/*><create>*/(A.prototype)\nB.prototype.constructor = B\nB.prototype.k = /*k:*/function () { this.m/*>m ?*/() }\nconst b = new B/*>B*/()\nb.k/*>k*/()\nb.m/*>m ?*/()",
      },
    ],
    [
      "Object.setPrototypeOf of two objects",
      "const a = { /*m:*/m() {} }; const b = Object.setPrototypeOf/*><setPrototypeOf>*/({ /*k:*/k() {} }, a) as typeof a & { k(): void }; b.m/*>m ?*/(); b.k/*>k ?*/();",
    ],
    [
      "Object.setPrototypeOf of two prototypes",
      {
        "package.json": '{ "type": "commonjs" }',
        "main.js":
          "/*A:*/function A () {}\nA.prototype.m = /*m:*/function () {}\n/*B:*/function B () {}\nObject.setPrototypeOf/*><setPrototypeOf>*/(B.prototype, A.prototype)\nnew B/*>B*/().m/*>m ?*/()",
      },
    ],
    [
      "a prototype in a literal",
      "const a = { /*m:*/m() {} }; const b = { __proto__: a, /*k:*/k() {} }; b.k/*>k*/(); (b as unknown as typeof a).m/*>m ?*/();",
    ],
    [
      "a method added to the prototype of a class",
      { "main.js": "/*A:*/class A {}\nA.prototype.m = /*m:*/function () { return 1; };\nnew A/*>A*/().m/*>m*/();" },
    ],
    [
      "a method added to the prototype of arrays",
      {
        "main.js":
          "Object.defineProperty/*><defineProperty>*/(Array.prototype, 'conformanceLast', { value: /*last:*/function () { return this[this.length - 1]; } });\n[1].conformanceLast/*>last ?*/();",
      },
    ],
    [
      "a method taken from a prototype",
      {
        "main.js":
          "/*A:*/class A { /*m:*/m() {} }\nA.prototype.m.call/*>m*/(new A/*>A*/());\nconst { m } = A.prototype;\nm/*>m*/();",
      },
    ],
  ],
  "Object's own functions": [
    ["Object.assign", "const o = Object.assign/*><assign>*/({}, { /*f:*/f() {} }); o.f/*>f ?*/();"],
    [
      "Object.defineProperty",
      "const o = {} as { f(): void }; Object.defineProperty/*><defineProperty>*/(o, 'f', { value: /*f:*/() => {} }); o.f/*>f*/();",
    ],
    [
      "values and entries of an object of functions",
      "const o = { a: /*a:*/() => 1, b: /*b:*/() => 2 }; for (const f of Object.values/*><values>*/(o)) f/*>a,b ?*/(); for (const [, f] of Object.entries/*><entries>*/(o)) f/*>a,b ?*/();",
    ],
    ["an object that is frozen", "const o = Object.freeze/*><freeze>*/({ /*f:*/f() {} }); o.f/*>f ?*/();"],
    [
      "an object made from entries",
      "const o = Object.fromEntries/*><fromEntries>*/([['a', /*a:*/() => 1]]); o['a']!/*>a ?*/();",
    ],
    [
      "functions assigned from two objects",
      "const o = Object.assign/*><assign>*/({ /*a:*/a() {} }, { /*b:*/b() {} }, { c: /*c:*/() => 1 }); o.a/*>a ?*/(); o.b/*>b ?*/(); o.c/*>c ?*/();",
    ],
    [
      "Object.defineProperty with a getter",
      "const o = {} as { f: () => void }; Object.defineProperty/*><defineProperty>*/(o, 'f', { get: /*get:*/() => /*f:*/() => {} }); o.f/*>f ?*/();",
    ],
    [
      "Object.defineProperties",
      "const o = {} as { f(): void }; Object.defineProperties/*><defineProperties>*/(o, { f: { value: /*f:*/() => {} } }); o.f/*>f ?*/();",
    ],
    [
      "an object made with Object.create and descriptors",
      "const o = Object.create/*><create>*/(null, { f: { value: /*f:*/() => {} } }) as { f(): void }; o.f/*>f ?*/();",
    ],
    [
      "keys of an object of functions",
      "const o = { a: /*a:*/() => 1, b: /*b:*/() => 2 }; for (const k in o) o[k as 'a']/*>a,b ?*/(); Object.keys/*><keys>*/(o).forEach/*><forEach>,&each*/(/*each:*/(k) => { o[k as 'b']/*>a,b ?*/(); });",
    ],
  ],
  "what the language calls by itself": [
    [
      "toString and valueOf that the language calls",
      "/*A:*/class A { /*ts:*/toString() { return 'a'; } } const a = new A/*>A*/(); String/*><String>,&ts*/(a); void `${a}`;",
    ],
    [
      "explicit resource management",
      "/*D:*/class D { /*d:*/[Symbol.dispose]() { f/*>f*/(); } } /*f:*/function f() {} { using d = new D/*>D*/(); void d; }",
    ],
  ],
  "Proxy and Reflect": [
    [
      "a proxy with a trap and one without",
      "/*f:*/function f() {} const p = new Proxy/*><Proxy>*/(f, {}); p/*>f ?*/(); const q = new Proxy/*><Proxy>*/(f, { /*trap:*/apply() {} }); q/*>trap ?*/();",
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
      "Reflect.get and a function of it",
      "const o = { /*f:*/f() {} }; (Reflect.get/*><get>*/(o, 'f') as () => void)/*>f ?*/();",
    ],
    [
      "a proxy whose get gives functions",
      "const p = new Proxy/*><Proxy>*/({} as Record<string, () => void>, { /*get:*/get() { return /*f:*/() => {}; } }); p['any']!/*>f ?*/();",
    ],
    [
      "a proxy of an object without traps",
      "const o = { /*m:*/m() {} }; const p = new Proxy/*><Proxy>*/(o, {}); p.m/*>m ?*/();",
    ],
    [
      "an instance that Reflect.construct makes",
      "class A { /*new:*/constructor(f: () => void) { f/*>f ?*/(); } /*m:*/m() {} } (Reflect.construct/*>new*/(A, [/*f:*/() => {}]) as A).m/*>m*/();",
    ],
  ],
};
