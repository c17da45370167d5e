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

/** How the whole gate is called. A report in which nothing was measured never sounds like a pass. */
export function headline({ verdict, cases, notCompared }: GateReport): string {
  const count = (one: Verdict): number => cases.filter((found) => found.verdict === one).length;
  if (cases.length === 0) return "Nothing was measured";
  const failed = notCompared.filter(({ state }) => state === "failed").length;
  const broken = failed === 0 ? "" : `; ${cased(failed)} could not be measured`;
  const words: Record<Verdict, string> = {
    regressed: `${cased(count("regressed"))} became slower or larger`,
    inconclusive: `Nothing regressed; ${cased(count("inconclusive"))} cannot be told`,
    improved: `Nothing regressed; ${cased(count("improved"))} improved`,
    unchanged: `${cased(cases.length)}: no change`,
  };
  return `${words[verdict]}${broken}`;
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
