/** Runs of both sides in, the evidence of one entry out: scores, and which items were lost and won. Pure. */
import type { ItemOutcome } from "@drift/cibench/runs";
import { acceptedReasons, type KeepList } from "./keep-list.ts";
import { type ReadRun, scoresOf } from "./read-run.ts";
import { type ChangedItem, MOST_LISTED, type ScoreEvidence } from "./schema.ts";

/** @param base at least one, as `head` */
export function evidenceOf(
  id: string,
  base: readonly ReadRun[],
  head: readonly ReadRun[],
  list: KeepList,
): ScoreEvidence {
  const compared = comparableItems([...base, ...head]);
  const changed = compared.map((item) => ({ item, base: creditsOf(base, item), head: creditsOf(head, item) }));
  // Where runs of one side differ, an item counts as changed only if all of one side were better than all of the other.
  const lost = changed.filter((one) => Math.min(...one.base) > Math.max(...one.head));
  const won = changed.filter((one) => Math.min(...one.head) > Math.max(...one.base));
  const reasons = acceptedReasons(list);
  const kept = new Set(list.keep);
  const accepted = lost.filter(({ item }) => reasons.has(item)).slice(0, MOST_LISTED);
  const restored = restoredOutcomes(
    accepted.map(({ item }) => item),
    base,
  );
  const isLostWhole = (one: (typeof lost)[number]): boolean => Math.min(...one.base) === 1;
  return {
    id,
    base: base.map((run) => scoresOf(run, new Map())),
    head: head.map((run, i) => scoresOf(run, restored[i % restored.length] as ReadonlyMap<string, ItemOutcome>)),
    compared: compared.length,
    lost: listed(lost),
    won: listed(won),
    lostKept: lost
      .filter((one) => isLostWhole(one) && kept.has(one.item) && !reasons.has(one.item))
      .map(({ item }) => item)
      .slice(0, MOST_LISTED),
    accepted: accepted.map(({ item }) => ({ item, reason: reasons.get(item) as string })),
  };
}

/** Items that every run was asked, with the same truth, about which truth says something. */
function comparableItems(runs: readonly ReadRun[]): string[] {
  const [first, ...others] = runs;
  return [...(first?.items ?? [])].flatMap(([name, { truth, credit }]) =>
    credit !== null && others.every(({ items }) => items.get(name)?.truth === truth) ? [name] : [],
  );
}

function creditsOf(runs: readonly ReadRun[], item: string): number[] {
  return runs.map(({ items }) => items.get(item)?.credit ?? 0);
}

/** What each run of the base made of the items. */
function restoredOutcomes(items: readonly string[], base: readonly ReadRun[]): ReadonlyMap<string, ItemOutcome>[] {
  return base.map(
    (run) => new Map(items.map((item) => [item, (run.items.get(item) as { outcome: ItemOutcome }).outcome])),
  );
}

function listed(changed: readonly { item: string; base: number[]; head: number[] }[]): ScoreEvidence["lost"] {
  const items = changed
    .map(({ item, base, head }): ChangedItem => ({ item, base: mean(base), head: mean(head) }))
    .toSorted((a, b) => Math.abs(b.base - b.head) - Math.abs(a.base - a.head) || (a.item < b.item ? -1 : 1));
  return { count: items.length, listed: items.slice(0, MOST_LISTED) };
}

function mean(values: readonly number[]): number {
  return Math.min(1, values.reduce((sum, value) => sum + value, 0) / values.length);
}
