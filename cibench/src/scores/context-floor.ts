/** What trivial answers of what to read are expected to reach. `selfcheck` gives the same answers through an adapter. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import {
  areaUnder,
  BUDGETS,
  type ContextTruth,
  goldLines,
  type KnownContext,
  linesFound,
  type Reading,
  readingOf,
  recallsOf,
} from "../evaluators/context.ts";
import { folderOf } from "../folder.ts";
import type { ContextAnswer, Excerpt } from "../schema/context.ts";
import type { Expectation } from "./floor.ts";
import { itemExpectations, type Rng, type TrivialKind } from "./item-expectations.ts";
import { CONTEXT_STRATA } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

/** An answer that needs no understanding. */
export interface TrivialReading extends TrivialKind {
  /** What it reads for each question, in the order of the truth. */
  read: (truth: ContextTruth, rng: Rng) => readonly (readonly Excerpt[])[];
}

/** Lines that are read at a time by who reads a little everywhere. */
const STRETCH = 40;

/**
 * - `list-everything`: all files, whole, in order; `first-lines`: the beginning of each. The same everywhere.
 * - `most-wanted`: the file that most questions of a kind need, whole, which is known only in hindsight; the same for all of the kind.
 * - `near-first`: whole files, those of the folder in question first, then those with which it shares most of its path.
 * - `random`: stretches of files, each file as likely.
 * - `shuffled-gold`: the true answers of a corpus, permuted over its questions of a kind.
 */
export const TRIVIAL_READINGS: readonly TrivialReading[] = [
  { name: "list-everything", isConstant: true, read: (truth) => everywhere(truth, wholeFiles(truth, truth.files)) },
  {
    name: "first-lines",
    isConstant: true,
    read: (truth) => {
      const starts = wholeFiles(truth, truth.files).map((one) => ({ ...one, endLine: Math.min(one.endLine, STRETCH) }));
      return everywhere(truth, starts);
    },
  },
  { name: "most-wanted", isConstant: true, read: mostWanted },
  { name: "near-first", read: nearFirst },
  { name: "random", isDrawn: true, read: (truth, rng) => everywhere(truth, stretches(truth, rng)) },
  { name: "shuffled-gold", isDrawn: true, read: shuffledGold },
];

/** In the form in which tools answer. */
export function contextAnswers({ items }: ContextTruth, read: readonly (readonly Excerpt[])[]): ContextAnswer[] {
  return items.map(({ id }, index) => ({ itemId: id, excerpts: [...(read[index] ?? [])] }));
}

/**
 * What each trivial answer is expected to reach in raw, as {@link itemExpectations}.
 *
 * @param truths at least one
 */
export function contextExpectations(truths: readonly ContextTruth[], seed: number): Expectation[] {
  return itemExpectations({
    truths,
    strata: CONTEXT_STRATA,
    stratumOf: ({ items }) => items.map(({ stratum }) => stratum),
    trivial: TRIVIAL_READINGS,
    worth: (truth, at) => {
      const gold = truth.items.map((item) => goldLines(item.gold));
      return function* (rng) {
        const read = TRIVIAL_READINGS[at]?.read(truth, rng) ?? [];
        // Most say the same of many questions.
        const readings = new Map<readonly Excerpt[], Reading>();
        for (const [index, own] of gold.entries()) {
          const excerpts = read[index] ?? [];
          const reading = readings.get(excerpts) ?? readingOf(excerpts, truth.sources);
          readings.set(excerpts, reading);
          yield areaUnder(recallsOf(linesFound(reading, own, truth.sources), own));
        }
      };
    },
    seed,
  });
}

function everywhere<T>({ items }: ContextTruth, excerpts: T): T[] {
  return items.map(() => excerpts);
}

/** As many as can be read within the largest budget, and one more. */
function wholeFiles({ sources }: ContextTruth, files: readonly string[]): Excerpt[] {
  const excerpts: Excerpt[] = [];
  let tokens = 0;
  for (const file of files) {
    if (tokens > LARGEST) break;
    const endLine = sources.lineCount(file);
    excerpts.push({ file, line: 1, endLine });
    tokens += sources.headTokens(file) + (sources.sums(file)[endLine] ?? 0);
  }
  return excerpts;
}

const LARGEST = BUDGETS[BUDGETS.length - 1] ?? 0;

function mostWanted(truth: ContextTruth): Excerpt[][] {
  const byKind = new Map<string, Excerpt[]>();
  for (const [kind, own] of Map.groupBy(truth.items, (item) => item.kind)) {
    const needed = own.flatMap(({ gold }) => [...new Set(gold.map(({ file }) => file))]);
    const [first] = [...Map.groupBy(needed, (file) => file)].toSorted(
      ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
    );
    byKind.set(kind, first === undefined ? [] : wholeFiles(truth, [first[0]]));
  }
  return truth.items.map(({ kind }) => byKind.get(kind) ?? []);
}

function nearFirst(truth: ContextTruth): Excerpt[][] {
  const known = new Map<string, Excerpt[]>();
  return truth.items.map(({ subject: { file } }) => {
    const found = known.get(file);
    if (found !== undefined) return found;
    const own = folderOf(file);
    const order = truth.files
      .filter((one) => one !== file)
      .map((one) => ({ one, shared: sharedFolders(own, folderOf(one)) }))
      .toSorted((a, b) => b.shared - a.shared || (a.one < b.one ? -1 : 1));
    const excerpts = wholeFiles(
      truth,
      order.map(({ one }) => one),
    );
    known.set(file, excerpts);
    return excerpts;
  });
}

/** Folders that two paths begin with alike; more where both are the same. */
function sharedFolders(a: string, b: string): number {
  if (a === b) return Number.POSITIVE_INFINITY;
  const [one, other] = [a.split("/"), b.split("/")];
  const differs = one.findIndex((name, index) => name !== other[index]);
  return differs === -1 ? one.length : differs;
}

/** More than the largest budget pays for, save where lines are few tokens. */
const STRETCHES = 40;

function stretches({ files, sources }: ContextTruth, rng: Rng): Excerpt[] {
  return Array.from({ length: STRETCHES }, (): Excerpt => {
    const file = files[uniformInt(rng, 0, files.length - 1)] ?? "";
    const last = sources.lineCount(file);
    const line = uniformInt(rng, 1, Math.max(1, last - STRETCH + 1));
    return { file, line, endLine: Math.min(last, line + STRETCH - 1) };
  });
}

function shuffledGold({ items }: ContextTruth, rng: Rng): (readonly Excerpt[])[] {
  const read: (readonly Excerpt[])[] = items.map(({ gold }) => gold);
  for (const group of Map.groupBy(items.keys(), (index) => (items[index] as KnownContext).kind).values()) {
    const order = shuffle([...group], rng);
    group.forEach((index, at) => (read[index] = items[order[at] ?? index]?.gold ?? []));
  }
  return read;
}
