/** Counts: what a deterministic program does the same number of times whenever it runs. Compared, not tested. */
import type { CaseVerdict, GateSettings, Metric, PairedSamples } from "./schema.ts";
import type { SeriesNoise } from "./noise-profile.ts";

const COUNTS: ReadonlySet<Metric> = new Set(["instructions", "allocations", "bytes-written"]);

export function isCount({ metric }: { metric: Metric }): boolean {
  return COUNTS.has(metric);
}

/**
 * A count is regressed when even the least of the head is above the most of the base by more than `countMargin`, or by
 * more than identical code was seen to differ, whichever is larger; unchanged when no two values differ by as much;
 * inconclusive when one side does not repeat itself.
 */
export function decideCount(
  { caseId, metric, unit, direction, pairs }: PairedSamples,
  settings: GateSettings,
  noise: SeriesNoise | undefined,
): CaseVerdict {
  const base = pairs.map((pair) => pair.base.value);
  const head = pairs.map((pair) => pair.head.value);
  const margin = Math.max(settings.countMargin, ...(noise?.differences ?? []).map((d) => Math.expm1(Math.abs(d))));
  const [baseLow, baseHigh] = [Math.min(...base), Math.max(...base)];
  const [headLow, headHigh] = [Math.min(...head), Math.max(...head)];
  const above = headLow > baseHigh * (1 + margin);
  const below = headHigh * (1 + margin) < baseLow;
  const steady = Math.max(baseHigh, headHigh) <= Math.min(baseLow, headLow) * (1 + margin);
  const [worse, better] = direction === "lower" ? [above, below] : [below, above];
  const verdict = worse ? "regressed" : better ? "improved" : steady ? "unchanged" : "inconclusive";
  const ratio = pairs.length > 0 && baseLow > 0 && headLow > 0 ? middle(head) / middle(base) : null;
  return {
    ...{ caseId, metric, unit, direction, channel: "count", verdict },
    reason: verdict === "inconclusive" ? "the same program did not count the same twice" : null,
    quarantined: false,
    screenPairs: pairs.length,
    confirmPairs: 0,
    ratio,
    interval: ratio === null ? null : { low: headLow / baseHigh, high: headHigh / baseLow, level: 1 },
    // Nothing is drawn here: what was counted is what was done.
    ...{
      screenP: worse ? 0 : 1,
      confirmP: worse ? 0 : 1,
      adjustedP: worse ? 0 : 1,
      adjustedImprovementP: better ? 0 : 1,
    },
    margin,
    detectable: { effect: margin, basis: (noise?.differences.length ?? 0) > 0 ? "profile" : "this-run" },
  };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
