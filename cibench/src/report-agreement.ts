/** How far scores agree with people (level 4), as lines and tables of a report; whoever released the data is said. */
import type { AgreementOutput, Correlation } from "./schema/rating.ts";
import { showEstimate } from "./show.ts";

/** How a report writes a table with its title. */
type RenderTable = (title: string, header: readonly string[], rows: readonly (readonly string[])[]) => string;

/** What was rated by whom, and how far they agree with each other. */
export function aboutAgreement(output: AgreementOutput): string[] {
  const { study, source, items, groups, raters, ratings, undecided, unscored, alpha, reason } = output;
  const about = [
    `${study} (${source}): ${ratings} ratings of ${items} items in ${groups} groups by ${raters} raters`,
    `${undecided} could not tell; ${unscored} items have no score and count as lowest; Krippendorff's alpha ${figure(alpha)}`,
  ];
  if (reason !== null) return [`Not measured: ${reason}.`, ...about];
  if (output.binary === null) return about;
  const { mrr, auroc } = output.binary;
  return [...about, `MRR ${showEstimate(mrr)}, AUROC ${figure(auroc)}`];
}

export const COEFFICIENTS = [
  "coefficient",
  "within groups",
  "ceiling",
  "of the ceiling",
  "over all",
  "groups",
] as const;

/** A row per coefficient; none where ratings are binary or nothing is measured. */
export function coefficientRows({ graded }: AgreementOutput): string[][] {
  return Object.entries(graded ?? {}).map(([name, one]: [string, Correlation]) => [
    name,
    showEstimate(one.raw),
    figure(one.ceiling),
    one.normalized === null ? "–" : `${showEstimate(one.normalized)}${one.isCapped ? " (capped at 1)" : ""}`,
    figure(one.pooled),
    `${one.groups}`,
  ]);
}

/** The part of a report about level 4; nothing where no ratings are given, since it then is not measured. */
export function agreementParts(
  outputs: readonly AgreementOutput[],
  table: RenderTable,
  note: (text: string) => string,
): string[] {
  return outputs.flatMap((output) => {
    const rows = coefficientRows(output);
    const title = `Agreement with human judgement, ${output.study}`;
    const about = note(`${title}. ${aboutAgreement(output).join(". ")}.`);
    return rows.length === 0 ? [about] : [about, table(title, COEFFICIENTS, rows)];
  });
}

function figure(value: number | null): string {
  return value?.toFixed(3) ?? "–";
}
