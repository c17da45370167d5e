/** What a corpus's manifest says of where it comes from. Data files only: the site imports nothing of `corpora`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const Manifest = z.object({
  id: z.string(),
  version: z.string(),
  description: z.string(),
  licence: z.string(),
  language: z.string(),
  source: z.discriminatedUnion("type", [
    z.object({
      type: z.literal("npm"),
      name: z.string(),
      version: z.string(),
      integrity: z.string(),
      sha256: z.string(),
    }),
    z.object({
      type: z.literal("generator"),
      trait: z.string(),
      seed: z.number(),
      files: z.number(),
      sha256: z.string(),
    }),
  ]),
});
/** Licence and pin of one corpus. */
export type CorpusManifest = z.infer<typeof Manifest>;

/**
 * The manifest of a corpus, or null when this checkout has none of that very version: a licence is never
 * shown for files it was not read from.
 */
export function readManifest(
  corporaDir: string,
  corpus: { corpus: string; version: string; kind: "real" | "synthetic" },
): CorpusManifest | null {
  if (!/^[a-z0-9-]+$/.test(corpus.corpus)) return null;
  let text: string;
  try {
    text = readFileSync(path.join(corporaDir, corpus.kind, corpus.corpus, "corpus.json"), "utf8");
  } catch {
    return null; // Not in this checkout.
  }
  const manifest = Manifest.safeParse(parseJson(text));
  return manifest.success && manifest.data.version === corpus.version ? manifest.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
