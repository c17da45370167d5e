/** One tool on a set of corpora: task -> adapter -> answer -> evaluator -> score -> report. Read this first. */
import type { CallGraphTruth, FetchedCorpus } from "@drift/corpora";
import { type Adapter, type Asked, ask } from "./adapters/adapter.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import { CibenchError } from "./errors.ts";
import { judgeCallGraph } from "./evaluators/graph-edges.ts";
import type { Answer, CallSiteAnswer } from "./schema/answer.ts";
import type { ItemRecord } from "./schema/item-record.ts";
import type { CorpusManifest, Report } from "./schema/report.ts";
import type { CategoryScore, ItemOutcome } from "./schema/score.ts";
import { type CallGraphTask, CATEGORIES, type Category } from "./schema/task.ts";
import { callGraphScore, corpusScore, type JudgedCorpus } from "./scores/call-graph-score.ts";
import { baselineExpectations, type Expectation } from "./scores/floor.ts";
import { callGraphTask } from "./tasks/perception/call-graph.ts";

export const SUITE_VERSION = "0.1.0";
/** Raise it whenever the same answers would get different scores. */
const SCORER_VERSION = 1;
/** The floor belongs to the suite, not to a run: all runs share its draws. */
const FLOOR_SEED = 1;
const TEN_MINUTES_MS = 600_000;

/** What is read of a corpus; the root is the tools' alone. */
export interface RunCorpus {
  spec: Pick<FetchedCorpus["spec"], "id" | "version" | "kind" | "split">;
  root: string;
}

export interface RunOptions {
  adapter: Adapter;
  /** At least one. Corpora of split `fit` are scored too; whoever publishes must leave such runs out. */
  corpora: readonly { fetched: RunCorpus; truth: CallGraphTruth }[];
  seed: number;
  now: () => Date;
  /** A monotonic clock in milliseconds; by default as fine as `now`. */
  clock?: () => number;
  /** Per corpus; a tool that takes longer has not run. */
  timeoutMs?: number;
  signal?: AbortSignal;
  onProgress?: (corpus: string, phase: string, done: number, total: number) => void;
}

export interface Run {
  report: Report;
  /** Corpus by corpus in the order given, within a corpus in the order of its task. */
  items: ItemOutcome[];
  /** One per corpus that was answered. */
  answers: Answer[];
}

/** @throws CibenchError `NO_CORPORA` when there is nothing to run on; the reason of `signal` when it aborts */
export async function runCallGraph(options: RunOptions): Promise<Run> {
  const { adapter, corpora, seed, now } = options;
  if (corpora.length === 0) throw new CibenchError("NO_CORPORA", "there is no corpus to run on");
  const startedAt = now().toISOString();
  const version = await adapter.version().catch(() => "unknown");
  const asked: { corpus: Prepared; result: Asked; judged: JudgedCorpus | null }[] = [];
  for (const { fetched, truth } of corpora) {
    const corpus = prepare(fetched, truth);
    const result = await askAbout(corpus, options);
    asked.push({ corpus, result, judged: result.state === "answered" ? judge(corpus, result.answer) : null });
  }
  const items = asked.flatMap(({ judged }) => judged?.outcomes ?? []);
  const answers = asked.flatMap(({ result }) => (result.state === "answered" ? [result.answer] : []));
  const selector = (adapter.role === "contestant" ? adapter.selector : undefined) ?? `--tool ${adapter.name}`;
  const subject = { name: adapter.name, version, role: adapter.role, command: `cibench run ${selector}` };
  const suite = {
    name: "cibench" as const,
    version: SUITE_VERSION,
    hash: suiteHash(asked.map(({ corpus }) => corpus)),
  };
  const itemsSha256 = sha256(itemLines({ items, answers }));
  const corpusIds = corpora.map(({ fetched }) => fetched.spec.id).join(",");
  const scores = categoryScores(asked, seed);
  const measured = scores
    .filter((score) => score.state === "scored" && score.kind === "real")
    .map((score) => score.category);
  const report: Report = {
    schemaVersion: 1,
    runId: `${adapter.name}-${sha256(canonicalJson([suite.hash, subject, seed, itemsSha256])).slice(0, 12)}`,
    suite,
    subject,
    seed,
    startedAt,
    endedAt: now().toISOString(),
    corpora: asked.map(({ corpus, result }) => manifest(corpus, result)),
    scores,
    measuredWeight: measured.reduce((sum, category) => sum + CATEGORIES[category].weight, 0),
    notMeasured: categories()
      .filter((category) => !measured.includes(category))
      .map((category) => ({ category, weight: CATEGORIES[category].weight })),
    itemsSha256,
    reproduce: `npm run --silent cibench -- run ${selector} --corpus ${corpusIds} --seed ${seed}`,
  };
  return { report, items, answers };
}

/** JSON lines, one {@link ItemRecord} per item: what was asked, said and true. Answers carry no times, so equal runs give equal lines. */
export function itemLines({ items, answers }: Pick<Run, "items" | "answers">): string {
  const said = new Map<string, Map<string, CallSiteAnswer>>();
  for (const { taskId, items: given } of answers) said.set(taskId, new Map(given.map((item) => [item.itemId, item])));
  return items
    .map((outcome): ItemRecord => {
      const answer = said.get(`call-graph/${outcome.corpus}`)?.get(outcome.itemId) ?? null;
      return { outcome, answer };
    })
    .map((record) => `${JSON.stringify(record)}\n`)
    .join("");
}

/** A corpus with everything that depends on its truth alone. */
interface Prepared {
  fetched: RunCorpus;
  truth: CallGraphTruth;
  task: CallGraphTask;
  truthSha256: string;
  expectations: Expectation[];
}

const preparedTruths = new WeakMap<CallGraphTruth, Omit<Prepared, "fetched">>();

/** Remembered per truth: several tools run on the same one, and its floor takes a second. */
function prepare(fetched: Prepared["fetched"], truth: CallGraphTruth): Prepared {
  const known = preparedTruths.get(truth) ?? {
    truth,
    task: callGraphTask(truth),
    truthSha256: sha256(canonicalJson(truth)),
    expectations: expectationsOf(truth),
  };
  preparedTruths.set(truth, known);
  return { fetched, ...known };
}

/** What trivial answers are expected to reach on one corpus. */
export function expectationsOf(truth: CallGraphTruth): Expectation[] {
  return baselineExpectations(truth, FLOOR_SEED);
}

function askAbout({ fetched, truth, task }: Prepared, options: RunOptions): Promise<Asked> {
  const { adapter, seed, now, clock = () => now().getTime(), timeoutMs = TEN_MINUTES_MS } = options;
  const context = {
    signal: options.signal ?? new AbortController().signal,
    onProgress: (phase: string, done: number, total: number) =>
      options.onProgress?.(fetched.spec.id, phase, done, total),
    seed,
    clock,
  };
  return ask(adapter, { task, root: fetched.root, truth, context, timeoutMs });
}

function judge({ fetched, truth, task, expectations }: Prepared, answer: Answer): JudgedCorpus {
  const outcomes = new Map(judgeCallGraph(answer.items, truth).map((outcome) => [outcome.itemId, outcome]));
  return {
    id: truth.corpus,
    kind: fetched.spec.kind,
    outcomes: task.items.map((item) => outcomes.get(item.id) as ItemOutcome),
    expectations,
  };
}

/** Runs are comparable only when they were asked the same and judged by the same truth and rules. */
function suiteHash(corpora: readonly Prepared[]): string {
  const parts = corpora.map(({ task, truthSha256 }) => `${task.id} ${sha256(canonicalJson(task))} ${truthSha256}`);
  return sha256(canonicalJson([SUITE_VERSION, SCORER_VERSION, parts.toSorted()]));
}

function manifest({ fetched, truth, task, truthSha256 }: Prepared, result: Asked): CorpusManifest {
  return {
    id: fetched.spec.id,
    version: fetched.spec.version,
    kind: fetched.spec.kind,
    split: fetched.spec.split,
    inputsSha256: truth.inputsSha256,
    truthSha256,
    oracles: truth.oracles,
    taskId: task.id,
    items: task.items.length,
    usage: result.state === "answered" ? result.answer.usage : null,
    problems: result.state === "answered" ? result.problems : null,
    notRun: result.state === "answered" ? null : result.reason,
  };
}

function categoryScores(
  asked: readonly { corpus: Prepared; result: Asked; judged: JudgedCorpus | null }[],
  seed: number,
): CategoryScore[] {
  const callGraph = (["real", "synthetic"] as const).flatMap((kind): CategoryScore[] => {
    const ofKind = asked.filter(({ corpus }) => corpus.fetched.spec.kind === kind);
    if (ofKind.length === 0) return [];
    const judged = ofKind.flatMap((one) => one.judged ?? []);
    const reasons = ofKind.flatMap(({ corpus, result }) =>
      result.state === "not-run" ? [`${corpus.fetched.spec.id}: ${result.reason}`] : [],
    );
    if (reasons.length === 0) return [callGraphScore(judged, seed)];
    // A mean over the corpora that happened to work would be a mean over other corpora than everyone else's.
    const scores = judged.map((corpus) => corpusScore(corpus, seed));
    return [{ state: "not-run", category: "call-graph", kind, reason: reasons.join("; "), corpora: scores }];
  });
  const others = categories()
    .filter((category) => category !== "call-graph")
    .map((category): CategoryScore => ({ state: "not-measured", category, reason: reasonNotMeasured(category) }));
  return [...callGraph, ...others];
}

/** Why a category has no task in this version of the suite. */
export function reasonNotMeasured(category: Category): string {
  return CATEGORIES[category].level === 4 ? "there is no human data yet" : "the suite has no task for it yet";
}

function categories(): Category[] {
  return Object.keys(CATEGORIES) as Category[];
}
