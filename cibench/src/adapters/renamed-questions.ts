/** A tool that is asked about a variant of a corpus: the questions are the same, in the names of the variant. */
import type { RenamedPlaces, Span } from "@drift/corpora";
import { type Adapter, METHODS } from "./adapter.ts";

/**
 * The tool with the same methods, each of which is given its task with the names that stand at its places in the variant. Ids and
 * places stay, so that answers are judged by the truth about the corpus.
 *
 * @param placesOf by corpus; tasks about other corpora stay as they are
 */
export function renamedQuestions(adapter: Adapter, placesOf: ReadonlyMap<string, RenamedPlaces>): Adapter {
  const renaming = METHODS.filter((method) => adapter[method] !== undefined).map((method) => {
    const asked = (adapter[method] as Method).bind(adapter);
    const answer: Method = (task, ...rest) => {
      const places = placesOf.get(task.corpus);
      return asked(places === undefined ? task : (renamed(task, places) as Task), ...rest);
    };
    return [method, answer] as const;
  });
  return { ...adapter, version: () => adapter.version(), ...Object.fromEntries(renaming) };
}

interface Task {
  corpus: string;
}
type Method = (task: Task, ...rest: unknown[]) => Promise<unknown>;

/** What tasks name, wherever it stands in them: what a call calls, and what has a name at a place. */
interface Named {
  file?: unknown;
  span?: Span | null;
  name?: unknown;
  callee?: Parameters<RenamedPlaces["callee"]>[1];
}

function renamed(value: unknown, places: RenamedPlaces): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, places));
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, places)]));
  const { file, span, name, callee }: Named = copy;
  if (typeof file !== "string") return copy;
  if (callee != null) copy["callee"] = places.callee(file, callee);
  if (typeof name === "string" && span != null) copy["name"] = places.definition({ file, span, name }).name;
  return copy;
}
