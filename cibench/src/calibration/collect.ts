/** Asks the engine about corpora and labels what it says. */
import { CASES, type ConformanceCase } from "@drift/corpora/conformance";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { candidatesFrom, driftGraph } from "../adapters/drift.ts";
import type { RunOptions } from "../run.ts";
import { callGraphTask } from "../tasks/perception/call-graph.ts";
import { labelCase } from "./conformance.ts";
import { type CorpusEdges, labelEdges } from "./edges.ts";

/** The labelled edges of a corpus; none where the engine does not read its language, or calls are not asked about. */
export async function collectEdges({ fetched, truth }: RunOptions["corpora"][number]): Promise<CorpusEdges> {
  const { id, version, kind } = fetched.spec;
  if (truth === null) return { id, version, kind, edges: [] };
  const graph = await driftGraph(fetched.root);
  return { id, version, kind, edges: labelEdges(candidatesFrom(graph, callGraphTask(truth).items), truth) };
}

/**
 * Those of the conformance programs, as one corpus. They were written for the engine, so they are of split `fit`.
 *
 * @param cases all of them by default
 */
export async function collectConformance(cases: readonly ConformanceCase[] = CASES): Promise<CorpusEdges> {
  const edges: CorpusEdges["edges"][number][] = [];
  for (const one of cases)
    edges.push(...(await inFolder(one.files, async (root) => labelCase(one, await driftGraph(root)))));
  return { id: "conformance", version: `${cases.length} programs`, kind: "synthetic", edges };
}

async function inFolder<T>(files: Record<string, string>, use: (root: string) => Promise<T>): Promise<T> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "drift-calibration-")));
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
