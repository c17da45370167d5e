/** What Drift's call graph says about questions with a draft: how probable each choice is, and of what agrees with the feedback the most probable. */
import type { CallGraph } from "@drift/engine";
import type { AskFeedback } from "../evaluators/refinement.ts";
import { logOdds, refineBy } from "../refine.ts";
import type { Choice, Subject } from "../schema/choice.ts";
import type { RefinementAnswer, RefinementTask } from "../schema/refinement.ts";
import { SymbolFinder } from "./drift-symbols.ts";

/** Answers to all questions of a task, in as many rounds as feedback is given. */
export function refinementsFrom(
  graph: CallGraph,
  { items, choices }: RefinementTask,
  feedback: AskFeedback,
): RefinementAnswer[] {
  const finder = new SymbolFinder(graph);
  // Of a call that may enter several functions, each is as probable as at its most probable site.
  const entered = new Map<string, number>();
  for (const { caller, targets } of graph.callSites) {
    for (const { id, probability } of targets) {
      const key = `${caller} -> ${id ?? ""}`;
      entered.set(key, Math.max(probability, entered.get(key) ?? 0));
    }
  }
  const places = new Map(choices.map((choice) => [choice.id, choice]));
  const idOf = (place: Choice | Subject | undefined): string =>
    (place === undefined ? undefined : finder.of({ role: "function", ...place }))?.id ?? "";
  return items.map((item) => {
    const subject = idOf(item.subject);
    const weights = item.choices.map((choice) => {
      const other = idOf(places.get(choice));
      const [caller, callee] = item.kind === "callees" ? [subject, other] : [other, subject];
      return logOdds(entered.get(`${caller} -> ${callee}`) ?? 0);
    });
    return { itemId: item.id, rounds: refineBy(item, weights, feedback) };
  });
}
