/** The stored truth about changes, with the text of each change, which is made again from the corpus. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { type MutationItem, type MutationTruth, readStoredMutations } from "../truth/mutation.ts";
import { isStored } from "./load.ts";
import type { Mutant } from "./mutation/mutants.ts";

/** What stands at a change's place without and with it. */
export interface ChangedText {
  before: string;
  after: string;
}

/** Executed changes, and by id what each replaces by what. */
export interface ChangeTruth {
  truth: MutationTruth;
  texts: Record<string, ChangedText>;
}

/**
 * What is known about changes of a corpus; null where nothing is stored. Nothing of the corpus is run.
 *
 * @param options `manifestRoot`: where `real/` is; default this package
 * @throws CorpusError `CORPUS_TRUTH` when it is damaged or about other files; `CORPUS_CLIENT` when the changes are of Python and
 *   there is none
 */
export async function loadChangeTruth(
  fetched: FetchedCorpus,
  options: { manifestRoot?: string; env?: Record<string, string | undefined> } = {},
): Promise<ChangeTruth | null> {
  const { spec, root } = fetched;
  if (!isStored(spec)) return null;
  const truth = await readStoredMutations(spec.id, options.manifestRoot);
  if (truth === null) return null;
  const files = [...new Set(truth.items.map(({ file }) => file))];
  const sources = new Map<string, string>();
  for (const file of files) sources.set(file, await readFile(path.join(root, file), "utf8").catch(() => ""));
  // Parsers are slow to load, and most callers ask about corpora that have no such truth.
  const [{ allMutants }, { mutated }] = await Promise.all([import("./mutation.ts"), import("./mutation/mutants.ts")]);
  const mutants = new Map((await allMutants(fetched, sources, options.env)).map((mutant) => [mutant.id, mutant]));
  const texts: Record<string, ChangedText> = {};
  for (const item of truth.items) {
    const source = sources.get(item.file) ?? "";
    const mutant = mutants.get(item.id);
    if (mutant === undefined || !isSame(item, source, mutated(source, mutant))) throw otherFiles(spec.id, item.id);
    texts[item.id] = textOf(source, mutant);
  }
  return { truth, texts };
}

/** The line breaks that keep the number of lines are not part of what was changed. */
function textOf(source: string, { from, to, text }: Mutant): ChangedText {
  return { before: source.slice(from, to), after: text.replace(/\n+$/, "") };
}

function isSame({ before, after }: MutationItem, source: string, changed: string): boolean {
  return sha256(source) === before && sha256(changed) === after;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function otherFiles(corpus: string, id: string): CorpusError {
  return new CorpusError("CORPUS_TRUTH", `the stored truth about changes of ${corpus} is about other files (${id})`, {
    hint: `Run "npm run corpora -- derive ${corpus} --kind mutation" to see what differs.`,
  });
}
