/** How tools do on projects that nobody has seen: the record that `cibench run --fresh --gaps` writes beside the results. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DriftError } from "../errors.ts";

const Estimate = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });

const Entry = z.object({
  tool: z.string(),
  toolVersion: z.string(),
  seed: z.number(),
  command: z.string(),
  startedAt: z.string(),
  gaps: z.array(z.object({ category: z.string(), published: Estimate, fresh: Estimate, gap: Estimate })).min(1),
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
  let text: string;
  try {
    text = readFileSync(path.join(path.dirname(dbFile), "long", "fresh.json"), "utf8");
  } catch {
    return []; // Not measured.
  }
  try {
    return Fresh.parse(JSON.parse(text)).entries;
  } catch (cause) {
    throw new DriftError("FRESH_UNREADABLE", "the record of what tools do on fresh projects cannot be read", {
      hint: 'Make it again with "npm run --silent cibench -- run --adapter drift --corpus synthetic --fresh 1 --gaps results/long/fresh.json".',
      cause,
    });
  }
}
