/** `drift-bench gate`: two commits in, measured pair by pair, a report out. Read this first. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import type { Place, Reading } from "../runners/reading.ts";
import { runCase } from "../runners/runner.ts";
import type { Environment } from "../store/testbed-schema.ts";
import { builtTree, fileAt, removeOldTrees, resolveCommit } from "./checkout.ts";
import { type BenchConfig, type CaseConfig, CONFIG_FILE, readBenchConfig } from "./config.ts";
import { isCount } from "./counts.ts";
import { decideGate, logRatios, type Noise, overallVerdict } from "./decide.ts";
import { measurePairs } from "./measure.ts";
import { addRun, readNoiseProfile, seriesName, writeNoiseProfile } from "./noise-profile.ts";
import { type GateReport, GateSettings, type GateSide } from "./schema.ts";
import { measureScores } from "./scores/measure-scores.ts";

export const GATE_DEFAULTS: GateSettings = {
  seed: 1,
  margin: 0.02,
  q: 0.05,
  unchangedWithin: 0.05,
  screenAlpha: 0.05,
  screenPairs: 12,
  confirmPairs: 20,
  mostPairs: 60,
  budgetMs: 600_000,
  countMargin: 0.005,
  scoreFall: 0.003,
};

export interface GateOptions {
  /** A folder of the repository, where refs are looked up. */
  root: string;
  base: Side;
  head: Side;
  /** A configuration for both sides; when absent each side's own is read, and the head's builds count for both. */
  configFile?: string;
  /** Where work trees, and what is known of this machine's noise, are kept. */
  cache: string;
  /** Flags; they come before the configuration, and that before the defaults. */
  settings: Partial<GateSettings>;
  /** Only cases whose id matches. */
  only?: RegExp;
  /** Builds a commit twice when both sides are the same one. */
  independentBuilds: boolean;
  /** Leaves scores out: the history of speed has no use for them. */
  speedOnly?: boolean;
  environment: Environment;
  loadAverage: number;
  /** The caller's environment, of which little is passed on. */
  env: Readonly<Record<string, string | undefined>>;
  now: () => Date;
  clock: () => number;
  reproduce: (settings: GateSettings) => string;
  falseAlarms: GateReport["falseAlarms"];
  onStep: (text: string) => void;
  onPair?: (stage: "screen" | "confirm", done: number) => void;
}

/** A git ref to build, or a folder that is built already. */
export type Side = { ref: string } | { folder: string };

/**
 * Builds, measures, decides.
 *
 * Pairs of one commit with itself also add to what is known of this machine's noise.
 *
 * @throws DriftError `REF_UNKNOWN`, `CONFIG_MISSING`, `CONFIG_INVALID`, `BUILD_FAILED`, `NOTHING_MEASURED`
 */
export async function runGate(options: GateOptions): Promise<GateReport> {
  const { now, cache, environment } = options;
  const startedAt = now();
  const { base, head } = await prepareSides(options);
  const settings = GateSettings.parse({ ...GATE_DEFAULTS, ...head.config.gate, ...options.settings });
  const { both, oneSided } = matchEntries(base.config.cases, head.config.cases, options.only);
  const scored = options.speedOnly === true ? [] : [base.config.scores, head.config.scores];
  const entries = matchEntries(scored[0] ?? [], scored[1] ?? [], options.only);
  const env = caseEnvironment(options.env, head.config.env);
  const profile = readNoiseProfile(cache, environment.id);
  const noise: Noise = new Map(profile.series.map((one) => [seriesName(one), one]));
  const unavailable = new Map<string, string>();
  const byId = new Map(both.map((one) => [one.id, one]));
  const begun = options.clock();
  const { scores, notCompared: notScored } = await inScratch((scratch) =>
    measureScores({
      ...{ entries: entries.both, base: base.folder, head: head.folder, env, scratch, settings },
      ...{ clock: options.clock, onStep: options.onStep },
    }),
  );
  const scoresMs = entries.both.length === 0 ? 0 : options.clock() - begun;
  const measured = await inScratch((scratch) =>
    measurePairs({
      groups: both.map((one) => ({ id: one.id, ...("counts" in one && { fixedPairs: COUNT_PAIRS }) })),
      run: async (group, side) => {
        const { folder } = side === "base" ? base : head;
        const place = { folder, env, scratch };
        return await runOrSkip(byId.get(group.id) as CaseConfig, place, unavailable);
      },
      // Pairs get what the scores have left.
      settings: { ...settings, budgetMs: Math.max(1, settings.budgetMs - scoresMs) },
      noise,
      clock: options.clock,
      onPair: (stage, done) => options.onPair?.(stage, done),
    }),
  );
  const { samples } = measured;
  const cases = decideGate(samples, settings, noise);
  const notCompared = [
    ...oneSided,
    ...entries.oneSided,
    ...notScored,
    ...measured.notCompared,
    ...[...unavailable].map(([caseId, reason]) => ({ caseId, state: "unavailable" as const, reason })),
  ];
  if (scores.length === 0 && samples.every(({ pairs }) => pairs.length === 0))
    throw new DriftError("NOTHING_MEASURED", `no case could be measured${listed(notCompared)}`, {
      hint: "Nothing measured is never a pass. Run the first command by hand in the work tree.",
    });
  if (base.side.commit !== null && base.side.commit === head.side.commit) {
    const run = cases
      .filter((one) => !isCount(one) || one.verdict !== "inconclusive")
      .map((one) => {
        const { pairs } = samples.find((sample) => seriesName(sample) === seriesName(one)) as (typeof samples)[number];
        return {
          key: one,
          differences: logRatios(pairs, one.direction),
          red: one.confirmP < 1 && one.adjustedP <= settings.q,
        };
      });
    writeNoiseProfile(cache, addRun(profile, run));
  }
  return {
    schemaVersion: 1,
    verdict: overallVerdict(cases, scores),
    base: base.side,
    head: head.side,
    environment,
    loadAverage: options.loadAverage,
    settings,
    startedAt: startedAt.toISOString(),
    endedAt: now().toISOString(),
    measuredMs: scoresMs + measured.measuredMs,
    cases,
    samples,
    scores,
    notCompared,
    falseAlarms: options.falseAlarms,
    reproduce: options.reproduce(settings),
  };
}

/** Counts repeat themselves, so this many pairs show whether they do. */
const COUNT_PAIRS = 3;

interface Prepared {
  side: GateSide;
  folder: string;
  config: BenchConfig;
}

async function prepareSides(options: GateOptions): Promise<{ base: Prepared; head: Prepared }> {
  const { root, cache, configFile, onStep } = options;
  const shared = configFile === undefined ? undefined : readBenchConfig(configFile);
  const trees: string[] = [];
  // Both refs are looked up before anything is built.
  const commits = new Map<Side, string>();
  for (const side of [options.base, options.head])
    if ("ref" in side) commits.set(side, await resolveCommit(root, side.ref));
  const build = shared ?? (await headConfig(options, commits.get(options.head)));
  // A base from before there was a configuration is measured by the head's.
  const configOf = (folder: string): BenchConfig =>
    shared ?? (fs.existsSync(path.join(folder, CONFIG_FILE)) ? readBenchConfig(folder) : build);
  const prepare = async (side: Side, copy: string): Promise<Prepared> => {
    if ("folder" in side) {
      const folder = path.resolve(root, side.folder);
      if (!fs.existsSync(folder))
        throw new DriftError("FOLDER_MISSING", `there is no ${folder}`, { hint: "Give a built checkout." });
      return { side: { ref: side.folder, commit: null }, folder, config: configOf(folder) };
    }
    const commit = commits.get(side) as string;
    const env = caseEnvironment(options.env, build.env);
    const folder = await builtTree({ root, commit, cache, config: build, env, copy, onStep });
    trees.push(folder);
    return { side: { ref: side.ref, commit }, folder, config: configOf(folder) };
  };
  const head = await prepare(options.head, options.independentBuilds ? "b" : "a");
  const base = await prepare(options.base, "a");
  if (trees.length > 0) await removeOldTrees(cache, root, trees, KEPT_TREES);
  return { base, head };
}

/** Work trees of earlier gates that are kept, for the next gate against the same base. */
const KEPT_TREES = 2;

/** How both sides are built is what the head says: identical flags. */
async function headConfig({ root, head }: GateOptions, commit: string | undefined): Promise<BenchConfig> {
  if ("folder" in head) return readBenchConfig(path.resolve(root, head.folder));
  return await readConfigAt(root, commit as string);
}

async function readConfigAt(root: string, commit: string): Promise<BenchConfig> {
  const text = await fileAt(root, commit, CONFIG_FILE);
  if (text === null)
    throw new DriftError("CONFIG_MISSING", `commit ${commit.slice(0, 10)} has no ${CONFIG_FILE}`, {
      hint: "Commit one, or give one for both sides with --config; `drift-bench gate --help` shows one.",
    });
  return await inScratch(async (scratch) => {
    const file = path.join(scratch, CONFIG_FILE);
    fs.writeFileSync(file, text);
    return readBenchConfig(file);
  });
}

/** Cases (or scores) of both sides, run as the head describes them; one whose description changed is compared all the same. */
function matchEntries<T extends { id: string }>(
  base: readonly T[],
  head: readonly T[],
  only: RegExp | undefined,
): { both: T[]; oneSided: GateReport["notCompared"] } {
  const wanted = ({ id }: T): boolean => only === undefined || only.test(id);
  const inBase = new Set(base.map(({ id }) => id));
  const inHead = new Set(head.map(({ id }) => id));
  const fresh = head.filter((one) => !inBase.has(one.id) && wanted(one));
  const gone = base.filter((one) => !inHead.has(one.id) && wanted(one));
  return {
    both: head.filter((one) => inBase.has(one.id) && wanted(one)),
    oneSided: [
      ...fresh.map(({ id }) => ({ caseId: id, state: "new" as const, reason: "only the head has it" })),
      ...gone.map(({ id }) => ({ caseId: id, state: "removed" as const, reason: "only the base has it" })),
    ],
  };
}

/** A count whose tool is missing is left out and named; everything else that fails is a failure. */
async function runOrSkip(config: CaseConfig, place: Place, unavailable: Map<string, string>): Promise<Reading[]> {
  if (unavailable.has(config.id)) return [];
  try {
    return await runCase(config, place);
  } catch (error) {
    if (!("counts" in config && error instanceof DriftError && error.code === "TOOL_MISSING")) throw error;
    unavailable.set(config.id, error.message);
    return [];
  }
}

/** What a process needs to find programs and its user's caches; the rest of the caller's environment stays out. */
const PASSED_ON = [
  ...["PATH", "HOME", "USER", "TMPDIR", "LANG", "SystemRoot", "TEMP"],
  ...["XDG_CACHE_HOME", "CARGO_HOME", "RUSTUP_HOME", "GOPATH", "GOROOT", "JAVA_HOME", "VIRTUAL_ENV"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"],
];

/** The same bytes for both sides, since the size of the environment alone can move timings. */
export function caseEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  added: Record<string, string>,
): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(passed), ...added };
}

async function inScratch<T>(step: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "drift-gate-"));
  try {
    return await step(scratch);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function listed(notCompared: GateReport["notCompared"]): string {
  return notCompared.map(({ caseId, reason }) => `\n  ${caseId}: ${reason}`).join("");
}
