/**
 * The whole lab in one call, the job of `npm start`: corpora -> truth -> scores of every tool -> benches -> store -> site.
 * Read this first. What was measured with the same inputs before is taken from the store and said to be.
 */
import * as path from "node:path";
import { type Adapter, ADAPTERS, itemLines, PEERS, processMemory, runTool } from "@drift/cibench";
import { BENCH_CORPORA, type BenchOptions, BENCH_SUITE_VERSION, runBenches } from "./bench-run.ts";
import { type CorporaContext, type Corpus, loadTruths, fetchAll } from "./corpora.ts";
import { loadAverage } from "./environment.ts";
import { inputHash, truthHash } from "./inputs.ts";
import type { Testbed } from "./testbed.ts";
import { takeLock } from "./store/lock.ts";
import type { Progress } from "./progress.ts";
import { buildSite } from "./site-build.ts";
import type { Store } from "./store/open.ts";
import { bringHistoryIn } from "./store/findings.ts";
import { openHistory } from "./store/publish.ts";
import { rankSuite } from "./store/rank.ts";
import { type Board, findCurrentRun, readBoard, readBenches } from "./store/read.ts";
import { completeRun, type CompleteRun, type ResultPaths, type RunDraft } from "./store/run-file.ts";
import { recordRun } from "./store/write.ts";

/** The tools on the board, in its order. */
const TOOLS = ["drift", "grep", "imports", "null", "gold"] as const;

/** Tools of others that take minutes: asked by name only. */
export type Peer = keyof typeof PEERS;

/** For each corpus and category; a language server reads a large project for as long as it takes. */
const PEER_TIMEOUT_MS = 3_600_000;

/** Phases that `Progress` counts. */
export const START_PHASES = 5;

export interface StartOptions {
  seed: number;
  /** Ask the network for nothing. */
  offline: boolean;
  /** Leave the Rust benches out. */
  quick: boolean;
  /** Only these corpora; every one of this checkout when absent. */
  corpus?: readonly string[];
  /** Language servers that are scored as well; none when absent. */
  peers?: readonly Peer[];
}

/** What the job works on and with; `main` fills it from the process. */
export interface StartContext extends CorporaContext {
  /** The checkout. */
  root: string;
  results: ResultPaths;
  /** Where the finished site goes. */
  siteOut: string;
  /** What runs are made on and from; read once per call. */
  testbed: () => Promise<Testbed>;
  now: () => Date;
  /** Milliseconds since the command began; only moves forward. */
  clock: () => number;
}

/** One run on the board. */
export interface StartedRun {
  id: string;
  tool: string;
  startedAt: string;
  /** True when the inputs were those of a stored run, which is shown again instead of measuring. */
  reused: boolean;
}

export interface StartResult {
  schemaVersion: 1;
  /** Why only some corpora were measured, in one sentence; null when all were. */
  limited: string | null;
  runs: StartedRun[];
  bench: StartedRun;
  board: Board;
  benches: ReturnType<typeof readBenches>;
  /** Path of the site's first page below the checkout. */
  site: string;
  seconds: readonly { phase: string; seconds: number }[];
}

/**
 * Runs everything and leaves a store and a site behind. Each finished run is stored at once, so a killed call loses at
 * most the run that it was in.
 *
 * @throws DriftError `ALREADY_RUNNING`, `NO_CORPUS`, `SITE_BUILD_FAILED`, and what storage and benches throw
 */
export async function startLab(options: StartOptions, context: StartContext): Promise<StartResult> {
  const { results, progress, now } = context;
  const lock = takeLock(path.join(results.local, "start.lock"), { what: '"npm start"' });
  try {
    const { db, movedAside, imported } = openHistory(results, { now: now() });
    try {
      if (movedAside !== null) {
        progress.say(
          `the store was damaged or not Drift's: moved to results/${movedAside}, rebuilt from ${imported.length} run files`,
        );
      }
      return await runPhases(db, options, context);
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
}

async function runPhases(db: Store, options: StartOptions, context: StartContext): Promise<StartResult> {
  const { fetched, limited } = await fetchAll(options, context);
  const corpora = await loadTruths(fetched, context);
  const testbed = await context.testbed();
  const runs = await scoreAll(db, corpora, testbed, options, context);
  const bench = await benchAll(db, corpora, testbed, options, context);
  await bringHistoryIn(db, context.results);
  await buildPages(context);
  return {
    schemaVersion: 1,
    limited,
    runs,
    bench,
    board: readBoard(
      db,
      runs.map(({ id }) => id),
    ),
    benches: readBenches(db, bench.id),
    site: path.relative(context.root, path.join(context.siteOut, "index.html")).replaceAll(path.sep, "/"),
    seconds: context.progress.seconds,
  };
}

async function scoreAll(
  db: Store,
  corpora: Corpus[],
  testbed: Testbed,
  { seed, peers = [] }: StartOptions,
  context: StartContext,
): Promise<StartedRun[]> {
  const { progress, checkpoint, now, clock, results } = context;
  const phase = progress.begin("score tools");
  const truths = corpora.map(({ fetched, truth, changes, rules, planted }) =>
    [
      fetched.spec.id,
      ...[truth, changes, rules, planted].flatMap((one) => (one === null ? [] : [truthHash(one)])),
    ].join(" "),
  );
  const runs: StartedRun[] = [];
  const tools = [...TOOLS, ...peers];
  for (const [index, tool] of tools.entries()) {
    phase.at(index, tools.length, tool);
    const inputSha256 = inputHash({ suite: "cibench", subject: tool, seed, corpora: truths, ...testbed });
    const stored = findCurrentRun(db, inputSha256);
    if (stored !== null) {
      runs.push({ ...stored, tool, reused: true });
      continue;
    }
    const load = loadAverage();
    const onProgress = (corpus: string, step: string, done: number, total: number): void => {
      // The engine reports while it indexes: the place where a kill hurts most.
      if (done > 0) checkpoint("index");
      phase.at(index, tools.length, `${tool} on ${corpus}`, `${step} ${done}/${total}`);
    };
    const adapter: Adapter = { ...ADAPTERS, ...PEERS }[tool];
    const limits = tool in PEERS ? { corpusTimeMs: PEER_TIMEOUT_MS } : {};
    const run = await runTool({ adapter, corpora, seed, now, clock, onProgress, limits, memory: processMemory() });
    checkpoint("score");
    const complete = record(
      db,
      context,
      {
        suite: "cibench",
        report: run.report,
        ...draftOf(testbed, load, inputSha256),
      },
      itemLines(run),
    );
    runs.push({ id: complete.file.id, tool, startedAt: complete.file.report.startedAt, reused: false });
  }
  const board = readBoard(
    db,
    runs.map(({ id }) => id),
  );
  // A call that was killed may have left runs without ranks.
  if (runs.some(({ reused }) => !reused) || board.ranks.length === 0) {
    for (const suiteHash of new Set(board.runs.map((run) => run.suiteHash))) rankSuite(db, results, suiteHash);
  }
  const reused = runs.filter((run) => run.reused);
  phase.end(
    reused.length === 0
      ? `${runs.length} tools`
      : `${runs.length} tools, ${reused.length} of them shown from the store`,
  );
  sayReused(progress, reused, "scores");
  return runs;
}

async function benchAll(
  db: Store,
  corpora: Corpus[],
  testbed: Testbed,
  { seed, quick }: StartOptions,
  context: StartContext,
): Promise<StartedRun> {
  const { progress, now, root } = context;
  const phase = progress.begin("quick benches");
  const timed = corpora.filter(({ fetched }) => BENCH_CORPORA.includes(fetched.spec.id));
  const inputSha256 = inputHash({
    suite: "bench",
    subject: "drift",
    seed,
    corpora: timed.flatMap(({ truth }) => truth?.inputsSha256 ?? []),
    more: [testbed.environment.id, BENCH_SUITE_VERSION, quick ? "without criterion" : "with criterion"],
    ...testbed,
  });
  const stored = findCurrentRun(db, inputSha256, { leftOut: quick ? ["criterion"] : [] });
  if (stored !== null) {
    phase.end("shown from the store");
    const run = { ...stored, tool: "drift", reused: true };
    sayReused(progress, [run], "benches");
    return run;
  }
  const load = loadAverage();
  const criterion = rustBenches(quick, context.clock());
  const { report, rawText } = await runBenches({
    ...{ root, seed, now, criterion, mode: "quick", engineVersion: testbed.engineVersion },
    corpora: timed.map(({ fetched }) => fetched),
    onCase: (done, total, what) => phase.at(done, total, what),
    reproduce: `npm run bench -- --quick --seed ${seed}`,
  });
  const complete = record(db, context, { suite: "bench", report, ...draftOf(testbed, load, inputSha256) }, rawText);
  phase.end(`${report.measurements.length} cases`);
  return { id: complete.file.id, tool: "drift", startedAt: report.startedAt, reused: false };
}

/** With the addon built, only the benches themselves are compiled; more than this and the start would take too long. */
const CRITERION_TIMEOUT_MS = 180_000;
/** A start that is slower than this so far leaves the Rust benches to `npm run bench`. */
const CRITERION_LATEST_MS = 360_000;

function rustBenches(quick: boolean, elapsedMs: number): BenchOptions["criterion"] {
  if (quick) return { skip: "left out by --quick" };
  if (elapsedMs > CRITERION_LATEST_MS) return { skip: "this start was slow already; `npm run bench` runs them" };
  return { timeoutMs: CRITERION_TIMEOUT_MS };
}

type DraftRest = Pick<RunDraft, "environment" | "commit" | "engineVersion" | "loadAverage" | "inputSha256">;

function draftOf({ environment, commit, engineVersion }: Testbed, load: number, inputSha256: string): DraftRest {
  return { environment, commit, engineVersion, loadAverage: load, inputSha256 };
}

function record(db: Store, { results, checkpoint }: StartContext, draft: RunDraft, rawText: string): CompleteRun {
  const complete = completeRun(draft, rawText);
  recordRun(db, results, complete, {
    filesWritten: () => checkpoint("store-files"),
    rowsInserted: () => checkpoint("store"),
  });
  return complete;
}

function sayReused(progress: Progress, runs: StartedRun[], what: string): void {
  if (runs.length === 0) return;
  const since = runs.map(({ startedAt }) => startedAt).sort()[0];
  progress.say(
    `nothing that decides them changed: ${what} of ${runs.map(({ tool }) => tool).join(", ")} are those measured from ${since}`,
  );
}

async function buildPages({ root, results, siteOut, progress, checkpoint }: StartContext): Promise<void> {
  const phase = progress.begin("build site");
  checkpoint("site");
  await buildSite({ folder: path.join(root, "site"), out: siteOut, db: results.db });
  phase.end(path.relative(root, siteOut) || ".");
}
