/** What other names and comments do to tools: the record that `cibench robustness --record` writes beside the results. */
import { z } from "zod";
import { measuredTool, readLongRecord, RecordedEstimate } from "./long-record.ts";

const Entry = z.object({
  ...measuredTool,
  variants: z.array(
    z.object({
      corpus: z.string(),
      variant: z.string(),
      renamed: z.number(),
      names: z.number(),
      comments: z.object({ changed: z.number(), added: z.number() }),
      leftOut: z.number(),
    }),
  ),
  drops: z
    .array(
      z.object({
        variant: z.string(),
        category: z.string(),
        kind: z.enum(["real", "synthetic"]),
        corpora: z.array(z.string()),
        items: z.number(),
        /** Null where the scores are of split `fit`, which are not published. */
        original: RecordedEstimate.nullable(),
        varied: RecordedEstimate.nullable(),
        drop: RecordedEstimate,
      }),
    )
    .min(1),
});
/** The drops of one tool for one seed of variants: signed scores on corpora as they are minus those on their variants. */
export type RobustnessEntry = z.infer<typeof Entry>;

const Robustness = z.object({ schemaVersion: z.literal(1), entries: z.array(Entry) });

/**
 * The record beside the results database `dbFile`; empty when there is none.
 *
 * @throws DriftError `ROBUSTNESS_UNREADABLE` when it is there and is no such record
 */
export function readRobustness(dbFile: string): RobustnessEntry[] {
  const record = readLongRecord(dbFile, "robustness.json", Robustness, {
    code: "ROBUSTNESS_UNREADABLE",
    what: "the record of what other names and comments do to tools",
    command: "npm run --silent cibench -- robustness --adapter drift --record results/long/robustness.json",
  });
  return record?.entries ?? [];
}
