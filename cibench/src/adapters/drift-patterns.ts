/** Which of the conventions that Drift found a rule is about, and which functions of a file do otherwise. */
import type { CallGraph, Convention, FunctionSymbol, Project } from "@drift/engine";
import type { Choice, ChoiceAnswer, ChoiceItem, ChoiceTask } from "../schema/choice.ts";

/** Answers to all questions of a task; `unknown` about files of which the engine reads no function. */
export async function patternsFrom(project: Project, task: ChoiceTask): Promise<ChoiceAnswer[]> {
  const conventions = merged(await project.conventions());
  const symbolOf = symbolFinder(await project.callGraph(), task.choices);
  return task.items.map((item): ChoiceAnswer => {
    const own = new Map(item.choices.flatMap((id) => (symbolOf.has(id) ? [[symbolOf.get(id) ?? "", id]] : [])));
    if (own.size === 0) return { itemId: item.id, status: "unknown", reason: "not read", chosen: [] };
    const here = conventions.filter(({ keep, deviate }) => [...keep, ...deviate].some((id) => own.has(id)));
    const meant = here.toSorted((a, b) => scoreOf(b, item) - scoreOf(a, item) || compare(a, b))[0];
    const chosen = (meant?.deviate ?? []).flatMap((id) => own.get(id) ?? []);
    return { itemId: item.id, status: "likely", chosen: chosen.map((choice) => ({ choice, probability: 1 })) };
  });
}

/** One habit of all groups of functions that have it. */
function merged(conventions: readonly Convention[]): Convention[] {
  const groups = Map.groupBy(conventions, ({ kind, target, isFirst, peers }) =>
    kind === "shape" ? peers : `${target?.level} ${target?.name} ${isFirst}`,
  );
  return [...groups.values()].flatMap((group): Convention[] => {
    const [first] = group;
    if (first === undefined) return [];
    const keep = [...new Set(group.flatMap((one) => one.keep))];
    const kept = new Set(keep);
    const deviate = [...new Set(group.flatMap((one) => one.deviate))].filter((id) => !kept.has(id));
    return [{ ...first, keep, deviate }];
  });
}

/** How many words of a rule name what is called. */
function scoreOf({ target, isFirst }: Convention, { question }: ChoiceItem): number {
  if (target === null) return 0;
  const rule = /: (?<rule>[^.]*)\./.exec(question)?.groups?.["rule"] ?? question;
  const words = wordsOf(rule);
  const name = target.level === "file" ? target.name : target.name.replace(/^[^#]*#/, "");
  const called = wordsOf(name);
  const named = words.filter((word) => called.some((other) => isForm(word, other))).length;
  return named + (named > 0 && isFirst && words.includes("first") ? 0.5 : 0);
}

/** Of those that a rule names alike: one function before many, then what more functions do. */
function compare(a: Convention, b: Convention): number {
  const rank = ({ kind, target }: Convention): number =>
    kind === "shape" ? 1 : ["function", "shape", "name", "file", "outside"].indexOf(target?.level ?? "");
  return Number(a.isFirst) - Number(b.isFirst) || rank(a) - rank(b) || b.keep.length - a.keep.length;
}

/** `noted` and `note`, `answers` and `answer`: one begins with the other, of four letters or more. */
function isForm(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length >= 4 && a.slice(0, length) === b.slice(0, length);
}

function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
}

/** The engine's function for each choice, by where it stands. */
function symbolFinder({ functions }: CallGraph, choices: readonly Choice[]): Map<string, string> {
  const byLine = new Map(functions.map((one: FunctionSymbol) => [`${one.file}:${one.line}`, one.id]));
  return new Map(
    choices.flatMap(({ id, file, span }) => {
      const found = span === null ? undefined : byLine.get(`${file}:${span.line}`);
      return found === undefined ? [] : [[id, found]];
    }),
  );
}
