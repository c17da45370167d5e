/** Tools: the newest scored run of each, with what it cost, and where it is weakest. Everything is read as stored. */
import { type Board, type BoardRow, readLeaderboard } from "./board.ts";
import { WEAK_KIND_ITEMS, WEAK_KINDS } from "./limits.ts";
import { oncePerStore, type Store } from "./open.ts";
import { listRunCorpora, listRuns, type Run, type RunCorpus } from "./runs.ts";
import { type CategoryScore, listCategoryScores, listStratumScores, type StratumScore } from "./scores.ts";

/** A tool as its newest run on the board shows it, or its newest scored run when none is there. */
export interface Tool {
  name: string;
  run: Run;
  onBoard: boolean;
  scores: CategoryScore[];
  cost: Cost;
  /** The cost on one kind of corpora. */
  costOn: Record<RunCorpus["kind"], Cost>;
  /** Scored runs, newest first. */
  runs: Run[];
}

/** What answering cost over all corpora of a run that ran. */
export interface Cost {
  /** Corpora that were answered, and the items asked there. */
  corpora: number;
  items: number;
  /** Milliseconds in all; null when nothing ran. */
  indexMs: number | null;
  answerMs: number | null;
  /** Null when no language model was asked. */
  tokens: number | null;
}

/** Every tool with a scored run: contestants first, then by points and name. */
export const listTools = oncePerStore((store: Store): Tool[] => {
  const onBoard = new Map(boardRows(readLeaderboard(store).boards).map(({ run }) => [run.tool, run] as const));
  const runs = Map.groupBy(
    listRuns(store).filter(({ suite }) => suite === "cibench"),
    ({ tool }) => tool,
  );
  const tools = [...runs].flatMap(([name, own]) => {
    const run = onBoard.get(name) ?? own[0];
    if (run === undefined) return [];
    const corpora = listRunCorpora(store, run.id);
    const costOn = (kind: RunCorpus["kind"]): Cost => costOf(corpora.filter((corpus) => corpus.kind === kind));
    return [
      {
        ...{ name, run, runs: own, onBoard: onBoard.has(name) },
        scores: listCategoryScores(store, run.id),
        cost: costOf(corpora),
        costOn: { real: costOn("real"), synthetic: costOn("synthetic") },
      },
    ];
  });
  return tools.toSorted(
    (a, b) =>
      a.run.role.localeCompare(b.run.role, "en") ||
      (b.run.points ?? -1) - (a.run.points ?? -1) ||
      a.name.localeCompare(b.name, "en"),
  );
});

/** The rows of boards, contestants first. */
export const boardRows = (boards: Board[]): BoardRow[] =>
  boards.flatMap(({ contestants, selfChecks }) => [...contestants, ...selfChecks]);

/** Adds up what the corpora of a run cost. */
export function costOf(corpora: readonly RunCorpus[]): Cost {
  const ran = corpora.filter(({ indexMs, answerMs }) => indexMs !== null && answerMs !== null);
  const total = (of: (corpus: RunCorpus) => number | null): number =>
    ran.reduce((sum, corpus) => sum + (of(corpus) ?? 0), 0);
  return {
    corpora: ran.length,
    items: total(({ items }) => items),
    indexMs: ran.length === 0 ? null : total(({ indexMs }) => indexMs),
    answerMs: ran.length === 0 ? null : total(({ answerMs }) => answerMs),
    tokens: ran.some(({ tokens }) => tokens !== null) ? total(({ tokens }) => tokens) : null,
  };
}

/** The kinds of item with the lowest recall in one category of a run, worst first; small kinds are left out. */
export function weakestKinds(store: Store, runId: string, category: string): StratumScore[] {
  return listStratumScores(store, runId)
    .filter(
      (score) =>
        score.category === category && score.sites >= WEAK_KIND_ITEMS && score.recall !== null && score.recall < 1,
    )
    .toSorted((a, b) => (a.recall ?? 0) - (b.recall ?? 0) || b.sites - a.sites)
    .slice(0, WEAK_KINDS);
}
