/** What was planted in a layered project, arranged for questions: definitions by place, calls by caller. */
import type { Definition, LayeredFact, LayeredTruth, Span } from "@drift/corpora";
import type { Choice, Subject } from "../schema/choice.ts";

type FactOf<Name extends LayeredFact["fact"]> = Extract<LayeredFact, { fact: Name }>;
export type PlantedDefinition = FactOf<"definition">;
export type PlantedCall = FactOf<"call">;
/** A stretch of a file. */
export interface Placed {
  file: string;
  span: Span;
}

/** The facts of one project, with what follows from them. */
export class Planted {
  readonly truth: LayeredTruth;
  readonly definitions: ReadonlyMap<string, PlantedDefinition>;
  readonly #byFile: ReadonlyMap<string, readonly Definition[]>;
  #callers: ReadonlyMap<string, readonly string[]> | null = null;
  readonly #callAt: ReadonlyMap<string, FactOf<"call">>;

  constructor(truth: LayeredTruth) {
    this.truth = truth;
    const definitions = this.facts("definition");
    this.definitions = new Map(definitions.map((fact) => [fact.definition.id, fact]));
    this.#byFile = Map.groupBy(
      definitions.map(({ definition }) => definition),
      ({ file }) => file,
    );
    this.#callAt = new Map(this.facts("call").map((call) => [placeKey(call), call]));
  }

  facts<Name extends LayeredFact["fact"]>(name: Name): FactOf<Name>[] {
    return this.truth.facts.filter((fact): fact is FactOf<Name> => fact.fact === name);
  }

  callAt(place: Placed): FactOf<"call"> | undefined {
    return this.#callAt.get(placeKey(place));
  }

  /** Definitions of a file that have none inside them, in source order. */
  innermost(file: string): Definition[] {
    const all = this.#byFile.get(file) ?? [];
    return all
      .filter((one) => all.every((other) => other === one || !contains(one.span, other.span)))
      .toSorted((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  }

  /** The innermost definition around a place. */
  around({ file, span }: Placed): Definition | undefined {
    return (this.#byFile.get(file) ?? [])
      .filter((one) => contains(one.span, span))
      .reduce<Definition | undefined>(
        (inner, one) => (inner === undefined || contains(inner.span, one.span) ? one : inner),
        undefined,
      );
  }

  /** Definitions that are called from one, by any of its calls. */
  calleesOf(): Map<string, Set<string>> {
    const callees = new Map<string, Set<string>>();
    for (const call of this.facts("call")) {
      const caller = this.around(call)?.id ?? "";
      const known = callees.get(caller) ?? new Set();
      callees.set(caller, known);
      for (const target of call.must) if ("definition" in target) known.add(target.definition);
    }
    return callees;
  }

  /** Layers of the definitions from which one is called; at the top level of a file none. */
  enteredFrom(id: string): PlantedDefinition["layer"][] {
    return (this.#callersOf().get(id) ?? []).flatMap((caller) => this.definitions.get(caller)?.layer ?? []);
  }

  #callersOf(): ReadonlyMap<string, readonly string[]> {
    if (this.#callers !== null) return this.#callers;
    const callers = new Map<string, string[]>();
    for (const [caller, callees] of this.calleesOf())
      for (const callee of callees) callers.set(callee, [...(callers.get(callee) ?? []), caller]);
    this.#callers = callers;
    return callers;
  }

  choiceOf(id: string): Choice {
    const { file, span, name } = this.#definition(id);
    return { id, file, span: { ...span }, name };
  }

  subjectOf(id: string, role: Subject["role"]): Subject {
    const { file, span, name } = this.#definition(id);
    return { role, name, file, span: { ...span } };
  }

  #definition(id: string): Definition {
    const known = this.definitions.get(id);
    // The generator states no fact about what it did not write.
    if (known === undefined) throw new Error(`${this.truth.corpus} has no definition ${id}`);
    return known.definition;
  }
}

const known = new WeakMap<LayeredTruth, Planted>();

/** Arranged once per project. */
export function plantedOf(truth: LayeredTruth): Planted {
  const planted = known.get(truth) ?? new Planted(truth);
  known.set(truth, planted);
  return planted;
}

/** The identity of a place. */
export function placeKey({ file, span }: Placed): string {
  return `${file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;
}

/** Whether a stretch lies in another; each lies in itself. */
export function contains(outer: Span, inner: Span): boolean {
  const startsBefore = outer.line < inner.line || (outer.line === inner.line && outer.column <= inner.column);
  const endsAfter =
    outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn);
  return startsBefore && endsAfter;
}
