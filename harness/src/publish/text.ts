/** Words for a gate's figures, safe to stand in Markdown whoever wrote them. */
import type { CaseVerdict, GateReport, Verdict } from "../gate/schema.ts";

/** Text of others as a code span: nothing in it links, mentions, formats or ends the line or the cell. */
export function code(text: string): string {
  const plain = printable(text).replaceAll("|", "¦").replaceAll("`", "ˋ").trim();
  return plain === "" ? "" : `\`${plain}\``;
}

/** On one line, without control characters and without what makes text run the other way. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ");
}

/** How a case is called: its id, with the metric where that is not plain time. */
export function caseName({ caseId, metric }: Pick<CaseVerdict, "caseId" | "metric">): string {
  return metric === "time" || metric === "wall" ? caseId : `${caseId} (${metric})`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Change of head against base in the case's own unit, with a sign. */
export function change(ratio: number | null): string {
  if (ratio === null) return "";
  return `${ratio >= 1 ? "+" : "−"}${percent(Math.abs(ratio - 1))}`;
}

export function interval({ interval: bounds }: CaseVerdict): string {
  return bounds === null ? "" : `${change(bounds.low)} to ${change(bounds.high)}`;
}

/** The smallest slowdown that would have been found in 9 of 10 runs. */
export function wouldSee({ detectable: { effect, basis } }: CaseVerdict): string {
  if (effect === null) return "nothing";
  const note = { profile: "", "this-run": " (this run)", formula: " (formula)" }[basis];
  return `${percent(effect)}${note}`;
}

/** Whether anything at all was measured. */
export function isEmpty({ cases, scores }: Pick<GateReport, "cases" | "scores">): boolean {
  return cases.length === 0 && scores.length === 0;
}

/** How the whole gate is called. A report in which nothing was measured never sounds like a pass. */
export function headline(report: GateReport): string {
  const { verdict, cases, scores, notCompared } = report;
  if (isEmpty(report)) return "Nothing was measured";
  const counted = (one: Verdict): string => {
    const [some, others] = [cases, scores.map(({ decision }) => decision)].map(
      (all) => all.filter((found) => found.verdict === one).length,
    ) as [number, number];
    return both(some, others);
  };
  const failed = notCompared.filter(({ state }) => state === "failed").length;
  const broken = failed === 0 ? "" : `; ${cased(failed)} could not be measured`;
  const red = cases.filter((one) => one.verdict === "regressed").length;
  const fallen = scores.filter(({ decision }) => decision.verdict === "regressed").length;
  const reds = [
    ...(red === 0 ? [] : [`${cased(red)} became slower or larger`]),
    ...(fallen === 0 ? [] : [`${scored(fallen)} fell`]),
  ];
  const words: Record<Verdict, string> = {
    regressed: reds.join("; "),
    inconclusive: `Nothing regressed; ${counted("inconclusive")} cannot be told`,
    improved: `Nothing regressed; ${counted("improved")} improved`,
    unchanged: `${both(cases.length, scores.length)}: no change`,
  };
  return `${words[verdict]}${broken}`;
}

function both(cases: number, scores: number): string {
  if (scores === 0) return cased(cases);
  return cases === 0 ? scored(scores) : `${cased(cases)} and ${scored(scores)}`;
}

function scored(n: number): string {
  return n === 1 ? "1 score" : `${n} scores`;
}

function cased(n: number): string {
  return n === 1 ? "1 case" : `${n} cases`;
}

/** What the false-alarm rate of this rule was proved to be; null where nothing was proved. */
export function provedRate({ falseAlarms }: GateReport): string | null {
  if (falseAlarms === null) return null;
  const { red, gates, high } = falseAlarms;
  return `Of ${gates} gates of identical code ${red} were red: at most ${percent(high)} are (95 %).`;
}
