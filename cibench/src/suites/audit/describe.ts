/** An audit in words. */
import type { SuiteAuditOutput, SuiteCaseAudit } from "../../schema/suite.ts";

/** Each case with what differs, then the totals and the verdict on the errata. */
export function describeAudit(output: SuiteAuditOutput): string {
  const { totals, conventions, errata } = output;
  const kinds = Object.entries(conventions).map(([how, { witnessed, labelled }]) => `${how} ${labelled}/${witnessed}`);
  return [
    ...output.cases.map(describeCase),
    "",
    `${output.suite}: ${totals.cases} cases, ${totals.ended} ended, ${totals.threw} threw, ${totals.stopped} stopped, ${totals.notRun} not run`,
    `edges without built-ins: ${totals.confirmed} labelled and witnessed, ${totals.unlabelled} witnessed and not labelled, ${totals.unwitnessed} labelled and not witnessed`,
    `labelled of those witnessed, by how they were entered: ${kinds.join(", ")}`,
    ...(errata === null ? [] : describeErrata(errata)),
    "",
  ].join("\n");
}

function describeCase(one: SuiteCaseAudit): string {
  const { confirmed, builtins } = one;
  const ending = one.message === null ? one.outcome : `${one.outcome}: ${one.message}`;
  const lines = [one, builtins].flatMap(({ unlabelled, unwitnessed }) => [
    ...unlabelled.map(({ edge, how, observed }) => `  + ${arrow(edge)} (${how}): ${observed}`),
    ...unwitnessed.map(({ edge, finding, observed }) => `  - ${arrow(edge)} (${finding}): ${observed}`),
  ]);
  const counted = `${confirmed.length} confirmed, ${builtins.confirmed.length} with built-ins`;
  return [`${one.case} (${ending}): ${counted}`, ...lines].join("\n");
}

function describeErrata({ proven, unproven, uncovered }: NonNullable<SuiteAuditOutput["errata"]>): string[] {
  return [
    `errata: ${proven} proven, ${unproven.length} not proven; ${uncovered.length} label errors without one`,
    ...unproven.map((one) => `  not proven: ${one.decision} ${one.case} ${arrow(one.edge)}: ${one.problem}`),
    ...uncovered.map((one) => `  without erratum: ${one.decision} ${one.case} ${arrow(one.edge)}: ${one.observed}`),
  ];
}

function arrow([caller, callee]: readonly [string, string]): string {
  return `${caller} → ${callee}`;
}
