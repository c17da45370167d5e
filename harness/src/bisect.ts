/** Which commit of a range made a case worse: the paired gate is asked, commit by commit, until it convicts one. */
import { DriftError } from "@drift/engine";
import type { CaseVerdict, GateReport } from "./gate/schema.ts";

/** What was asked of the gate, and its answer. */
export interface BisectStep {
  base: string;
  head: string;
  /** `skipped` when the commit cannot be built or measured. */
  answer: "regressed" | "not-regressed" | "skipped";
  /** Largest worsening of a case, as head / base; null when there is none. */
  ratio: number | null;
}

export interface Bisection {
  schemaVersion: 1;
  /**
   * `convicted`: this commit against its parent is a regression · `gradual`: the range is one, no single commit of it that
   * was found is · `unclear`: commits around the change cannot be measured · `no-regression`: nor is the range.
   */
  outcome: "convicted" | "gradual" | "unclear" | "no-regression";
  /** The commit, and the one before it that it was measured against; null without a regression. */
  culprit: { commit: string; parent: string } | null;
  /** Commits among which it is, when they cannot be told apart. */
  among: string[];
  steps: BisectStep[];
  /** The gate that convicted it; null otherwise. */
  report: GateReport | null;
}

/**
 * Halves the range: each commit in the middle is measured against the good end, always the same base. What is found is then
 * measured against the commit before it, with fresh pairs, and only that convicts it.
 *
 * @param commits in order; the first is good, the last is bad
 * @param gate throws a DriftError when a commit cannot be measured
 */
export async function bisect(
  commits: readonly string[],
  gate: (base: string, head: string) => Promise<GateReport>,
): Promise<Bisection> {
  const good = commits[0] as string;
  const steps: BisectStep[] = [];
  const ask = async (base: string, head: string): Promise<{ step: BisectStep; report: GateReport | null }> => {
    const report = await gate(base, head).catch(skipUnmeasurable);
    const step = stepOf(base, head, report);
    steps.push(step);
    return { step, report };
  };
  const found = (outcome: Bisection["outcome"], more: Partial<Bisection> = {}): Bisection => ({
    schemaVersion: 1,
    outcome,
    culprit: null,
    among: [],
    steps,
    report: null,
    ...more,
  });

  const whole = await ask(good, commits.at(-1) as string);
  if (whole.step.answer !== "regressed") return found(whole.step.answer === "skipped" ? "unclear" : "no-regression");
  let [low, high] = [0, commits.length - 1];
  const skipped = new Set<number>();
  for (;;) {
    const open = range(low + 1, high).filter((i) => !skipped.has(i));
    const middle = open[open.length >> 1];
    if (middle === undefined) break;
    const { step } = await ask(good, commits[middle] as string);
    if (step.answer === "skipped") skipped.add(middle);
    else if (step.answer === "regressed") high = middle;
    else low = middle;
  }
  if (high - low > 1) return found("unclear", { among: commits.slice(low + 1, high + 1) });
  const culprit = { commit: commits[high] as string, parent: commits[low] as string };
  const { step, report } = commits.length === 2 ? whole : await ask(culprit.parent, culprit.commit);
  if (step.answer === "regressed") return found("convicted", { culprit, report });
  return found(step.answer === "skipped" ? "unclear" : "gradual", { among: commits.slice(1) });
}

/** How many times worse the head is, whichever direction is better; null when it cannot be said. */
export function worsening({ ratio, direction }: CaseVerdict): number | null {
  if (ratio === null) return null;
  return direction === "lower" ? ratio : 1 / ratio;
}

function stepOf(base: string, head: string, report: GateReport | null): BisectStep {
  if (report === null) return { base, head, answer: "skipped", ratio: null };
  const ratios = report.cases.flatMap((one) => worsening(one) ?? []);
  const answer = report.verdict === "regressed" ? "regressed" : "not-regressed";
  return { base, head, answer, ratio: ratios.length === 0 ? null : Math.max(...ratios) };
}

const UNMEASURABLE: ReadonlySet<string> = new Set(["BUILD_FAILED", "NOTHING_MEASURED", "CONFIG_MISSING"]);

function skipUnmeasurable(error: unknown): null {
  if (error instanceof DriftError && UNMEASURABLE.has(error.code)) return null;
  throw error;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
