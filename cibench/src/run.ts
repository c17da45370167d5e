/** One tool on a set of corpora, per category: task -> adapter -> answer -> evaluator -> score -> report. Read this first. */
import type { Language } from "@drift/corpora";
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
import type { AnswerOf, ItemAnswer } from "./schema/answer.ts";
import type { ItemRecord } from "./schema/item-record.ts";
import type { RunLimits } from "./schema/limits.ts";
import type { CorpusManifest, Intervals, Profile, Report } from "./schema/report.ts";
import type { CategoryScore, InLanguagesRead, ItemOutcome } from "./schema/score.ts";
import { CATEGORIES, type Category } from "./schema/task.ts";
import {
  categoryScore,
  corpusScore,
  type IntervalOptions,
  type JudgedCorpus,
  scoreOnSome,
} from "./scores/category-score.ts";
import { isRead } from "./scores/languages-read.ts";
import { levelScores, type MeasuredCategory } from "./scores/levels.ts";
import { isMeasured, scoringOf } from "./scores/scoring.ts";

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

/** One category about one corpus, and what came of asking. */
interface AskedTask {
  prepared: Prepared;
  result: Asked<ItemAnswer>;
  outcomes: ItemOutcome[] | null;
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

/** One score per kind of corpora that were asked about; a tool that does not support the category has one in all. */
function scoresOf(
  definition: CategoryDefinition,
  asked: readonly AskedTask[],
  { seed, intervals, languages }: IntervalOptions & { languages: readonly Language[] | undefined },
): CategoryScore[] {
  const { category } = definition;
  const unsupported = asked.find(({ result }) => result.state === "unsupported")?.result;
  if (unsupported?.state === "unsupported") return [{ state: "unsupported", category, reason: unsupported.reason }];
  return (["real", "synthetic"] as const).flatMap((kind): CategoryScore[] => {
    const ofKind = asked.filter(({ prepared }) => prepared.corpus.spec.kind === kind);
    if (ofKind.length === 0) return [];
    const judged = ofKind.flatMap(judgedOf);
    const reasons = ofKind.flatMap(({ prepared, result }) =>
      result.state === "not-run" ? [`${prepared.corpus.spec.id}: ${result.reason}`] : [],
    );
    if (reasons.length === 0) {
      const expectations = definition.expectations(ofKind.map(({ prepared }) => prepared));
      const score = categoryScore(category, judged, expectations, { seed, intervals });
      if (languages === undefined) return [score];
      const given = { score, ofKind, judged, languages, seed, intervals };
      return [{ ...score, inLanguagesRead: inLanguagesRead(definition, given) }];
    }
    // A mean over the corpora that happened to work would be a mean over other corpora than everyone else's.
    const corpora = judged.map((corpus) => corpusScore(category, corpus, seed));
    return [{ state: "not-run", category, kind, reason: reasons.join("; "), corpora }];
  });
}

/** The figures on corpora in languages that the tool says it reads; null where it reads none of these. */
function inLanguagesRead(
  definition: CategoryDefinition,
  given: {
    score: Extract<CategoryScore, { state: "scored" }>;
    ofKind: readonly AskedTask[];
    judged: readonly JudgedCorpus[];
    languages: readonly Language[];
  } & IntervalOptions,
): InLanguagesRead | null {
  const { score, ofKind, judged, languages, seed, intervals } = given;
  const read = ofKind.filter(({ prepared }) => isRead(prepared.corpus.spec.language, languages));
  if (read.length === 0) return null;
  const ids = read.map(({ prepared }) => prepared.task.corpus);
  const { raw, floor, floorBy } = score;
  if (read.length === ofKind.length) return { corpora: ids, raw, floor, floorBy, score: score.score };
  const expectations = definition.expectations(read.map(({ prepared }) => prepared));
  const some = judged.filter(({ id }) => ids.includes(id));
  return scoreOnSome(definition.category, some, expectations, { seed, intervals });
}

function judgedOf({ prepared, outcomes }: AskedTask): JudgedCorpus[] {
  return outcomes === null ? [] : [{ id: prepared.task.corpus, kind: prepared.corpus.spec.kind, outcomes }];
}

/** What levels are made of: the scores of measured categories on the corpora that weigh, and what was judged there. */
function judgedIn(
  measured: readonly Category[],
  asked: readonly AskedTask[],
  scores: readonly CategoryScore[],
): MeasuredCategory[] {
  return scores.flatMap((score): MeasuredCategory[] => {
    if (score.state === "not-measured" || score.state === "not-run" || !measured.includes(score.category)) return [];
    if (score.state === "unsupported") return [{ score, corpora: [] }];
    const { weighs } = scoringOf(score.category);
    const own = asked.filter(({ prepared: { category, corpus } }) => {
      return category === score.category && corpus.spec.kind === weighs;
    });
    return score.kind === weighs ? [{ score, corpora: own.flatMap(judgedOf) }] : [];
  });
}

/** Categories that this run says enough about on the corpora that weigh: a score, or that the tool cannot, which counts as 0. */
function measuredCategories(asked: readonly AskedTask[], scores: readonly CategoryScore[]): Category[] {
  return scores.flatMap((score) => {
    const { category, state } = score;
    const { weighs } = scoringOf(category);
    if (state !== "unsupported" && (state !== "scored" || score.kind !== weighs)) return [];
    const own = asked.filter(({ prepared }) => prepared.category === category && prepared.corpus.spec.kind === weighs);
    return isMeasured(
      category,
      own.map(({ prepared }) => ({ sites: prepared.task.items.length })),
    )
      ? [category]
      : [];
  });
}

function notMeasured(scores: readonly CategoryScore[]): CategoryScore[] {
  return categories()
    .filter((category) => scores.every((score) => score.category !== category))
    .map((category) => ({ state: "not-measured", category, reason: reasonNotMeasured(category) }));
}

/** Why a category was not measured. */
export function reasonNotMeasured(category: Category): string {
  if (DEFINITIONS.some((one) => one.category === category)) return "none of these corpora has truth for it";
  return CATEGORIES[category].level === 4 ? "there is no human data yet" : "the suite has no task for it yet";
}

function categories(): Category[] {
  return Object.keys(CATEGORIES) as Category[];
}
