/** Questions that an execution answered, from truth about calls and about changes. Pure. */
import type { CallGraphTruth, Definition, MutationTruth } from "@drift/corpora";
import { sha256 } from "../../canonical-json.ts";
import type { KnownQuestion } from "./compose.ts";

/**
 * Calls that a test run entered, with one target that nothing can replace; false is another function of the same file that the call
 * cannot enter. In an order that depends on nothing but ids.
 */
export function callQuestions(truth: CallGraphTruth, count: number): KnownQuestion[] {
  const definitions = new Map(truth.definitions.map((one) => [one.id, one]));
  const questions = truth.sites.flatMap((site): KnownQuestion[] => {
    const [must, traced] = [site.must[0], site.traced[0]];
    if (!site.closed || site.must.length !== 1 || site.traced.length !== 1 || site.may.length > 0) return [];
    if (must === undefined || traced === undefined || !("definition" in must) || !("definition" in traced)) return [];
    const target = definitions.get(must.definition);
    if (target === undefined || traced.definition !== must.definition) return [];
    const others = truth.definitions.filter((one) => one.file === target.file && areApart(one, target));
    const other = drawn(others, site.id);
    if (other === undefined) return [];
    return [
      {
        ...{ id: `${truth.corpus} ${site.id}`, corpus: truth.corpus, kind: "call" },
        ...{ truth: namesOf(target), falsehood: namesOf(other) },
      },
    ];
  });
  return inOrder(questions).slice(0, count);
}

/** Changes that broke one test file and left another passing that ran the changed line, too. */
export function breakQuestions(truth: MutationTruth, count: number): KnownQuestion[] {
  const questions = truth.items.flatMap((item): KnownQuestion[] => {
    const broken = new Set(item.broken.map(({ file }) => file));
    const held = item.ran.filter((test) => !broken.has(test) && item.executed.includes(test));
    const [one] = broken;
    const other = drawn(held, item.id);
    const [failing, passing] = [truth.tests[one ?? -1]?.file, truth.tests[other ?? -1]?.file];
    if (item.effect !== "test-break" || broken.size !== 1 || failing === undefined || passing === undefined) return [];
    return [
      {
        ...{ id: `${truth.corpus} ${item.id}`, corpus: truth.corpus, kind: "break" },
        ...{ truth: [failing, baseName(failing)], falsehood: [passing, baseName(passing)] },
      },
    ];
  });
  return inOrder(questions).slice(0, count);
}

/** The whole name, and the last part of it. */
function namesOf({ name }: Definition): string[] {
  return [...new Set([name, name.split(".").at(-1) as string])];
}

/** Neither could be meant by the name of the other. */
function areApart(one: Definition, other: Definition): boolean {
  const last = (name: string): string => (name.split(".").at(-1) as string).toLowerCase();
  return last(one.name) !== last(other.name) && isPlainName(one.name) && isPlainName(other.name);
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(name) && name.length > 2;
}

function baseName(file: string): string {
  return file.split("/").at(-1) as string;
}

function drawn<T>(list: readonly T[], id: string): T | undefined {
  return list[Number.parseInt(sha256(id).slice(0, 8), 16) % Math.max(1, list.length)];
}

function inOrder(questions: readonly KnownQuestion[]): KnownQuestion[] {
  const key = ({ id }: KnownQuestion): string => sha256(id);
  return questions.toSorted((a, b) => Number(key(a) > key(b)) - Number(key(a) < key(b)));
}
