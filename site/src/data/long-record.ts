/** Records beside the results database: what long measurements wrote into its folder `long`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DriftError } from "../errors.ts";

/** A figure with its interval; null where there is none. */
export const RecordedEstimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** What every entry about a tool says of how it was measured. */
export const measuredTool = {
  tool: z.string(),
  toolVersion: z.string(),
  seed: z.number(),
  command: z.string(),
  startedAt: z.string(),
};

/** How a record is named to those who cannot read it. */
interface Unreadable {
  code: string;
  /** As in "<what> cannot be read". */
  what: string;
  /** The command that makes it again. */
  command: string;
}

/**
 * A record beside the results database `dbFile`, or null when there is none: not measured.
 *
 * @throws DriftError of the given code when it is there and is no such record
 */
export function readLongRecord<Schema extends z.ZodType>(
  dbFile: string,
  name: string,
  schema: Schema,
  { code, what, command }: Unreadable,
): z.infer<Schema> | null {
  let text: string;
  try {
    text = readFileSync(path.join(path.dirname(dbFile), "long", name), "utf8");
  } catch {
    return null;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DriftError(code, `${what} cannot be read`, { hint: `Make it again with "${command}".`, cause });
  }
}
