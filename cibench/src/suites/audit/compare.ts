/** What a run witnessed against what the suite labels. Pure. */
import type { SuiteCaseAudit, SuiteFinding } from "../../schema/suite.ts";
import type { SuiteCase } from "../cases.ts";
import { type Edge, isOutside, keyOf } from "../score-edges.ts";
import type { Execution } from "./execution.ts";
import { spellCall, type Witness, witnessOf } from "./witness.ts";

/** @param textOf the text of a source file */
export function auditCase(one: SuiteCase, execution: Execution, textOf: (file: string) => string): SuiteCaseAudit {
  const labelled = Object.entries(one.labels).flatMap(([caller, callees]) =>
    callees.map((callee): Edge => [caller, callee]),
  );
  const names = new Set(Object.keys(one.labels).concat(labelled.map(([, callee]) => callee)));
  const witness = witnessOf(execution, names, textOf);
  const compare = (builtins: boolean): SuiteCaseAudit["builtins"] => {
    const counts = ([caller, callee]: Edge): boolean => (isOutside(caller) || isOutside(callee)) === builtins;
    const published = new Map(labelled.filter(counts).map((edge) => [keyOf(edge), edge]));
    const witnessed = [...witness.edges].filter(([, { edge }]) => counts(edge));
    return {
      confirmed: witnessed
        .filter(([key]) => published.has(key))
        .map(([key, { how, observed }]) => ({ edge: mutable(published.get(key) as Edge), how, observed })),
      unlabelled: witnessed
        .filter(([key]) => !published.has(key))
        .map(([, { edge, how, observed }]) => ({ edge: mutable(edge), how, observed })),
      unwitnessed: [...published]
        .filter(([key]) => !witness.edges.has(key))
        .map(([, edge]) => ({ edge: mutable(edge), ...findingOn(edge, witness, execution) })),
    };
  };
  const { outcome, message } = execution;
  return { case: one.id, outcome, message, ...compare(false), builtins: compare(true) };
}

/** Findings that show a labelled edge not to happen. */
export const PROVES_ABSENCE: ReadonlySet<SuiteFinding> = new Set<SuiteFinding>([
  "no-such-function",
  "entered-others",
  "not-callable",
]);

function findingOn(
  [caller, callee]: Edge,
  witness: Witness,
  execution: Execution,
): { finding: SuiteFinding; observed: string } {
  // Without a run there are no names either.
  if (execution.main === null) return { finding: "not-run", observed: execution.message ?? "the case was not run" };
  for (const name of [caller, callee]) {
    if (isOutside(name) || witness.names.has(name)) continue;
    const module = [...witness.modules].some((top) => name === top || name.startsWith(`${top}.`));
    if (!module) return { finding: "not-run", observed: `${name} lies outside of the case` };
    return { finding: "no-such-function", observed: `no function of the case is called ${name}` };
  }
  if (!witness.entered.has(caller)) {
    const why = execution.message === null ? "" : `, and the program ended with ${execution.message}`;
    return { finding: "not-run", observed: `${caller} did not run${why}` };
  }
  const calls = witness.calls.get(caller) ?? [];
  const told = calls.map(({ call, entered }) => `${spellCall(call)} entered ${entered.join(", ") || "nothing"}`);
  const said = told.length === 0 ? `${caller} ran and makes no call` : `${caller} ran: ${told.join("; ")}`;
  const idle = calls.filter(({ entered }) => entered.length === 0).map(({ call }) => call);
  if (idle.length === 0) return { finding: "entered-others", observed: said };
  const { thrownAt, message } = execution;
  const isNoFunction = /is not a (?:function|constructor)|not callable/.test(message ?? "");
  const [only] = idle;
  if (isNoFunction && idle.length === 1 && only?.file === thrownAt?.file && only?.line === thrownAt?.line) {
    return { finding: "not-callable", observed: `${said}, and ended with ${message ?? ""}` };
  }
  return { finding: "not-run", observed: said };
}

function mutable([caller, callee]: Edge): [string, string] {
  return [caller, callee];
}
