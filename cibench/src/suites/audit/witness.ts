/** From what a run showed to edges between functions, by the names of the suite. Pure. */
import { nameFunctions, nameModule } from "../name-functions.ts";
import { type Edge, keyOf } from "../score-edges.ts";
import type { Execution } from "./execution.ts";
import type { PlacedCall } from "./places.ts";

/**
 * How a function was entered: from a `call` in the text, from something outside that a call was given to (`callback`),
 * or with no call in the text at all (`implicit`: iteration, accessors, conversions, evaluated text).
 */
export type How = "call" | "callback" | "implicit";

/** An edge that a run has. */
export interface WitnessedEdge {
  edge: Edge;
  how: How;
  /** Where and what, in words, in the order of the text. */
  observed: string;
}

/** What a run says about the functions of a case. */
export interface Witness {
  /** By `keyOf`. */
  edges: Map<string, WitnessedEdge>;
  /** Every name that a function or top level of the case has. */
  names: ReadonlySet<string>;
  /** Those of the top levels. */
  modules: ReadonlySet<string>;
  /** Names of those whose body started to run; top levels included, when they ran. */
  entered: ReadonlySet<string>;
  /** The calls of each caller, and what each of them entered; empty for one that entered nothing. */
  calls: Map<string, { call: PlacedCall; entered: string[] }[]>;
}

/** @param labels every name that the case's labels use */
export function witnessOf(
  execution: Execution,
  labels: ReadonlySet<string>,
  textOf: (file: string) => string,
): Witness {
  const { main, outcome, places, sites, entries } = execution;
  const functions = nameFunctions(places.functions, labels, textOf);
  const files = new Set([...places.calls, ...places.functions].map(({ file }) => file).concat(main ?? []));
  const nameOf = (id: string): string | undefined =>
    id.endsWith("#<module>") ? nameModule(id.slice(0, -"#<module>".length), labels) : functions.get(id);
  const witness: Mutable = { edges: new Map(), calls: new Map() };
  for (const call of places.calls.toSorted(byPlace)) {
    const caller = nameOf(call.caller ?? `${call.file}#<module>`);
    if (caller === undefined) continue;
    const site = sites.get(call.id);
    const named = (ids: readonly string[] = []): string[] => ids.flatMap((id) => nameOf(id) ?? []);
    const definitions = named(site?.definitions);
    const callbacks = named(site?.callbacks);
    const outside = (site?.externals ?? []).map((name) => `<builtin>.${name}`);
    // What Node writes in JavaScript has no native name; it is called by the one in the text.
    if (site?.outside === true) outside.push(`<builtin>.${call.name ?? "unknown"}`);
    const where = `${call.file}:${spellCall(call)}`;
    for (const target of definitions) add(witness, [caller, target], "call", `${where} entered ${target}`);
    for (const target of outside) add(witness, [caller, target], "call", `${where} entered ${target}`);
    for (const target of callbacks) {
      for (const by of outside) add(witness, [by, target], "callback", `${where} had ${by} enter ${target}`);
      add(witness, [caller, target], "callback", `${where} had ${outside.join(", ") || "it"} enter ${target}`);
    }
    const own = witness.calls.get(caller) ?? [];
    witness.calls.set(caller, own);
    const isImplicit = definitions.length < (site?.definitions.length ?? 0);
    own.push({ call, entered: [...definitions, ...outside, ...(isImplicit ? [IMPLICIT] : [])] });
  }
  for (const { definition, below } of entries) {
    const target = nameOf(definition);
    const caller = below.map((id) => (id === "<eval>" ? id : nameOf(id))).find((name) => name !== undefined);
    if (target === undefined || caller === undefined) continue;
    if (caller !== "<eval>") {
      add(witness, [caller, target], "implicit", `${target} started to run right above ${caller} on the stack`);
      continue;
    }
    const evaluating = below.flatMap((id) => (id === "<eval>" ? [] : (nameOf(id) ?? [])))[0];
    if (evaluating === undefined) continue;
    add(witness, [evaluating, target], "implicit", `text that ${evaluating} evaluates entered ${target}`);
    add(witness, [evaluating, "<builtin>.eval"], "implicit", `text that ${evaluating} evaluates entered ${target}`);
  }
  const entered = new Set(entries.flatMap(({ definition }) => nameOf(definition) ?? []));
  if (main !== null && outcome === "ended") entered.add(nameModule(main, labels));
  const ran = new Set([...entries.flatMap(({ below }) => below), ...placesOfCalls(execution)]);
  for (const id of ran) if (id !== "<eval>") entered.add(nameOf(id) ?? "");
  const modules = new Set([...files].map((file) => nameModule(file, labels)));
  return { ...witness, entered, modules, names: new Set([...functions.values(), ...modules]) };
}

/** A class that declares no constructor is no function of the labels. */
const IMPLICIT = "a class without a constructor";

/** `3:5 new name()`, in the words of the text but without its arguments. */
export function spellCall({ line, column, name, isNew }: PlacedCall): string {
  return `${line}:${column} ${isNew ? "new " : ""}${name ?? "(…)"}()`;
}

interface Mutable {
  edges: Map<string, WitnessedEdge>;
  calls: Map<string, { call: PlacedCall; entered: string[] }[]>;
}

/** Those around calls that entered something. */
function placesOfCalls({ places, sites }: Execution): string[] {
  return places.calls.filter(({ id }) => sites.has(id)).map(({ file, caller }) => caller ?? `${file}#<module>`);
}

/** The first way of seeing an edge is the plainest; other places of the same way are told too. */
function add(witness: Mutable, edge: Edge, how: How, observed: string): void {
  const key = keyOf(edge);
  const known = witness.edges.get(key);
  if (known === undefined) witness.edges.set(key, { edge, how, observed });
  else if (known.how === how && how !== "implicit" && !known.observed.split("; ").includes(observed)) {
    known.observed += `; ${observed}`;
  }
}

function byPlace(a: PlacedCall, b: PlacedCall): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.id < b.id ? -1 : 1);
}
