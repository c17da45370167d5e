/** Truth that was read with its source beside it: the files that `corpora reading draw` writes and readers fill in. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DriftError } from "../errors.ts";

const Reading = z.object({
  schemaVersion: z.literal(1),
  kind: z.string(),
  command: z.string(),
  from: z.number(),
  items: z.array(z.object({ corpus: z.string(), verdict: z.enum(["right", "wrong", "undecided"]).nullable() })),
});

/** How many items of one deriver were read, and what was said of them. */
export interface Reading {
  /** The deriver, as `corpora reading draw --kind` calls it. */
  kind: string;
  command: string;
  /** Items that it was drawn from. */
  from: number;
  right: number;
  wrong: number;
  undecided: number;
  unread: number;
}

/** Whose truth the categories rest on, where that was read. Dead code that CIBench asks about is planted, not that of `deletion`. */
const DERIVERS: Readonly<Partial<Record<string, string>>> = {
  "architectural-intent": "rule",
  "causal-reasoning": "mutation",
  "data-flow": "flow",
};

/**
 * What was read below the folder of corpora, by the name of the deriver; none when nothing was.
 *
 * @throws DriftError `READINGS_UNREADABLE` with the name of a file that is none
 */
export function listReadings(corporaDir: string): Reading[] {
  const folder = path.join(corporaDir, "readings");
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  return names.toSorted().map((name) => {
    try {
      const { kind, command, from, items } = Reading.parse(JSON.parse(readFileSync(path.join(folder, name), "utf8")));
      const count = (wanted: string | null): number => items.filter(({ verdict }) => verdict === wanted).length;
      return {
        ...{ kind, command, from },
        ...{ right: count("right"), wrong: count("wrong"), undecided: count("undecided"), unread: count(null) },
      };
    } catch (cause) {
      throw new DriftError("READINGS_UNREADABLE", `${name} does not say what was read`, {
        hint: "Restore it from git.",
        cause,
      });
    }
  });
}

/** What was read of the truth that a category rests on; undefined where nothing was. */
export function readingOf(readings: readonly Reading[], category: string): Reading | undefined {
  const deriver = Object.hasOwn(DERIVERS, category) ? DERIVERS[category] : undefined;
  return readings.find(({ kind, right, wrong, undecided }) => kind === deriver && right + wrong + undecided > 0);
}
