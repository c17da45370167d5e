/**
 * Runs inside the tests of a corpus, before anything else: the `__drift__` that instrumented code calls. It records
 * each pair of call site and entered function once and changes nothing about the call.
 */
import { appendFileSync } from "node:fs";
import { types } from "node:util";
import { threadId } from "node:worker_threads";

type Fn = (...args: unknown[]) => unknown;
/** What a function is: a definition, a class without a constructor of its own, native, or none of ours. */
type Identity =
  | { kind: "definition"; index: number }
  | { kind: "class"; index: number }
  | { kind: "native"; name: string }
  | { kind: "outside" }
  | { kind: "hidden" };
/** `d` a definition, `n` a native function, `o` outside, `h` hidden. */
type Kind = "d" | "n" | "o" | "h";

export interface Hooks {
  value(site: number, callee: unknown): unknown;
  member(site: number, flags: number, object: unknown, key: unknown): unknown;
  inherited(site: number, self: unknown, callee: unknown): unknown;
  super(site: number, newTarget: unknown, here: number): unknown[];
}

const KINDS = { definition: "d", class: "d", native: "n", outside: "o", hidden: "h" } as const;
// Taken before any test can replace them.
const { apply, construct, getPrototypeOf } = Reflect;
const textOf = Object.getOwnPropertyDescriptor(Function.prototype, "toString")?.value as Fn;
const OBJECT_OPTIONAL = 1;
const CALL_OPTIONAL = 2;

/** Hooks that hand each pair of call site and target to `record` that is not in `seen`. */
export function createHooks(
  record: (site: number, kind: Kind, target: number | string) => void,
  seen = new Set<string>(),
): Hooks {
  const known = new WeakMap<object, Identity>();

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
  /** `f.call(…)`, `f.apply(…)` and `Reflect.apply(f, …)` enter `f`. */
  const noteCall = (site: number, callee: Fn, self: unknown, args: unknown[]): void => {
    const identity = identify(callee);
    if (identity.kind === "native") {
      if ((identity.name === "call" || identity.name === "apply") && typeof self === "function") {
        note(site, identify(self as Fn));
        return;
      }
      if ((callee === apply || callee === construct) && typeof args[0] === "function") {
        note(site, identify(args[0] as Fn));
        return;
      }
    }
    note(site, identity);
  };

  return {
    value(site, callee) {
      if (typeof callee === "function") note(site, identify(callee as Fn));
      return callee;
    },
    member(site, flags, object, key) {
      if ((object === undefined || object === null) && (flags & OBJECT_OPTIONAL) !== 0) return undefined;
      const callee: unknown =
        typeof key === "function" ? (key as Fn)(object) : (object as Record<PropertyKey, unknown>)[key as PropertyKey];
      if ((callee === undefined || callee === null) && (flags & CALL_OPTIONAL) !== 0) return undefined;
      return (...args: unknown[]): unknown => {
        if (typeof callee !== "function") throw new TypeError(`${String(key)} is not a function`);
        noteCall(site, callee as Fn, object, args);
        const result: unknown = apply(callee, object, args);
        // A bound function hides what it is bound to; here it can still be seen.
        if (
          typeof result === "function" &&
          typeof object === "function" &&
          callee.name === "bind" &&
          isBound(result as Fn)
        ) {
          known.set(result, identify(object as Fn));
        }
        return result;
      };
    },
    inherited(site, self, callee) {
      return (...args: unknown[]): unknown => {
        if (typeof callee !== "function") throw new TypeError("(intermediate value) is not a function");
        noteCall(site, callee as Fn, self, args);
        return apply(callee, self, args);
      };
    },
    super(site, newTarget, here) {
      // From the class that is made up to the one whose constructor runs; its parent is what `super(…)` enters.
      for (let at = newTarget as Fn | null; typeof at === "function"; at = getPrototypeOf(at) as Fn | null) {
        const identity = identify(at);
        if (identity.kind !== "definition" || identity.index !== here) continue;
        const parent = getPrototypeOf(at) as Fn | null;
        if (parent !== null && typeof parent === "function" && ownConstructorOf(at) === here)
          note(site, identify(parent));
        if (ownConstructorOf(at) === here) break;
      }
      return [];
    },
  };
}

function sourceOf(callee: Fn): string {
  return String(apply(textOf, callee, []));
}

function isBound(callee: Fn): boolean {
  return callee.name.startsWith("bound ") && sourceOf(callee).endsWith("{ [native code] }");
}

const MARKER = /"drift:(?:F(\d+)|C(\d*):(\d*))@(\d+)"/g;

function identityOf(callee: Fn, identify: (callee: Fn) => Identity): Identity {
  if (types.isProxy(callee)) return { kind: "hidden" }; // Looking at it would run its traps.
  const source = sourceOf(callee);
  const own = ownMarker(source);
  if (own === undefined) {
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

/** The least nested marker in the text of a function, the first of them: its own. */
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
export function install(folder: string): void {
  const file = `${folder}/${process.pid}-${threadId}.jsonl`;
  let pending: string[] = [];
  const flush = (): void => {
    if (pending.length === 0) return;
    const text = `${pending.join("\n")}\n`;
    pending = [];
    appendFileSync(file, text);
  };
  const seen = new Set<string>();
  const hooks = createHooks((site, kind, target) => {
    pending.push(JSON.stringify([site, kind, target]));
    if (pending.length >= 256) flush();
  }, seen);
  // Each test file tells all it saw, so that one of them can be run again as a witness.
  const begin = (test: string): void => {
    seen.clear();
    pending.push(JSON.stringify(["t", test]));
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
if (folder !== undefined) install(folder);
