/** Words for the scores of a gate: one row per category, and the items that were lost. */
import type { GateReport } from "../gate/schema.ts";
import type { CategoryVerdict, ScoreComparison } from "../gate/scores/schema.ts";

/** One category of one entry, or an entry that has none to show. */
export interface ScoreRow {
  /** Entry and category, like `cibench/call-graph/real`. */
  name: string;
  caseId: string;
  verdict: CategoryVerdict["verdict"];
  reason: string | null;
  base: string;
  head: string;
  change: string;
  /** 90 % interval of the change; empty where nothing is drawn. */
  interval: string;
  adjustedP: string;
  /** The fall that would have been seen, in points. */
  wouldSee: string;
}

const ORDER = { regressed: 0, inconclusive: 1, improved: 2, unchanged: 3 } as const;

/** The worst first. Scores are shown in points of 100. */
export function scoreRows({ scores }: Pick<GateReport, "scores">): ScoreRow[] {
  return scores
    .flatMap((one) => one.decision.categories.map((category) => ({ one, category })))
    .toSorted((a, b) => ORDER[a.category.verdict] - ORDER[b.category.verdict] || a.category.change - b.category.change)
    .map(({ one, category }) => ({
      name: `${one.id}/${category.category}`,
      caseId: one.id,
      verdict: category.verdict,
      reason: category.reason,
      base: points(category.base),
      head: points(category.head),
      change: signedPoints(category.change),
      interval:
        category.interval === null
          ? ""
          : `${signedPoints(category.interval.low)} to ${signedPoints(category.interval.high)}`,
      adjustedP: category.adjustedP === null ? "" : category.adjustedP.toPrecision(2),
      wouldSee: category.detectable === null ? "nothing" : points(category.detectable),
    }));
}

/** What is said of each entry as a whole: its runs, and what was lost and won. */
export function scoreNotes({ scores }: Pick<GateReport, "scores">): string[] {
  return scores.map((one) => {
    const { id, base, compared, lost, won, accepted, decision } = one;
    const runs =
      decision.subject === "deterministic"
        ? "every run of a side is the same"
        : `answers differ from run to run; ${base.length} runs of each side`;
    const taken = accepted.length === 0 ? "" : ` (${accepted.length} accepted)`;
    const why = decision.reason === null ? "" : `; ${decision.reason}`;
    return `${id}: ${runs}; of ${compared} items ${lost.count} lost${taken}, ${won.count} won${why}`;
  });
}

/** Lost items, the keep list's first, then by how much was lost; accepted ones say why. */
export function lostItems(one: ScoreComparison, most: number): string[] {
  const kept = new Set(one.lostKept);
  const reasons = new Map(one.accepted.map(({ item, reason }) => [item, reason]));
  const lines = [...one.lost.listed]
    .toSorted((a, b) => Number(kept.has(b.item)) - Number(kept.has(a.item)))
    .map(({ item, base, head }) => {
      const reason = reasons.get(item);
      const note = kept.has(item) ? ", on the keep list" : reason === undefined ? "" : `, accepted: ${reason}`;
      return `${item} (${credit(base)} to ${credit(head)}${note})`;
    });
  const left = one.lost.count - Math.min(most, lines.length);
  return [...lines.slice(0, most), ...(left > 0 ? [`and ${left} more`] : [])];
}

/** Entries that are red: for a category, or for the keep list. */
export function redScores({ scores }: Pick<GateReport, "scores">): ScoreComparison[] {
  return scores.filter(({ decision }) => decision.verdict === "regressed");
}

/** One sentence about one entry, without Markdown. */
export function describeScore(one: ScoreComparison): string {
  const moved = one.decision.categories
    .filter(({ verdict }) => verdict !== "unchanged")
    .map(({ category, verdict, base, head }) => `${category} ${verdict}, ${points(base)} to ${points(head)} points`);
  const said = moved.length === 0 ? [`${one.decision.categories.length} categories unchanged`] : moved;
  const lost = lostItems(one, 10);
  const items = lost.length === 0 ? "" : `; lost: ${lost.join(", ")}`;
  const why = one.decision.reason === null ? "" : `; ${one.decision.reason}`;
  return `${one.id} is ${one.decision.verdict}: ${said.join("; ")}${why}${items}.`;
}

function points(score: number): string {
  return (100 * score).toFixed(1);
}

function signedPoints(change: number): string {
  const text = points(Math.abs(change));
  return `${change < 0 ? "−" : "+"}${text}`;
}

function credit(value: number): string {
  return `${Number(value.toFixed(2))}`;
}
