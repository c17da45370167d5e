/** Tools: the newest scored run of each, with what it cost, and where it is weakest. Everything is read as stored. */
import { type Board, type BoardRow, readLeaderboard } from "./board.ts";
import { listRunCosts, type RunCost } from "./costs.ts";
import { WEAK_KIND_ITEMS, WEAK_KINDS } from "./limits.ts";
import { oncePerStore, type Store } from "./open.ts";
import { listRuns, type Run } from "./runs.ts";
import { type CategoryScore, listCategoryScores, listStratumScores, type StratumScore } from "./scores.ts";

/** A tool as its newest run on the board shows it, or its newest scored run when none is there. */
export interface Tool {
  name: string;
  run: Run;
  onBoard: boolean;
  scores: CategoryScore[];
  /** What its answers cost, on all corpora and by kind; undefined where it did not run. */
  cost: Partial<Record<RunCost["kind"], RunCost>>;
  /** Scored runs, newest first. */
  runs: Run[];
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
    return [
      {
        ...{ name, run, runs: own, onBoard: onBoard.has(name) },
        scores: listCategoryScores(store, run.id),
        cost: Object.fromEntries(listRunCosts(store, run.id).map((cost) => [cost.kind, cost])),
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
