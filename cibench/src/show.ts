/** Figures as reports print them. */
import type { Estimate, NewCorpora } from "./schema/estimate.ts";

/** A value with its interval: `0.713 [0.652, 0.770]`; an en dash where there is none. */
export function showEstimate({ value, low, high }: Estimate): string {
  if (value === null) return "–";
  return low === null || high === null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

/** A mean over corpora with its interval for new ones and their number, or why there is none; an en dash in reports from before there were such. */
export function showNewCorpora(about: NewCorpora | undefined): string {
  if (about === undefined) return "–";
  const { value, low, high, corpora, reason } = about;
  return reason ?? `${showEstimate({ value, low, high, n: corpora })} over ${corpora}`;
}

/** Three digits. */
export function figure(value: number): string {
  return value.toFixed(3);
}
