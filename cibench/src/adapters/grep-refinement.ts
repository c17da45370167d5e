/** What a developer makes of a draft who searches for names: a function that names another may call it. */
import { logOdds, refineBy } from "../refine.ts";
import type { Choice, Subject } from "../schema/choice.ts";
import type { RefinementAnswer, RefinementTask } from "../schema/refinement.ts";
import type { AdapterContext } from "./adapter.ts";
import { calledNames, readTexts } from "./text-functions.ts";

/** Names that are called in a text are probable; those of a function of the same file even more. */
export async function grepRefinement(
  task: RefinementTask,
  root: string,
  { signal, clock, feedback = () => null }: AdapterContext,
): Promise<object> {
  const start = clock();
  const { lines } = await readTexts(root, signal);
  const read = clock();
  const places = new Map(task.choices.map((choice) => [choice.id, choice]));
  const called = ({ file, span }: Choice | Subject): string[] =>
    calledNames((lines.get(file) ?? []).slice((span?.line ?? 1) - 1, span?.endLine ?? 1).join("\n"));
  const items = task.items.map((item): RefinementAnswer => {
    const weights = item.choices.map((id) => {
      const choice = places.get(id);
      if (choice === undefined) return 0;
      const [caller, callee] = item.kind === "callees" ? [item.subject, choice] : [choice, item.subject];
      if (!called(caller).includes(callee.name?.split(/[.#]/).at(-1) ?? "")) return logOdds(0.1);
      return logOdds(caller.file === callee.file ? 0.8 : 0.6);
    });
    return { itemId: item.id, rounds: refineBy(item, weights, feedback) };
  });
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}
