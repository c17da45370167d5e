/** Level 3, token efficiency: "the file of this is open; which lines of others does one need to read?" */
import {
  type CallGraphTruth,
  type ChangeTruth,
  type Definition,
  inRandomOrder,
  type MutationItem,
  type SiteTruth,
} from "@drift/corpora";
import { BUDGETS, type ContextTruth, type KnownContext } from "../../evaluators/context.ts";
import type { ContextKind, ContextTask, Excerpt } from "../../schema/context.ts";
import { loadTokenizer, readSources, type Sources, TOKENIZER } from "../../sources.ts";
import { contains } from "../planted.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;
/** Questions of one kind about one corpus; more would let large corpora outweigh others. Drawn by a seed. */
const MOST_ITEMS = 25;
const DRAW_SEED = 1;
/** Larger corpora are not asked about: counting all of it would take longer than all other categories. Smaller ones are read whole. */
export const LINES = { least: 1_500, most: 200_000 } as const;
/** A single line is found or it is not. */
const FEWEST_LINES = 2;

const QUESTIONS: Record<ContextKind, string> = {
  callees: "Which lines of other files hold the functions that calls in this function enter?",
  callers: "This function is to get another parameter. Which lines of other files call it?",
  breaks: "Tests of this file fail after a line of the files under measure was changed. In which lines can that be?",
};

interface Known {
  fetched: { root: string };
  truth: CallGraphTruth | null;
  changes?: ChangeTruth | null;
}

/**
 * What is known about the calls and changes of a corpus, turned round. Null where nothing is, or where the corpus is so small that it
 * is read whole, or too large.
 *
 * - `callees`: of a function, all lines of the functions of other files that its calls enter, for functions of which every call is
 *   decided. Call sites are asked about one by one elsewhere; here the whole context of a function is.
 * - `callers`: of a function, the lines of the calls in other files that enter it.
 * - `breaks`: of a test file, the lines of which a change made its tests fail.
 *
 * Of each the lines that matter fit into the smallest budget, so that whoever names nothing else reaches 1.
 */
export async function loadContexts({ fetched: { root }, truth, changes }: Known): Promise<ContextTruth | null> {
  if (truth === null || truth.lines < LINES.least || truth.lines > LINES.most) return null;
  const candidates = [...callItems(truth), ...breakItems(changes ?? null)];
  if (candidates.length === 0) return null;
  const files = [
    ...new Set([...truth.files, ...candidates.flatMap(({ gold }) => gold.map(({ file }) => file))]),
  ].sort();
  const sources = await readSources(root, files, await loadTokenizer());
  const items = drawn(candidates, MOST_ITEMS, (item) => isReadable(item, sources));
  if (items.length === 0) return null;
  const ofChanges = items.some(({ kind }) => kind === "breaks") ? (changes ?? null) : null;
  const oracles = [...truth.oracles, ...(ofChanges === null ? [] : [ofChanges.truth.oracle])];
  return { corpus: truth.corpus, inputsSha256: truth.inputsSha256, oracles, files, items, sources };
}

/** The questions of one corpus, without the answers. */
export function contextTask({ corpus, files, items }: ContextTruth): ContextTask {
  return {
    id: `token-efficiency/${corpus}`,
    version: TASK_VERSION,
    level: 3,
    category: "token-efficiency",
    corpus,
    tokenizer: TOKENIZER,
    budgets: [...BUDGETS],
    files: [...files],
    items: items.map(({ id, kind, question, subject }) => ({ id, kind, question, subject })),
  };
}

/** As many questions of each kind, in a random order that stays when others come or go. */
export function drawn<Item extends { id: string; kind: string }>(
  candidates: readonly Item[],
  most: number,
  isFit: (item: Item) => boolean = () => true,
): Item[] {
  const kept = new Set<string>();
  for (const own of Map.groupBy(candidates, ({ kind }) => kind).values()) {
    let left = most;
    for (const item of inRandomOrder(own, DRAW_SEED)) {
      if (left === 0) break;
      if (!isFit(item)) continue;
      kept.add(item.id);
      left--;
    }
  }
  return candidates.filter(({ id }) => kept.has(id));
}

function isReadable({ gold }: KnownContext, sources: Sources): boolean {
  const lines = gold.reduce((sum, { line, endLine }) => sum + endLine - line + 1, 0);
  if (lines < FEWEST_LINES || !gold.every((excerpt) => sources.has(excerpt))) return false;
  // What is longer than this in lines need not be counted.
  return lines <= BUDGETS[0] && gold.reduce((sum, excerpt) => sum + sources.tokens(excerpt), 0) <= BUDGETS[0];
}

function callItems(truth: CallGraphTruth): KnownContext[] {
  const definitions = new Map(truth.definitions.map((definition) => [definition.id, definition]));
  const measured = new Set(truth.files);
  const around = innermostFinder(truth.definitions);
  const calls = new Map<string, SiteTruth[]>();
  const calledFrom = new Map<string, SiteTruth[]>();
  for (const site of truth.sites) {
    const caller = around(site);
    if (caller !== undefined) calls.set(caller.id, [...(calls.get(caller.id) ?? []), site]);
    for (const { id } of entered(site, definitions)) calledFrom.set(id, [...(calledFrom.get(id) ?? []), site]);
  }
  return truth.definitions.flatMap((definition): KnownContext[] => {
    const { id, file, name, span } = definition;
    const subject = { role: "function" as const, name, file, span: { ...span } };
    const item = (kind: ContextKind, sites: readonly SiteTruth[], places: readonly Placed[]): KnownContext => ({
      id: `${kind} ${id}`,
      kind,
      question: QUESTIONS[kind],
      subject,
      stratum: `read-${kind}`,
      gold: merged(places.filter((place) => place.file !== file)),
      by: [...new Set(sites.flatMap(({ by }) => by))],
    });
    const [own, callers] = [calls.get(id) ?? [], calledFrom.get(id) ?? []];
    const callees = own.flatMap((site) => entered(site, definitions)).filter((one) => measured.has(one.file));
    const isDecided = own.every(({ must, closed }) => must.length > 0 || closed);
    return [...(isDecided ? [item("callees", own, callees)] : []), item("callers", callers, callers)];
  });
}

function breakItems(changes: ChangeTruth | null): KnownContext[] {
  if (changes === null) return [];
  const { tests, items } = changes.truth;
  const breaking = new Map<number, MutationItem[]>();
  for (const item of items)
    for (const { file } of item.broken) breaking.set(file, [...(breaking.get(file) ?? []), item]);
  return tests.flatMap(({ file }, index): KnownContext[] => [
    {
      id: `breaks ${file}`,
      kind: "breaks",
      question: QUESTIONS.breaks,
      subject: { role: "file", name: null, file, span: null },
      stratum: "read-breaks",
      gold: merged(breaking.get(index) ?? []),
      by: [changes.truth.oracle.kind],
    },
  ]);
}

/** A stretch of a file. */
type Placed = Pick<Definition, "file" | "span">;

function entered({ must }: SiteTruth, definitions: ReadonlyMap<string, Definition>): Definition[] {
  return must.flatMap((target) => ("definition" in target ? (definitions.get(target.definition) ?? []) : []));
}

/** Whole lines; what touches or overlaps becomes one. */
function merged(places: readonly Placed[]): Excerpt[] {
  const sorted = places
    .map(({ file, span }): Excerpt => ({ file, line: span.line, endLine: span.endLine }))
    .toSorted((a, b) => Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.endLine - b.endLine);
  const excerpts: Excerpt[] = [];
  for (const next of sorted) {
    const last = excerpts.at(-1);
    if (last?.file === next.file && next.line <= last.endLine + 1) last.endLine = Math.max(last.endLine, next.endLine);
    else excerpts.push(next);
  }
  return excerpts;
}

/** The innermost definition around a place; functions are nested, so of those around it the one that starts last. */
function innermostFinder(definitions: readonly Definition[]): (place: Placed) => Definition | undefined {
  const byFile = Map.groupBy(definitions, ({ file }) => file);
  for (const own of byFile.values()) own.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  return ({ file, span }) => (byFile.get(file) ?? []).findLast((one) => contains(one.span, span));
}
