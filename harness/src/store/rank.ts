/** Keeps the ranks of the store in step with its runs. The paired test itself is CIBench's. */
import { type Category, ItemRecord, MEASURED, rankReports, type Report, type StoredRun } from "@drift/cibench";
import type { Store } from "./open.ts";
import { type ResultPaths, readRawLines, readRunFiles } from "./run-file.ts";
import { asStorageError } from "./storage-error.ts";

/** The bootstrap behind all ranks has one seed, so equal runs give equal ranks. */
const RANK_SEED = 1;

/**
 * Ranks the newest run of each tool of one suite again. A run whose items are not on this machine is left out.
 *
 * @throws DriftError `DISK_FULL`, `DISK_READ_ONLY`, `STORE_BUSY`
 */
export function rankSuite(db: Store, paths: ResultPaths, suiteHash: string): void {
  const runs = newestRuns(paths, suiteHash);
  try {
    db.transaction(() => {
      for (const table of ["rank", "pair_comparison"])
        db.prepare(`DELETE FROM ${table} WHERE suite_hash = ?`).run(suiteHash);
      for (const category of MEASURED) {
        for (const kind of ["real", "synthetic"] as const) {
          const isScored = runs.some(({ report }) => hasScore(report, category, kind));
          if (isScored) insertRanking(db, runs, { suiteHash, category, kind });
        }
      }
    }).immediate();
  } catch (error) {
    throw asStorageError("the store", error);
  }
}

interface NamedRun extends StoredRun {
  id: string;
}

function newestRuns(paths: ResultPaths, suiteHash: string): NamedRun[] {
  const newest = new Map<string, NamedRun>();
  for (const { file } of readRunFiles(paths)) {
    if (file.suite !== "cibench" || file.report.suite.hash !== suiteHash) continue;
    const lines = readRawLines(paths, file.raw.sha256);
    if (lines === null) continue;
    const items = lines
      .split("\n")
      .filter(Boolean)
      .map((line) => ItemRecord.parse(JSON.parse(line)).outcome);
    newest.set(file.report.subject.name, { id: file.id, report: file.report, items });
  }
  return [...newest.values()];
}

function hasScore(report: Report, category: Category, kind: "real" | "synthetic"): boolean {
  return report.scores.some((score) => score.state === "scored" && score.category === category && score.kind === kind);
}

function insertRanking(
  db: Store,
  runs: readonly NamedRun[],
  key: { suiteHash: string; category: Category; kind: "real" | "synthetic" },
): void {
  const { suiteHash, category, kind } = key;
  const ranking = rankReports(runs, { category, kind, seed: RANK_SEED });
  const idOf = (reportRunId: string): string =>
    (runs.find(({ report }) => report.runId === reportRunId) as NamedRun).id;
  const insertRank = db.prepare(
    "INSERT INTO rank (suite_hash, category, kind, run_id, rank, reason) VALUES (?, ?, ?, ?, ?, ?)",
  );
  for (const { runId, rank } of ranking.ranked) insertRank.run(suiteHash, category, kind, idOf(runId), rank, null);
  for (const { runId, reason } of ranking.notRanked)
    insertRank.run(suiteHash, category, kind, idOf(runId), null, reason);
  const insertPair = db.prepare("INSERT INTO pair_comparison VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const { a, b, difference, p, q, separated } of ranking.pairs) {
    const { value, low, high, n } = difference;
    insertPair.run(
      ...[suiteHash, category, kind, idOf(a), idOf(b), value, low, high, n, p, q],
      ...[Number(separated), ranking.falseDiscovery, ranking.seed],
    );
  }
}
