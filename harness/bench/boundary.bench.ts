/** What it costs to cross from TypeScript into Rust and back: a small question, a refusal, and large answers. */
import { open, type Project } from "@drift/engine";
import type { BenchCase } from "../src/runners/tinybench.ts";

/** A question to an index in memory. */
function question(
  name: string,
  samples: BenchCase["samples"],
  ask: (project: Project) => Promise<unknown>,
  isRight: (project: Project) => Promise<boolean>,
): BenchCase {
  const id = `boundary/${name}`;
  return {
    id,
    samples,
    async prepare({ root }) {
      const project = await open(root, { indexPath: null });
      await project.index();
      if (!(await isRight(project))) throw new Error(`${id} would time a wrong answer`);
      return { run: () => ask(project), close: () => project.close() };
    },
  };
}

export const BOUNDARY_CASES: readonly BenchCase[] = [
  question(
    "smallest-question",
    { quick: 500, full: 5000 },
    (project) => project.stats(),
    async (project) => (await project.stats()).callSites > 0,
  ),
  question(
    "refusal",
    { quick: 500, full: 5000 },
    refused,
    async (project) => (await refused(project)) === "SYMBOL_UNKNOWN",
  ),
  question(
    "symbols-as-objects",
    { quick: 12, full: 50 },
    (project) => project.symbols(),
    async (project) => (await project.symbols()).length > 0,
  ),
  question(
    "graph-as-objects",
    { quick: 12, full: 50 },
    (project) => project.callGraph(),
    async (project) => (await project.callGraph()).callSites.length === (await project.stats()).callSites,
  ),
  question(
    "graph-as-bytes",
    { quick: 12, full: 50 },
    (project) => project.callGraphJson(),
    async (project) => (await project.callGraphJson()).byteLength > 0,
  ),
];

/** The code of the typed error with which an unknown id is refused. */
async function refused(project: Project): Promise<unknown> {
  try {
    return await project.callers("no/such/file.ts#nothing");
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
