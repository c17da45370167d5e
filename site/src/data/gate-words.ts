/** How the gate's record is put into words. */
import { formatPercent, shorten, visible } from "../format.ts";
import type { Condition, CountedShare, FormedGates } from "./gate-record.ts";

const CONDITION_NAMES: Record<Condition, string> = { idle: "Idle computer", loaded: "One core kept busy" };

/** What the computer did meanwhile. */
export const conditionName = (condition: Condition): string => CONDITION_NAMES[condition];

/** `Idle computer, one build`. */
export function formedName({ condition, independentBuilds }: FormedGates): string {
  return `${conditionName(condition)}, ${independentBuilds ? "two builds of one commit" : "one build"}`;
}

/** A name that a configuration brings along, as it may stand on a page. */
export const recordName = (text: string): string => visible(shorten(text, 120));

/** A counted share as per cent; a dash where nothing was counted. */
export const shareOf = ({ count, n }: CountedShare): string => (n === 0 ? "–" : formatPercent(count / n));

/** Its 95 % interval; empty where nothing was counted. */
export const intervalOf = ({ n, low, high }: CountedShare): string =>
  n === 0 ? "" : `[${formatPercent(low)}, ${formatPercent(high)}]`;
