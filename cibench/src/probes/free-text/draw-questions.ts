/** Questions for real answers, with rubrics, from truth alone. Pure; in an order that depends on nothing but ids. */
import type {
  CallGraphTruth,
  Definition,
  DeletionTruth,
  MutationItem,
  MutationTruth,
  ReleaseTruth,
} from "@drift/corpora";
import { sha256 } from "../../canonical-json.ts";
import type { Concept } from "../../schema/free-text.ts";
import type { StudyQuestion } from "../../schema/free-text-study.ts";
import { NOTHING_BREAKS, STILL_PASSES, USED, USELESS } from "./study-phrasings.ts";

/** More than that nobody lists in a sentence. */
const MOST_RIGHT = 5;
/** Plausible and false concepts of a rubric. */
const WRONG = 3;

/** "Which function does this call enter?", of closed call sites with definitions that have a plain name. */
export function drawCalls(truth: CallGraphTruth, count: number): StudyQuestion[] {
  const { byId, nameOf } = namesIn(truth);
  const questions = truth.sites.flatMap((site): StudyQuestion[] => {
    const must = site.must.flatMap((target) => ("definition" in target ? [byId.get(target.definition)] : []));
    const callee = site.callee?.name;
    if (!site.closed || site.may.length > 0 || must.length !== site.must.length || must.length > MOST_RIGHT) return [];
    const required = must.flatMap((one) => (one === undefined ? [] : nameOf(one)));
    const others = truth.definitions.filter(
      (one) => one.file === must[0]?.file && !must.includes(one) && nameOf(one).length > 0,
    );
    if (callee == null || required.length === 0 || required.length !== must.length || others.length < WRONG) return [];
    const place = `${site.file} line ${site.span.line}`;
    const question = `In ${about(truth)}, ${place}: which function of the project does the call of "${callee}" enter?`;
    return [asked(truth, "call", site.id, question, required, first(others, WRONG, site.id).flatMap(nameOf))];
  });
  return inOrder(questions).slice(0, count);
}

/** "Which functions call it?", of functions of which all callers are known. */
export function drawCallers(truth: CallGraphTruth, count: number): StudyQuestion[] {
  const { byId, nameOf } = namesIn(truth);
  const owners = new Map(truth.sites.map((site) => [site.id, ownerOf(truth, site)]));
  const callers = new Map<string, Set<string>>();
  const open = new Set<string>();
  for (const site of truth.sites) {
    const owner = owners.get(site.id);
    for (const target of [...site.must, ...site.may, ...site.traced]) {
      if (!("definition" in target)) continue;
      const known = callers.get(target.definition) ?? new Set();
      callers.set(target.definition, known.add(owner?.id ?? ""));
    }
    if (!site.closed && owner !== undefined) open.add(owner.id);
  }
  const questions = [...callers].flatMap(([id, from]): StudyQuestion[] => {
    const target = byId.get(id);
    const required = [...from].flatMap((caller) => nameOf(byId.get(caller)));
    const isKnown = from.size <= MOST_RIGHT && required.length === from.size && !from.has(id);
    if (target === undefined || nameOf(target).length === 0 || !isKnown) return [];
    const files = new Set([target.file, ...[...from].map((caller) => byId.get(caller)?.file ?? "")]);
    const others = truth.definitions.filter(
      (one) => files.has(one.file) && one.id !== id && !from.has(one.id) && !open.has(one.id) && nameOf(one).length > 0,
    );
    // A function around a caller could be said to call, too.
    const apart = others.filter((one) => ![...from].some((caller) => isInside(byId.get(caller), one)));
    if (apart.length < WRONG) return [];
    const place = `"${target.name}" (${target.file} line ${target.span.line})`;
    const question = `In ${about(truth)}: which functions of the package itself call ${place}?`;
    return [asked(truth, "callers", id, question, required, first(apart, WRONG, id).flatMap(nameOf))];
  });
  return inOrder(questions).slice(0, count);
}

/** "Which test files fail?", of changes of which what broke was executed; some break nothing. */
export function drawBreaks(truth: MutationTruth, count: number): StudyQuestion[] {
  const concept = (test: number): Concept[] => {
    const file = truth.tests[test]?.file ?? "";
    const base = file.split("/").at(-1) as string;
    return [{ id: file, names: [file, base, file.replace(/\.\w+$/, "")], says: [], denials: STILL_PASSES }];
  };
  const questions = truth.items.flatMap((item): StudyQuestion[] => {
    const change = changeInWords(item);
    const broken = new Set(item.broken.map(({ file }) => file));
    const held = item.ran.filter((test) => !broken.has(test));
    const isTested = item.ran.length > 0 && item.ran.length === item.executed.length;
    if (change === null || !isTested || item.ran.length > 2 * MOST_RIGHT || broken.size > MOST_RIGHT) return [];
    const tests = item.ran.map((test) => truth.tests[test]?.file).join(", ");
    const question = `In ${about(truth)}, ${change}: which of the test files that run it (${tests}) fail?`;
    const nothing: Concept = { id: "nothing fails", names: NOTHING_BREAKS, says: [], denials: [] };
    return [
      {
        ...headOf(truth, "break", item.id, question),
        rubric: {
          itemId: idOf(truth, "break", item.id),
          required: broken.size === 0 ? [nothing] : [...broken].flatMap(concept),
          expected: [],
          wrong: broken.size === 0 ? held.flatMap(concept) : [...held.flatMap(concept), nothing],
        },
      },
    ];
  });
  // Changes that break nothing are few: they come every third time.
  const isNothing = ({ rubric }: StudyQuestion): boolean => rubric.required[0]?.id === "nothing fails";
  const [quiet, loud] = [inOrder(questions.filter(isNothing)), inOrder(questions.filter((one) => !isNothing(one)))];
  const few = quiet.slice(0, Math.ceil(count / 3));
  return [...loud.slice(0, count - few.length), ...few];
}

/** "Can it be deleted?", of functions that were deleted, or entered by a test. */
export function drawDead(truth: DeletionTruth, count: number): StudyQuestion[] {
  const questions = truth.items.map((item): StudyQuestion => {
    const place = `"${item.name}" (${item.file} line ${item.span.line})`;
    const question = `In ${about(truth)}: is ${place} dead code that can be deleted, or do tests or the package use it?`;
    const dead: Concept = { id: "dead", names: USELESS, says: [], denials: [] };
    const live: Concept = { id: "live", names: USED, says: [], denials: [] };
    const [required, wrong] = item.label === "dead" ? [dead, live] : [live, dead];
    const rubric = { itemId: idOf(truth, "dead", item.id), required: [required], expected: [], wrong: [wrong] };
    return { ...headOf(truth, "dead", item.id, question), rubric };
  });
  const isDead = ({ rubric }: StudyQuestion): boolean => rubric.required[0]?.id === "dead";
  return inOrder(questions)
    .toSorted((a, b) => Number(isDead(b)) - Number(isDead(a)))
    .slice(0, count);
}

/** "Which functions did the release change?", where these are few. */
export function drawReleases(truth: ReleaseTruth, calls: CallGraphTruth, count: number): StudyQuestion[] {
  const { nameOf } = namesIn(calls);
  const questions = truth.changes.flatMap(({ from, to, functions, unreadable }): StudyQuestion[] => {
    const changed = [...new Set(functions.map(({ name }) => name))];
    const files = new Set(functions.map(({ file }) => file));
    const others = calls.definitions.filter(
      (one) => files.has(one.file) && !changed.includes(one.name) && nameOf(one).length > 0,
    );
    const isFew = changed.length > 0 && changed.length <= MOST_RIGHT && changed.every(isPlainName);
    if (!isFew || unreadable.length > 0 || others.length < WRONG) return [];
    const question = `Which functions of ${truth.corpus} (the package itself, without tests) changed from version ${from} to ${to}?`;
    const required = changed.map((name) => conceptOf([name]));
    return [
      asked({ ...calls }, "release", `${from}-${to}`, question, required, first(others, WRONG, to).flatMap(nameOf)),
    ];
  });
  return inOrder(questions).slice(0, count);
}

interface About {
  corpus: string;
  corpusVersion: string;
}

const about = ({ corpus, corpusVersion }: About): string => `${corpus} ${corpusVersion}`;
const idOf = ({ corpus }: About, kind: string, place: string): string => `${corpus} ${kind} ${place}`;
const conceptOf = (names: string[]): Concept => ({ id: names[0] as string, names, says: [], denials: [] });

function headOf(truth: About, kind: StudyQuestion["kind"], place: string, question: string) {
  return { itemId: idOf(truth, kind, place), corpus: truth.corpus, corpusVersion: truth.corpusVersion, kind, question };
}

function asked(
  ...[truth, kind, place, question, required, wrong]: [
    About,
    StudyQuestion["kind"],
    string,
    string,
    Concept[],
    Concept[],
  ]
): StudyQuestion {
  const head = headOf(truth, kind, place, question);
  return { ...head, rubric: { itemId: head.itemId, required, expected: [], wrong } };
}

/** Definitions, and the concept of each that can be told by its name: the whole one, and its last part where only one has it. */
function namesIn(truth: CallGraphTruth) {
  const byId = new Map(truth.definitions.map((one) => [one.id, one]));
  const last = (name: string): string => name.split(".").at(-1) as string;
  const uses = Map.groupBy(truth.definitions, ({ name }) => last(name).toLowerCase());
  const whole = Map.groupBy(truth.definitions, ({ name }) => name.toLowerCase());
  const nameOf = (one: Definition | undefined): Concept[] => {
    if (one === undefined || !isPlainName(one.name) || (whole.get(one.name.toLowerCase())?.length ?? 0) > 1) return [];
    const isAlone = (uses.get(last(one.name).toLowerCase())?.length ?? 0) === 1;
    return isAlone || one.name === last(one.name)
      ? [conceptOf([...new Set([one.name, last(one.name)])])]
      : [conceptOf([one.name])];
  };
  return { byId, nameOf };
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(name) && name.length > 3;
}

/** The innermost definition around a place. */
function ownerOf(truth: CallGraphTruth, site: { file: string; span: Definition["span"] }): Definition | undefined {
  return truth.definitions
    .filter((one) => one.file === site.file && isInside(site, one))
    .toSorted((a, b) => b.span.line - a.span.line || b.span.column - a.span.column)[0];
}

function isInside(inner: Pick<Definition, "file" | "span"> | undefined, outer: Definition): boolean {
  if (inner === undefined || inner.file !== outer.file) return false;
  const { span: a } = inner;
  const { span: b } = outer;
  const starts = b.line < a.line || (b.line === a.line && b.column <= a.column);
  return starts && (a.endLine < b.endLine || (a.endLine === b.endLine && a.endColumn <= b.endColumn));
}

function changeInWords({ operator, file, span, owner }: MutationItem): string | null {
  const place = `${file} line ${span.line}, columns ${span.column} to ${span.line === span.endLine ? span.endColumn : `the end on line ${span.endLine}`}`;
  if (operator === "negate-condition") return `the condition at ${place} is negated`;
  if (operator === "remove-statement") return `the statement at ${place} is removed`;
  if (operator === "return-nothing") return `the value returned at ${place} becomes undefined`;
  if (operator === "shift-boundary")
    return `the comparison at ${place} takes in its boundary if it did not, and the other way round`;
  if (operator === "throw-at-entry" && owner !== null)
    return `the function that starts at ${owner} throws as soon as it is entered`;
  return null;
}

function first<T extends { id: string }>(list: readonly T[], count: number, seed: string): T[] {
  const key = ({ id }: T): string => sha256(`${seed} ${id}`);
  return list.toSorted((a, b) => Number(key(a) > key(b)) - Number(key(a) < key(b))).slice(0, count);
}

function inOrder(questions: readonly StudyQuestion[]): StudyQuestion[] {
  const key = ({ itemId }: StudyQuestion): string => sha256(itemId);
  return questions.toSorted((a, b) => Number(key(a) > key(b)) - Number(key(a) < key(b)));
}
