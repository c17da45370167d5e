/** `drift-bench compare`: verdicts about values that were measured elsewhere. */
import { drawTable } from "@drift/cibench/draw-table";
import { type CaseComparison, compareCases, type CompareOptions } from "../gate/compare.ts";
import type { Verdict } from "../gate/schema.ts";
import { readPairs } from "../gate/read-input.ts";
import { type CommandContext, print } from "./context.ts";

export interface CompareFlags extends CompareOptions {
  pairs: string;
  json: boolean;
}

/** What `compare --json` prints. */
export interface CompareReport {
  schemaVersion: 1;
  /** `regressed` when any case is; else `inconclusive` when any is; else `improved` when any is; else `unchanged`. */
  verdict: Verdict;
  options: CompareOptions;
  /** By effect, the worst first. */
  cases: CaseComparison[];
}

/** @returns the exit code: 1 when a case regressed */
export function compareCommand({ pairs, json, ...options }: CompareFlags, context: CommandContext): 0 | 1 {
  const measured = readPairs(pairs);
  const higher = new Set(measured.filter(({ direction }) => direction === "higher").map(({ id }) => id));
  const worsening = ({ id, ratio }: CaseComparison): number =>
    ratio === null ? -Infinity : higher.has(id) ? 1 / ratio : ratio;
  const cases = compareCases(measured, options).toSorted((a, b) => worsening(b) - worsening(a));
  const order: readonly Verdict[] = ["regressed", "inconclusive", "improved"];
  const verdict = order.find((one) => cases.some((found) => found.verdict === one)) ?? "unchanged";
  print<CompareReport>(context, json, { schemaVersion: 1, verdict, options, cases }, renderComparison);
  return verdict === "regressed" ? 1 : 0;
}

export function renderComparison({ verdict, options, cases }: CompareReport): string {
  const rows = cases.map((one) => [
    one.id,
    one.verdict,
    one.ratio === null ? "" : one.ratio.toFixed(3),
    one.interval === null ? "" : `${one.interval.low.toFixed(3)} to ${one.interval.high.toFixed(3)}`,
    one.adjustedP.toPrecision(2),
    one.pairs,
    one.smallestDetectableEffect === null ? "none" : `${(100 * one.smallestDetectableEffect).toFixed(1)} %`,
  ]);
  const reasons = cases.flatMap(({ id, reason }) => (reason === null ? [] : [`${id}: ${reason}`]));
  const { margin, q } = options;
  return [
    drawTable(["case", "verdict", "head / base", "95 % interval", "adjusted p", "pairs", "would see"], rows),
    `${verdict}: worse by more than ${100 * margin} %, at most ${100 * q} % of the reds wrong`,
    ...reasons,
  ].join("\n");
}
