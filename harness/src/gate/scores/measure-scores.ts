/** Runs the benchmark of both sides, as often as it takes to know whether its subject answers with chance. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { runCommand } from "../../runners/command.ts";
import type { ScoreConfig } from "../config.ts";
import type { GateReport, GateSettings } from "../schema.ts";
import { evidenceOf } from "./compare-runs.ts";
import { areIdentical, commonCategories, decideScores, IDENTICAL_RUNS } from "./decide-scores.ts";
import { readKeepList } from "./keep-list.ts";
import { type ReadRun, readScoreRun } from "./read-run.ts";
import type { ScoreComparison, ScoreEvidence, ScoreRun } from "./schema.ts";

export interface ScoreOptions {
  entries: readonly ScoreConfig[];
  /** Built work trees. */
  base: string;
  head: string;
  env: Record<string, string>;
  scratch: string;
  settings: GateSettings;
  /** Milliseconds that only go forward. */
  clock: () => number;
  onStep: (text: string) => void;
}

export interface MeasuredScores {
  scores: ScoreComparison[];
  notCompared: GateReport["notCompared"];
}

/** An entry that fails on one side is named in `notCompared`; runs that no longer fit into the budget are not begun. */
export async function measureScores(options: ScoreOptions): Promise<MeasuredScores> {
  const { entries, settings, clock } = options;
  const end = clock() + settings.budgetMs;
  const evidence: ScoreEvidence[] = [];
  const notCompared: GateReport["notCompared"] = [];
  for (const entry of entries) {
    try {
      const [base, head] = await runsOf(entry, options, end);
      const one = evidenceOf(entry.id, base, head, keepListOf(entry, options.head));
      evidence.push(one);
      notCompared.push(...oneSided(one));
    } catch (error) {
      if (!(error instanceof DriftError) || error.code === "CONFIG_INVALID") throw error;
      notCompared.push({ caseId: entry.id, state: "failed", reason: error.message });
    }
  }
  const decisions = decideScores(evidence, settings);
  return {
    scores: evidence.map((one, i) => ({ ...one, decision: decisions[i] as ScoreComparison["decision"] })),
    notCompared,
  };
}

async function runsOf(entry: ScoreConfig, options: ScoreOptions, end: number): Promise<[ReadRun[], ReadRun[]]> {
  const [base, head]: [ReadRun[], ReadRun[]] = [[], []];
  for (let run = 0; run < entry.repeats; run++) {
    // What was identical twice stays so.
    if (run === IDENTICAL_RUNS && isDeterministic(base) && isDeterministic(head)) break;
    if (run > 0 && options.clock() >= end) break;
    options.onStep(`${entry.id}: run ${run + 1} of both sides`);
    base.push(await runOnce(entry, "base", options));
    head.push(await runOnce(entry, "head", options));
  }
  return [base, head];
}

function isDeterministic(runs: readonly ReadRun[]): boolean {
  return areIdentical(runs.map(({ suite, itemsSha256 }) => ({ suite, items: itemsSha256 })));
}

async function runOnce(entry: ScoreConfig, side: "base" | "head", options: ScoreOptions): Promise<ReadRun> {
  const out = fs.mkdtempSync(path.join(options.scratch, `${side}-`));
  const withOut = (text: string): string => text.replaceAll("{out}", out);
  const command = typeof entry.command === "string" ? withOut(entry.command) : entry.command.map(withOut);
  try {
    await runCommand({
      command,
      folder: options[side],
      env: options.env,
      timeoutMs: entry.timeoutSeconds * 1000,
      keepOutput: false,
    });
    return await readScoreRun(out);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    throw new DriftError(error.code, `${side}: ${error.message}`, { cause: error });
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
}

/** The head's: accepting a loss is part of the change that makes it. */
function keepListOf({ keep }: ScoreConfig, head: string) {
  return readKeepList(keep === undefined ? path.join(head, "none") : path.join(head, keep));
}

function oneSided({ id, base, head }: ScoreEvidence): GateReport["notCompared"] {
  const common = new Set(commonCategories([...base, ...head]));
  const names = (side: readonly ScoreRun[]): string[] => (side[0]?.categories ?? []).map(({ category }) => category);
  const [ofBase, ofHead] = [names(base), names(head)];
  const line = (name: string, state: "new" | "removed", reason: string) => ({ caseId: `${id}/${name}`, state, reason });
  return [...new Set([...ofBase, ...ofHead])].flatMap((name) => {
    if (common.has(name)) return [];
    if (!ofBase.includes(name)) return [line(name, "new", "only the head has it")];
    if (!ofHead.includes(name)) return [line(name, "removed", "only the base has it")];
    return [line(name, "new", "its corpora are not the same on both sides")];
  });
}
