/** Level 1, call graph: for each call site of a corpus, "which definitions can this call reach?" */
import type { CallGraphTruth, SiteTruth } from "@drift/corpora";
import type { CallGraphTask } from "../../schema/task.ts";

/**
 * Raise it when the same truth would be asked about differently; the suite hash changes with it.
 */
const TASK_VERSION = 1;

/**
 * The questions of one corpus, without the answers.
 *
 * Every site is asked about, those with unknown truth too, in source order, so that neither presence nor order nor
 * any field tells what is known about a site.
 */
export function callGraphTask(truth: CallGraphTruth): CallGraphTask {
  return {
    id: `call-graph/${truth.corpus}`,
    version: TASK_VERSION,
    level: 1,
    category: "call-graph",
    corpus: truth.corpus,
    files: truth.files.toSorted(),
    items: truth.sites.toSorted(bySource).map((site) => ({
      id: site.id,
      file: site.file,
      span: { ...site.span },
      callee: site.callee && { ...site.callee },
      syntax: site.syntax,
    })),
  };
}

/** By file, then outermost first: a total order, so that the task does not depend on how truth was derived. */
function bySource(a: SiteTruth, b: SiteTruth): number {
  return (
    Number(a.file > b.file) - Number(a.file < b.file) ||
    a.span.line - b.span.line ||
    a.span.column - b.span.column ||
    b.span.endLine - a.span.endLine ||
    b.span.endColumn - a.span.endColumn
  );
}
