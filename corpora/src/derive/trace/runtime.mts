/**
 * Runs inside the tests of a corpus, before anything else: the `__drift__` that instrumented code calls. It records
 * each pair of call site and entered function once and changes nothing about the call.
 *
 * One file, with nothing but types beside it: it is copied into a scratch folder by itself, is given to `--import` by its
 * path, and tells its own stack frames from others by that path.
 */
import { appendFileSync } from "node:fs";
import { types } from "node:util";
import { threadId } from "node:worker_threads";
import type { Caller, Fn, Hooks, Identity, Kind } from "./hooks.ts";

// Taken before any test can replace them.
const { apply, construct, getPrototypeOf, ownKeys, getOwnPropertyDescriptor } = Reflect;
const captureStackTrace = Error.captureStackTrace.bind(Error);
const textOf = getOwnPropertyDescriptor(Function.prototype, "toString")?.value as Fn;
const KINDS = { definition: "d", class: "d", native: "n", outside: "o", hidden: "h" } as const;
const OBJECT_OPTIONAL = 1;
const CALL_OPTIONAL = 2;
/** No native or outside function is running that a site called. */
const NOBODY = -1;
/** How often a definition is asked whether a native function entered it, before the answer is taken to be no. */
const MOST_LOOKS = 5;
const MOST_SITES = 20;
const MOST_KEYS = 30;

/** Hooks that hand each pair of call site and target to `record` that is not in `seen`. */
export function createHooks(
  record: (site: number, kind: Kind, target: number | string) => void,
  options: { seen?: Set<string>; root?: string } = {},
): Hooks & { forget: (this: void) => void } {
  const known = new WeakMap<object, Identity>();
  const seen = options.seen ?? new Set<string>();
  const looks = new Map<string, number>();
  /** Definitions that were handed to native and outside functions, which may enter them later, and the sites that did. */
  const handed = new Map<number, Set<number>>();
  const choices: { site: number; callee: Fn }[] = [];
  let running = NOBODY;
  /** The site that called a bound function or proxy, until what stands behind it is entered. */
  let awaited = NOBODY;

  const identify = (callee: Fn): Identity => {
    let identity = known.get(callee);
    if (identity === undefined) {
      identity = identityOf(callee, identify);
      known.set(callee, identity);
    }
    return identity;
  };
  const note = (site: number, identity: Identity): void => {
    const kind = KINDS[identity.kind];
    const target = "name" in identity ? identity.name : "index" in identity ? identity.index : 0;
    const key = `${site}${kind}${target}`;
    if (seen.has(key)) return;
    seen.add(key);
    record(site, kind, target);
  };
  /** What `f.call(…)`, `f.apply(…)` and `Reflect.apply(f, …)` enter is `f`. */
  const entered = (callee: Fn, self: unknown, args: unknown[]): Fn => {
    const identity = identify(callee);
    if (identity.kind !== "native") return callee;
    if ((identity.name === "call" || identity.name === "apply") && typeof self === "function") return self as Fn;
    // `Reflect` of any realm: no other native of these names is called on something that is no function.
    const reflects = identity.name === "apply" || identity.name === "construct";
    return reflects && typeof args[0] === "function" ? (args[0] as Fn) : callee;
  };
  const hand = (site: number, given: unknown): void => {
    if (typeof given !== "function") return;
    const identity = identify(given as Fn);
    if (!("index" in identity)) return;
    const sites = handed.get(identity.index) ?? new Set();
    if (sites.size < MOST_SITES) handed.set(identity.index, sites.add(site));
  };
  /** Notes what a site enters and runs it, aware of who runs. */
  const run = (site: number, target: Fn, args: unknown[], act: () => unknown): unknown => {
    const identity = identify(target);
    if (identity.kind === "hidden") awaited = site;
    else note(site, identity);
    const before = running;
    running = "index" in identity ? NOBODY : site;
    if (running !== NOBODY) for (const given of args.flatMap(functionsIn)) hand(site, given);
    try {
      return act();
    } finally {
      if (identity.kind === "hidden" && awaited === site) note(site, identity);
      awaited = NOBODY;
      running = before;
    }
  };
  const call = (site: number, callee: Fn, self: unknown, args: unknown[]): unknown =>
    run(site, entered(callee, self, args), args, () => apply<unknown, unknown[], unknown>(callee, self, args));
  /** Whether the body that starts now was entered by a native function, a library or nobody, and how. */
  const look = (site: number, definition: number): void => {
    const key = `${site}c${definition}`;
    if (seen.has(key)) return;
    const times = looks.get(key) ?? 0;
    if (times >= MOST_LOOKS) return;
    looks.set(key, times + 1);
    if (!isEnteredFromOutside(callers(hooks.enter)[1], options.root ?? "/")) return;
    seen.add(key);
    record(site, "c", definition);
  };

  const hooks: Hooks = {
    value(site, callee) {
      if (typeof callee !== "function") return callee;
      const identity = identify(callee as Fn);
      // Most calls of a name enter what they entered before.
      if ("index" in identity && seen.has(`${site}d${identity.index}`)) return callee;
      return (...args: unknown[]): unknown => call(site, callee as Fn, undefined, args);
    },
    member(site, flags, object, key) {
      if ((object === undefined || object === null) && (flags & OBJECT_OPTIONAL) !== 0) return undefined;
      const callee: unknown =
        typeof key === "function" ? (key as Fn)(object) : (object as Record<PropertyKey, unknown>)[key as PropertyKey];
      if ((callee === undefined || callee === null) && (flags & CALL_OPTIONAL) !== 0) return undefined;
      return (...args: unknown[]): unknown => {
        if (typeof callee !== "function") throw new TypeError(`${String(key)} is not a function`);
        const result = call(site, callee as Fn, object, args);
        // A bound function hides what it is bound to; here it can still be seen.
        const binds = typeof result === "function" && typeof object === "function" && callee.name === "bind";
        if (binds && isBound(result as Fn)) known.set(result, identify(object as Fn));
        return result;
      };
    },
    inherited(site, self, callee) {
      return (...args: unknown[]): unknown => {
        if (typeof callee !== "function") throw new TypeError("(intermediate value) is not a function");
        return call(site, callee as Fn, self, args);
      };
    },
    construct(site, callee, args) {
      if (typeof callee !== "function") return new (callee as new (...args: unknown[]) => unknown)(...args);
      return run(site, callee as Fn, args, () => construct(callee, args) as unknown);
    },
    chosen(site, callee) {
      if (typeof callee === "function") choices.push({ site, callee: callee as Fn });
      return callee;
    },
    made(site) {
      const at = choices.findLastIndex((choice) => choice.site === site);
      const [choice] = at === -1 ? [] : choices.splice(at, 1);
      if (choice !== undefined) note(site, identify(choice.callee));
      return [];
    },
    super(site, newTarget, here) {
      // From the class that is made up to the one whose constructor runs; its parent is what `super(…)` enters.
      for (let at = newTarget as Fn | null; typeof at === "function"; at = getPrototypeOf(at) as Fn | null) {
        const identity = identify(at);
        if (identity.kind !== "definition" || identity.index !== here) continue;
        if (ownConstructorOf(at) !== here) continue;
        const parent = getPrototypeOf(at) as Fn | null;
        if (typeof parent === "function") note(site, identify(parent));
        break;
      }
      return [];
    },
    enter(definition) {
      if (awaited !== NOBODY && isHere(callers(hooks.enter)[1])) {
        note(awaited, { kind: "definition", index: definition });
        awaited = NOBODY;
        return;
      }
      if (running !== NOBODY) look(running, definition);
      else for (const site of handed.get(definition) ?? []) look(site, definition);
    },
  };
  return {
    ...hooks,
    forget() {
      for (const memory of [seen, looks, handed]) memory.clear();
      choices.length = 0;
    },
  };
}

/** An argument, and what stands in it when it is a plain object or array; no getter is run. */
function functionsIn(given: unknown): unknown[] {
  if (typeof given !== "object" || given === null || types.isProxy(given)) return [given];
  const prototype = getPrototypeOf(given);
  if (prototype !== null && getPrototypeOf(prototype) !== null && !Array.isArray(given)) return [];
  const keys = ownKeys(given);
  return keys.length > MOST_KEYS ? [] : keys.map((key) => getOwnPropertyDescriptor(given, key)?.value as unknown);
}

/** True when the caller is native, of Node, of a package, or nobody; a test, the corpus and these hooks are not. */
function isEnteredFromOutside(caller: Caller | undefined, root: string): boolean {
  if (caller === undefined || caller.isAsync()) return true;
  const file = pathOf(caller.getFileName() ?? "");
  if (file === "" || file.startsWith("node:") || file.includes("/node_modules/")) return true;
  return !file.startsWith(root) && !isHere(caller);
}

const isHere = (caller: Caller | undefined): boolean => pathOf(caller?.getFileName() ?? "") === pathOf(import.meta.url);
const pathOf = (file: string): string => file.replace(/^file:\/\//, "");

/** Who called `hook`, and who called them. */
function callers(hook: (definition: number) => void): Caller[] {
  const { stackTraceLimit } = Error;
  // Some set it to a function that needs no receiver, and most leave it alone.
  const prepare = getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: Caller[] } = {};
  Error.stackTraceLimit = 2;
  Error.prepareStackTrace = (_, calls) => calls;
  try {
    captureStackTrace(holder, hook);
    return holder.stack ?? [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepare === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", prepare);
  }
}

const sourceOf = (callee: Fn): string => String(apply(textOf, callee, []));

function isBound(callee: Fn): boolean {
  return callee.name.startsWith("bound ") && sourceOf(callee).endsWith("{ [native code] }");
}

const MARKER = /"drift:(?:F(\d+)|C(\d*):(\d*))@(\d+)"/g;

function identityOf(callee: Fn, identify: (callee: Fn) => Identity): Identity {
  if (types.isProxy(callee)) return { kind: "hidden" }; // Looking at it would run its traps.
  const source = sourceOf(callee);
  const own = ownMarker(source);
  if (own === undefined || (source.startsWith("class") && own[1] !== undefined)) {
    if (!source.endsWith("{ [native code] }")) return { kind: "outside" };
    const { name } = callee;
    // A bound function hides what it is bound to.
    if (name.startsWith("bound ")) return { kind: "hidden" };
    return name === "" ? { kind: "outside" } : { kind: "native", name };
  }
  if (own[1] !== undefined) return { kind: "definition", index: Number(own[1]) };
  if (own[2] !== "") return { kind: "definition", index: Number(own[2]) };
  // No constructor of its own: that of the nearest base class of the corpus, else the class itself.
  const parent = getPrototypeOf(callee) as Fn | null;
  if (typeof parent === "function") {
    const inherited = identify(parent);
    if (inherited.kind === "definition") return inherited;
  }
  return { kind: "class", index: Number(own[3]) };
}

/** The least deep marker in the text of a function: its own. */
function ownMarker(source: string): RegExpMatchArray | undefined {
  let own: RegExpMatchArray | undefined;
  for (const match of source.matchAll(MARKER)) {
    if (own === undefined || Number(match[4]) < Number(own[4])) own = match;
    if (Number(match[4]) === 0) break;
  }
  return own;
}

/** The number of the constructor that a class declares itself. */
function ownConstructorOf(callee: Fn): number | undefined {
  const own = ownMarker(sourceOf(callee));
  return own?.[2] === undefined || own[2] === "" ? undefined : Number(own[2]);
}

/** Installs the hooks in this process and every realm that asks for them; lines go to a file of this thread. */
export function install(folder: string, root: string): void {
  const file = `${folder}/${process.pid}-${threadId}.jsonl`;
  let pending: string[] = [];
  const flush = (): void => {
    if (pending.length === 0) return;
    const text = `${pending.join("\n")}\n`;
    pending = [];
    appendFileSync(file, text);
  };
  const { forget, ...hooks } = createHooks(
    (site, kind, target) => {
      // Written by hand: tests change how arrays become JSON.
      pending.push(`[${site},"${kind}",${typeof target === "number" ? target : JSON.stringify(target)}]`);
      if (pending.length >= 256) flush();
    },
    { root },
  );
  // Each test file tells all it saw, so that one of them can be run again as a witness.
  const begin = (test: string): void => {
    forget();
    pending.push(`["t",${JSON.stringify(test)}]`);
  };
  const test = ownTest();
  if (test !== undefined) begin(test);
  process.on("exit", flush);
  Object.defineProperty(globalThis, "__drift__", { value: hooks, enumerable: false, configurable: true });
  // Tests that run in a realm of their own find the hooks, and a way to save early, on the process.
  Object.defineProperty(process, Symbol.for("drift.trace"), { value: { hooks, flush, begin }, enumerable: false });
}

/** The test file that this process was started for, or that started it. */
function ownTest(): string | undefined {
  if (process.env["NODE_TEST_CONTEXT"] !== undefined) process.env["DRIFT_TRACE_TEST"] ??= process.argv[1];
  return process.env["DRIFT_TRACE_TEST"];
}

const folder = process.env["DRIFT_TRACE_FOLDER"];
if (folder !== undefined) install(folder, process.env["DRIFT_TRACE_ROOT"] ?? "/");
