/** Runs every case of a suite and holds its labels, and the errata, against what was seen. Read this first. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Sandbox } from "@drift/corpora/tracing";
import type { SuiteAuditOutput, SuiteErratum, SuiteFormat, SuiteWitnessKind } from "../../schema/suite.ts";
import type { SuiteCase } from "../cases.ts";
import { auditCase } from "./compare.ts";
import { verifyErrata } from "./errata.ts";
import { executeJavaScript } from "./execute-javascript.ts";
import { executePython } from "./execute-python.ts";

const TIMEOUT_MS = 60_000;

/**
 * Audits the cases one after the other.
 *
 * @param options `errata` null: none are verified; those of other cases than `cases` are left aside
 */
export async function auditSuite(options: {
  suite: SuiteFormat;
  cases: readonly SuiteCase[];
  sandbox: Sandbox;
  errata: readonly SuiteErratum[] | null;
  /** Of one case. */
  timeoutMs?: number;
  onProgress?: (done: number, total: number) => void;
}): Promise<SuiteAuditOutput> {
  const { suite, sandbox, errata, timeoutMs = TIMEOUT_MS } = options;
  const execute = suite === "pycg" ? executePython : executeJavaScript;
  const cases: SuiteAuditOutput["cases"] = [];
  for (const [index, one] of options.cases.entries()) {
    options.onProgress?.(index, options.cases.length);
    const execution = await execute(one.folder, { sandbox, timeoutMs });
    cases.push(auditCase(one, execution, (file) => readFileSync(path.join(one.folder, file), "utf8")));
  }
  options.onProgress?.(cases.length, cases.length);
  const sum = (of: (one: SuiteAuditOutput["cases"][number]) => number): number =>
    cases.reduce((total, one) => total + of(one), 0);
  const ending = (outcome: string): number => sum((one) => (one.outcome === outcome ? 1 : 0));
  const convention = (kind: SuiteWitnessKind): SuiteAuditOutput["conventions"][SuiteWitnessKind] => {
    const counted = (edges: readonly { how: SuiteWitnessKind }[]): number =>
      edges.filter(({ how }) => how === kind).length;
    const labelled = sum(({ confirmed }) => counted(confirmed));
    return { witnessed: labelled + sum(({ unlabelled }) => counted(unlabelled)), labelled };
  };
  const own = new Set(cases.map((one) => one.case));
  return {
    schemaVersion: 1,
    suite,
    sandbox: sandbox.name,
    totals: {
      cases: cases.length,
      ended: ending("ended"),
      threw: ending("threw"),
      stopped: ending("stopped"),
      notRun: ending("not-run"),
      confirmed: sum((one) => one.confirmed.length),
      unlabelled: sum((one) => one.unlabelled.length),
      unwitnessed: sum((one) => one.unwitnessed.length),
    },
    conventions: {
      call: convention("call"),
      callback: convention("callback"),
      implicit: convention("implicit"),
    },
    cases,
    errata:
      errata &&
      verifyErrata(
        cases,
        errata.filter((one) => own.has(one.case)),
      ),
  };
}
