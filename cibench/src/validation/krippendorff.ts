/** Krippendorff's alpha: how far raters agree beyond chance, with any number of raters and of missing ratings. Pure. */

export type Metric = "nominal" | "ordinal" | "interval";

/**
 * α = 1 − D_observed / D_expected over the coincidences of values within items. Items with one rating say nothing.
 *
 * @param units the ratings of each item, in any order
 * @returns 1 when all agree, 0 as by chance, below 0 when they disagree; NaN where no item has two ratings, or all are equal
 * @see Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania (2011)
 */
export function krippendorffAlpha(units: readonly (readonly number[])[], metric: Metric): number {
  const paired = units.filter((unit) => unit.length > 1);
  const values = [...new Set(paired.flat())].toSorted((a, b) => a - b);
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const coincidences = values.map(() => values.map(() => 0));
  for (const unit of paired) {
    for (const [at, one] of unit.entries()) {
      const row = coincidences[indexOf.get(one) as number] as number[];
      for (const [other, value] of unit.entries()) {
        if (other === at) continue;
        const column = indexOf.get(value) as number;
        row[column] = (row[column] as number) + 1 / (unit.length - 1);
      }
    }
  }
  const totals = coincidences.map((row) => row.reduce((sum, count) => sum + count, 0));
  const n = totals.reduce((sum, total) => sum + total, 0);
  const distance = squaredDistance(values, totals, metric);
  let [observed, expected] = [0, 0];
  for (const [c, row] of coincidences.entries()) {
    for (const [k, count] of row.entries()) {
      observed += count * distance(c, k);
      expected += (totals[c] as number) * (totals[k] as number) * distance(c, k);
    }
  }
  return 1 - (observed * (n - 1)) / expected;
}

/** Between the values at two places of the sorted list: 0 or 1; ranks in between by how often they were chosen; the difference, squared. */
function squaredDistance(
  values: readonly number[],
  totals: readonly number[],
  metric: Metric,
): (a: number, b: number) => number {
  if (metric === "nominal") return (a, b) => Number(a !== b);
  if (metric === "interval") return (a, b) => ((values[a] as number) - (values[b] as number)) ** 2;
  return (a, b) => {
    const between = totals.slice(Math.min(a, b), Math.max(a, b) + 1).reduce((sum, total) => sum + total, 0);
    return (between - ((totals[a] as number) + (totals[b] as number)) / 2) ** 2;
  };
}
