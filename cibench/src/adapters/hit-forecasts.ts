/** From what a search lists at a call to how probable it says that a statement about the call is. */
import type { CallSiteAnswer, PropositionAnswer } from "../schema/answer.ts";
import type { PropositionItem } from "../schema/task.ts";
import type { Hit } from "./grep.ts";

/** @returns for the target of a statement the place that a search shows there: the first that looks like a definition within it */
export function targetHits(hits: readonly Hit[]): (target: PropositionItem["target"]) => string | undefined {
  const byFile = Map.groupBy(hits, ({ file }) => file);
  return ({ file, span }) => {
    const within = (byFile.get(file) ?? []).filter(
      ({ line, column }) =>
        (line > span.line || (line === span.line && column >= span.column)) &&
        (line < span.endLine || (line === span.endLine && column < span.endColumn)),
    );
    const [first] = within.toSorted((a, b) => a.line - b.line || a.column - b.column);
    return first && placeOf(first);
  };
}

/**
 * What is listed is as probable as the list says (1 of as many as were found), all else is not so at all. Without a name to look for it
 * abstains.
 */
export function forecastOf(
  { id, target }: PropositionItem,
  { status, targets }: CallSiteAnswer,
  hitOf: (target: PropositionItem["target"]) => string | undefined,
): PropositionAnswer {
  if (status === "unknown") return { itemId: id, probability: null };
  const hit = hitOf(target);
  const listed = targets.filter((one) => "file" in one && placeOf(one) === hit);
  return {
    itemId: id,
    probability: Math.min(
      1,
      listed.reduce((sum, { probability }) => sum + probability, 0),
    ),
  };
}

function placeOf({ file, line, column }: { file: string; line: number; column: number }): string {
  return `${file}:${line}:${column}`;
}
