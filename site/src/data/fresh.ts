/** How tools do on projects that nobody has seen: the record that `cibench run --fresh --gaps` writes beside the results. */
import { z } from "zod";
import { measuredTool, readLongRecord, RecordedEstimate } from "./long-record.ts";

const Entry = z.object({
  ...measuredTool,
  gaps: z
    .array(
      z.object({ category: z.string(), published: RecordedEstimate, fresh: RecordedEstimate, gap: RecordedEstimate }),
    )
    .min(1),
});
/** The gaps of one tool for one seed: signed scores on published projects minus those on fresh ones. */
export type FreshEntry = z.infer<typeof Entry>;

const Fresh = z.object({ schemaVersion: z.literal(1), entries: z.array(Entry) });

/**
 * The record beside the results database `dbFile`; empty when there is none.
 *
 * @throws DriftError `FRESH_UNREADABLE` when it is there and is no such record
 */
export function readFresh(dbFile: string): FreshEntry[] {
  const record = readLongRecord(dbFile, "fresh.json", Fresh, {
    code: "FRESH_UNREADABLE",
    what: "the record of what tools do on fresh projects",
    command:
      "npm run --silent cibench -- run --adapter drift --corpus synthetic --fresh 20261130 --gaps results/long/fresh.json",
  });
  return record?.entries ?? [];
}
