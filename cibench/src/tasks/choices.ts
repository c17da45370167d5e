/** From what is true of questions with choices to the task, which holds none of it. */
import type { ChoiceTruth, KnownChoice } from "../evaluators/choices.ts";
import type { Choice, ChoiceTask } from "../schema/choice.ts";

/** The questions of one corpus, without the answers. */
export function choiceTask({ id, version, level, category, corpus, files, choices, items }: ChoiceTruth): ChoiceTask {
  return {
    id,
    version,
    level,
    category,
    corpus,
    files: [...files],
    choices: [...choices],
    items: items.map(({ id: item, kind, question, subjects, choices: offered }) => ({
      id: item,
      kind,
      question,
      subjects,
      choices: offered,
    })),
  };
}

/** By place: a total order that says nothing about what is right. */
export function byPlace(a: Pick<Choice, "id" | "file" | "span">, b: Pick<Choice, "id" | "file" | "span">): number {
  return (
    Number(a.file > b.file) - Number(a.file < b.file) ||
    (a.span?.line ?? 0) - (b.span?.line ?? 0) ||
    (a.span?.column ?? 0) - (b.span?.column ?? 0) ||
    Number(a.id > b.id) - Number(a.id < b.id)
  );
}

/** Questions in the order of what they are about, and only the choices that some question offers. */
export function arranged(
  truth: Omit<ChoiceTruth, "items" | "choices" | "files">,
  choices: Iterable<Choice>,
  items: readonly KnownChoice[],
): ChoiceTruth {
  const offered = new Set(items.flatMap((item) => item.choices));
  const known = new Map([...choices].filter(({ id }) => offered.has(id)).map((choice) => [choice.id, choice]));
  const order = [...known.values()].toSorted(byPlace);
  const placeOf = new Map(order.map(({ id }, index) => [id, index]));
  const sorted = (ids: readonly string[]) => [...ids].sort((a, b) => (placeOf.get(a) ?? 0) - (placeOf.get(b) ?? 0));
  return {
    ...truth,
    files: [...new Set([...order, ...items.flatMap(({ subjects }) => subjects)].map(({ file }) => file))].sort(),
    choices: order,
    items: items
      .map((item) => ({ ...item, choices: sorted(item.choices), must: sorted(item.must) }))
      .toSorted((a, b) => byPlace(placed(a), placed(b))),
  };
}

function placed({ id, subjects }: KnownChoice): Pick<Choice, "id" | "file" | "span"> {
  return { id, file: subjects[0]?.file ?? "", span: subjects[0]?.span ?? null };
}
