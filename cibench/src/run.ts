/** One tool on a set of corpora, per category: task -> adapter -> answer -> evaluator -> score -> report. Read this first. */
import type { Adapter, Asked } from "./adapters/adapter.ts";
import { askCorpora, type Question } from "./asking.ts";
import { DEFAULT_LIMITS, limitFlags } from "./budget.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import { DEFINITIONS } from "./categories/all.ts";
import type { CategoryDefinition, LoadedCorpus, Prepared } from "./category.ts";
import { CibenchError } from "./errors.ts";
import type { Journals, UnfinishedRun } from "./journal.ts";
import type { MemoryMeter } from "./memory.ts";
import { quickCorpus } from "./quick.ts";
import { type AskedTask, categories, judgedIn, measuredCategories, notMeasured, scoresOf } from "./run-scores.ts";
import type { AnswerOf, ItemAnswer } from "./schema/answer.ts";
import type { ItemRecord } from "./schema/item-record.ts";
import type { RunLimits } from "./schema/limits.ts";
import type { CorpusManifest, Intervals, Profile, Report } from "./schema/report.ts";
import type { ItemOutcome } from "./schema/score.ts";
import { CATEGORIES } from "./schema/task.ts";
import { levelScores } from "./scores/levels.ts";

export const SUITE_VERSION = "0.3.0";
/** Raise it whenever the same answers would get different scores. */
const SCORER_VERSION = 2;
const NO_ITEM_LIMITS: RunLimits["item"] = { timeMs: null, tokens: null, costUsd: null };

export interface RunOptions {
  adapter: Adapter;
  /** At least one. Corpora of split `fit` are scored too; whoever publishes must leave such runs out. */
  corpora: readonly LoadedCorpus[];
  seed: number;
  /** By default all that is known about the corpora is asked. */
  profile?: Profile;
  /** By default expanded; percentiles are for who scores again what was scored with them. */
  intervals?: Intervals;
  now: () => Date;
  /** A monotonic clock in milliseconds; by default as fine as `now`. */
  clock?: () => number;
  /** Those that differ from {@link DEFAULT_LIMITS}; what an item may take the adapter knows. */
  limits?: Partial<typeof DEFAULT_LIMITS>;
  /** Where answers are kept as they come, so that a run that was interrupted goes on; absent: nowhere. */
  journals?: Journals;
  /** Measures this process while tools work in it; absent: their memory is not measured. */
  memory?: MemoryMeter;
  signal?: AbortSignal;
  onProgress?: (corpus: string, phase: string, done: number, total: number) => void;
}

export interface Run {
  report: Report;
  /** Category by category, corpus by corpus in the order given, within a corpus in the order of its task. */
  items: ItemOutcome[];
  /** One per category and corpus that was answered. */
  answers: AnswerOf<ItemAnswer>[];
  /** What it heard, as long as the run is not on disk: to be removed then, or left for a later call. Null where nothing is kept. */
  journal: UnfinishedRun | null;
}

/**
 * @throws CibenchError `NO_CORPORA` when there is nothing to run on, `OUTPUT_UNWRITABLE` when answers cannot be kept; the reason of
 *   `signal` when it aborts
 */
export async function runTool(options: RunOptions): Promise<Run> {
  const { adapter, seed, profile = "full", intervals = "expanded", now } = options;
  const corpora = profile === "quick" ? options.corpora.map(quickCorpus) : options.corpora;
  if (corpora.length === 0) throw new CibenchError("NO_CORPORA", "there is no corpus to run on");
  const version = await adapter.version().catch(() => "unknown");
  const limits = { ...DEFAULT_LIMITS, ...options.limits, item: itemLimitsOf(adapter) };
  const questions = corpora.map(questionsAbout);
  const suite = { name: "cibench" as const, version: SUITE_VERSION, hash: suiteHash(questions.flat()) };
  const journal = journalOf(options, { version, suite: suite.hash });
  const startedAt = journal?.before.startedAt ?? now().toISOString();
  const clock = options.clock ?? (() => now().getTime());
  const { signal, onProgress, memory = null } = options;
  const results = await askCorpora(questions, {
    ...{ adapter, seed, clock, limits, journal, memory, signal, onProgress },
  }).catch((error: unknown) => {
    journal?.close();
    throw error;
  });
  const byCategory = new Map<CategoryDefinition, AskedTask[]>(DEFINITIONS.map((definition) => [definition, []]));
  for (const { definition, prepared } of questions.flat()) {
    byCategory.get(definition)?.push(judged(prepared, results.get(prepared)));
  }
  const asked = [...byCategory.values()].flat();
  const languages = adapter.role === "contestant" ? adapter.languages : undefined;
  const scores = [...byCategory].flatMap(([definition, own]) =>
    scoresOf(definition, own, { seed, intervals, languages }),
  );
  const items = asked.flatMap(({ outcomes }) => outcomes ?? []);
  assertOneOfEach(items);
  const answers = asked.flatMap(({ result }) => (result.state === "answered" ? [result.answer] : []));
  const selector = (adapter.role === "contestant" ? adapter.selector : undefined) ?? `--tool ${adapter.name}`;
  const subject = {
    ...{ name: adapter.name, version, role: adapter.role, command: `cibench run ${selector}` },
    ...(languages !== undefined && { languages: [...languages] }),
  };
  const itemsSha256 = sha256(itemLines({ items, answers }));
  const corpusIds = corpora.map(({ fetched }) => fetched.spec.id).join(",");
  const measured = measuredCategories(asked, scores);
  const report: Report = {
    schemaVersion: 2,
    runId: `${adapter.name}-${sha256(canonicalJson([suite.hash, subject, seed, itemsSha256])).slice(0, 12)}`,
    suite,
    subject,
    seed,
    profile,
    limits,
    startedAt,
    endedAt: now().toISOString(),
    corpora: asked.map(manifest),
    scores: [...scores, ...notMeasured(scores)],
    intervals,
    ...(intervals === "expanded" && { levels: levelScores(judgedIn(measured, asked, scores), seed) }),
    measuredWeight: measured.reduce((sum, category) => sum + CATEGORIES[category].weight, 0),
    notMeasured: categories()
      .filter((category) => !measured.includes(category))
      .map((category) => ({ category, weight: CATEGORIES[category].weight })),
    itemsSha256,
    reproduce: `npm run --silent cibench -- run ${selector} --corpus ${corpusIds} --seed ${seed}${profile === "full" ? "" : ` --profile ${profile}`}${limitFlags(limits)}`,
  };
  return { report, items, answers, journal };
}

/** Categories may ask about the same things; what is stored is found by corpus and item alone. */
function assertOneOfEach(items: readonly ItemOutcome[]): void {
  const seen = new Set<string>();
  for (const { corpus, itemId } of items) {
    const name = `${corpus} ${itemId}`;
    if (seen.has(name)) throw new Error(`two items of ${corpus} are called ${JSON.stringify(itemId)}`);
    seen.add(name);
  }
}

/** JSON lines, one {@link ItemRecord} per item: what was asked, said and true. Answers carry no times, so equal runs give equal lines. */
export function itemLines({ items, answers }: Pick<Run, "items" | "answers">): string {
  const said = new Map<string, Map<string, ItemAnswer>>();
  for (const { taskId, items: given } of answers) said.set(taskId, new Map(given.map((item) => [item.itemId, item])));
  return items
    .map((outcome): ItemRecord => {
      const answer = said.get(`${outcome.category}/${outcome.corpus}`)?.get(outcome.itemId) ?? null;
      return { outcome, answer };
    })
    .map((record) => `${JSON.stringify(record)}\n`)
    .join("");
}

function judged(prepared: Prepared, result: Asked<ItemAnswer> | undefined): AskedTask {
  if (result === undefined) throw new Error(`${prepared.task.id} was not asked`);
  return { prepared, result, outcomes: result.state === "answered" ? prepared.judge(result.answer) : null };
}

function questionsAbout(corpus: LoadedCorpus): Question[] {
  return DEFINITIONS.flatMap((definition) => {
    const prepared = definition.prepare(corpus);
    return prepared === null ? [] : [{ definition, prepared }];
  });
}

function itemLimitsOf(adapter: Adapter): RunLimits["item"] {
  return (adapter.role === "contestant" ? adapter.itemLimits : undefined) ?? NO_ITEM_LIMITS;
}

/** The journal of a run that costs something to make again. */
function journalOf(
  { adapter, corpora, seed, profile, journals, now }: RunOptions,
  { version, suite }: { version: string; suite: string },
): UnfinishedRun | null {
  if (journals === undefined || adapter.role !== "contestant" || adapter.isReady === true) return null;
  const { name, selector, languages, itemLimits } = adapter;
  const ids = corpora.map(({ fetched }) => fetched.spec.id);
  const parameters = [selector, languages, itemLimits, ids, seed, profile];
  return journals.open(
    { tool: name, parameters, basis: { suite, "version of the tool": version } },
    now().toISOString(),
  );
}

/** Runs are comparable only when they were asked the same and judged by the same truth and rules. */
function suiteHash(questions: readonly Question[]): string {
  const parts = questions.map(
    ({ prepared: { task, truthSha256 } }) => `${task.id} ${sha256(canonicalJson(task))} ${truthSha256}`,
  );
  return sha256(canonicalJson([SUITE_VERSION, SCORER_VERSION, parts.toSorted()]));
}

function manifest({ prepared, result }: AskedTask): CorpusManifest {
  const { spec } = prepared.corpus;
  return {
    id: spec.id,
    category: prepared.category,
    version: spec.version,
    kind: spec.kind,
    split: spec.split,
    inputsSha256: prepared.inputsSha256,
    truthSha256: prepared.truthSha256,
    oracles: prepared.oracles,
    taskId: prepared.task.id,
    items: prepared.task.items.length,
    usage: result.state === "answered" ? { ...result.answer.usage, memory: result.answer.usage.memory ?? null } : null,
    problems: result.state === "answered" ? result.problems : null,
    notRun: result.state === "not-run" ? result.reason : null,
  };
}
