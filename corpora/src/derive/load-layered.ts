/** What was planted in a layered corpus: planned again from its seed, since a generator keeps nothing. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { generateLayered, LAYERED_VERSION } from "../generate/layered/project.ts";
import type { LayeredFact } from "../generate/layered/truth.ts";
import type { CorpusSource, CorpusSpec } from "../manifest.ts";
import type { Oracle } from "../truth/schema.ts";
import { quiet } from "./oracles.ts";

/** All facts about one layered project; all of their traits are of the split of the corpus. */
export interface LayeredTruth {
  corpus: string;
  /** sha256 over all files of the project. */
  inputsSha256: string;
  oracle: Oracle;
  facts: LayeredFact[];
}

/**
 * The facts about a corpus; null where nothing layered was planted.
 *
 * @throws CorpusError `CORPUS_TRUTH` when the project on disk is not the one that the facts are about
 */
export async function loadLayeredTruth({ spec, root }: FetchedCorpus): Promise<LayeredTruth | null> {
  const source = layeredSource(spec);
  if (source === null) return null;
  const facts: LayeredFact[] = [];
  const inputs = createHash("sha256");
  for (const batch of generateLayered(source)) {
    facts.push(...batch.facts);
    for (const { file, text } of batch.sources) {
      const found = await readFile(path.join(root, file), "utf8").catch(() => null);
      if (found !== text) throw otherFiles(spec.id, file);
      inputs.update(`${file}\n${text}\n`);
    }
  }
  const oracle: Oracle = {
    ...quiet(spec),
    kind: "generator",
    name: "drift layered generator",
    version: LAYERED_VERSION,
    seed: source.seed,
  };
  return { corpus: spec.id, inputsSha256: inputs.digest("hex"), oracle, facts };
}

/** How a layered corpus is generated; null for every other corpus. */
export function layeredSource({ source }: Pick<CorpusSpec, "source">): LayeredSource | null {
  return source.type === "generator" && source.trait === "layered" ? source : null;
}

type LayeredSource = Extract<CorpusSource, { trait: "layered" }>;

function otherFiles(corpus: string, file: string): CorpusError {
  return new CorpusError("CORPUS_TRUTH", `${file} of ${corpus} is not what the generator writes`, {
    hint: `Run "npm run corpora -- fetch ${corpus}" to have it written again.`,
  });
}
