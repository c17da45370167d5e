/** `npm run bench -- growth` and `npm run bench -- phases <folder>`: what the solver costs. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { inScratch } from "../scratch.ts";
import { createProgress } from "../progress.ts";
import { GrowthRecord, writeLongFile } from "../store/long-file.ts";
import { measureFolder, measureGrowth, MOST_GROWTH, type PhaseCost, renderGrowth } from "../suites/growth.ts";
import { type CommandContext, print } from "./context.ts";

export interface GrowthFlags {
  sizes: readonly number[];
  rounds: number;
  seed: number;
  save: boolean;
  json: boolean;
}

/** @throws DriftError `BAD_SIZES`, `GROWS_TOO_FAST` */
export async function growthCommand(flags: GrowthFlags, context: CommandContext): Promise<void> {
  const { seed, rounds } = flags;
  const sizes = flags.sizes.toSorted((a, b) => a - b);
  if (new Set(sizes).size < 2 || (sizes[0] ?? 0) < 10 || rounds < 1) {
    throw new DriftError("BAD_SIZES", "growth needs two sizes of at least 10 files, and a round", {
      hint: "Use --sizes 1000,20000 --rounds 3.",
    });
  }
  const { environment, commit } = await context.testbed();
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin("growth");
  const measured = await inScratch((scratch) =>
    measureGrowth({ sizes, seed, rounds, scratch, onRound: (done, total, what) => phase.at(done, total, what) }),
  );
  phase.end(`${sizes.length} sizes`);
  const record = GrowthRecord.parse({
    schemaVersion: 1,
    environment: `${environment.cpuModel}, ${environment.cores} cores, ${environment.os}, Node ${environment.nodeVersion}`,
    commit: commit.hash + (commit.dirty ? "+" : ""),
    ...measured,
  });
  if (flags.save) writeLongFile(path.dirname(context.results.db), "growth", record);
  print(context, flags.json, record, renderGrowth);
  if (record.exponent.solver > MOST_GROWTH || record.exponent.cpu > MOST_GROWTH) {
    throw new DriftError("GROWS_TOO_FAST", `the cost grows faster than (n · log n)^${MOST_GROWTH}`);
  }
}

export interface PhasesFlags {
  rounds: number;
  json: boolean;
}

/** @throws DriftError `FOLDER_MISSING` */
export async function phasesCommand(folder: string, flags: PhasesFlags, context: CommandContext): Promise<void> {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DriftError("FOLDER_MISSING", "the folder to index does not exist", {
      hint: "Give the path of a checked-out project.",
    });
  }
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin("phases");
  const rounds = Math.max(1, flags.rounds);
  const { costs } = await inScratch((scratch) =>
    measureFolder(folder, { rounds, scratch, onRound: (round) => phase.at(round, rounds) }),
  );
  phase.end(`${rounds} rounds`);
  print(context, flags.json, costs, renderPhases);
}

/** The least of all rounds for each stage, with and without the solver. */
export function renderPhases(costs: readonly PhaseCost[]): string {
  const least = (of: (cost: PhaseCost) => number): string => `${(Math.min(...costs.map(of)) / 1e9).toFixed(2)} s`;
  const stages = ["scan", "parse", "resolve", "store"] as const;
  const sum = (cost: PhaseCost, of: "cpuNs" | "wallNs", without: string): number =>
    stages.filter((stage) => stage !== without).reduce((total, stage) => total + (cost.phases[stage]?.[of] ?? 0), 0);
  const row = (name: string, of: (cost: PhaseCost, unit: "cpuNs" | "wallNs") => number): string =>
    `${name.padEnd(22)} wall ${least((cost) => of(cost, "wallNs")).padStart(8)}   CPU ${least((cost) => of(cost, "cpuNs")).padStart(8)}`;
  return [
    `${costs[0]?.stats.files ?? 0} files, ${costs[0]?.stats.callSites ?? 0} call sites`,
    ...stages.map((stage) => row(stage, (cost, unit) => cost.phases[stage]?.[unit] ?? 0)),
    row("with the solver", (cost, unit) => sum(cost, unit, "")),
    row("without (no resolve)", (cost, unit) => sum(cost, unit, "resolve")),
  ].join("\n");
}
