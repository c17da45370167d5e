/** What the tests of a corpus do without any change: which pass every time, and which statements each test file runs. */
import type { MutationTruth } from "../../truth/mutation.ts";
import type { Bench } from "./bench.ts";
import { type FileOutcome, WHOLE_FILE } from "./outcome.ts";

/** Runs of all tests before a change is made. */
export const BASELINE_REPEATS = 5;
const PROBED_REPEATS = 2;
/** A test file that takes longer is not used: every change would run it three times. */
const LONGEST_SECONDS = 12;
/** Of a test file that is not known yet. */
const FIRST_LIMIT_SECONDS = 240;

export interface Baseline {
  about: MutationTruth["baseline"];
  /** Names of the tests that passed every time, by test file; only files that can be used. */
  stable: Record<string, string[]>;
  /** The longest that a test file took. */
  seconds: Record<string, number>;
}

/** Runs every test file five times as it is. */
export async function measureBaseline(bench: Bench, onRun: (done: number, total: number) => void): Promise<Baseline> {
  const runs: Record<string, FileOutcome>[] = [];
  const slow = new Set<string>();
  for (let repeat = 0; repeat < BASELINE_REPEATS; repeat += 1) {
    onRun(repeat, BASELINE_REPEATS + PROBED_REPEATS);
    const files = bench.testFiles.filter((file) => !slow.has(file));
    const run = await bench.run(files, { limitSeconds: () => FIRST_LIMIT_SECONDS });
    runs.push(run.outcomes);
    for (const file of run.endless) slow.add(file);
    for (const [file, { seconds }] of Object.entries(run.outcomes)) if (seconds > LONGEST_SECONDS) slow.add(file);
    await bench.restore();
  }
  return judgeBaseline(bench.testFiles, runs);
}

/** What several runs of the same tests come to. Pure. */
export function judgeBaseline(testFiles: readonly string[], runs: readonly Record<string, FileOutcome>[]): Baseline {
  const baseline: Baseline = {
    about: { repeats: runs.length, testFiles: testFiles.length, stable: 0, failing: 0, flaky: [], left: [] },
    stable: {},
    seconds: {},
  };
  for (const file of testFiles) {
    const outcomes = runs.flatMap((run) => run[file] ?? []);
    if (outcomes.length < runs.length) {
      // It was too slow to be run again, or did not end: nothing is known about its tests.
      baseline.about.left.push(file);
      continue;
    }
    const names = new Set(outcomes.flatMap(({ passed, failed }) => [...passed, ...failed]));
    const passes = (name: string): number => outcomes.filter(({ passed }) => passed.includes(name)).length;
    const stable = [...names].filter((name) => passes(name) === runs.length);
    const failing = [...names].filter((name) => passes(name) === 0);
    const isStable = new Set([...stable, ...failing]);
    baseline.about.failing += failing.length;
    baseline.about.flaky.push(...[...names].filter((name) => !isStable.has(name)).map((name) => `${file}: ${name}`));
    const seconds = Math.max(0, ...outcomes.map((outcome) => outcome.seconds));
    // The end of its process alone says too little, and where that is never well nobody sees a change end it early.
    if (stable.length < 2 || !stable.includes(WHOLE_FILE) || seconds > LONGEST_SECONDS) {
      baseline.about.left.push(file);
      continue;
    }
    baseline.about.stable += stable.length;
    baseline.stable[file] = stable.sort();
    baseline.seconds[file] = seconds;
  }
  return baseline;
}

/** Statements by test file: those that it ran in both runs, and those that it ran in one only. */
export interface Coverage {
  runs: Record<string, string[]>;
  wavers: Record<string, string[]>;
}

/** Runs every test file that can be used twice, under probes that are already in place. */
export async function measureCoverage(
  bench: Bench,
  { stable, seconds }: Baseline,
  onRun: (done: number, total: number) => void,
): Promise<Coverage> {
  const files = Object.keys(stable);
  const seen: Record<string, string[]>[] = [];
  for (let repeat = 0; repeat < PROBED_REPEATS; repeat += 1) {
    onRun(BASELINE_REPEATS + repeat, BASELINE_REPEATS + PROBED_REPEATS);
    const { hits } = await bench.run(files, { limitSeconds: probedLimit(seconds), probed: true });
    seen.push(hits);
  }
  onRun(BASELINE_REPEATS + PROBED_REPEATS, BASELINE_REPEATS + PROBED_REPEATS);
  const coverage: Coverage = { runs: {}, wavers: {} };
  for (const file of files) {
    const sets = seen.map((hits) => new Set(hits[file]));
    const both = sets.reduce((all, one) => all.intersection(one));
    const any = sets.reduce((all, one) => all.union(one));
    coverage.runs[file] = [...both].sort();
    coverage.wavers[file] = [...any.difference(both)].sort();
  }
  return coverage;
}

/** How long a test file may take with a change: a busy computer is no reason to stop it. */
export function changedLimit(seconds: Record<string, number>): (file: string) => number {
  return (file) => 10 + 4 * (seconds[file] ?? 0);
}

/** And under probes. */
export function probedLimit(seconds: Record<string, number>): (file: string) => number {
  return (file) => 20 + 12 * (seconds[file] ?? 0);
}
