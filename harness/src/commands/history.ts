/** `drift-bench history`: what was measured commit by commit, where its level changed, and what people say of that. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { drawTable } from "@drift/cibench/draw-table";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { readBenchConfig } from "../gate/config.ts";
import { GateReport } from "../gate/schema.ts";
import { type Nomination, nominate } from "../nominate.ts";
import { type Alert, alertOf, alertsOf } from "../store/alert.ts";
import { exportLines, importLines, pruneRaw, publishEntry, publishEvent } from "../store/history-files.ts";
import { completeEvent, entryOfGate } from "../store/history-schema.ts";
import type { HistoryPoint, SeriesSummary } from "../store/history-store.ts";
import { type OpenedHistory, openPerformanceHistory } from "../store/open-history.ts";
import { type CommandContext, print } from "./context.ts";
import { type GateFlags, measureGate } from "./gate.ts";

export interface HistoryFlags {
  /** Address of a PostgreSQL; absent for the store of this checkout. */
  store?: string;
  json: boolean;
}

async function withHistory<T>(
  { store: url }: HistoryFlags,
  { results, now }: CommandContext,
  work: (history: OpenedHistory) => Promise<T>,
): Promise<T> {
  const history = await openPerformanceHistory(results, { url: url ?? null, now: now() });
  try {
    return await work(history);
  } finally {
    await history.store.close();
  }
}

/** Stores what a gate measured of its head beside the pinned reference build, its base. */
export function addCommand(file: string, flags: HistoryFlags, context: CommandContext): Promise<void> {
  return storeGate(readGateReport(file), context.root, flags, context);
}

export interface RecordFlags
  extends HistoryFlags, Pick<GateFlags, "head" | "config" | "cache" | "case" | "budget" | "seed"> {
  reference?: string;
}

/**
 * Measures a commit beside the pinned reference build, and stores it.
 *
 * @throws DriftError `CONFIG_INVALID` without a reference, and what a gate throws
 */
export async function recordCommand(flags: RecordFlags, context: CommandContext): Promise<void> {
  const { config, json: _json, store: _store, reference: asked, ...gate } = flags;
  const known = asked ?? readBenchConfig(resolve(context.cwd, config ?? ".")).reference;
  if (known === undefined)
    throw new DriftError("CONFIG_INVALID", "no reference build is pinned", {
      hint: 'Name a commit that stays in "reference" of drift-bench.json, or with --reference.',
    });
  const report = await measureGate(
    {
      ...{
        ...gate,
        head: flags.head ?? "HEAD",
        base: known,
        independentBuilds: false,
        failOnNoise: false,
        json: false,
      },
      ...(config !== undefined && { config }),
      speedOnly: true,
    },
    context,
  );
  for (const { caseId, state, reason } of report.notCompared) context.stderr.write(`${caseId}: ${state}, ${reason}\n`);
  await storeGate(report, context.cwd, flags, context);
}

/** @param repository where git knows the head */
function storeGate(
  report: GateReport,
  repository: string,
  flags: HistoryFlags,
  context: CommandContext,
): Promise<void> {
  return withHistory(flags, context, async ({ store, folder }) => {
    const stored = entryOfGate(report, {
      ...(await aboutCommit(report, repository)),
      harnessVersion: context.version,
    });
    const added = await (folder === null ? store.add(stored) : publishEntry(store, folder, stored));
    const { id, commit, series } = stored.entry;
    print(context, flags.json, { id, commit, series: series.length, added }, () =>
      added ? `stored ${series.length} series of ${commit.slice(0, 12)}` : "it was stored before",
    );
  });
}

/** @throws DriftError `INPUT_MISSING`, `INPUT_INVALID` */
export function readGateReport(file: string): GateReport {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new DriftError("INPUT_MISSING", `cannot read ${file}`, { hint: "Give the path of an existing file.", cause });
  }
  try {
    return GateReport.parse(JSON.parse(text));
  } catch (cause) {
    throw new DriftError("INPUT_INVALID", `${file} is no report of a gate`, {
      hint: "`drift-bench gate --json` prints one.",
      cause,
    });
  }
}

async function aboutCommit({ head, samples }: GateReport, root: string) {
  if (samples.every(({ pairs }) => pairs.length === 0))
    throw new DriftError("NOTHING_MEASURED", "the gate measured nothing, so there is nothing to store");
  const { stdout, exitCode } = await execa("git", ["-C", root, "show", "-s", "--format=%P%n%cI", head.commit ?? "-"], {
    reject: false,
  });
  const [parents = "", committedAt = ""] = stdout.split("\n");
  if (head.commit === null || exitCode !== 0)
    throw new DriftError("COMMIT_UNKNOWN", "the head of the gate is no commit of this repository", {
      hint: "Only committed sources have a history: gate a commit that git knows here.",
    });
  return {
    commit: head.commit,
    parents: parents.split(" ").filter(Boolean),
    committedAt: new Date(committedAt).toISOString(),
  };
}

export function listSeriesCommand(flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store }) => {
    print(context, flags.json, await store.series(), renderSeries);
  });
}

function renderSeries(series: readonly SeriesSummary[]): string {
  if (series.length === 0) return 'nothing is stored yet: see "history add"';
  return drawTable(
    ["series", "case", "metric", "testbed", "reference", "values", "last"],
    series.map(({ id, caseId, metric, environmentId, reference, points, lastCommittedAt }) => [
      id,
      caseId,
      metric,
      environmentId,
      reference?.slice(0, 12) ?? "none",
      points,
      lastCommittedAt.slice(0, 10),
    ]),
  );
}

export function showSeriesCommand(id: number, flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store }) => {
    const series = (await store.series()).find((one) => one.id === id);
    if (series === undefined)
      throw new DriftError("SERIES_UNKNOWN", `there is no series ${id}`, { hint: 'See "history list".' });
    const points = await store.points(id);
    print(context, flags.json, { series, points }, () => renderPoints(series, points));
  });
}

function renderPoints({ reference, unit }: SeriesSummary, points: readonly HistoryPoint[]): string {
  const shown = (value: number | null): string => (value === null ? "" : value.toPrecision(5));
  return drawTable(
    ["commit", "made", reference === null ? unit : "ratio", "95 % interval"],
    points.map(({ commit, committedAt, value, low, high }) => [
      commit.slice(0, 12),
      committedAt.slice(0, 10),
      shown(value),
      low === null ? "" : `${shown(low)} to ${shown(high)}`,
    ]),
  );
}

export function scanCommand(flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store }) => {
    const found = await nominate(store);
    print(context, flags.json, { schemaVersion: 1, ...found }, () => renderNominations(found));
  });
}

function renderNominations({ series, nominations }: { series: number; nominations: readonly Nomination[] }): string {
  if (nominations.length === 0) return `no change of level that nobody has judged, in ${series} series`;
  return [
    drawTable(
      ["case", "metric", "effect", "last before", "first after", "adjusted p"],
      nominations.map(({ series: { caseId, metric }, effect, before, commit, adjustedP }) => [
        caseId,
        metric,
        `${effect >= 0 ? "+" : ""}${(100 * effect).toFixed(1)} %`,
        before.slice(0, 12),
        commit.slice(0, 12),
        adjustedP.toPrecision(2),
      ]),
    ),
    "A change point is a nomination: `drift-bench bisect` measures the commits between against each other.",
  ].join("\n");
}

export function alertsCommand(flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store }) => {
    print(context, flags.json, alertsOf(await store.events()), renderAlerts);
  });
}

function renderAlerts(alerts: readonly Alert[]): string {
  if (alerts.length === 0) return "no alerts";
  return drawTable(
    ["alert", "state", "series", "worst", "reason"],
    alerts.map(({ id, state, series, reason }) => [
      id,
      state,
      series.length,
      `${(100 * (Math.max(...series.map(({ ratio }) => ratio)) - 1)).toFixed(1)} %`,
      reason ?? "",
    ]),
  );
}

/** Says something of an alert. @throws DriftError `ALERT_UNKNOWN` */
export function judgeCommand(
  id: string,
  kind: "acknowledged" | "accepted" | "invalid" | "fixed",
  flags: HistoryFlags & { reason?: string },
  context: CommandContext,
): Promise<void> {
  return withHistory(flags, context, async ({ store, folder }) => {
    const events = await store.events();
    alertOf(alertsOf(events), id);
    const last = events.findLast(({ alert }) => alert === id)?.at ?? "";
    // Events are ordered by their instants, so that no two of an alert share one.
    const at = new Date(Math.max(context.now().getTime(), Date.parse(last) + 1)).toISOString();
    const event =
      kind === "accepted"
        ? completeEvent({ kind, at, alert: id, reason: flags.reason ?? "" })
        : completeEvent({ kind, at, alert: id, reason: flags.reason ?? null });
    await (folder === null ? store.addEvent(event) : publishEvent(store, folder, event));
    const alert = alertOf(alertsOf(await store.events()), id);
    print(context, flags.json, alert, ({ state }) => `${id} is ${state}`);
  });
}

export function exportCommand(file: string | undefined, flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store }) => {
    if (file === undefined) {
      for await (const line of exportLines(store)) context.stdout.write(line);
      return;
    }
    const lines: string[] = [];
    for await (const line of exportLines(store)) lines.push(line);
    writeFileSync(file, lines.join(""));
    print(context, flags.json, { lines: lines.length }, () => `${lines.length} entries and events`);
  });
}

export function importCommand(file: string, flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store, folder }) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (cause) {
      throw new DriftError("INPUT_MISSING", `cannot read ${file}`, { cause });
    }
    const done = await importLines(store, folder, text);
    print(context, flags.json, done, ({ lines, added }) => `${lines} entries and events, ${added} of them new`);
  });
}

export function pruneCommand(flags: HistoryFlags, context: CommandContext): Promise<void> {
  return withHistory(flags, context, async ({ store, folder }) => {
    const pruned = await pruneRaw(store, folder, context.now());
    print(context, flags.json, { pruned }, () => `the samples of ${pruned} entries are gone; process medians stay`);
  });
}
