import type { Case, Features } from "./case.ts";

/** Two classes, and a bag that has held an instance of each: what is declared to be an `A` is none of the other. */
const PRELUDE =
  "/*A:*/class A { /*m:*/m() {} k() {} } /*B:*/class B { m() {} } const bag: any = {}; bag.x = new B/*>B*/(); bag.x = new A/*>A*/(); ";

/** Declared types: what a value of any type that is handed to them cannot be. See case.ts for the marks. */
export const DECLARED: Features = {
  "declared types keep other values out": (
    [
      ["a parameter", "/*f:*/function f(x: A) { x.m/*>m*/(); } f/*>f*/(bag.x);"],
      ["an optional parameter", "/*f:*/function f(x?: A | null) { x?.m/*>m*/(); } f/*>f*/(bag.x);"],
      ["an assertion", "(bag.x as A).m/*>m*/();"],
      ["what a function returns", "/*g:*/function g(): A { return bag.x; } g/*>g*/().m/*>m*/();"],
      [
        "what an asynchronous function returns",
        "/*g:*/async function g(): Promise<A> { return bag.x; } (await g/*>g*/()).m/*>m*/();",
      ],
      ["a field", "/*Q:*/class Q { f: A = bag.x; /*t:*/t() { this.f.m/*>m*/(); } } new Q/*>Q*/().t/*>t*/();"],
      [
        "a field of a base class",
        "/*P:*/class P { f: A = bag.x; } /*Q:*/class Q extends P { /*t:*/t() { this.f.m/*>m*/(); } } new Q/*>Q*/().t/*>t*/();",
      ],
      ["a member of an interface", "interface I { a: A } const o: I = { a: bag.x }; o.a.m/*>m*/();"],
      ["a member of a parameter's type", "/*f:*/function f({ a }: { a: A }) { a.m/*>m*/(); } f/*>f*/({ a: bag.x });"],
      [
        "a member that may be missing",
        "type O = Partial<{ a: A }>; /*f:*/function f(o: O) { o.a?.m/*>m*/(); } f/*>f*/({ a: bag.x });",
      ],
      ["an element", "const as: A[] = [bag.x]; as[0]!.m/*>m*/();"],
      ["the elements of a loop", "const as: readonly A[] = [bag.x]; for (const a of as) a.m/*>m*/();"],
      [
        "what a callback of an array gets",
        "const as: A[] = [bag.x]; as.forEach/*><forEach>,&cb*/(/*cb:*/(a) => a.m/*>m*/());",
      ],
      [
        "what an array finds",
        "const as: Array<A> = [bag.x]; as.find/*><find>,&cb*/(/*cb:*/(a) => a !== undefined)!.m/*>m*/();",
      ],
      ["the rest of the arguments", "/*f:*/function f(...as: A[]) { as[0]!.m/*>m*/(); } f/*>f*/(bag.x);"],
      [
        "values under any name",
        "const r: { [key: string]: A } = { a: bag.x }; for (const key in r) r[key]!.m/*>m*/();",
      ],
      ["a promise", "const p: Promise<A> = Promise.resolve/*><resolve>*/(bag.x); (await p).m/*>m*/();"],
      ["what a type parameter extends", "/*f:*/function f<T extends A>(x: T) { x.m/*>m*/(); } f/*>f*/(bag.x);"],
      [
        "a getter",
        "/*Q:*/class Q { /*get:*/get a(): A { return bag.x; } } const q = new Q/*>Q*/(); /*@accessor>get*/q.a\n.m/*>m*/();",
      ],
      ["an alias", "type X = A; /*f:*/function f(x: X) { x.m/*>m*/(); } f/*>f*/(bag.x);"],
      [
        "an interface that the other class does not have",
        "interface K { k(): void; m(): void } /*f:*/function f(x: K) { x.m/*>m*/(); } f/*>f*/(bag.x);",
      ],
    ] satisfies Case[]
  ).map(([behaviour, source]): Case => [`a declared type: ${behaviour}`, PRELUDE + source]),
};
