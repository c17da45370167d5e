/** Runs of CIBench as it writes them: real scorer, real files, a tool that is wrong where it is told to be. */
import { type Adapter, runTool, writeRun } from "@drift/cibench";
import { CANARY, type CallGraphTruth, projectTruth } from "@drift/corpora";
import { temporaryFolder } from "../../fixtures.ts";

/** Truth of a small generated project, one for each corpus and made once: its floor takes a moment. */
const truths = new Map<string, CallGraphTruth>();

export function truthOf(corpus: string): CallGraphTruth {
  const known = truths.get(corpus);
  if (known !== undefined) return known;
  const { files, definitions, sites } = projectTruth({ seed: corpus.length, files: 10 });
  const truth: CallGraphTruth = {
    schemaVersion: 2,
    canary: CANARY,
    corpus,
    corpusVersion: "1",
    language: "typescript",
    manifestSha256: "0".repeat(64),
    inputsSha256: "0".repeat(64),
    oracles: [],
    tracing: null,
    contradictions: [],
    dropped: [],
    lines: 1,
    sampled: null,
    ...{ files, definitions },
    sites: sites.map((site) => ({ ...site, easy: false })) as CallGraphTruth["sites"],
  };
  truths.set(corpus, truth);
  return truth;
}

/** Items of a corpus in the order asked, as lists name them. */
export function itemsOf(corpus: string): string[] {
  return truthOf(corpus).sites.map(({ id }) => `${corpus}:${id}`);
}

/**
 * Writes one run.
 *
 * @param wrong names of items that the tool is silent about
 * @returns the folder of the run
 */
export async function scoreRun(wrong: readonly string[], corpora: readonly string[] = ["aa", "bbb"]): Promise<string> {
  const silent = new Set(wrong);
  const adapter: Adapter = {
    name: "told",
    role: "contestant",
    version: () => Promise.resolve("1"),
    answer: (task) => {
      const truth = truthOf(task.corpus);
      const definitions = new Map(truth.definitions.map((one) => [one.id, one]));
      return Promise.resolve({
        taskId: task.id,
        usage: { indexMs: 0, answerMs: 0 },
        items: truth.sites
          .filter(({ id }) => !silent.has(`${task.corpus}:${id}`))
          .map(({ id, must }) => ({
            itemId: id,
            status: "certain",
            targets: must.map((target) => {
              if (!("definition" in target)) return { external: "outside", probability: 1 };
              const { file, span } = definitions.get(target.definition) as CallGraphTruth["definitions"][number];
              return { file, line: span.line, column: span.column, probability: 1 };
            }),
          })),
      });
    },
  };
  const spec = (id: string) => ({ id, version: "1", kind: "real" as const, split: "report" as const });
  const run = await runTool({
    adapter,
    corpora: corpora.map((id) => ({ fetched: { spec: spec(id) as never, root: "." }, truth: truthOf(id) })),
    seed: 1,
    now: () => new Date("2026-11-29T12:00:00Z"),
  });
  const folder = temporaryFolder();
  await writeRun(folder, run);
  return folder;
}
