/** `drift-bench gate` and `drift-bench run`. */
import * as os from "node:os";
import * as path from "node:path";
import { drawTable } from "@drift/cibench/draw-table";
import { DriftError } from "@drift/engine";
import type { Answer } from "../drift-bench.ts";
import { fingerprint, loadAverage, readCommit, readMachine } from "../environment.ts";
import { readBenchConfig } from "../gate/config.ts";
import { caseEnvironment, runGate, type Side } from "../gate/gate.ts";
import type { CaseVerdict, GateReport, GateSettings } from "../gate/schema.ts";
import { measureCases, type RunReport } from "../gate/run-cases.ts";
import { lostItems, scoreNotes, scoreRows } from "../publish/scores.ts";
import { Proof } from "../prove/schema.ts";
import { readLongFile } from "../store/long-file.ts";
import { type CommandContext, print } from "./context.ts";

export interface GateFlags extends Partial<Omit<GateSettings, "budgetMs">> {
  base?: string;
  head?: string;
  baseDir?: string;
  headDir?: string;
  config?: string;
  cache?: string;
  case?: RegExp;
  /** Milliseconds. */
  budget?: number;
  independentBuilds: boolean;
  failOnNoise: boolean;
  /** Leaves scores out. */
  speedOnly?: boolean;
  json: boolean;
}

/** Where work trees and noise profiles are kept unless a flag or `DRIFT_BENCH_CACHE_DIR` says otherwise. */
export function gateCache(flag: string | undefined, env: CommandContext["env"]): string {
  const caches = env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return path.resolve(flag ?? env["DRIFT_BENCH_CACHE_DIR"] ?? path.join(caches, "drift-bench"));
}

/** @returns the exit code */
export async function gateCommand(flags: GateFlags, context: CommandContext): Promise<Answer> {
  const report = await measureGate(flags, context);
  print(context, flags.json, report, renderGate);
  return gateAnswer(report, flags.failOnNoise);
}

/** The gate that the flags ask for, with what it is doing on standard error. */
export async function measureGate(flags: GateFlags, context: CommandContext): Promise<GateReport> {
  const environment = fingerprint(await readMachine());
  let shown = 0;
  return runGate({
    root: context.cwd,
    base: sideOf(flags.base, flags.baseDir, "base"),
    head: sideOf(flags.head, flags.headDir, "head"),
    ...(flags.config !== undefined && { configFile: path.resolve(context.cwd, flags.config) }),
    ...(flags.case !== undefined && { only: flags.case }),
    cache: gateCache(flags.cache, context.env),
    settings: settingsOf(flags),
    independentBuilds: flags.independentBuilds,
    speedOnly: flags.speedOnly ?? false,
    environment,
    loadAverage: loadAverage(),
    env: context.env,
    now: context.now,
    clock: context.clock,
    reproduce: (settings) => reproduceCommand(flags, settings),
    falseAlarms: provenFalseAlarms(path.dirname(context.results.db), environment.id),
    onStep: (text) => context.stderr.write(`${text}\n`),
    onPair: (stage, done) => {
      if (context.clock() - shown < 5000) return;
      shown = context.clock();
      context.stderr.write(`${stage === "screen" ? "screening" : "confirming"}: ${done} pairs\n`);
    },
  });
}

/** 1 when red; else 3 when a case failed; else, where it was asked for, 4 when a case could not be told. */
export function gateAnswer({ verdict, notCompared }: GateReport, failOnNoise: boolean): Answer {
  if (verdict === "regressed") return 1;
  if (notCompared.some(({ state }) => state === "failed")) return 3;
  return failOnNoise && verdict === "inconclusive" ? 4 : 0;
}

/** What was proved of this rule on this kind of machine, idle; null when nothing was. */
function provenFalseAlarms(results: string, environmentId: string): GateReport["falseAlarms"] {
  const formed = readLongFile(results, "prove", Proof)?.formed.find(
    ({ environment, condition }) => environment.id === environmentId && condition === "idle",
  );
  return formed === undefined ? null : { gates: formed.same.gates, red: formed.same.red, high: formed.same.high };
}

function sideOf(ref: string | undefined, folder: string | undefined, name: string): Side {
  if ((ref === undefined) === (folder === undefined))
    throw new DriftError("INPUT_INVALID", `give either --${name} <ref> or --${name}-dir <folder>`, {
      hint: "A ref is built in a work tree of its own; a folder is taken as it is, built already.",
    });
  return ref === undefined ? { folder: folder as string } : { ref };
}

/** Settings that were given; the others are left to the configuration and the defaults. */
function settingsOf(flags: GateFlags): Partial<GateSettings> {
  const names = [
    "seed",
    "margin",
    "q",
    "unchangedWithin",
    "screenPairs",
    "confirmPairs",
    "mostPairs",
    "scoreFall",
  ] as const;
  const given: Partial<GateSettings> = {};
  for (const name of names) if (flags[name] !== undefined) given[name] = flags[name];
  return { ...given, ...(flags.budget !== undefined && { budgetMs: flags.budget }) };
}

function reproduceCommand(flags: GateFlags, settings: GateSettings): string {
  const side = (name: "base" | "head"): string =>
    flags[name] === undefined ? `--${name}-dir ${flags[`${name}Dir`] ?? ""}` : `--${name} ${flags[name] ?? ""}`;
  const config = flags.config === undefined ? "" : ` --config ${flags.config}`;
  return `npm run --silent drift-bench -- gate ${side("base")} ${side("head")}${config} --seed ${settings.seed}`;
}

/** The table of a gate, the worst case first, and what could not be compared. */
export function renderGate(report: GateReport): string {
  const { cases, settings, notCompared, measuredMs, verdict, environment } = report;
  const rows = cases.map((one) => [
    one.metric === "time" || one.metric === "wall" ? one.caseId : `${one.caseId} (${one.metric})`,
    one.quarantined ? `${one.verdict} (quarantined)` : one.verdict,
    one.ratio === null ? "" : one.ratio.toFixed(3),
    one.interval === null ? "" : `${one.interval.low.toFixed(3)} to ${one.interval.high.toFixed(3)}`,
    one.channel === "count" ? "" : one.adjustedP.toPrecision(2),
    one.confirmPairs === 0 ? `${one.screenPairs}` : `${one.screenPairs} + ${one.confirmPairs}`,
    sees(one),
  ]);
  const reasons = cases.flatMap(({ caseId, reason }) => (reason === null ? [] : [`${caseId}: ${reason}`]));
  const others = notCompared.map(({ caseId, state, reason }) => `${caseId}: ${state}, ${reason}`);
  return [
    ...(rows.length === 0
      ? []
      : [drawTable(["case", "verdict", "head / base", "95 % interval", "adjusted p", "pairs", "would see"], rows)]),
    ...renderScores(report),
    ...reasons,
    ...others,
    `${verdict}: worse by more than ${100 * settings.margin} %${report.scores.length === 0 ? "" : `, a score by more than ${100 * settings.scoreFall} points`}, at most ${100 * settings.q} % of the reds wrong`,
    ...(report.falseAlarms === null
      ? []
      : [
          `on this kind of machine ${report.falseAlarms.red} of ${report.falseAlarms.gates} gates without a change were red (at most ${(100 * report.falseAlarms.high).toFixed(1)} %)`,
        ]),
    `measured for ${(measuredMs / 1000).toFixed(0)} s on ${environment.cpuModel}, ${environment.cores} cores, load ${report.loadAverage.toFixed(1)}`,
    `again: ${report.reproduce}`,
  ].join("\n");
}

/** Scores in points of 100, what is said of each entry, and what it lost. */
function renderScores(report: GateReport): string[] {
  if (report.scores.length === 0) return [];
  const rows = scoreRows(report).map((row) => [
    ...[row.name, row.verdict, row.base, row.head, row.change, row.interval, row.adjustedP, row.wouldSee],
  ]);
  return [
    drawTable(["score", "verdict", "base", "head", "change", "90 % interval", "adjusted p", "would see"], rows),
    ...scoreNotes(report),
    ...report.scores.flatMap((one) => lostItems(one, LOST_SHOWN).map((line) => `  lost: ${line}`)),
  ];
}

const LOST_SHOWN = 20;

/** The smallest effect that would have been seen; what is not from stored differences of identical code says so. */
function sees({ detectable: { effect, basis } }: CaseVerdict): string {
  if (effect === null) return "none";
  return `${(100 * effect).toFixed(1)} %${basis === "profile" ? "" : basis === "formula" ? " (formula)" : " (this run)"}`;
}

export interface RunFlags {
  config?: string;
  case?: RegExp;
  processes: number;
  json: boolean;
}

/** @returns 3 when a case failed */
export async function runCommand(flags: RunFlags, context: CommandContext): Promise<Answer> {
  const folder = context.cwd;
  const config = readBenchConfig(flags.config === undefined ? folder : path.resolve(context.cwd, flags.config));
  const environment = fingerprint(await readMachine());
  const commit = await readCommit(folder);
  const report = await measureCases({
    folder,
    cases: config.cases.filter(({ id }) => flags.case === undefined || flags.case.test(id)),
    env: caseEnvironment(context.env, config.env),
    processes: flags.processes,
    environment,
    commit: commit.hash,
  });
  print(context, flags.json, report, renderRun);
  return report.failed.length > 0 ? 3 : 0;
}

export function renderRun({ measurements, failed }: RunReport): string {
  const rows = measurements.map(({ caseId, metric, unit, processes }) => {
    const values = processes.map(({ value }) => value).toSorted((a, b) => a - b);
    const middle = values[values.length >> 1] as number;
    return [
      caseId,
      metric,
      amount(middle, unit),
      `${amount(values[0] as number, unit)} to ${amount(values.at(-1) as number, unit)}`,
      values.length,
    ];
  });
  return [
    drawTable(["case", "metric", "median", "range", "processes"], rows),
    ...failed.map(({ caseId, reason }) => `${caseId}: failed, ${reason}`),
  ].join("\n");
}

function amount(value: number, unit: string): string {
  if (unit !== "ns") return `${Number(value.toPrecision(4))} ${unit}`;
  if (value >= 1e9) return `${(value / 1e9).toPrecision(4)} s`;
  return value >= 1e6 ? `${(value / 1e6).toPrecision(4)} ms` : `${(value / 1e3).toPrecision(4)} us`;
}
