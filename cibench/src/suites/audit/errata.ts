/** Errata against a fresh execution. Pure. */
import type { SuiteAuditOutput, SuiteCaseAudit, SuiteErratum } from "../../schema/suite.ts";
import { keyOf } from "../score-edges.ts";
import { PROVES_ABSENCE } from "./compare.ts";

type Verdicts = NonNullable<SuiteAuditOutput["errata"]>;

/** Which errata this execution proves, which it does not, and what they leave out. */
export function verifyErrata(cases: readonly SuiteCaseAudit[], errata: readonly SuiteErratum[]): Verdicts {
  const shown = new Map(cases.map((one) => [one.case, labelErrors(one)]));
  const unproven: Verdicts["unproven"] = [];
  for (const { case: id, edge, decision, observed } of errata) {
    const problem = problemOf(shown.get(id)?.get(`${decision} ${keyOf(edge)}`), observed);
    if (problem !== null) unproven.push({ case: id, edge, decision, problem });
  }
  const said = new Set(errata.map((one) => `${one.case} ${one.decision} ${keyOf(one.edge)}`));
  const uncovered = [...shown].flatMap(([id, errors]) =>
    [...errors].filter(([key]) => !said.has(`${id} ${key}`)).map(([, error]) => ({ case: id, ...error })),
  );
  return { proven: errata.length - unproven.length, unproven, uncovered };
}

/** By decision and edge. */
function labelErrors(one: SuiteCaseAudit): Map<string, Pick<SuiteErratum, "edge" | "decision" | "observed">> {
  const errors = new Map<string, Pick<SuiteErratum, "edge" | "decision" | "observed">>();
  for (const { unlabelled, unwitnessed } of [one, one.builtins]) {
    for (const { edge, observed } of unlabelled) {
      errors.set(`add ${keyOf(edge)}`, { edge, decision: "add", observed });
    }
    for (const { edge, finding, observed } of unwitnessed) {
      if (PROVES_ABSENCE.has(finding)) errors.set(`remove ${keyOf(edge)}`, { edge, decision: "remove", observed });
    }
  }
  return errors;
}

function problemOf(error: { observed: string } | undefined, observed: string): string | null {
  if (error === undefined) return "this execution does not show it, or the label is not as it says";
  return error.observed === observed ? null : `this execution showed something else: ${error.observed}`;
}
