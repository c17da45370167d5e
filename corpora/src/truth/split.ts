/** Which corpora may be looked at while tuning, and which are kept for reporting. */
import { createHash } from "node:crypto";
import { z } from "zod";

/** `fit`: constants and thresholds may be chosen on it, its scores are never published. `report`: the opposite. */
export const Split = z.enum(["fit", "report"]);
export type Split = z.infer<typeof Split>;

/** Share of families that go to `fit`. */
const FIT_SHARE = 0.3;

/**
 * The split of a corpus family: `fit` when the first 32 bits of sha256(family), read as a fraction of 2^32, lie
 * below 0.3. Nobody chooses, and every version, variant and fork of a family lands on the same side.
 */
export function splitOf(family: string): Split {
  const fraction = createHash("sha256").update(family, "utf8").digest().readUInt32BE(0) / 2 ** 32;
  return fraction < FIT_SHARE ? "fit" : "report";
}
