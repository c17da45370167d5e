/** `drift-bench prove`: how often the gate is wrong, and what it finds. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { drawTable } from "@drift/cibench/draw-table";
import { DriftError } from "@drift/engine";
import type { Answer } from "../drift-bench.ts";
import { fingerprint, loadAverage, readCommit, readMachine } from "../environment.ts";
import { type CaseConfig, readBenchConfig } from "../gate/config.ts";
import { caseEnvironment, GATE_DEFAULTS, runGate } from "../gate/gate.ts";
import { CORE_KINDS, NOISE_KINDS } from "../prove/noise.ts";
import { calibratePlant, type PlantKind } from "../prove/plant.ts";
import { type Condition, fillPool, type PoolHeader, poolName } from "../prove/pool.ts";
import { FULL_SIMULATION, formConditions, simulateKind } from "../prove/prove.ts";
import { type FormedCondition, type LiveGate, Proof } from "../prove/schema.ts";
import { runCase } from "../runners/runner.ts";
import { readLongFile, writeLongFile } from "../store/long-file.ts";
import { type CommandContext, print } from "./context.ts";
import { gateCache } from "./gate.ts";

const EMPTY: Proof = { schemaVersion: 1, settings: GATE_DEFAULTS, commands: [], simulated: [], formed: [], live: [] };

export interface SimulateFlags {
  gates: number;
  seed: number;
  save: boolean;
  json: boolean;
}

/** @returns 1 when more than 1 % of the gates of a core kind were red, or the negative control did not fail */
export function simulateCommand(flags: SimulateFlags, context: CommandContext): Answer {
  const { gates, seed, save, json } = flags;
  const scale = gates / FULL_SIMULATION.gates;
  const size = {
    gates,
    cases: FULL_SIMULATION.cases,
    plantedGates: Math.max(2, Math.round(FULL_SIMULATION.plantedGates * scale)),
    sessions: Math.max(200, Math.round(FULL_SIMULATION.sessions * scale)),
    controls: Math.max(20, Math.round(FULL_SIMULATION.controls * scale)),
  };
  const simulated = NOISE_KINDS.map((kind, i) => {
    context.stderr.write(`simulating ${kind}\n`);
    return simulateKind(kind, size, seed + 100 * i);
  });
  const proof = update(
    context,
    { simulated },
    save,
    `npm run --silent drift-bench -- prove simulate --gates ${gates} --seed ${seed} --save`,
  );
  print(context, json, proof, renderSimulated);
  const core = simulated.filter(({ kind }) => CORE_KINDS.includes(kind));
  const holds = core.every(
    ({ falseRed, pooledMannWhitney }) =>
      falseRed.count <= 0.01 * falseRed.n && pooledMannWhitney.count > 0.2 * pooledMannWhitney.n,
  );
  return holds ? 0 : 1;
}

export function renderSimulated({ simulated }: Pick<Proof, "simulated">): string {
  const share = ({ count, n }: { count: number; n: number }): string => `${((100 * count) / n).toFixed(1)} %`;
  const rows = simulated.map((one) => [
    one.kind,
    `${one.falseRed.count} of ${one.falseRed.n}`,
    `${(100 * one.falseRed.high).toFixed(2)} %`,
    ...one.power.map(({ found }) => share(found)),
    ...one.coverage.map(({ covered }) => share(covered)),
    one.uniformity.p.toFixed(3),
    share(one.pooledMannWhitney),
  ]);
  const shares = simulated[0]?.power.map((one) => `+${100 * one.share} %`) ?? [];
  const levels = simulated[0]?.coverage.map((one) => `holds ${100 * one.level} %`) ?? [];
  return [
    drawTable(["noise", "red, no change", "at most", ...shares, ...levels, "uniform p", "pooled U test"], rows),
    `${simulated[0]?.cases ?? 0} cases in each gate, 3 of them planted for the power; the last column is the negative control`,
  ].join("\n");
}

export interface PoolFlags {
  pairs: number;
  loaded: boolean;
  plant?: PlantKind;
  share: number;
  builds?: string;
  case?: RegExp;
  out?: string;
  seed: number;
  json: boolean;
}

/** Fills one pool from the cases of drift-bench.json in this folder. */
export async function poolCommand(flags: PoolFlags, context: CommandContext): Promise<Answer> {
  const folder = context.cwd;
  const config = readBenchConfig(folder);
  const cases = new Map(config.cases.filter(({ id }) => flags.case?.test(id) ?? true).map((one) => [one.id, one]));
  if (cases.size === 0)
    throw new DriftError("INPUT_INVALID", "no case has such an id", { hint: "drift-bench.json lists them." });
  const environment = fingerprint(await readMachine());
  const commit = await readCommit(folder);
  const header: PoolHeader = {
    schemaVersion: 1,
    condition: flags.loaded ? "loaded" : "idle",
    independentBuilds: flags.builds !== undefined,
    planted: flags.plant === undefined ? null : { kind: flags.plant, share: flags.share },
    seed: flags.seed,
    environment,
    commit: commit.hash,
  };
  const out = path.resolve(context.cwd, flags.out ?? path.join(resultsFolder(context), "long", "pools"));
  const env = caseEnvironment(context.env, config.env);
  const rounds = await underLoad(header.condition, () =>
    inScratch(async (scratch) => {
      const plants = new Map<string, string>();
      const place = (side: "base" | "head", caseId: string) => ({
        folder: side === "head" && flags.builds !== undefined ? path.resolve(context.cwd, flags.builds) : folder,
        env: side === "head" && plants.has(caseId) ? { ...env, DRIFT_BENCH_PLANT: plants.get(caseId) as string } : env,
        scratch,
      });
      return await fillPool({
        folder: out,
        header,
        pairs: flags.pairs,
        caseIds: [...cases.keys()],
        run: (caseId, side) => runCase(cases.get(caseId) as CaseConfig, place(side, caseId)),
        onRound: async (done, total) => {
          context.stderr.write(`${poolName(header)}: round ${done + 1} of ${total}\n`);
          if (header.planted === null || (plants.size > 0 && done % RECALIBRATED_EVERY !== 0)) return;
          for (const [caseId, one] of cases) {
            const base = await baselineNs(one, place("base", caseId));
            plants.set(
              caseId,
              calibratePlant(header.planted.kind, base * header.planted.share, () => process.hrtime.bigint()),
            );
          }
        },
      });
    }),
  );
  print(
    context,
    flags.json,
    { schemaVersion: 1, pool: poolName(header), rounds, cases: cases.size },
    (record) => `${record.pool}: ${record.rounds} pairs of each of ${record.cases} cases`,
  );
  return 0;
}

/** What is planted is a share of what the case costs on this machine just before. */
const RECALIBRATED_EVERY = 25;

async function baselineNs(config: CaseConfig, place: Parameters<typeof runCase>[1]): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < 3; i++) values.push((await runCase(config, place))[0]?.value.value ?? 0);
  return values.toSorted((a, b) => a - b)[1] as number;
}

export interface FormFlags {
  gates: number;
  out?: string;
  seed: number;
  save: boolean;
  json: boolean;
}

/** @returns 1 when more than 1 % of the gates of identical code were red */
export function formCommand(flags: FormFlags, context: CommandContext): Answer {
  const pools = path.resolve(context.cwd, flags.out ?? path.join(resultsFolder(context), "long", "pools"));
  const formed = formConditions(pools, flags.gates, { ...GATE_DEFAULTS, seed: flags.seed });
  if (formed.length === 0)
    throw new DriftError("NOTHING_MEASURED", "there is no pool of identical code", {
      hint: "Run `drift-bench prove pool` first.",
    });
  const proof = update(
    context,
    { formed },
    flags.save,
    `npm run --silent drift-bench -- prove gates --gates ${flags.gates} --seed ${flags.seed} --save`,
  );
  print(context, flags.json, proof, ({ formed: all }) => all.map(renderFormed).join("\n\n"));
  return formed.every(({ same }) => same.red <= 0.01 * same.gates) ? 0 : 1;
}

export function renderFormed({
  condition,
  independentBuilds,
  rounds,
  cases,
  same,
  planted,
  stated,
}: FormedCondition): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const seeing = stated.filter(({ detectable }) => detectable !== null && detectable <= 0.05).length;
  const rows = stated.map(({ caseId, sd, detectable }) => [
    caseId,
    percent(sd),
    detectable === null ? "none" : percent(detectable),
    ...planted.map((one) => {
      const found = one.cases.find((other) => other.caseId === caseId);
      return found === undefined
        ? ""
        : `${found.found.count} of ${found.found.n} (${percent(found.predicted)} foretold)`;
    }),
  ]);
  return [
    `${condition}, ${independentBuilds ? "two builds" : "one build"}: ${rounds} pairs of ${cases} cases`,
    `red without a change: ${same.red} of ${same.gates} gates (95 % interval ${percent(same.low)} to ${percent(same.high)}; ${same.disjoint} would fit side by side)`,
    `${seeing} of ${cases} cases state that they see 5 % or less`,
    ...planted.map(
      (one) =>
        `+${100 * one.share} % by ${one.kind}: ${one.foundWhereSeen.count} of ${one.foundWhereSeen.n} found where 5 % or less is stated, ${one.found.count} of ${one.found.n} in all, ${one.falseRed} of ${one.gates} gates red elsewhere`,
    ),
    drawTable(["case", "sd", "states", ...planted.map((one) => `+${100 * one.share} % ${one.kind}`)], rows),
  ].join("\n");
}

export interface LiveFlags {
  count: number;
  loaded: boolean;
  budget?: number;
  case?: RegExp;
  seed: number;
  save: boolean;
  json: boolean;
}

/** Whole gates of this checkout with itself. @returns 1 when one was red */
export async function liveCommand(flags: LiveFlags, context: CommandContext): Promise<Answer> {
  const environment = fingerprint(await readMachine());
  const condition: Condition = flags.loaded ? "loaded" : "idle";
  const live: LiveGate[] = [];
  await underLoad(condition, async () => {
    for (let i = 0; i < flags.count; i++) {
      const report = await runGate({
        root: context.cwd,
        base: { folder: context.cwd },
        head: { folder: context.cwd },
        cache: gateCache(undefined, context.env),
        settings: { seed: flags.seed + i, ...(flags.budget !== undefined && { budgetMs: flags.budget }) },
        ...(flags.case !== undefined && { only: flags.case }),
        independentBuilds: false,
        environment,
        loadAverage: loadAverage(),
        env: context.env,
        now: context.now,
        clock: context.clock,
        reproduce: () => "",
        falseAlarms: null,
        onStep: () => undefined,
      });
      const red = report.cases.filter(({ verdict }) => verdict === "regressed").map(({ caseId }) => caseId);
      const { verdict, measuredMs } = report;
      live.push({
        condition,
        environmentId: environment.id,
        at: report.startedAt,
        seed: flags.seed + i,
        verdict,
        red,
        cases: report.cases.length,
        measuredMs,
      });
      context.stderr.write(
        `live gate ${i + 1} of ${flags.count}: ${verdict}${red.length === 0 ? "" : ` (${red.join(", ")})`}\n`,
      );
    }
  });
  const known = readLongFile(resultsFolder(context), "prove", Proof)?.live ?? [];
  const proof = update(
    context,
    { live: [...known, ...live] },
    flags.save,
    `npm run --silent drift-bench -- prove live --count ${flags.count}${flags.loaded ? " --loaded" : ""} --save`,
  );
  print(context, flags.json, proof, () =>
    live
      .map(
        ({ seed, verdict, cases, measuredMs }) =>
          `seed ${seed}: ${verdict}, ${cases} cases in ${(measuredMs / 1000).toFixed(0)} s`,
      )
      .join("\n"),
  );
  return live.some(({ red }) => red.length > 0) ? 1 : 0;
}

export interface AllFlags {
  /** Pairs of each pool of identical code; pools with planted work have a third. */
  pairs: number;
  /** Gates that are formed and simulated of each kind. */
  gates: number;
  /** Whole gates of each condition. */
  live: number;
  builds?: string;
  case?: RegExp;
  seed: number;
}

/** Work of the three kinds at 2, 5 and 10 %: what the formed gates have to find. */
const PLANTS: readonly { plant: PlantKind; share: number }[] = [
  { plant: "spin", share: 0.02 },
  { plant: "spin", share: 0.05 },
  { plant: "spin", share: 0.1 },
  { plant: "allocate", share: 0.05 },
  { plant: "instructions", share: 0.05 },
];

/** Everything, hours long on a machine that does nothing else. Pools go on where they were stopped. */
export async function proveAllCommand(flags: AllFlags, context: CommandContext): Promise<Answer> {
  const { pairs, gates, live, builds, seed } = flags;
  const only = flags.case === undefined ? {} : { case: flags.case };
  const answers: Answer[] = [simulateCommand({ gates, seed, save: true, json: false }, context)];
  for (const loaded of [false, true]) {
    const common = { ...only, loaded, seed, json: false };
    await poolCommand({ ...common, pairs, share: 0.05 }, context);
    if (builds !== undefined) await poolCommand({ ...common, pairs, share: 0.05, builds }, context);
    for (const planted of PLANTS) await poolCommand({ ...common, pairs: Math.ceil(pairs / 3), ...planted }, context);
    if (live > 0) answers.push(await liveCommand({ ...common, count: live, save: true }, context));
  }
  answers.push(formCommand({ gates, seed, save: true, json: false }, context));
  return answers.includes(1) ? 1 : 0;
}

/** Puts a part into the stored proof; without `save` it is shown and forgotten. */
function update(context: CommandContext, part: Partial<Proof>, save: boolean, command: string): Proof {
  const known = readLongFile(resultsFolder(context), "prove", Proof) ?? EMPTY;
  const commands = [...known.commands.filter((one) => one !== command), command];
  const proof = { ...known, ...part, settings: GATE_DEFAULTS, commands };
  if (save) writeLongFile(resultsFolder(context), "prove", proof);
  return proof;
}

/** With one core kept busy by a process of its own, which ends with the work. */
async function underLoad<T>(condition: Condition, work: () => Promise<T>): Promise<T> {
  if (condition === "idle") return await work();
  // It looks after itself: when this process is gone, its parent is another one, and it ends.
  const burner = spawn(process.execPath, ["-e", "const parent = process.ppid; while (process.ppid === parent);"], {
    stdio: "ignore",
  });
  try {
    return await work();
  } finally {
    burner.kill("SIGKILL");
  }
}

async function inScratch<T>(step: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "drift-prove-"));
  try {
    return await step(scratch);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function resultsFolder({ results }: CommandContext): string {
  return path.dirname(results.db);
}
