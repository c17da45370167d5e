/** What every reading by hand shares, whatever is read: the draw, verdicts, and what they add up to. Pure. */
import { hash } from "node:crypto";
import { z } from "zod";
import { clopperPearson } from "./clopper-pearson.ts";

/** Null until it was read. `undecided`: the source does not tell. */
export const Verdict = z.enum(["right", "wrong", "undecided"]).nullable();
export type Verdict = z.infer<typeof Verdict>;

/**
 * Draws `count` of all, each as likely as any other: those whose hash with the seed is smallest. So what was drawn stays
 * when others come or go, and what was read of it still counts. In the order given.
 *
 * @param keyOf what makes two of them the same
 */
export function drawByHash<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
  { count, seed }: { count: number; seed: number },
): T[] {
  const drawn = new Set(
    all
      .map((one): [string, T] => [hash("sha256", `${seed} ${keyOf(one)}`), one])
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, count)
      .map(([, one]) => one),
  );
  return all.filter((one) => drawn.has(one));
}

/** What was drawn, with what was read of those that had been drawn before. */
export function keepVerdicts<T extends { verdict: Verdict; why: unknown }>(
  drawn: readonly T[],
  before: readonly T[],
  keyOf: (one: T) => string,
): T[] {
  const known = new Map(before.map((one) => [keyOf(one), one]));
  return drawn.map((one) => {
    const { verdict, why } = known.get(keyOf(one)) ?? one;
    return { ...one, verdict, why };
  });
}

/** How many of each. */
export interface VerdictCounts {
  right: number;
  wrong: number;
  undecided: number;
  unread: number;
}

export function countVerdicts(items: readonly { verdict: Verdict }[]): VerdictCounts {
  const counted = (verdict: Verdict): number => items.filter((item) => item.verdict === verdict).length;
  return {
    right: counted("right"),
    wrong: counted("wrong"),
    undecided: counted("undecided"),
    unread: counted(null),
  };
}

/**
 * The share of `which` among what was decided (right or wrong), with the 95 % interval of Clopper and Pearson; null where
 * nothing was.
 */
export function shareOf(
  which: "right" | "wrong",
  counts: VerdictCounts,
): { share: number | null; low: number | null; high: number | null } {
  const decided = counts.right + counts.wrong;
  if (decided === 0) return { share: null, low: null, high: null };
  return { share: counts[which] / decided, ...clopperPearson(counts[which], decided) };
}

/** A share and its interval as cells of a table. */
export function shareCells({ share, low, high }: ReturnType<typeof shareOf>): [share: string, interval: string] {
  const percent = (value: number | null): string => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  return [percent(share), low === null ? "–" : `${percent(low)} to ${percent(high)}`];
}
