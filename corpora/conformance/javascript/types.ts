import type { Features } from "./case.ts";

/** What only TypeScript has. See case.ts for the marks. */
export const TYPES: Features = {
  overloads: [
    [
      "overloads",
      "function f(a: string): void; function f(a: number): void; /*f:*/function f(_: unknown) {} f/*>f*/(1); /*A:*/class A { m(a: string): void; m(a: number): void; /*m:*/m(_: unknown) {} } new A/*>A*/().m/*>m*/('x');",
    ],
    [
      "overloads of a constructor",
      "class A { constructor(a: string); constructor(a: number); /*new:*/constructor(_: unknown) {} } new A/*>new*/(1); new A/*>new*/('x');",
    ],
    [
      "an overload that takes a function",
      "function on(f: () => void): void; function on(k: string, f: () => void): void; /*on:*/function on(a: string | (() => void), b?: () => void) { const f = typeof a === 'string' ? b! : a; f/*>x,y ?*/(); } on/*>on*/(/*x:*/() => {}); on/*>on*/('k', /*y:*/() => {});",
    ],
  ],
  "abstract classes and interfaces": [
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
      "an optional method of an interface",
      "interface I { m?(): void } const a: I = { /*m:*/m() {} }, b: I = {}; for (const i of [a, b]) i.m?./*>m*/();",
    ],
    [
      "an interface that extends two",
      "interface A { a(): void } interface B { b(): void } interface C extends A, B {} /*K:*/class K implements C { /*a:*/a() {} /*b:*/b() {} } const c: C = new K/*>K*/(); c.a/*>a*/(); c.b/*>b*/();",
    ],
    [
      "an abstract class with a constructor",
      "abstract class A { /*new:*/constructor() { this.init/*>init*/(); } protected abstract init(): void; } class B extends A { /*init:*/protected init() {} } new B/*>new*/();",
    ],
    [
      "a type of function that several functions have",
      "type F = () => number; const fs: F[] = [/*a:*/() => 1]; /*run:*/function run(f: F) { return f/*>a,b ?*/(); } run/*>run*/(fs[0]!); run/*>run*/(/*b:*/() => 2);",
    ],
  ],
  generics: [
    [
      "generics keep what they are given",
      "/*id:*/function id<T>(x: T): T { return x; } /*A:*/class A { /*m:*/m() {} } id/*>id*/(new A/*>A*/()).m/*>m*/(); id/*>id*/(/*f:*/() => 1)/*>f ?*/();",
    ],
    [
      "a generic that is bounded by an interface",
      "interface I { m(): void } /*f:*/function f<T extends I>(x: T) { x.m/*>m*/(); } /*A:*/class A { /*m:*/m() {} } f/*>f*/(new A/*>A*/());",
    ],
    [
      "a box and what is in it",
      "class Box<T> { /*new:*/constructor(readonly value: T) {} /*map:*/map<U>(f: (t: T) => U) { return new Box/*>new*/(f/*>f ?*/(this.value)); } } /*A:*/class A { /*m:*/m() { return 1; } } const box = new Box/*>new*/(new A/*>A*/()); box.value.m/*>m*/(); box.map/*>map*/(/*f:*/(a) => a.m/*>m*/());",
    ],
    [
      "a list of one's own",
      "/*List:*/class List<T> { #all: T[] = []; /*add:*/add(t: T) { this.#all.push/*><push>*/(t); } /*each:*/each(f: (t: T) => void) { for (const t of this.#all) f/*>call ?*/(t); } } const list = new List<() => void>/*>List*/(); list.add/*>add*/(/*f:*/() => {}); list.each/*>each*/(/*call:*/(g) => g/*>f ?*/());",
    ],
    [
      "a key of a type",
      "const o = { /*a:*/a() {}, /*b:*/b() {} }; /*run:*/function run<K extends keyof typeof o>(k: K) { o[k]/*>a|b ?*/(); } run/*>run*/('a');",
    ],
    [
      "a class that is a type argument's value",
      "/*make:*/function make<T extends A>(C: new () => T): T { return new C/*>A,B ?*/(); } /*A:*/class A { /*am:*/m() {} } /*B:*/class B extends A { /*bm:*/override m() {} } make/*>make*/(A).m/*>am|bm*/(); make/*>make*/(B).m/*>bm*/();",
    ],
  ],
  "assertions and type-only syntax": [
    [
      "assertions, non-null marks, satisfies and type arguments",
      "/*f:*/function f<T>(x: T) { return x; } (f as typeof f)/*>f*/(1); f!/*>f*/(1); f<number>/*>f*/(1); (f satisfies unknown)/*>f*/(1); (<typeof f>f)/*>f*/(1);",
    ],
    [
      "import type and export type leave nothing behind",
      {
        "main.ts":
          "import type { T } from './b.ts'; import { f, type U } from './b.ts'; const x: T & U = { a: 1, b: 2 }; f/*>f*/(x);",
        "b.ts": "export type T = { a: number }; export interface U { b: number } /*f:*/export function f(_: T) {}",
      },
    ],
    [
      "satisfies and as const on tables",
      "const on = { a: /*a:*/() => 1, /*b:*/b() { return 2; } } as const satisfies Record<string, () => number>; on.a/*>a*/(); on['b']/*>b*/();",
    ],
    [
      "a type predicate and an assertion function",
      "/*A:*/class A { /*m:*/m() {} } /*isA:*/function isA(x: unknown): x is A { return x instanceof A; } /*must:*/function must(x: unknown): asserts x is A { if (!isA/*>isA*/(x)) throw 1; } const x: unknown = new A/*>A*/(); if (isA/*>isA*/(x)) x.m/*>m*/(); must/*>must*/(x); x.m/*>m*/();",
    ],
  ],
  decorators: [
    [
      "a decorator's function is not asked about, what stands inside it is",
      "/*log:*/function log(_t: unknown, _c: unknown) { seen/*>seen*/(); } /*seen:*/function seen() {} /*A:*/class A { /*m:*/@log m() {} } new A/*>A*/().m/*>m*/();",
    ],
    [
      "a decorator that is made by a call",
      "/*mk:*/function mk(_n: number) { return /*dec:*/(_t: unknown, _c: unknown) => {}; } /*A:*/class A { /*m:*/@(mk/*>mk*/(1)) m() {} } new A/*>A*/().m/*>m*/();",
    ],
    [
      "a decorator that puts a function in place of the method",
      "/*wrap:*/function wrap<A extends unknown[], R>(f: (...a: A) => R, _c: unknown) { return /*w:*/function (this: unknown, ...a: A): R { return f.apply/*>m ?*/(this, a); }; } /*A:*/class A { /*m:*/@wrap m() { return 1; } } new A/*>A*/().m/*>w ?*/();",
    ],
    [
      "a decorator of a class that gives another class",
      "/*also:*/function also<C extends new (...a: any[]) => object>(C: C, _c: unknown) { return /*D:*/class extends C { /*k:*/k() {} }; } /*A:*/@also class A { /*m:*/m() {} } new A/*>D ?*/().m/*>m ?*/();",
    ],
    [
      "a decorator that registers",
      "const all: (() => unknown)[] = []; /*reg:*/function reg(f: () => unknown, _c: unknown) { all.push/*><push>*/(f); } /*A:*/class A { /*m:*/@reg m() { return 1; } } void A; for (const f of all) f/*>m ?*/();",
    ],
    [
      "decorators of a class, a method and a field",
      "/*onClass:*/function onClass(_t: unknown, _c: unknown) {}\n/*onMethod:*/function onMethod(_t: unknown, _c: unknown) {}\n/*onField:*/function onField(_t: unknown, _c: unknown) {}\n/*@decorator>onClass*//*A:*/@onClass class A { x = 1; }\n/*B:*/class B { /*@decorator>onMethod*//*m:*/@onMethod m() {} }\n/*C:*/class C { /*@decorator>onField*/@onField f = 1; }\nvoid A; void B; void C;",
    ],
    [
      "a decorator that a function makes enters what it gives back",
      "/*mk:*/function mk(_n: number) {\n  return /*dec:*/(_t: unknown, _c: unknown) => {};\n}\n/*A:*/class A { /*@decorator>dec*//*m:*/@(mk/*>mk*/(1)) m() {} }\nvoid A;",
    ],
    [
      "a decorator of another module, and one out of an object",
      {
        "main.ts":
          "import { log } from './b.ts';\nconst on = { /*own:*/own(_t: unknown, _c: unknown) {} };\n/*A:*/class A { /*@decorator>log*//*m:*/@log m() {} }\n/*B:*/class B { /*@decorator>own*//*n:*/@on.own n() {} }\nvoid A; void B;",
        "b.ts": "/*log:*/export function log(_t: unknown, _c: unknown) {}",
      },
    ],
    [
      "decorators as they were before the standard",
      {
        "tsconfig.json": '{ "compilerOptions": { "experimentalDecorators": true } }',
        "main.ts":
          "/*method:*/function method(_t: object, _k: string, d: PropertyDescriptor) { all.push/*><push>*/(d.value as () => number); }\n/*cls:*/function cls(C: new () => object) { new C/*>A ?*/(); }\nconst all: (() => number)[] = [];\n/*@decorator>cls*//*A:*/@cls class A { /*@decorator>method*//*m:*/@method m() { return 1; } }\nvoid A;\nfor (const f of all) f/*>m ?*/();",
      },
    ],
    [
      "a decorator that a function makes, before the standard",
      {
        "tsconfig.json": '{ "compilerOptions": { "experimentalDecorators": true } }',
        "main.ts":
          "/*mk:*/function mk(_n: string) {\n  return /*dec:*/(_C: new () => object) => {};\n}\n/*@decorator>dec*//*A:*/@mk/*>mk*/('a') class A {}\nvoid A;",
      },
    ],
    [
      "a method that a decorator before the standard replaces",
      {
        "tsconfig.json": '{ "compilerOptions": { "experimentalDecorators": true } }',
        "main.ts":
          "/*wrap:*/function wrap(_t: object, _k: string, d: PropertyDescriptor) { const f = d.value as () => number; d.value = /*w:*/function (this: unknown) { return f.call/*>m ?*/(this); }; }\n/*A:*/class A { /*m:*/@wrap m() { return 1; } }\nnew A/*>A*/().m/*>w ?*/();",
      },
    ],
  ],
  "namespaces and enums": [
    [
      "a namespace",
      "namespace N { export const f = /*f:*/() => 1; /*g:*/export function g() { f/*>f*/(); } } N.g/*>g*/(); N.f/*>f*/();",
    ],
    [
      "an enum's initialiser calls, and its members are keys",
      "/*n:*/function n() { return 2; } enum E { A = 1, B = n/*>n*/() } const table: Record<E.A, () => void> = { [E.A]: /*a:*/() => {} }; table[E.A]/*>a ?*/(); void E.B;",
    ],
    [
      "namespaces within namespaces",
      "namespace A.B { /*f:*/export function f() {} export namespace C { /*g:*/export function g() { f/*>f*/(); } } } A.B.f/*>f*/(); A.B.C.g/*>g*/(); import C = A.B.C; C.g/*>g*/();",
    ],
    [
      "handlers by the members of an enum",
      "enum K { A = 'a', B = 'b' } const on: Record<K, () => void> = { [K.A]: /*a:*/() => {}, [K.B]: /*b:*/() => {} }; for (const k of [K.A, K.B]) on[k]/*>a,b ?*/();",
    ],
    [
      "a constant enum as a key",
      "const enum K { A = 'a' } const on = { /*a:*/[K.A]() {} }; on[K.A]/*>a*/(); on.a/*>a*/();",
    ],
  ],
  "class syntax of TypeScript": [
    [
      "parameter properties",
      "class A { /*new:*/constructor(private readonly f: () => void) {} /*m:*/m() { this.f/*>g ?*/(); } } new A/*>new*/(/*g:*/() => {}).m/*>m*/();",
    ],
    [
      "definite fields and declared members",
      "/*A:*/class A { f!: () => void; declare g: () => void; /*set:*/set(f: () => void) { this.f = f; } } const a = new A/*>A*/(); a.set/*>set*/(/*f:*/() => {}); a.f/*>f ?*/();",
    ],
  ],
  "tests of what a value is": [
    [
      "a test that returns",
      "/*A:*/class A { /*a:*/m() {} } /*B:*/class B { /*b:*/m() {} } /*f:*/function f(x: A | B) { if (x instanceof A) { x.m/*>a*/(); return; } x.m/*>b*/(); } f/*>f*/(new A/*>A*/()); f/*>f*/(new B/*>B*/());",
    ],
    [
      "a function that says what it is given",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } /*isA:*/function isA(x: A | B): x is A { return 'a' in x; } /*f:*/function f(x: A | B) { if (isA/*>isA*/(x)) x.m/*>am*/(); else x.m/*>bm*/(); } f/*>f*/(new A/*>A*/()); f/*>f*/(new B/*>B*/());",
    ],
    [
      "a method that says what it is called on",
      "/*N:*/class N { /*is:*/is(): this is L { return this instanceof L; } /*nm:*/m() {} } /*L:*/class L extends N { l = 1; /*lm:*/m() {} } /*f:*/function f(x: N) { if (x.is/*>is*/()) x.m/*>lm*/(); } f/*>f*/(new N/*>N*/()); f/*>f*/(new L/*>L*/());",
    ],
    [
      "a member that is tested",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } class H { /*new:*/constructor(public x: A | B) {} /*use:*/use() { if (this.x instanceof A) this.x.m/*>am*/(); else this.x.m/*>bm*/(); } } new H/*>new*/(new A/*>A*/()).use/*>use*/(); new H/*>new*/(new B/*>B*/()).use/*>use*/();",
    ],
    [
      "tests that are joined",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } /*C:*/class C { c = 1; /*cm:*/m() {} } /*f:*/function f(x: A | B | C) { if (x instanceof A || x instanceof B) return; x.m/*>cm*/(); } f/*>f*/(new A/*>A*/()); f/*>f*/(new B/*>B*/()); f/*>f*/(new C/*>C*/());",
    ],
    [
      "a function or something else",
      "/*A:*/class A { /*m:*/m() {} } /*f:*/function f(x: A | (() => void)) { if (typeof x === 'function') x/*>g ?*/(); else x.m/*>m*/(); } f/*>f*/(new A/*>A*/()); f/*>f*/(/*g:*/() => {});",
    ],
    [
      "one or several",
      "/*A:*/class A { /*m:*/m() {} } /*f:*/function f(x: A | A[]) { if (Array.isArray/*><isArray>*/(x)) x[0]!.m/*>m*/(); else x.m/*>m*/(); } f/*>f*/(new A/*>A*/()); f/*>f*/([new A/*>A*/()]);",
    ],
  ],
  "types that others are made of": [
    [
      "a field of a generic class",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } const all: any = { a: new A/*>A*/(), b: new B/*>B*/() }; /*pick:*/function pick(k: string): any { return all[k]; } class Box<T> { /*new:*/constructor(public value: T) {} } const a: Box<A> = new Box/*>new*/(pick/*>pick*/('a')), b = new Box<B>/*>new*/(pick/*>pick*/('b')); a.value.m/*>am*/(); b.value.m/*>bm*/();",
    ],
    [
      "a base class with an argument",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } const all: any = { a: new A/*>A*/(), b: new B/*>B*/() }; /*pick:*/function pick(k: string): any { return all[k]; } class Keeper<T> { /*new:*/constructor(protected kept: T[]) {} } class OfA extends Keeper<A> { /*use:*/use() { this.kept[0]!.m/*>am*/(); } } new OfA/*>new*/([pick/*>pick*/('a')]).use/*>use*/();",
    ],
    [
      "values of maps and records",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } const all: any = { a: new A/*>A*/(), b: new B/*>B*/() }; /*pick:*/function pick(k: string): any { return all[k]; } const map = new Map<string, A>/*><Map>*/(), byName: Record<string, B> = {}; map.set/*><set>*/('x', pick/*>pick*/('a')); byName['y'] = pick/*>pick*/('b'); map.get/*><get>*/('x')!.m/*>am*/(); for (const one of Object.values/*><values>*/(byName)) one.m/*>bm*/();",
    ],
    [
      "what a function of a declared type is given",
      "/*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } const all: any = { a: new A/*>A*/(), b: new B/*>B*/() }; /*pick:*/function pick(k: string): any { return all[k]; } /*give:*/function give(f: (a: A, b: B) => void) { f/*>g ?*/(pick/*>pick*/('a'), pick/*>pick*/('b')); } give/*>give*/(/*g:*/(a, b) => { a.m/*>am*/(); b.m/*>bm*/(); });",
    ],
  ],
  "types that depend on the receiver": [
    [
      "what a method returns that returns `this`",
      "const made: any = {}; /*pick:*/function pick(k: string): any { return made[k]; } class Base { id = 'base'; /*copy:*/copy(): this { return pick/*>pick*/(this.id); } /*bm:*/m() {} } /*L:*/class L extends Base { id = 'l'; /*lm:*/m() {} } /*S:*/class S extends Base { id = 's'; /*sm:*/m() {} } made.l = new L/*>L*/(); made.s = new S/*>S*/(); const l: L = new L/*>L*/(); l.copy/*>copy*/().m/*>lm*/(); new S/*>S*/().copy/*>copy*/().copy/*>copy*/().m/*>sm*/();",
    ],
    [
      "what `super` returns that returns `this`",
      "const made: any = {}; /*pick:*/function pick(k: string): any { return made[k]; } class Base { id = 'base'; /*copy:*/copy(): this { return pick/*>pick*/(this.id); } /*bm:*/m() {} } /*L:*/class L extends Base { id = 'l'; l = 1; /*lcopy:*/copy() { const next = super.copy/*>copy*/(); next.m/*>lm*/(); return next; } /*lm:*/m() {} } /*S:*/class S extends Base { id = 's'; s = 1; /*sm:*/m() {} } made.l = new L/*>L*/(); made.s = new S/*>S*/(); new L/*>L*/().copy/*>lcopy*/().m/*>lm*/(); new S/*>S*/().copy/*>copy|lcopy*/().m/*>sm*/();",
    ],
    [
      "an interface that returns `this`",
      "const made: any = {}; /*pick:*/function pick(k: string): any { return made[k]; } interface Copied { copy(): this } interface Named extends Copied { m(): void } /*L:*/class L implements Named { /*lcopy:*/copy(): this { return pick/*>pick*/('l'); } /*lm:*/m() {} } /*S:*/class S { /*sm:*/m() {} } made.l = new L/*>L*/(); made.s = new S/*>S*/(); /*use:*/function use(x: Named) { x.copy/*>lcopy*/().m/*>lm*/(); } use/*>use*/(new L/*>L*/());",
    ],
    [
      "a function that says what it is called on",
      "const made: any = {}; /*pick:*/function pick(k: string): any { return made[k]; } /*A:*/class A { a = 1; /*am:*/m() {} } /*B:*/class B { b = 1; /*bm:*/m() {} } made.a = new A/*>A*/(); made.b = new B/*>B*/(); /*f:*/function f(this: A) { this.m/*>am*/(); } /*g:*/function g(this: B) { this.m/*>bm*/(); } f.call/*>f*/(pick/*>pick*/('a')); g.call/*>g*/(pick/*>pick*/('b'));",
    ],
  ],
  "types of receivers": [
    [
      "a union of classes",
      "/*A:*/class A { /*a:*/m() {} } class B { /*b:*/m() {} } /*f:*/function f(x: A | B) { x.m/*>a|b*/(); if (x instanceof B) x.m/*>|b*/(); } f/*>f*/(new A/*>A*/());",
    ],
    [
      "a receiver of any type",
      "/*A:*/class A { /*m:*/m() {} } const a: any = new A/*>A*/(); a.m/*>m ?*/(); a['m']/*>m ?*/();",
    ],
    [
      "a type that is inferred from a result",
      "/*A:*/class A { /*b:*/b() { return { c: new C/*>C*/() }; } } /*C:*/class C { /*m:*/m() {} } const make = /*make:*/() => new A/*>A*/(); make/*>make*/().b/*>b*/().c.m/*>m*/();",
    ],
    [
      "kinds that a field tells apart",
      "/*A:*/class A { readonly kind = 'a'; /*am:*/m() {} } /*B:*/class B { readonly kind = 'b'; /*bm:*/k() {} } /*run:*/function run(x: A | B) { if (x.kind === 'a') x.m/*>am*/(); else x.k/*>bm*/(); } run/*>run*/(new A/*>A*/()); run/*>run*/(new B/*>B*/());",
    ],
    [
      "a type of two types",
      "interface N { n(): void } /*A:*/class A { /*m:*/m() {} } const x: A & N = Object.assign/*><assign>*/(new A/*>A*/(), { /*n:*/n() {} }); x.m/*>m*/(); x.n/*>n ?*/();",
    ],
    [
      "a type of a member of another",
      "interface Opts { log: { info(): void } } /*use:*/function use(log: Opts['log']) { log.info/*>info*/(); } use/*>use*/({ /*info:*/info() {} });",
    ],
    [
      "a type of what a function gives",
      "/*mk:*/function mk() { return { /*m:*/m() {} }; } /*use:*/function use(x: ReturnType<typeof mk>) { x.m/*>m ?*/(); } use/*>use*/(mk/*>mk*/());",
    ],
    [
      "types in JSDoc",
      {
        "main.js":
          "/*A:*/class A { /*m:*/m() {} }\n/** @param {A} a */\n/*use:*/function use(a) { a.m/*>m*/(); }\nuse/*>use*/(new A/*>A*/());",
      },
    ],
  ],
  TSX: [
    [
      "a module's function in a .tsx file",
      { "main.tsx": "/*f:*/export function f<T,>(x: T) { return x; } f/*>f*/(1);" },
    ],
  ],
  "declaration merging": [
    [
      "an interface and a class of one name",
      "interface A { k(): void } /*A:*/class A { /*m:*/m() { this.k/*>k*/(); } } A.prototype.k = /*k:*/function () {}; new A/*>A*/().m/*>m*/();",
    ],
    [
      "an interface and a class of one name, which extends another",
      "const made: any = {}; /*pick:*/function pick(k: string): any { return made[k]; } class Base { id = 'base'; /*copy:*/copy(): this { return pick/*>pick*/(this.id); } /*bm:*/m() {} } /*L:*/class L extends Base { id = 'l'; /*lm:*/m() {} } interface R { more?: string } /*R:*/class R extends Base { id = 'r'; /*rm:*/m() {} } made.l = new L/*>L*/(); made.r = new R/*>R*/(); const r: R = pick/*>pick*/('r'), l: L = pick/*>pick*/('l'); r.m/*>rm*/(); r.copy/*>copy*/().m/*>rm*/(); l.m/*>lm*/();",
    ],
    [
      "a function and a namespace of one name",
      "/*f:*/function f() { return f.g/*>g*/(); } namespace f { /*g:*/export function g() { return 1; } } f/*>f*/(); f.g/*>g*/();",
    ],
    [
      "an enum and a namespace of one name",
      "enum E { A = 1 } namespace E { /*of:*/export function of() { return E.A; } } E.of/*>of*/();",
    ],
    [
      "two namespaces of one name",
      "namespace N { /*f:*/export function f() {} } namespace N { /*g:*/export function g() { f/*>f*/(); } } N.f/*>f*/(); N.g/*>g*/();",
    ],
  ],
  JSX: [
    [
      "an element enters its component",
      {
        "node_modules/jsx/package.json": '{ "name": "jsx", "type": "module", "exports": "./index.js" }',
        "node_modules/jsx/index.js":
          "export const h = (C, props, ...children) => typeof C !== 'function' ? C : C.prototype?.render ? new C(props).render() : C({ ...props, children });",
        "main.tsx":
          "/** @jsx h */ import { h } from 'jsx';\n/*A:*/function A() { return 1 as never; }\nconst B = /*B:*/() => 2 as never;\nvoid /*@jsx>A*/<A />;\nvoid /*@jsx>B*/<B></B>;",
      },
    ],
    [
      "a component out of an object, and one of another module",
      {
        "node_modules/jsx/package.json": '{ "name": "jsx", "type": "module", "exports": "./index.js" }',
        "node_modules/jsx/index.js":
          "export const h = (C, props, ...children) => typeof C !== 'function' ? C : C.prototype?.render ? new C(props).render() : C({ ...props, children });",
        "main.tsx":
          "/** @jsx h */ import { h } from 'jsx';\nimport { C } from './c.ts';\nconst ui = { /*A:*/A() { return 1 as never; } };\nvoid /*@jsx>A*/<ui.A />;\nvoid /*@jsx>C*/<C />;",
        "c.ts": "/*C:*/export function C() { return 1 as never; }",
      },
    ],
    [
      "a function among a component's properties",
      {
        "node_modules/jsx/package.json": '{ "name": "jsx", "type": "module", "exports": "./index.js" }',
        "node_modules/jsx/index.js":
          "export const h = (C, props, ...children) => typeof C !== 'function' ? C : C.prototype?.render ? new C(props).render() : C({ ...props, children });",
        "main.tsx":
          "/** @jsx h */ import { h } from 'jsx';\n/*A:*/function A({ f }: { f: () => void }) { f/*>f ?*/(); return 1 as never; }\nvoid /*@jsx>A*/<A f={/*f:*/() => {}} />;",
      },
    ],
    [
      "a component within a component",
      {
        "node_modules/jsx/package.json": '{ "name": "jsx", "type": "module", "exports": "./index.js" }',
        "node_modules/jsx/index.js":
          "export const h = (C, props, ...children) => typeof C !== 'function' ? C : C.prototype?.render ? new C(props).render() : C({ ...props, children });",
        "main.tsx":
          "/** @jsx h */ import { h } from 'jsx';\n/*A:*/function A(props: { children?: unknown }) { return props as never; }\n/*B:*/function B() { return 1 as never; }\nvoid /*@jsx>A*/<A>\n  {/*@jsx>B*/<B />}\n</A>;\nvoid <div>{f/*>f*/()}</div>;\n/*f:*/function f() { return 1; }",
      },
    ],
    [
      "a component that is a class",
      {
        "node_modules/jsx/package.json": '{ "name": "jsx", "type": "module", "exports": "./index.js" }',
        "node_modules/jsx/index.js":
          "export const h = (C, props, ...children) => typeof C !== 'function' ? C : C.prototype?.render ? new C(props).render() : C({ ...props, children });",
        "main.tsx":
          "/** @jsx h */ import { h } from 'jsx';\nclass A { /*new:*/constructor(readonly props: { f: () => void }) {} /*render:*/render() { this.props.f/*>f ?*/(); return 1; } }\nvoid /*@jsx>new*/<A f={/*f:*/() => {}} />;",
      },
    ],
  ],
};
