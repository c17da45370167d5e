/** Figures as reports print them. */
import type { Estimate } from "./schema/estimate.ts";

/** A value with its interval: `0.713 [0.652, 0.770]`; an en dash where there is none. */
export function showEstimate({ value, low, high }: Estimate): string {
  if (value === null) return "–";
  return low === null || high === null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

/** Three digits. */
export function figure(value: number): string {
  return value.toFixed(3);
}
