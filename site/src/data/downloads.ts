/** What can be downloaded: the same rows as on the pages, as JSON. */
import { gzipSync } from "node:zlib";
import { readLeaderboard } from "./board.ts";
import { listCorpusCosts, listRunCosts, listRunTasks } from "./costs.ts";
import { countOutcomes, listItems } from "./evidence.ts";
import { listAlerts, listHistorySeries } from "./history.ts";
import type { Store } from "./open.ts";
import { listMeasurements, listNotRun, listRatios, listSamples } from "./performance.ts";
import { listEnvironments, listOracles, listRunCorpora, type Run } from "./runs.ts";
import { listBaselines, listCategoryScores, listCorpusScores, listLevelScores, listStratumScores } from "./scores.ts";

/** The leaderboard as it is shown, with the figures as stored (signed, unrounded). */
export function leaderboardJson(store: Store): string {
  return json({ schemaVersion: 1, ...readLeaderboard(store) });
}

/**
 * The boards as CSV, one row per tool, category and kind of code, with the figures as stored. `new_corpora` is the mean over corpora
 * with its interval for new ones, `read_score` the score in languages read; total and cost are those of the whole run, the cost
 * on the kind of the row. Columns are only ever added at the end.
 */
export function leaderboardCsv(store: Store): string {
  const head = [
    "kind,category,tool,version,role,rank,state,score,score_low,score_high,raw,raw_low,raw_high,floor,run_id",
    "new_corpora,new_corpora_low,new_corpora_high,new_corpora_n,new_corpora_reason",
    "read_score,read_score_low,read_score_high,read_floor,read_corpora",
    "total_score,total_score_low,total_score_high,total_measured_weight",
    "cost_items,index_ms,answer_ms,tokens,cost_usd,peak_bytes,peak_of",
  ].join(",");
  const rows = readLeaderboard(store).boards.flatMap(({ kind, category, contestants, selfChecks }) =>
    [...contestants, ...selfChecks].map(({ run, score, rank }) => {
      const { newCorpora, inLanguagesRead: read } = score;
      const total = listLevelScores(store, run.id).find(({ level }) => level === 0);
      const cost = listRunCosts(store, run.id).find((one) => one.kind === kind);
      return [
        ...[kind, category, run.tool, run.toolVersion, run.role, rank?.rank, score.state],
        ...[score.score.value, score.score.low, score.score.high, score.raw.value, score.raw.low, score.raw.high],
        ...[score.floor, run.id],
        ...[newCorpora?.value, newCorpora?.low, newCorpora?.high, newCorpora?.n, newCorpora?.reason],
        ...[read?.score.value, read?.score.low, read?.score.high, read?.floor, read?.corpora.join(" ")],
        ...[total?.score.value, total?.score.low, total?.score.high, total?.measuredWeight],
        ...[cost?.items, cost?.indexMs, cost?.answerMs, cost?.tokens, cost?.costUsd, cost?.peakBytes, cost?.peakOf],
      ]
        .map(csvField)
        .join(",");
    }),
  );
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

/** A field by RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Everything the store says about a run but its items and samples. */
export function runJson(store: Store, run: Run): string {
  return json({
    schemaVersion: 1,
    run,
    environment: listEnvironments(store).get(run.environmentId) ?? null,
    corpora: listRunCorpora(store, run.id),
    oracles: listOracles(store, run.id),
    tasks: listRunTasks(store, run.id),
    corpusCosts: listCorpusCosts(store, run.id),
    costs: listRunCosts(store, run.id),
    scores: listCategoryScores(store, run.id),
    levels: listLevelScores(store, run.id),
    baselines: listBaselines(store, run.id),
    corpusScores: listCorpusScores(store, run.id),
    stratumScores: listStratumScores(store, run.id),
    measurements: listMeasurements(store, run.id).map(({ id: _, ...measurement }) => measurement),
    ratios: listRatios(store, run.id),
    notRun: listNotRun(store, run.id),
  });
}

/** Every item of a run with the raw answer, one JSON record per line, compressed; equal items give equal bytes. */
export function itemsGzip(store: Store, run: Run): Uint8Array<ArrayBuffer> {
  const corpora = [...new Set(countOutcomes(store, run.id).map(({ corpus }) => corpus))];
  const items = corpora.flatMap((corpus) => listItems(store, run.id, corpus));
  const lines = items.map(({ answer, ...item }) => {
    const raw: unknown = answer === null ? null : JSON.parse(answer);
    return JSON.stringify({ ...item, answer: raw });
  });
  return Uint8Array.from(gzipSync(`${lines.join("\n")}\n`));
}

/** The performance history: every series with every point, changes of level and alerts. */
export function historyJson(store: Store): string {
  return json({ schemaVersion: 1, series: listHistorySeries(store), alerts: listAlerts(store) });
}

/** Every timing of a bench run, in the order taken. */
export function samplesJson(store: Store, run: Run): string {
  return json({ schemaVersion: 1, runId: run.id, measurements: listSamples(store, run.id) });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
