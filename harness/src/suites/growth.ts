/**
 * How the cost of indexing grows with the size of a project, and which part of it the solver has. Processor time, so that
 * other work on the computer counts little; the least of the rounds, since noise only ever adds.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { generateProject, writeProject } from "@drift/corpora";
import type { IndexProgress, IndexStats } from "@drift/engine";
import { linearRegression } from "simple-statistics";
import { runProcess } from "../runners/process.ts";
import type { GrowthRecord, IndexCost } from "../store/long-file.ts";

/** What one process that indexed a folder from nothing had to tell. */
export interface PhaseCost {
  stats: IndexStats;
  phases: Partial<Record<IndexProgress["phase"], { cpuNs: number; wallNs: number }>>;
  /** Of indexing, all stages. */
  cpuNs: number;
  peakBytes: number;
}

/** Indexes a folder from nothing, so many times, each in a process of its own. */
export async function measureFolder(
  folder: string,
  { rounds, scratch, onRound }: { rounds: number; scratch: string; onRound: (round: number) => void },
): Promise<{ least: IndexCost; costs: PhaseCost[] }> {
  const script = fileURLToPath(new URL("../runners/phases-once.ts", import.meta.url));
  const costs: PhaseCost[] = [];
  for (let round = 0; round < rounds; round += 1) {
    onRound(round);
    const index = path.join(scratch, `index-${round}`);
    const { stdout } = await runProcess({
      tool: "drift",
      file: process.execPath,
      args: [script, path.resolve(folder), path.join(index, "index.db")],
      cwd: scratch,
    });
    fs.rmSync(index, { recursive: true, force: true });
    costs.push(JSON.parse(stdout) as PhaseCost);
  }
  return { least: leastOf(costs), costs };
}

export function leastOf(costs: readonly PhaseCost[]): IndexCost {
  const least = (of: (cost: PhaseCost) => number): number => Math.min(...costs.map(of));
  const [first] = costs;
  return {
    files: first?.stats.files ?? 0,
    callSites: first?.stats.callSites ?? 0,
    cpuSeconds: least(({ cpuNs }) => cpuNs) / 1e9,
    solverSeconds: least(({ phases }) => phases.resolve?.cpuNs ?? 0) / 1e9,
    peakBytes: least(({ peakBytes }) => peakBytes),
  };
}

export interface GrowthOptions {
  sizes: readonly number[];
  seed: number;
  rounds: number;
  /** An empty folder for projects and indexes. */
  scratch: string;
  onRound: (done: number, total: number, what: string) => void;
}

/** Generates a project of each size and indexes it. */
export async function measureGrowth(
  options: GrowthOptions,
): Promise<Pick<GrowthRecord, "sizes" | "exponent" | "seed" | "rounds">> {
  const { sizes, seed, rounds, scratch, onRound } = options;
  const measured: IndexCost[] = [];
  for (const [at, files] of sizes.entries()) {
    const folder = path.join(scratch, `project-${files}`);
    await writeProject(generateProject({ seed, files }), folder);
    const { least } = await measureFolder(folder, {
      rounds,
      scratch,
      onRound: (round) => onRound(at * rounds + round, sizes.length * rounds, `${files} files`),
    });
    fs.rmSync(folder, { recursive: true, force: true });
    measured.push(least);
  }
  const of = (cost: (of: IndexCost) => number): number => growthExponent(measured.map((one) => [one.files, cost(one)]));
  return {
    ...{ seed, rounds, sizes: measured },
    exponent: {
      cpu: of(({ cpuSeconds }) => cpuSeconds),
      solver: of(({ solverSeconds }) => solverSeconds),
      memory: measured.some(({ peakBytes }) => peakBytes === null) ? null : of(({ peakBytes }) => peakBytes ?? 0),
    },
  };
}

/**
 * `k` of cost = c · (n · log n)^k by least squares over the logarithms.
 *
 * @param points size above 1 and cost above 0, at least two of different sizes
 */
export function growthExponent(points: readonly (readonly [size: number, cost: number])[]): number {
  return linearRegression(points.map(([size, cost]) => [Math.log(size * Math.log(size)), Math.log(cost)])).m;
}

/** Above this the cost is said to grow faster than n log n: what the fit of a loaded computer may be off by. */
export const MOST_GROWTH = 1.05;

export function renderGrowth({ sizes, exponent }: Pick<GrowthRecord, "sizes" | "exponent">): string {
  const header =
    "|  files | call sites | CPU s | of it solver s | per file ms | peak MiB |\n| -----: | ---------: | ----: | -------------: | ----------: | -------: |";
  const rows = sizes.map(({ files, callSites, cpuSeconds, solverSeconds, peakBytes }) => {
    const cells = [
      [String(files), 6],
      [String(callSites), 10],
      [cpuSeconds.toFixed(2), 5],
      [solverSeconds.toFixed(2), 14],
      [((1000 * cpuSeconds) / files).toFixed(2), 11],
      [peakBytes === null ? "" : (peakBytes / 2 ** 20).toFixed(0), 8],
    ] as const;
    return `| ${cells.map(([text, width]) => text.padStart(width)).join(" | ")} |`;
  });
  const memory = exponent.memory === null ? "" : `, memory ${exponent.memory.toFixed(3)}`;
  const fit = `cost = c · (n · log n)^k: k of CPU ${exponent.cpu.toFixed(3)}, of the solver ${exponent.solver.toFixed(3)}${memory}`;
  return [header, ...rows, "", fit].join("\n");
}
