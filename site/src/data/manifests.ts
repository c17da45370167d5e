/** What a corpus's manifest says of where it comes from. Data files only: the site imports nothing of `corpora`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { formatCount } from "../format.ts";

const text = z.string();
const archive = { archiveSha256: text, sha256: text };

const Source = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["npm", "pypi", "crates"]), name: text, version: text, ...archive }),
  z.object({ type: z.literal("go"), module: text, version: text, ...archive }),
  z.object({ type: z.literal("maven"), group: text, artifact: text, version: text, ...archive }),
  z.object({ type: z.literal("debian"), package: text, version: text, ...archive }),
  z.object({ type: z.literal("git"), url: text, commit: text, sha256: text }),
  z.object({ type: z.literal("generator"), trait: text, seed: z.number(), files: z.number(), sha256: text }),
]);
type Source = z.infer<typeof Source>;

const Manifest = z.object({
  id: text,
  version: text,
  description: text,
  licence: text,
  language: text,
  source: Source,
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

/** Where a corpus comes from, in the words of its ecosystem. */
export function describeSource(source: Source): string {
  switch (source.type) {
    case "npm":
      return `npm package ${source.name} ${source.version}`;
    case "pypi":
      return `PyPI package ${source.name} ${source.version}`;
    case "crates":
      return `crate ${source.name} ${source.version}`;
    case "go":
      return `Go module ${source.module} ${source.version}`;
    case "maven":
      return `Maven artefact ${source.group}:${source.artifact} ${source.version}`;
    case "debian":
      return `Debian source package ${source.package} ${source.version}`;
    case "git":
      return `${source.url} at commit ${source.commit}`;
    case "generator":
    default:
      return `generator "${source.trait}", seed ${source.seed}, ${formatCount(source.files)} files`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
