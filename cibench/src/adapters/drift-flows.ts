/** Where Drift's engine says that a value arrives, as answers about listed calls. */
import type { FlowSink, Project } from "@drift/engine";
import type { Choice, ChoiceAnswer, ChoiceItem, ChoiceTask } from "../schema/choice.ts";

/** Answers to all questions of a task; `unknown` about places that the engine does not read. */
export async function flowsFrom(project: Project, task: ChoiceTask): Promise<ChoiceAnswer[]> {
  const choices = new Map(task.choices.map((choice) => [choice.id, choice]));
  const known = new Map<string, Promise<FlowSink[] | string>>();
  const answers = task.items.map(async (item): Promise<ChoiceAnswer> => {
    const source = item.subjects[0];
    const key = JSON.stringify([source?.file, source?.span]);
    const asked = known.get(key) ?? sinksOf(project, item);
    known.set(key, asked);
    const sinks = await asked;
    if (typeof sinks === "string") return { itemId: item.id, status: "unknown", reason: sinks, chosen: [] };
    const counts = item.kind === "harm" ? harmIn(item.question) : () => true;
    const byCall = Map.groupBy(sinks.filter(counts), ({ call }) => placeKey(call.file, call));
    const chosen = item.choices.flatMap((id) => {
      const arrived = byCall.get(keyOf(choices.get(id))) ?? [];
      if (arrived.length === 0) return [];
      return [{ choice: id, probability: Math.max(...arrived.map(({ probability }) => probability)) }];
    });
    return { itemId: item.id, status: "likely", chosen };
  });
  return Promise.all(answers);
}

/** @returns why there are none, where the engine does not read the source */
async function sinksOf(project: Project, { subjects: [source] }: ChoiceItem): Promise<FlowSink[] | string> {
  if (source?.span == null) return "no place";
  try {
    const { sinks } = await project.flows({ file: source.file, ...source.span });
    return sinks;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "PLACE_UNKNOWN") return "not read";
    throw error;
  }
}

/**
 * What does harm: in the text of a query what was neither given beside a place for it nor quoted or made a number; in a log, or
 * anywhere else, what can still be read.
 */
function harmIn(question: string): (sink: FlowSink) => boolean {
  if (!/\bquery\b/.test(question)) return ({ effects }) => !effects.includes("hashed");
  return ({ arrives, bound, effects }) => arrives !== "inside" && !bound && effects.length === 0;
}

function keyOf(choice: Choice | undefined): string {
  return choice?.span == null ? "" : placeKey(choice.file, choice.span);
}

function placeKey(
  file: string,
  { line, column, endLine, endColumn }: { line: number; column: number; endLine: number; endColumn: number },
): string {
  return `${file}:${line}:${column}-${endLine}:${endColumn}`;
}
