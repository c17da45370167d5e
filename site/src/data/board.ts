/** The leaderboard: which runs stand on it, with their stored figures and ranks. It orders rows and decides nothing. */
import { listRunCosts, type RunCost } from "./costs.ts";
import { oncePerStore, type Store } from "./open.ts";
import { listPairs, type PairComparison, type Rank, readRanks } from "./ranks.ts";
import { listRuns, type Run } from "./runs.ts";
import {
  type CategoryScore,
  type CorpusScore,
  type LevelScore,
  listCategoryScores,
  listCorpusScores,
  listLevelScores,
} from "./scores.ts";

/** One tool's newest run of the suite that the board shows. */
export interface BoardRow {
  run: Run;
  /** Scored, or not run with the reason. */
  score: CategoryScore;
  /** The stored rank; null when the suite was not ranked. */
  rank: Rank | null;
  corpora: CorpusScore[];
}

/** One category on one kind of corpora; all rows answered the same tasks (equal suite hash). */
export interface Board {
  category: string;
  title: string;
  weight: number;
  kind: "real" | "synthetic";
  suiteVersion: string;
  suiteHash: string;
  /** By rank, then highest score first. */
  contestants: BoardRow[];
  /** Gold, null and the like: they show that the scorer works and are never ranked. */
  selfChecks: BoardRow[];
  /** Runs of tools that were asked and cannot answer such questions, which is 0 and counts. */
  unsupported: Run[];
  /** Corpora of the rows, by name. */
  corpora: string[];
  /** The paired tests that the ranks rest on. */
  pairs: PairComparison[];
}

/** What one run scored of all that is planned. */
export interface Total {
  run: Run;
  /** Points that the categories planned today could give: 100, or 90 until level 4 has data. */
  possible: number;
  /** Levels and the total as its report states them; none when it is an older one. */
  levels: LevelScore[];
  /** What its answers cost: on all corpora, and on those of each kind. */
  costs: RunCost[];
}

/** Everything the leaderboard page shows. */
export interface Leaderboard {
  /** Real corpora before synthetic ones. */
  boards: Board[];
  totals: Total[];
}

/**
 * The leaderboard of a store.
 *
 * For each kind of corpora it shows the suite of the newest run that scored on that kind, so a later run without
 * network, which sees synthetic corpora only, does not empty the board of real code.
 */
export const readLeaderboard = oncePerStore((store: Store): Leaderboard => {
  const runs = listRuns(store)
    .filter(({ suite }) => suite === "cibench")
    .map((run) => ({ run, scores: listCategoryScores(store, run.id) }));
  const boards = (["real", "synthetic"] as const).flatMap((kind) => boardsOf(store, runs, kind));
  return { boards, totals: totalsOf(store, runs, boards) };
});

interface ScoredRun {
  run: Run;
  scores: CategoryScore[];
}

function boardsOf(store: Store, runs: ScoredRun[], kind: "real" | "synthetic"): Board[] {
  const isScored = (score: CategoryScore): boolean => score.state === "scored" && score.kind === kind;
  const suiteHash = runs.find(({ scores }) => scores.some(isScored))?.run.suiteHash;
  if (suiteHash === undefined) return [];
  const newest = newestPerTool(
    runs.filter(({ run, scores }) => run.suiteHash === suiteHash && scores.some((score) => score.kind === kind)),
  );
  const categories = new Map(newest.flatMap(({ scores }) => scores.filter(isScored).map((s) => [s.category, s])));
  return [...categories.values()].map(({ category, title, weight }) => {
    const key = { suiteHash, category, kind };
    const ranks = readRanks(store, key);
    const rows = newest.flatMap(({ run, scores }) => {
      const score = scores.find((candidate) => candidate.kind === kind && candidate.category === category);
      if (score === undefined) return [];
      const corpora = listCorpusScores(store, run.id).filter((c) => c.kind === kind && c.category === category);
      return [{ run, score, rank: ranks.get(run.id) ?? null, corpora }];
    });
    rows.sort(byRankThenScore);
    return {
      ...key,
      title,
      weight,
      suiteVersion: rows[0]?.run.suiteVersion ?? "",
      contestants: rows.filter(({ run }) => run.role === "contestant"),
      selfChecks: rows.filter(({ run }) => run.role === "self-check"),
      unsupported: newest
        .filter(({ scores }) => scores.some((score) => score.category === category && score.state === "unsupported"))
        .map(({ run }) => run),
      corpora: [...new Set(rows.flatMap((row) => row.corpora.map(({ corpus }) => corpus)))].toSorted(),
      pairs: listPairs(store, key),
    };
  });
}

/** `runs` is newest first, so the first run of a tool is the one to show. */
function newestPerTool(runs: ScoredRun[]): ScoredRun[] {
  const seen = new Set<string>();
  return runs.filter(({ run }) => !seen.has(run.tool) && seen.add(run.tool));
}

function byRankThenScore(a: BoardRow, b: BoardRow): number {
  return (
    ascending(a.rank?.rank ?? Infinity, b.rank?.rank ?? Infinity) ||
    ascending(-(a.score.score.value ?? -Infinity), -(b.score.score.value ?? -Infinity)) ||
    a.run.tool.localeCompare(b.run.tool, "en")
  );
}

/** -1, 0 or 1; infinities are equal to themselves, unlike in a subtraction. */
function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Totals of the contestants on the board of real code, or, when there is none, of all contestants. */
function totalsOf(store: Store, runs: ScoredRun[], boards: Board[]): Total[] {
  const real = boards.filter(({ kind }) => kind === "real").flatMap(({ contestants }) => contestants);
  const rows = real.length > 0 ? real : boards.flatMap(({ contestants }) => contestants);
  const shown = new Set(rows.map(({ run }) => run.id));
  return runs
    .filter(({ run }) => shown.has(run.id))
    .map(({ run, scores }) => ({
      run,
      possible: possiblePoints(scores),
      levels: listLevelScores(store, run.id),
      costs: listRunCosts(store, run.id),
    }))
    .toSorted(
      (a, b) =>
        ascending(-(a.run.points ?? -Infinity), -(b.run.points ?? -Infinity)) ||
        a.run.tool.localeCompare(b.run.tool, "en"),
    );
}

function possiblePoints(scores: CategoryScore[]): number {
  const weights = new Map<string, number>();
  const levelFourHasData = scores.some(({ level, state }) => level === 4 && state === "scored");
  for (const { category, level, weight } of scores) {
    if (level < 4 || levelFourHasData) weights.set(category, weight);
  }
  return [...weights.values()].reduce((sum, weight) => sum + weight, 0);
}
