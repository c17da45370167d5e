/** Asks one tool everything about some corpora: within the limits of the run, and from where an earlier call of it stopped. */
import type { Adapter, Asked } from "./adapters/adapter.ts";
import { type Exchange, type ExchangeLog, LimitReached } from "./adapters/exchanges.ts";
import { Budget } from "./budget.ts";
import type { CategoryDefinition, Prepared } from "./category.ts";
import type { Unfinished, UnfinishedRun } from "./journal.ts";
import { Keeping } from "./kept.ts";
import type { MemoryMeter } from "./memory.ts";
import type { ItemAnswer } from "./schema/answer.ts";
import type { RunLimits } from "./schema/limits.ts";

export interface AskingOptions {
  adapter: Adapter;
  seed: number;
  clock: () => number;
  limits: RunLimits;
  /** Where answers are kept as they come; null where they are not. */
  journal: UnfinishedRun | null;
  /** Of this process, for tools that work in it; null where nobody measures it. */
  memory: MemoryMeter | null;
  signal: AbortSignal | undefined;
  onProgress: ((corpus: string, phase: string, done: number, total: number) => void) | undefined;
}

/** One category about one corpus. */
export interface Question {
  definition: CategoryDefinition;
  prepared: Prepared;
}

/**
 * What came of each question.
 *
 * @param corpora the questions about each; a tool that keeps what it has read of a corpus reads it once for all of them
 * @throws the reason of `signal` when it aborts; CibenchError `OUTPUT_UNWRITABLE` when answers cannot be kept
 */
export async function askCorpora(
  corpora: readonly (readonly Question[])[],
  options: AskingOptions,
): Promise<Map<Prepared, Asked<ItemAnswer>>> {
  const { limits, clock, journal } = options;
  const before = journal?.before ?? null;
  const budget = new Budget(limits, clock, before?.spentMs ?? 0);
  for (const usage of usagesOf(before)) budget.add(usage);
  const results = new Map<Prepared, Asked<ItemAnswer>>();
  for (const questions of corpora) {
    const kept = new Keeping();
    try {
      for (const question of questions) {
        results.set(question.prepared, await askAbout(question, { ...options, kept, budget }));
      }
    } finally {
      await kept.empty();
    }
  }
  return results;
}

/** What earlier calls used, task by task: an answer that is whole states what its questions used. */
function usagesOf(before: Unfinished | null) {
  if (before === null) return [];
  const whole = [...before.asked.values()].flatMap((asked) => (asked.state === "answered" ? [asked.answer.usage] : []));
  const parts = [...before.exchanges].filter(([taskId]) => !before.asked.has(taskId)).flatMap(([, heard]) => heard);
  return [...whole, ...parts.map(({ usage }) => usage)];
}

async function askAbout(question: Question, options: AskingOptions & Shared): Promise<Asked<ItemAnswer>> {
  const { adapter, journal, budget } = options;
  const { definition, prepared } = question;
  if (!definition.supports(adapter)) return { state: "unsupported", reason: NO_METHOD };
  const known = journal?.before.asked.get(prepared.task.id);
  const asked = known ?? (await askAnew(prepared, options));
  if (adapter.role === "contestant" && asked.state === "answered") {
    const tooMuch = budget.keep(JSON.stringify(asked.answer.items).length);
    if (tooMuch !== null) return { state: "not-run", reason: tooMuch };
  }
  if (known === undefined) journal?.asked(prepared.task.id, asked, budget.spentMs());
  return asked;
}

const NO_METHOD = "its adapter has no answer to such questions";

/** What questions of a run share: what is kept of the corpus, and what the run may still take. */
interface Shared {
  kept: Keeping;
  budget: Budget;
}

async function askAnew(prepared: Prepared, options: AskingOptions & Shared): Promise<Asked<ItemAnswer>> {
  const { adapter, seed, clock, limits, kept, budget, onProgress } = options;
  const reached = budget.reached();
  if (reached !== null) return { state: "not-run", reason: reached };
  const deadline = budget.deadline();
  const exchanges = logOf(prepared.task.id, options);
  const context = {
    signal: AbortSignal.any([options.signal, deadline].filter((signal) => signal != null)),
    onProgress: (phase: string, done: number, total: number) =>
      onProgress?.(prepared.corpus.spec.id, phase, done, total),
    ...{ seed, clock, kept, exchanges },
  };
  const measuring = adapter.role === "contestant" && adapter.isHere === true ? options.memory : null;
  measuring?.begin();
  try {
    const asked = await prepared.ask(adapter, context, limits.corpusTimeMs);
    if (asked.state !== "answered") return asked;
    if (measuring !== null) asked.answer.usage.memory = measuring.peak();
    if (!exchanges.isUsed()) budget.add(asked.answer.usage);
    return asked;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (deadline?.aborted !== true) throw error;
    return { state: "not-run", reason: budget.reached() ?? String(deadline.reason) };
  }
}

function logOf(
  taskId: string,
  { journal, budget }: Pick<AskingOptions & Shared, "journal" | "budget">,
): ExchangeLog & { isUsed: () => boolean } {
  const heard = journal?.before.exchanges.get(taskId) ?? [];
  let isUsed = heard.length > 0;
  return {
    heard,
    begin: () => {
      const reached = budget.reached();
      if (reached !== null) throw new LimitReached(reached);
    },
    keep: (exchange: Exchange) => {
      isUsed = true;
      budget.add(exchange.usage);
      journal?.exchange(taskId, exchange, budget.spentMs());
    },
    isUsed: () => isUsed,
  };
}
