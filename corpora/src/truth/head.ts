/** What truth of every later kind says first: whose it is, and what it was derived from. */
import { z } from "zod";
import { type CorpusSpec, Language } from "../manifest.ts";
import { CANARY } from "./canary.ts";
import { truthManifestSha256 } from "./stored.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The first fields of a schema of truth. */
export const TRUTH_HEAD = {
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  corpus: z.string(),
  corpusVersion: z.string(),
  language: Language,
  manifestSha256: sha256,
  /** As in the truth about calls. */
  inputsSha256: sha256,
};

/** These fields of a corpus. */
export function truthHead(spec: CorpusSpec, inputsSha256: string): z.infer<z.ZodObject<typeof TRUTH_HEAD>> {
  return {
    schemaVersion: 1,
    canary: CANARY,
    corpus: spec.id,
    corpusVersion: spec.version,
    language: spec.language,
    manifestSha256: truthManifestSha256(spec),
    inputsSha256,
  };
}
