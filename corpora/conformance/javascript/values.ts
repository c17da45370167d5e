import { type Features, many } from "./case.ts";

/** Functions in containers, and functions that built-ins and libraries call. See case.ts for the marks. */
export const VALUES: Features = {
  "functions in arrays, objects, Maps and Sets": [
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
      "for … of over a Map, its values and its forEach",
      "const on = new Map<string, () => number>/*><Map>*/(); on.set/*><set>*/('a', /*a:*/() => 1); for (const [, f] of on) f/*>a ?*/(); for (const f of on.values/*><values>*/()) f/*>a ?*/(); on.forEach/*><forEach>,&each*/(/*each:*/(f) => f/*>a ?*/());",
    ],
    [
      "for … of over a Set, and a Set that is spread",
      "const all = new Set/*><Set>*/([/*f:*/() => 1]); for (const f of all) f/*>f ?*/(); [...all][0]!/*>f ?*/();",
    ],
    [
      "a function kept in a WeakMap",
      "const kept = new WeakMap<object, () => void>/*><WeakMap>*/(); const key = {}; kept.set/*><set>*/(key, /*f:*/() => {}); kept.get/*><get>*/(key)?./*>f ?*/();",
    ],
    [
      "a Map of classes",
      "/*A:*/class A { /*m:*/m() {} } const kinds = new Map<string, typeof A>/*><Map>*/(); kinds.set/*><set>*/('a', A); const K = kinds.get/*><get>*/('a')!; new K/*>A ?*/().m/*>m*/();",
    ],
    [
      "a Map within a field",
      "/*A:*/class A { #on = new Map<string, (() => void)[]>/*><Map>*/(); /*add:*/add(k: string, f: () => void) { const fs = this.#on.get/*><get>*/(k) ?? []; fs.push/*><push>*/(f); this.#on.set/*><set>*/(k, fs); } /*run:*/run(k: string) { for (const f of this.#on.get/*><get>*/(k) ?? []) f/*>f ?*/(); } } const a = new A/*>A*/(); a.add/*>add*/('x', /*f:*/() => {}); a.run/*>run*/('x');",
    ],
    [
      "functions that are pushed, popped and shifted",
      "const fs: (() => number)[] = []; fs.push/*><push>*/(/*a:*/() => 1); fs.unshift/*><unshift>*/(/*b:*/() => 2); fs.pop/*><pop>*/()!/*>a|b ?*/(); fs.shift/*><shift>*/()!/*>b|a ?*/();",
    ],
    [
      "an array of objects with a method",
      "/*A:*/class A { /*m:*/m() { return 1; } } const xs = [new A/*>A*/(), new A/*>A*/()]; for (const x of xs) x.m/*>m*/(); xs[0]!.m/*>m*/(); xs.at/*><at>*/(-1)!.m/*>m*/();",
    ],
    [
      "an object of arrays of functions",
      "const on: Record<string, (() => void)[]> = { x: [/*f:*/() => {}] }; (on['y'] ??= []).push/*><push>*/(/*g:*/() => {}); for (const k of ['x', 'y']) for (const f of on[k]!) f/*>f,g ?*/();",
    ],
    [
      "functions in nested arrays",
      "const fs = [[/*a:*/() => 1], [/*b:*/() => 2]]; for (const row of fs) for (const f of row) f/*>a,b ?*/(); fs.flat/*><flat>*/()[0]!/*>a|b ?*/();",
    ],
    [
      "arrays that are joined and cut",
      "const a = [/*a:*/() => 1], b = a.concat/*><concat>*/([/*b:*/() => 2]); for (const f of b) f/*>a,b ?*/(); b.slice/*><slice>*/(1)[0]!/*>b|a ?*/(); b.splice/*><splice>*/(0, 1)[0]!/*>a|b ?*/();",
    ],
    [
      "an array with a function assigned to an index",
      "const fs: (() => void)[] = []; fs[0] = /*f:*/() => {}; fs[0]/*>f ?*/();",
    ],
    [
      "a Map from classes to their handlers",
      "/*A:*/class A {} const on = new Map<unknown, () => void>/*><Map>*/([[A, /*f:*/() => {}]]); const a = new A/*>A*/(); on.get/*><get>*/(a.constructor)?./*>f ?*/();",
    ],
    [
      "an array of pairs",
      "const pairs: [string, () => number][] = [['a', /*a:*/() => 1]]; for (const [, f] of pairs) f/*>a ?*/(); pairs.map/*><map>,&m*/(/*m:*/([, f]) => f/*>a ?*/()); pairs[0]![1]/*>a ?*/();",
    ],
  ],
  "array callbacks": [
    [
      "map, filter and reduce",
      "[1].map/*><map>,&m*/(/*m:*/(n) => n).filter/*><filter>,&f*/(/*f:*/(n) => n > 0).reduce/*><reduce>,&r*/(/*r:*/(a, n) => a + n, 0);",
    ],
    ["sort asks its comparison", "[2, 1].sort/*><sort>,&c*/(/*c:*/(a, b) => a - b);"],
    [
      "a function of the file as the callback",
      "/*twice:*/function twice(n: number) { return 2 * n; } [1].map/*><map>,&twice*/(twice);",
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
      "the elements that map, forEach and some hand on",
      "const fs = [/*f:*/() => true]; fs.map/*><map>,&m*/(/*m:*/(g) => g/*>f ?*/()); fs.forEach/*><forEach>,&e*/(/*e:*/(g) => { g/*>f ?*/(); }); fs.some/*><some>,&s*/(/*s:*/(g) => g/*>f ?*/()); fs.every/*><every>,&v*/(/*v:*/(g) => g/*>f ?*/());",
    ],
    [
      "the functions that map gives back",
      "[1, 2].map/*><map>,&mk*/(/*mk:*/(n) => /*f:*/() => n).forEach/*><forEach>,&each*/(/*each:*/(g) => { g/*>f ?*/(); });",
    ],
    [
      "a function that find and filter give back",
      "const fs = [/*f:*/() => 1]; fs.find/*><find>,&p*/(/*p:*/(g) => g.length === 0)!/*>f ?*/(); fs.filter/*><filter>,&q*/(/*q:*/(g) => g.length === 0)[0]!/*>f ?*/();",
    ],
    [
      "reduce over functions",
      "const fs = [/*a:*/(n: number) => n + 1, /*b:*/(n: number) => 2 * n]; fs.reduce/*><reduce>,&step*/(/*step:*/(n, f) => f/*>a,b ?*/(n), 0); fs.reduceRight/*><reduceRight>,&back*/(/*back:*/(n, f) => f/*>a,b ?*/(n), 0);",
    ],
    [
      "reduce that puts functions together",
      "const all = [/*a:*/() => {}, /*b:*/() => {}].reduce/*><reduce>,&join*/(/*join:*/(f, g) => /*both:*/() => { f/*>a ?*/(); g/*>b ?*/(); }); all/*>both ?*/();",
    ],
    [
      "a method in a comparison",
      "/*A:*/class A { /*key:*/key() { return 1; } } [new A/*>A*/(), new A/*>A*/()].sort/*><sort>,&by*/(/*by:*/(a, b) => a.key/*>key*/() - b.key/*>key*/());",
    ],
    [
      "the functions that flatMap gives back",
      "for (const f of [1].flatMap/*><flatMap>,&m*/(/*m:*/() => [/*f:*/() => 1])) f/*>f ?*/();",
    ],
    [
      "Array.from over a Set, and the functions it makes",
      "const all = new Set/*><Set>*/([/*f:*/() => 1]); for (const f of Array.from/*><from>*/(all)) f/*>f ?*/(); Array.from/*><from>,&mk*/({ length: 1 }, /*mk:*/() => /*g:*/() => 1)[0]!/*>g ?*/();",
    ],
    [
      "Array.of and a filled array",
      "const fs = Array.of/*><of>*/(/*f:*/() => 1); fs[0]!/*>f ?*/(); new Array<() => number>/*><Array>*/(1).fill/*><fill>*/(/*g:*/() => 2)[0]!/*>g ?*/();",
    ],
    [
      "a method as the callback",
      "/*A:*/class A { /*new:*/constructor(readonly k: number) {} m = /*m:*/(n: number) => n + this.k; } [1].map/*><map>,&m*/(new A/*>new*/(1).m);",
    ],
    [
      "a function that makes the callback",
      "const adder = /*adder:*/(k: number) => /*add:*/(n: number) => n + k; [1].map/*><map>,&add*/(adder/*>adder*/(1));",
    ],
    [
      "callbacks that stand in a variable of an array's own functions",
      "const { map } = Array.prototype; map.call/*><map>,&f*/([1], /*f:*/(n: unknown) => n);",
    ],
    ["entries and keys of an array", "for (const [, f] of [/*f:*/() => 1].entries/*><entries>*/()) f/*>f ?*/();"],
  ],
  "callbacks of other built-ins": [
    [
      "replace with a function",
      "'abc'.replace/*><replace>,&up*/(/b/, /*up:*/(s) => s.toUpperCase/*><toUpperCase>*/());",
    ],
    [
      "JSON.parse and JSON.stringify ask their functions",
      "JSON.parse/*><parse>,&r*/('{}', /*r:*/(_, v: unknown) => v); JSON.stringify/*><stringify>,&j*/({ /*j:*/toJSON() { return 1; } });",
    ],
    [
      "the parts that replace hands on",
      "'a-b'.replace/*><replace>,&up*/(/-(b)/, /*up:*/(_, b: string) => f/*>f*/(b)); /*f:*/function f(s: string) { return s; }",
    ],
    [
      "a function for matches that is kept in a table",
      "const table = { b: /*b:*/() => 'c' }; 'abc'.replaceAll/*><replaceAll>,&pick*/(/[b]/g, /*pick:*/(s) => table[s as 'b']/*>b ?*/());",
    ],
    [
      "a reviver that makes instances",
      "/*A:*/class A { /*m:*/m() {} } const a = JSON.parse/*><parse>,&r*/('1', /*r:*/() => new A/*>A*/()) as A; a.m/*>m*/();",
    ],
    ["Object.groupBy", "Object.groupBy/*><groupBy>,&by*/([1], /*by:*/(n) => `${n}`);"],
    [
      "a function that a sort of one's own calls",
      "/*sorted:*/function sorted<T>(xs: T[], by: (a: T, b: T) => number) { return [...xs].sort/*><sort>,&s*/(/*s:*/(a, b) => by/*>by ?*/(a, b)); } sorted/*>sorted*/([2, 1], /*by:*/(a, b) => a - b);",
    ],
    [
      "toJSON, valueOf and toPrimitive",
      "const o = { /*j:*/toJSON() { return f/*>f*/(); } }; JSON.stringify/*><stringify>,&j*/([o]); const p = { /*v:*/valueOf() { return f/*>f*/(); } }; void (+p + 1); /*f:*/function f() { return 1; }",
    ],
  ],
  promises: [
    [
      "a promise's executor, then, catch and finally",
      "await new Promise<number>/*><Promise>,&ex*/(/*ex:*/(done) => done/*><*> ?*/(1)).then/*><then>,&t*/(/*t:*/(n) => { throw n; }).catch/*><catch>,&c*/(/*c:*/() => 2).finally/*><finally>,&f*/(/*f:*/() => {});",
    ],
    [
      "Promise.all over async functions",
      "/*f:*/async function f() { return 1; } await Promise.all/*><all>*/([f/*>f*/(), f/*>f*/()]);",
    ],
    [
      "a function that a promise is fulfilled with",
      "const mk = /*mk:*/async () => /*f:*/() => 1; await mk/*>mk*/().then/*><then>,&t*/(/*t:*/(f) => f/*>f ?*/());",
    ],
    [
      "what an executor fulfils its promise with",
      "const f = await new Promise<() => number>/*><Promise>,&ex*/(/*ex:*/(done) => { done/*><*> ?*/(/*f:*/() => 1); }); f/*>f ?*/();",
    ],
    [
      "functions that then hands to then",
      "await Promise.resolve/*><resolve>*/(1).then/*><then>,&a*/(/*a:*/() => /*f:*/() => 2).then/*><then>,&b*/(/*b:*/(g) => g/*>f ?*/());",
    ],
    [
      "what Promise.all, race and allSettled give",
      "/*mk:*/async function mk() { return /*f:*/() => 1; } const [f] = await Promise.all/*><all>*/([mk/*>mk*/()]); f/*>f ?*/(); (await Promise.race/*><race>*/([mk/*>mk*/()]))/*>f ?*/();",
    ],
    [
      "a method of an error in catch",
      "/*E:*/class E extends Error { /*m:*/m() {} } await Promise.reject/*><reject>*/(new E/*>E*/('x')).catch/*><catch>,&c*/(/*c:*/(e: E) => e.m/*>m*/());",
    ],
    [
      "the second function of then",
      "await Promise.reject/*><reject>*/(1).then/*><then>,&no*/(/*yes:*/() => {}, /*no:*/() => {});",
    ],
    [
      "a promise with its functions outside",
      "const { promise, resolve } = Promise.withResolvers<() => number>/*><withResolvers>*/(); resolve/*><resolve>*/(/*f:*/() => 1); (await promise)/*>f ?*/();",
    ],
    [
      "a callback made into a promise",
      "const read = /*read:*/(done: (f: () => void) => void) => { done/*><*> ?*/(/*f:*/() => {}); }; const f = await new Promise<() => void>/*><Promise>,&ex*/(/*ex:*/(ok) => read/*>read*/(ok)); f/*>f ?*/();",
    ],
    [
      "an asynchronous callback of map",
      "const fs = await Promise.all/*><all>*/([1].map/*><map>,&m*/(/*m:*/async () => /*f:*/() => 1)); for (const f of fs) f/*>f ?*/();",
    ],
    [
      "try, await and finally",
      "/*f:*/async function f() { throw new Error/*><Error>*/('x'); } /*h:*/function h() {} try { await f/*>f*/(); } catch { h/*>h*/(); } finally { h/*>h*/(); }",
    ],
  ],
  timers: [
    [
      "setTimeout, setImmediate and queueMicrotask",
      "await new Promise<void>/*><Promise>,&ex*/(/*ex:*/(done) => { setTimeout/*><setTimeout>,&t*/(/*t:*/() => {}, 1); setImmediate/*><setImmediate>,&i*/(/*i:*/() => {}); queueMicrotask/*><queueMicrotask>,&q*/(/*q:*/() => {}); setTimeout/*><setTimeout>*/(done, 20); });",
    ],
    ["process.nextTick", "process.nextTick/*><nextTick>,&f*/(/*f:*/() => {}); await null;"],
    [
      "the arguments that a timer hands on",
      "await new Promise<void>/*><Promise>,&ex*/(/*ex:*/(done) => { setTimeout/*><setTimeout>,&t*/(/*t:*/(f: () => void) => { f/*>f ?*/(); done/*><*> ?*/(); }, 1, /*f:*/() => {}); });",
    ],
    [
      "a timer that is repeated and cleared",
      "await new Promise<void>/*><Promise>,&ex*/(/*ex:*/(done) => { const timer = setInterval/*><setInterval>,&t*/(/*t:*/() => { clearInterval/*><clearInterval>*/(timer); f/*>f*/(); done/*><*> ?*/(); }, 1); }); /*f:*/function f() {}",
    ],
    [
      "a method that a timer calls",
      "/*A:*/class A { /*m:*/m() { this.k/*>k*/(); } /*k:*/k() {} } const a = new A/*>A*/(); await new Promise<void>/*><Promise>,&ex*/(/*ex:*/(done) => { setImmediate/*><setImmediate>,&i*/(/*i:*/() => { a.m/*>m*/(); done/*><*> ?*/(); }); });",
    ],
  ],
  events: [
    [
      "an emitter: emit enters the listeners, on does not",
      "import { EventEmitter } from 'node:events'; const e = new EventEmitter/*><EventEmitter>*/(); e.on/*><on>*/('x', /*f:*/() => {}); e.once/*><once>*/('x', /*g:*/() => {}); e.emit/*><emit>,&f,&g*/('x');",
    ],
    [
      "a listener that is removed is not entered",
      "const target = new EventTarget/*><EventTarget>*/(); const f = /*f:*/() => {}; target.addEventListener/*><addEventListener>*/('x', f); target.removeEventListener/*><removeEventListener>*/('x', f); target.addEventListener/*><addEventListener>*/('x', /*g:*/() => {}); target.dispatchEvent/*><dispatchEvent>,&g*/(new Event/*><Event>*/('x'));",
    ],
    [
      "a stream's methods are entered by Node",
      "import { Readable } from 'node:stream'; const r = new Readable/*><Readable>,&read*/({ /*read:*/read() { this.push/*><push>*/(null); } }); for await (const x of r) void x;",
    ],
    [
      "the arguments that emit hands to a listener",
      "import { EventEmitter } from 'node:events'; const e = new EventEmitter/*><EventEmitter>*/(); e.on/*><on>*/('x', /*f:*/(g: () => void) => g/*>g ?*/()); e.emit/*><emit>,&f*/('x', /*g:*/() => {});",
    ],
    [
      "listeners of one event are not handed what another is emitted with",
      "import { EventEmitter } from 'node:events'; /*Hub:*/class Hub extends EventEmitter { /*start:*/start(f: () => void) { this.emit/*><emit>,&onStart*/('start', f); } /*stop:*/stop(f: () => void) { this.emit/*><emit>,&onStop*/('stop', f); } } const hub = new Hub/*>Hub*/(); hub.on/*><on>*/('start', /*onStart:*/(f: () => void) => { f/*>one ?*/(); }); hub.on/*><on>*/('stop', /*onStop:*/(f: () => void) => { f/*>two ?*/(); }); hub.start/*>start*/(/*one:*/() => {}); hub.stop/*>stop*/(/*two:*/() => {});",
    ],
    [
      "a class of emitters",
      "import { EventEmitter } from 'node:events'; /*E:*/class E extends EventEmitter { /*fire:*/fire() { this.emit/*><emit>,&f*/('x'); } } const e = new E/*>E*/(); e.on/*><on>*/('x', /*f:*/() => {}); e.fire/*>fire*/();",
    ],
    [
      "this of a listener",
      "import { EventEmitter } from 'node:events'; /*E:*/class E extends EventEmitter { /*m:*/m() {} } const e = new E/*>E*/(); e.on/*><on>*/('x', /*f:*/function (this: E) { this.m/*>m*/(); }); e.emit/*><emit>,&f*/('x');",
    ],
    [
      "an object that listens",
      "const target = new EventTarget/*><EventTarget>*/(); target.addEventListener/*><addEventListener>*/('x', { /*handle:*/handleEvent() { f/*>f*/(); } }); target.dispatchEvent/*><dispatchEvent>,&handle*/(new Event/*><Event>*/('x')); /*f:*/function f() {}",
    ],
    [
      "an event bus of one's own",
      "/*Bus:*/class Bus { on: Record<string, ((n: number) => void)[]> = {}; /*add:*/add(k: string, f: (n: number) => void) { (this.on[k] ??= []).push/*><push>*/(f); return this; } /*emit:*/emit(k: string) { for (const f of this.on[k] ?? []) f/*>a,b ?*/(1); this.on[k]?.forEach/*><forEach>,&each*/(/*each:*/(f) => f/*>a,b ?*/(2)); } } new Bus/*>Bus*/().add/*>add*/('x', /*a:*/() => {}).add/*>add*/('x', /*b:*/() => {}).emit/*>emit*/('x');",
    ],
    [
      "a handler of once that takes itself off",
      "import { EventEmitter } from 'node:events'; const e = new EventEmitter/*><EventEmitter>*/(); const f = /*f:*/() => { e.off/*><off>*/('x', f); g/*>g*/(); }; e.on/*><on>*/('x', f); e.emit/*><emit>,&f*/('x'); /*g:*/function g() {}",
    ],
  ],
  iterators: [
    [
      "Symbol.iterator that spread and Array.from ask for",
      "/*A:*/class A { /*it:*/*[Symbol.iterator]() { yield 1; } } const a = new A/*>A*/(); void [...a]; Array.from/*><from>*/(a);",
    ],
    [
      "an iterator written by hand",
      "/*A:*/class A { [Symbol.iterator]() { let n = 0; return { next: /*next:*/() => (n++ < 1 ? { done: false as const, value: /*f:*/() => 1 } : { done: true as const, value: undefined }) }; } } for (const f of new A/*>A*/()) f/*>f ?*/();",
    ],
    [
      "an iterator that is asked by hand",
      "/*range:*/function range() { let n = 0; return { /*next:*/next() { return { done: n++ > 1, value: /*f:*/() => n }; } }; } const it = range/*>range*/(); it.next/*>next ?*/().value/*>f ?*/();",
    ],
    [
      "an asynchronous iterator",
      "const o = { async *[Symbol.asyncIterator]() { yield /*f:*/() => 1; } }; for await (const f of o) f/*>f ?*/();",
    ],
    [
      "a class whose iterator is a generator",
      "/*A:*/class A { *[Symbol.iterator]() { yield /*f:*/() => 1; } } for (const f of new A/*>A*/()) f/*>f ?*/(); const [g] = new A/*>A*/(); g!/*>f ?*/(); [...new A/*>A*/()][0]!/*>f ?*/();",
    ],
    [
      "the functions of iterators",
      "/*g:*/function* g() { yield /*f:*/() => 1; } for (const n of g/*>g*/().map/*><map>,&m*/(/*m:*/(f) => f/*>f ?*/())) void n;",
    ],
    [
      "for … of, spread and patterns enter an iterator",
      "/*A:*/class A {\n  /*it:*/[Symbol.iterator]() { return [1].values/*><values>*/(); }\n}\nconst a = new A/*>A*/();\nfor (const x of /*@iteration>it*/a) void x;\nvoid [.../*@iteration>it*/a];\nconst /*@iteration>it*/[first] = a;\nvoid first;",
    ],
    [
      "for await … of enters an asynchronous iterator",
      "const o = {\n  /*it:*/[Symbol.asyncIterator]() {\n    return { /*next:*/async next() { return { done: true as const, value: 1 }; } };\n  },\n};\nfor await (const x of /*@iteration>it*/o) void x;\nexport {};",
    ],
    [
      "yield* enters an iterator",
      "const o = {\n  /*it:*/[Symbol.iterator]() { return [1].values/*><values>*/(); },\n};\n/*g:*/function* g() {\n  yield* /*@iteration>it*/o;\n}\nfor (const x of g/*>g*/()) void x;",
    ],
  ],
  "visitors and registries": [
    [
      "a visitor with a method for each kind",
      "type N = { kind: 'a' } | { kind: 'b' }; /*V:*/class V { /*a:*/a(_: N) {} /*b:*/b(_: N) {} /*visit:*/visit(n: N) { this[n.kind]/*>a|b*/(n); } } new V/*>V*/().visit/*>visit*/({ kind: 'a' });",
    ],
    [
      "a visitor that is accepted by each kind",
      "interface V { a(x: A): void; b(x: B): void } /*A:*/class A { /*aa:*/accept(v: V) { v.a/*>va*/(this); } } /*B:*/class B { /*ba:*/accept(v: V) { v.b/*>vb*/(this); } } const v: V = { /*va:*/a() {}, /*vb:*/b() {} }; for (const x of [new A/*>A*/(), new B/*>B*/()]) x.accept/*>aa,ba*/(v);",
    ],
    [
      "plugins that register themselves",
      "/*App:*/class App { hooks: (() => void)[] = []; /*use:*/use(plugin: (app: App) => void) { plugin/*>p ?*/(this); return this; } /*hook:*/hook(f: () => void) { this.hooks.push/*><push>*/(f); } /*run:*/run() { for (const f of this.hooks) f/*>f ?*/(); } } new App/*>App*/().use/*>use*/(/*p:*/(app) => app.hook/*>hook*/(/*f:*/() => {})).run/*>run*/();",
    ],
    [
      "a registry of makers by name",
      "const makers = new Map<string, () => A>/*><Map>*/(); /*A:*/class A { /*m:*/m() {} } /*register:*/function register(name: string, mk: () => A) { makers.set/*><set>*/(name, mk); } register/*>register*/('a', /*mk:*/() => new A/*>A*/()); makers.get/*><get>*/('a')!/*>mk ?*/().m/*>m*/();",
    ],
    [
      "a middleware chain",
      "type Next = () => void; const chain: ((next: Next) => void)[] = [/*a:*/(next) => next/*>n ?*/(), /*b:*/() => {}]; /*run:*/function run(i: number): void { chain[i]?./*>a,b ?*/(/*n:*/() => run/*>run*/(i + 1)); } run/*>run*/(0);",
    ],
    [
      "a table of commands",
      "const commands = { /*start:*/start() {}, stop: /*stop:*/() => {} }; /*run:*/function run(name: keyof typeof commands) { commands[name]/*>start,stop*/(); } run/*>run*/('start'); run/*>run*/('stop');",
    ],
    [
      "a table of more commands than are followed one by one",
      `${many((n) => `/*f${n}:*/function f${n}() {}`, "\n")}\nconst commands = [${many((n) => `f${n}`)}];\nfor (const one of commands) one/*>${many((n) => `f${n}`)} ?*/();`,
    ],
    [
      "a list of more makers than are followed one by one",
      `${many((n) => `/*C${n}:*/class C${n} {}`, "\n")}\nconst kinds = [${many((n) => `C${n}`)}];\nfor (const Kind of kinds) new Kind/*>${many((n) => `C${n}`)} ?*/();`,
    ],
    [
      "states that follow each other",
      "interface S { next(): S } const red: S = { next: /*r:*/() => green }, green: S = { next: /*g:*/() => red }; let s = red; for (let i = 0; i < 2; i++) s = s.next/*>r,g*/();",
    ],
  ],
  "builders and injected dependencies": [
    [
      "a builder whose methods give it back",
      "/*B:*/class B { /*a:*/a() { return this; } /*b:*/b() { return this; } /*build:*/build() { return 1; } } new B/*>B*/().a/*>a*/().b/*>b*/().a/*>a*/().build/*>build*/();",
    ],
    [
      "a builder's subclass keeps its type",
      "class A { /*a:*/a(): this { return this; } } /*B:*/class B extends A { /*b:*/b(): this { return this; } } new B/*>B*/().a/*>a*/().b/*>b*/().a/*>a*/();",
    ],
    [
      "a builder that is an object",
      "/*query:*/function query() { const self = { /*where:*/where() { return self; }, /*run:*/run() {} }; return self; } query/*>query*/().where/*>where ?*/().where/*>where ?*/().run/*>run ?*/();",
    ],
    [
      "a service that is given to a constructor",
      "interface Log { info(s: string): void } /*L:*/class L implements Log { /*info:*/info(_: string) {} } class S { /*new:*/constructor(private readonly log: Log) {} /*run:*/run() { this.log.info/*>info*/('x'); } } new S/*>new*/(new L/*>L*/()).run/*>run*/();",
    ],
    [
      "services out of a container",
      "/*C:*/class C { #made = new Map<string, unknown>/*><Map>*/(); /*set:*/set(k: string, mk: () => unknown) { this.#made.set/*><set>*/(k, mk/*>mk ?*/()); } /*get:*/get<T>(k: string) { return this.#made.get/*><get>*/(k) as T; } } /*A:*/class A { /*m:*/m() {} } const c = new C/*>C*/(); c.set/*>set*/('a', /*mk:*/() => new A/*>A*/()); c.get<A>/*>get*/('a').m/*>m*/();",
    ],
  ],
};
