/** Scores a stored run again from its raw answers: no tool is asked, and the same rules and truth give the same report. */
import { type Adapter, Unsupported } from "./adapters/adapter.ts";
import { canonicalJson } from "./canonical-json.ts";
import { DEFINITIONS } from "./categories/all.ts";
import type { LoadedCorpus } from "./category.ts";
import { CibenchError } from "./errors.ts";
import { type Run, runTool } from "./run.ts";
import type { ItemAnswer } from "./schema/answer.ts";
import type { ItemRecord } from "./schema/item-record.ts";
import type { Report } from "./schema/report.ts";
import type { RescoredRun } from "./schema/rescore.ts";

/**
 * What became of the same answers now. Times, usage and problems of form are those that were recorded: they are no scores.
 *
 * @param corpora those of the report, in its order
 */
export async function rescore(
  stored: Report,
  records: readonly ItemRecord[],
  corpora: readonly LoadedCorpus[],
): Promise<Run> {
  const { report, ...rest } = await runTool({
    adapter: replay(stored, records),
    corpora,
    seed: stored.seed,
    profile: stored.profile,
    intervals: stored.intervals,
    ...(stored.limits !== null && { limits: stored.limits }),
    now: () => new Date(stored.startedAt),
  });
  const { startedAt, endedAt, limits } = stored;
  const problems = new Map(stored.corpora.map((corpus) => [corpus.taskId, corpus.problems]));
  const manifests = report.corpora.map((one) => ({ ...one, problems: problems.get(one.taskId) ?? one.problems }));
  return { report: { ...report, startedAt, endedAt, limits, corpora: manifests }, ...rest };
}

/**
 * The corpora of a run in the order in which they were given to it, as its command says; categories list them in parts, so that
 * the order of what was asked is another one.
 */
export function askedCorpora({ corpora, reproduce }: Pick<Report, "corpora" | "reproduce">): string[] {
  const given = /--corpus (\S+)/.exec(reproduce)?.[1]?.split(",") ?? [];
  const ids = [...new Set(corpora.map(({ id }) => id))];
  return ids.toSorted((a, b) => given.indexOf(a) - given.indexOf(b));
}

/** A run as stored, with its raw answers. */
export interface RawRun {
  report: Report;
  records: readonly ItemRecord[];
}

/**
 * One run from runs of one tool on different corpora (`run --shard`), scored as if it had been asked about all of them at once.
 *
 * @param runs at least one
 * @param corpora those of all runs, in the order that the report is to have
 * @throws CibenchError `NOT_MERGEABLE` when tool, version, profile or seed differ, or a corpus is in two of them
 */
export async function mergeRuns(runs: readonly RawRun[], corpora: readonly LoadedCorpus[]): Promise<Run> {
  const reports = runs.map(({ report }) => report);
  const [first] = reports as [Report];
  const other = reports.find(
    (one) =>
      one.seed !== first.seed ||
      one.profile !== first.profile ||
      canonicalJson(one.subject) !== canonicalJson(first.subject),
  );
  const tasks = reports.flatMap((report) => report.corpora.map(({ taskId }) => taskId));
  const twice = tasks.find((task, index) => tasks.indexOf(task) !== index);
  if (other !== undefined || twice !== undefined) {
    const why =
      twice === undefined ? "they are of different tools, versions, profiles or seeds" : `${twice} is in two of them`;
    throw new CibenchError("NOT_MERGEABLE", `these runs cannot be merged: ${why}`, {
      hint: 'Merge what "cibench run --shard 1/n" to "--shard n/n" wrote for one tool.',
    });
  }
  const whole: Report = {
    ...first,
    corpora: reports.flatMap((report) => report.corpora),
    scores: reports.flatMap((report) => report.scores),
    limits: reports.every(({ limits }) => canonicalJson(limits) === canonicalJson(first.limits)) ? first.limits : null,
    startedAt: reports.map(({ startedAt }) => startedAt).toSorted()[0] as string,
    endedAt: reports
      .map(({ endedAt }) => endedAt)
      .toSorted()
      .at(-1) as string,
  };
  return rescore(
    whole,
    runs.flatMap(({ records }) => records),
    corpora,
  );
}

/**
 * Whether it is the same bit for bit, and else which scores moved. A stored report from before there were reliability bins
 * has none to be compared.
 */
export function compareRescored(stored: Report, now: Report): Pick<RescoredRun, "state" | "moved"> {
  if (canonicalJson(stored) === canonicalJson(hasBins(stored) ? now : withoutBins(now)))
    return { state: "same", moved: [] };
  const scoreIn = (report: Report, { category, kind }: Place): number | null => {
    const found = report.scores.find((one) => one.category === category && placeOf(one)?.kind === kind);
    return found?.state === "scored" ? found.score.value : null;
  };
  const places = [...stored.scores, ...now.scores].flatMap((one) => placeOf(one) ?? []);
  const moved = [...new Map(places.map((place) => [canonicalJson(place), place])).values()]
    .map((place) => ({ ...place, stored: scoreIn(stored, place), now: scoreIn(now, place) }))
    .filter((one) => one.stored !== one.now);
  return { state: stored.suite.hash === now.suite.hash ? "differs" : "another-suite", moved };
}

function hasBins({ scores }: Report): boolean {
  return scores.some((score) => score.state === "scored" && score.calibration?.reliability !== undefined);
}

function withoutBins(report: Report): Report {
  const scores = report.scores.map((score) => {
    if (score.state !== "scored" || score.calibration === undefined) return score;
    const { reliability: _, ...calibration } = score.calibration;
    return { ...score, calibration };
  });
  return { ...report, scores };
}

type Place = Pick<RescoredRun["moved"][number], "category" | "kind">;

function placeOf(score: Report["scores"][number]): Place | null {
  return "kind" in score ? { category: score.category, kind: score.kind } : null;
}

/** Says what was said, takes as long as was recorded, and fails where the tool did not run. */
function replay(stored: Report, records: readonly ItemRecord[]): Adapter {
  const said = Map.groupBy(records, ({ outcome }) => `${outcome.category}/${outcome.corpus}`);
  const say = async (task: { id: string }) => {
    const manifest = stored.corpora.find((one) => one.taskId === task.id);
    if (manifest?.usage == null) throw asThrown(manifest?.notRun ?? "nothing is stored about it");
    const { memory, ...usage } = manifest.usage;
    const items = (said.get(task.id) ?? []).flatMap(({ answer }): ItemAnswer[] => (answer === null ? [] : [answer]));
    return { taskId: task.id, items, usage: { ...usage, ...(memory !== null && { memory }) } };
  };
  const { name, version, role, command, languages } = stored.subject;
  const unsupported = new Map(
    stored.scores.flatMap((one) => (one.state === "unsupported" ? [[one.category, one.reason] as const] : [])),
  );
  // The schema of each category was checked when the records were read, and is checked again by who asks.
  const replayed = {
    name,
    role,
    selector: command.replace(/^cibench run /, ""),
    version: async () => version,
    ...Object.fromEntries(DEFINITIONS.map(({ category, method }) => [method, sayOf(unsupported.get(category), say)])),
  } as Adapter;
  return Object.assign(replayed, languages !== undefined && { languages });
}

/** Where the tool has no answer, it still has none, for the same reason. */
function sayOf(unsupported: string | undefined, say: (task: { id: string }) => Promise<unknown>): typeof say {
  return unsupported === undefined ? say : () => Promise.reject(new Unsupported(unsupported));
}

/** An error that is described in just these words: `<name>: <message>`, or a message alone. */
function asThrown(reason: string): unknown {
  const [, name, message] = /^([^:]+): (.*)$/s.exec(reason) ?? [];
  return name === undefined || message === undefined ? reason : Object.assign(new Error(message), { name });
}
