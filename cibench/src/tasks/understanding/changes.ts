/** Level 2, causal reasoning: for each change of a corpus, "which tests break, or which of the package's own files no longer compile?" */
import type { ChangeTruth, MutationItem } from "@drift/corpora";
import type { ChangeTask } from "../../schema/task.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 2;

/**
 * The questions of one corpus, without the answers: every change in source order, and all test files, whatever runs which.
 * What was paired with what is not told.
 */
export function changeTask({ truth, texts }: ChangeTruth): ChangeTask {
  return {
    id: `causal-reasoning/${truth.corpus}`,
    version: TASK_VERSION,
    level: 2,
    category: "causal-reasoning",
    corpus: truth.corpus,
    files: [...new Set(truth.items.map(({ file }) => file))].sort(),
    testFiles: truth.tests.map(({ file }) => file).toSorted(),
    items: truth.items.toSorted(bySource).map(({ id, file, span, operator }) => ({
      id,
      file,
      span: { ...span },
      operator,
      before: texts[id]?.before ?? "",
      after: texts[id]?.after ?? "",
    })),
  };
}

/** A total order: two changes of one place differ in their ids. */
function bySource(a: MutationItem, b: MutationItem): number {
  return (
    Number(a.file > b.file) - Number(a.file < b.file) ||
    a.span.line - b.span.line ||
    a.span.column - b.span.column ||
    Number(a.id > b.id) - Number(a.id < b.id)
  );
}
