/** Which corpora may be looked at while tuning, and which are kept for reporting. */
import { createHash } from "node:crypto";
import { z } from "zod";

/** `fit`: constants and thresholds may be chosen on it, its scores are never published. `report`: the opposite. */
export const Split = z.enum(["fit", "report"]);
export type Split = z.infer<typeof Split>;

/** Of 256 first bytes, those that go to `fit`: 30 %. Fixed before the third family was added, and never moved. */
const FIT_BYTES = 77;

/**
 * The split of a corpus family: `fit` when the first byte of sha256(family) is below 77. Nobody chooses, and every
 * version, variant and fork of a family lands on the same side.
 */
export function splitOf(family: string): Split {
  return (createHash("sha256").update(family, "utf8").digest()[0] as number) < FIT_BYTES ? "fit" : "report";
}
