/** From `--corpus` to corpora with their truth. */
import { APART, type FetchedCorpus, freshOf } from "@drift/corpora";
import { CibenchError } from "../errors.ts";
import { loadContexts } from "../tasks/application/context.ts";
import { loadRefinements } from "../tasks/application/refinement.ts";
import { type Io, isExpected, progressPrinter } from "./io.ts";
import type { FetchedAndLoaded } from "./load-variants.ts";

/** Names of several corpora: of a kind, save in languages that stand apart, or the real ones in a language. */
const GROUPS = ["all", "real", "synthetic", "javascript", "typescript", "python", "go", "java"] as const;

/** Every `of`-th corpus of a selection, from the `part`-th on. */
export interface Shard {
  part: number;
  of: number;
}

/**
 * Fetches corpora and derives (or reads) their truth. Of `all`, those that cannot be had are left out with a warning
 * and so are those of split `fit`, whose scores are never published; a corpus named by its id has to be there.
 *
 * @param selection one of {@link GROUPS}, or ids separated by commas, also `<id>-fresh-<seed>` of layered ones; what looks like a path is a folder (or the
 *   manifest) that `cibench corpus init` made a corpus
 * @throws CibenchError `UNKNOWN_CORPUS`; `NO_CORPORA` when none is left; what fetching or deriving a named one throws
 */
export async function loadCorpora(
  selection: string,
  offline: boolean,
  io: Io,
  shard: Shard = { part: 1, of: 1 },
): Promise<FetchedAndLoaded[]> {
  const isGroup = GROUPS.some((group) => group === selection);
  const selected = isGroup ? idsOfGroup(selection, io) : [...new Set(selection.split(","))];
  const ids = selected.filter((_, index) => index % shard.of === shard.part - 1);
  const isListed = (id: string) => io.corpora.list().some((spec) => spec.id === id);
  const unknown = ids.filter((id) => !isPath(id) && !isListed(freshOf(id)?.base ?? id));
  if (unknown[0] !== undefined) {
    const known = io.corpora.list().map((spec) => spec.id);
    throw new CibenchError("UNKNOWN_CORPUS", `there is no corpus "${unknown[0]}"`, {
      hint: `Known: ${known.join(", ")}, ${GROUPS.join(", ")}; a folder of your own is given as ./folder.`,
    });
  }
  const show = progressPrinter(io);
  const loaded: FetchedAndLoaded[] = [];
  for (const id of ids) {
    const options = {
      offline,
      onProgress: ({ phase, done, total }: { phase: string; done: number; total: number }) =>
        show(`${id}: ${phase}`, done, total),
    };
    try {
      const fetched = await had(id, io, options);
      const planted = await io.corpora.planted(fetched);
      const truth = planted === null ? await io.corpora.truth(fetched, options) : null;
      const [changes, rules] = [await io.corpora.changes(fetched), await io.corpora.rules(fetched)];
      const contexts = await loadContexts({ fetched, truth, changes });
      const refinements = await loadRefinements({ fetched, truth });
      loaded.push({ fetched, truth, changes, rules, planted, contexts, refinements });
    } catch (error) {
      if (!isGroup || !isExpected(error)) throw error;
      io.stderr(`warning: without ${id}: ${error.message}\n`);
    }
  }
  if (loaded.length === 0) {
    throw new CibenchError("NO_CORPORA", `no corpus of "${selection}" is on this computer`, {
      hint: "Connect to the network and leave out --offline.",
    });
  }
  return loaded;
}

type StepOptions = Parameters<Io["corpora"]["fetch"]>[1];

function had(id: string, { corpora }: Io, options: StepOptions): Promise<FetchedCorpus> {
  if (isPath(id)) return corpora.own(id, options);
  const fresh = freshOf(id);
  if (fresh === null || corpora.fresh === undefined) return corpora.fetch(id, options);
  return corpora.fresh(fresh.base, fresh.seed, options);
}

/** Ids have neither dots nor separators. */
function isPath(id: string): boolean {
  return /[./\\]/.test(id);
}

function idsOfGroup(selection: string, io: Io): string[] {
  const group = io.corpora
    .list()
    .filter(
      ({ kind, language }) =>
        (["all", kind].includes(selection) && !(kind === "real" && APART.has(language))) ||
        (kind === "real" && language === selection),
    );
  for (const { id } of group.filter((spec) => spec.split === "fit")) {
    io.stderr(`note: without ${id}: it is of split "fit"; name it to score it for development\n`);
  }
  return group.filter((spec) => spec.split === "report").map((spec) => spec.id);
}
