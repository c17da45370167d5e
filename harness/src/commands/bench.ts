/** `npm run bench`: time the engine now; every call is a new run in the store. */
import * as path from "node:path";
import { fetchCorpus, type FetchedCorpus } from "@drift/corpora";
import { DriftError } from "@drift/engine";
import { BENCH_CORPORA, benchReport, runBenches } from "../bench-run.ts";
import { inScratch } from "../scratch.ts";
import { chooseCorpora } from "../corpora.ts";
import { loadAverage } from "../environment.ts";
import { inputHash } from "../inputs.ts";
import { renderBenches } from "../leaderboard.ts";
import { createProgress, type Progress } from "../progress.ts";
import { openHistory } from "../store/publish.ts";
import { readBenches } from "../store/read.ts";
import { completeRun } from "../store/run-file.ts";
import { type BenchReport, CaseId } from "../store/schema.ts";
import { recordRun } from "../store/write.ts";
import { astGrepVersion } from "../suites/ast-grep.ts";
import { compareCheckouts } from "../suites/checkout-comparison.ts";
import { indexComparison } from "../suites/index-comparison.ts";
import { type CommandContext, print } from "./context.ts";

const FULL_CRITERION_TIMEOUT_MS = 1_800_000;

export interface BenchFlags {
  quick: boolean;
  against?: string;
  /** Rounds of the comparison with another checkout. */
  rounds?: number;
  offline: boolean;
  /** Only these corpora; {@link BENCH_CORPORA} when absent. */
  corpus?: readonly string[];
  seed: number;
  json: boolean;
}

export async function benchCommand(flags: BenchFlags, context: CommandContext): Promise<void> {
  const { seed, quick, against } = flags;
  const { root, now } = context;
  const { engineVersion } = await context.testbed();
  const progress = createProgress(context.stderr, { phases: 2, nowMs: context.clock });
  const startedAt = now();
  const load = loadAverage();
  const corpora = await benchCorpora(flags, context, progress);
  const phase = progress.begin(against === undefined ? "benches" : "both checkouts");
  const reproduce = `npm run bench --${quick ? " --quick" : ""}${against === undefined ? "" : " --against <checkout>"} --seed ${seed}`;
  const { report, rawText } =
    against === undefined
      ? await runBenches({
          ...{ root, corpora, seed, now, engineVersion, reproduce },
          mode: quick ? "quick" : "full",
          criterion: { timeoutMs: FULL_CRITERION_TIMEOUT_MS },
          onCase: (done, total, what) => phase.at(done, total, what),
        })
      : benchReport({
          ...{ seed, now, engineVersion, reproduce, startedAt, notRun: [] },
          ...(await compareCheckouts({
            ...{ root, seed, corpora },
            other: against,
            rounds: flags.rounds ?? (quick ? 5 : 12),
            onRound: (done, total) => phase.at(done, total),
          })),
        });
  phase.end(`${report.measurements.length} measurements`);
  await storeBench({ report, rawText, load }, flags, context);
}

export interface BenchIndexFlags {
  rounds: number;
  label?: string;
  seed: number;
  json: boolean;
}

export async function benchIndexCommand(
  folder: string,
  flags: BenchIndexFlags,
  context: CommandContext,
): Promise<void> {
  const { seed, rounds } = flags;
  const { now } = context;
  const { engineVersion } = await context.testbed();
  const label = flags.label ?? path.basename(path.resolve(folder)).toLowerCase();
  if (!CaseId.safeParse(label).success || rounds < 1) {
    throw new DriftError(
      "BAD_LABEL",
      rounds < 1 ? "there must be at least one round" : `"${label}" cannot name a folder in results`,
      {
        hint: "Use --label with lower-case letters, digits, dots and dashes.",
      },
    );
  }
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin(`index ${label} beside ast-grep ${astGrepVersion()}`);
  const startedAt = now();
  const load = loadAverage();
  const comparison = await inScratch((scratch) =>
    indexComparison({
      folder,
      label,
      rounds,
      seed,
      scratch,
      onRound: (done, total, what) => phase.at(done, total, what),
    }),
  );
  const { report, rawText } = benchReport({
    ...{ seed, now, engineVersion, startedAt, notRun: [], ...comparison },
    reproduce: `npm run bench -- index <folder> --label ${label} --rounds ${rounds} --seed ${seed}`,
  });
  phase.end(`${rounds} rounds`);
  await storeBench({ report, rawText, load }, flags, context);
}

async function benchCorpora(
  { offline, corpus }: BenchFlags,
  { cacheDir }: CommandContext,
  progress: Progress,
): Promise<FetchedCorpus[]> {
  const phase = progress.begin("fetch corpora");
  const fetched: FetchedCorpus[] = [];
  for (const { id, kind } of chooseCorpora(corpus ?? BENCH_CORPORA)) {
    try {
      fetched.push(await fetchCorpus(id, { ...(cacheDir !== null && { cacheDir }), offline }));
    } catch (error) {
      if (kind !== "real") throw error;
      progress.say(`${id} is left out: ${(error as Error).message}`);
    }
  }
  phase.end(`${fetched.length} corpora`);
  return fetched;
}

async function storeBench(
  { report, rawText, load }: { report: BenchReport; rawText: string; load: number },
  { seed, json }: { seed: number; json: boolean },
  context: CommandContext,
): Promise<void> {
  const { results, now } = context;
  const { environment, commit, engineVersion, code } = await context.testbed();
  const more = [environment.id, report.suite.hash, report.reproduce];
  const inputSha256 = inputHash({
    suite: "bench",
    subject: "drift",
    ...{ code, commit, seed, corpora: [], more },
  });
  const run = completeRun(
    { suite: "bench", report, environment, commit, engineVersion, loadAverage: load, inputSha256 },
    rawText,
  );
  const { db } = openHistory(results, { now: now() });
  try {
    recordRun(db, results, run);
    const benches = readBenches(db, run.file.id);
    print(context, json, run.file, () => `${renderBenches(benches)}\n\nrun ${run.file.id}`);
  } finally {
    db.close();
  }
}
