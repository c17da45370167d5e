/** How small a difference CIBench tells apart: the record that `cibench resolution --out` writes beside the results. */
import { z } from "zod";
import { readLongRecord } from "./long-record.ts";

const Entry = z.object({
  category: z.string(),
  corpora: z.array(z.string()),
  of: z.string(),
  damage: z.string(),
  /** The smallest share of damaged answers that is told apart from none, and how much score that costs; null: none is. */
  resolution: z.number().nullable(),
  difference: z.number().nullable(),
  doses: z.array(z.object({ dose: z.number(), toldApart: z.number() })).min(1),
});
/** What damage of one kind to the answers of one tool does in a category. */
export type ResolutionEntry = z.infer<typeof Entry>;

const Resolution = z.object({
  schemaVersion: z.literal(1),
  seeds: z.number(),
  needed: z.number(),
  entries: z.array(Entry),
});
/** What the site shows of the record. */
export type Resolution = z.infer<typeof Resolution>;

/**
 * The record beside the results database `dbFile`, or null when there is none.
 *
 * @throws DriftError `RESOLUTION_UNREADABLE` when it is there and is no such record
 */
export function readResolution(dbFile: string): Resolution | null {
  return readLongRecord(dbFile, "resolution.json", Resolution, {
    code: "RESOLUTION_UNREADABLE",
    what: "the record of what CIBench tells apart",
    command: "npm run --silent cibench -- resolution --out results/long/resolution.json",
  });
}

/**
 * Of the kinds of damage to a tool's answers the one that is told apart last, on a board with these corpora; undefined
 * when that was not measured.
 */
export function coarsest(
  resolution: Resolution | null,
  board: { category: string; corpora: readonly string[] },
  tool: string,
): ResolutionEntry | undefined {
  const own = (resolution?.entries ?? []).filter(
    ({ category, of, corpora }) =>
      category === board.category && of === tool && corpora.every((corpus) => board.corpora.includes(corpus)),
  );
  const size = ({ difference }: ResolutionEntry): number => difference ?? Number.POSITIVE_INFINITY;
  return own.toSorted((a, b) => size(b) - size(a))[0];
}
