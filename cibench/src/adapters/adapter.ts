/** How CIBench reaches a tool: one adapter per tool, nothing else of it is known here. */
import type { CallGraphTruth, ChangeTruth, Language, RuleTruth } from "@drift/corpora";
import type { z } from "zod";
import {
  type AnswerOf,
  type AnswerProblems,
  CallSiteAnswer,
  type ChangeAnswer,
  type ProposalAnswer,
  type PropositionAnswer,
} from "../schema/answer.ts";
import type { ChoiceTruth } from "../evaluators/choices.ts";
import type { ContextTruth } from "../evaluators/context.ts";
import type { StatementTruth } from "../tasks/understanding/propositions.ts";
import type { AskFeedback, RefinementTruth } from "../evaluators/refinement.ts";
import type { ChoiceAnswer, ChoiceTask } from "../schema/choice.ts";
import type { ContextAnswer, ContextTask } from "../schema/context.ts";
import type { RefinementAnswer, RefinementTask } from "../schema/refinement.ts";
import type { AnyTask, CallGraphTask, ChangeTask, PropositionTask, RuleTask } from "../schema/task.ts";
import type { Kept } from "../kept.ts";
import type { ItemLimits } from "../schema/limits.ts";
import { type ExchangeLog, LimitReached } from "./exchanges.ts";
import { readItem, readItems } from "./read-items.ts";

/** What every adapter is given beside the task. */
export interface AdapterContext {
  /** Aborted when the caller gives up or the time limit is reached. */
  signal: AbortSignal;
  onProgress: (phase: string, done: number, total: number) => void;
  /** For tools that draw random numbers. */
  seed: number;
  /** A monotonic clock in milliseconds, for `usage`. */
  clock: () => number;
  /** What may be kept until all categories have been asked about this corpus; absent where only one is. */
  kept?: Kept;
  /** Only where answers are made in rounds: how far one is off. It says so as often as there are rounds after an answer, then null. */
  feedback?: AskFeedback;
  /** Only given to tools that are asked item by item: what was heard before, and where to leave what is heard now. */
  exchanges?: ExchangeLog;
  /**
   * One thing that a tool said as an answer in good form, or as `Unusable`. Who reads what nobody vouches for calls it at once, so that
   * only what can count takes room. Absent where nobody judges the answer.
   */
  read?: (said: unknown) => unknown;
}

/** Methods that answer questions with choices; one for each category, because a tool may support some of them. */
export const CHOICE_METHODS = ["patterns", "dataFlow", "composition", "negative"] as const;
type ChoiceMethod = (typeof CHOICE_METHODS)[number];

/** A tool under test. It sees the task and the corpus folder, never the truth. */
export interface Contestant extends Partial<
  Record<ChoiceMethod, (task: ChoiceTask, root: string, context: AdapterContext) => Promise<unknown>>
> {
  name: string;
  role: "contestant";
  /** How the command line names it, where that is not `--tool <name>`. */
  selector?: string;
  /** The languages that it says it reads: its figure on corpora in these stands beside the total. Absent where it says nothing. */
  languages?: readonly Language[];
  /** It works in the process of the benchmark, so that the memory of this process is what it takes. */
  isHere?: true;
  /** Its answers lie ready: an interrupted run of it is not worth keeping. */
  isReady?: true;
  /** Absent where it is not asked item by item. */
  itemLimits?: ItemLimits;
  /** The tool's own version, as it would print it. */
  version(): Promise<string>;
  /** What it says to a task about the files below `root`; judged whatever it returns or throws. */
  answer(task: CallGraphTask, root: string, context: AdapterContext): Promise<unknown>;
  /** The same for a task about changes; a tool without it does not support the category, which counts as 0. */
  changes?(task: ChangeTask, root: string, context: AdapterContext): Promise<unknown>;
  /** The same for a task of statements. */
  propositions?(task: PropositionTask, root: string, context: AdapterContext): Promise<unknown>;
  /** The same for a task about changes that the repository's own rules may reject. */
  rules?(task: RuleTask, root: string, context: AdapterContext): Promise<unknown>;
  /** The same for a task of what has to be read. */
  contexts?(task: ContextTask, root: string, context: AdapterContext): Promise<unknown>;
  /** The same for a task of drafts that are made better in rounds. */
  refinement?(task: RefinementTask, root: string, context: AdapterContext): Promise<unknown>;
}

/** A part of the benchmark that checks the benchmark: it may be shown the truth, and is never ranked. */
export interface SelfCheck extends Partial<
  Record<
    ChoiceMethod,
    (task: ChoiceTask, root: string, context: AdapterContext, truth: ChoiceTruth) => Promise<AnswerOf<ChoiceAnswer>>
  >
> {
  name: string;
  role: "self-check";
  version(): Promise<string>;
  answer(
    task: CallGraphTask,
    root: string,
    context: AdapterContext,
    truth: CallGraphTruth,
  ): Promise<AnswerOf<CallSiteAnswer>>;
  changes?(
    task: ChangeTask,
    root: string,
    context: AdapterContext,
    truth: ChangeTruth,
  ): Promise<AnswerOf<ChangeAnswer>>;
  propositions?(
    task: PropositionTask,
    root: string,
    context: AdapterContext,
    truth: StatementTruth,
  ): Promise<AnswerOf<PropositionAnswer>>;
  rules?(task: RuleTask, root: string, context: AdapterContext, truth: RuleTruth): Promise<AnswerOf<ProposalAnswer>>;
  contexts?(
    task: ContextTask,
    root: string,
    context: AdapterContext,
    truth: ContextTruth,
  ): Promise<AnswerOf<ContextAnswer>>;
  refinement?(
    task: RefinementTask,
    root: string,
    context: AdapterContext,
    truth: RefinementTruth,
  ): Promise<AnswerOf<RefinementAnswer>>;
}

export type Adapter = Contestant | SelfCheck;

/** A method that answers the tasks of all categories. */
export type AnswerAny = (task: AnyTask, root: string, context: AdapterContext) => Promise<unknown>;

/** Methods by which adapters are asked, one for each category that has tasks. */
export const METHODS = [
  "answer",
  "changes",
  "propositions",
  "rules",
  "contexts",
  "refinement",
  ...CHOICE_METHODS,
] as const;
export type MethodName = (typeof METHODS)[number];

/** One way to answer, whatever is asked. */
export function forAllMethods<Answer>(answer: Answer): Record<MethodName, Answer> {
  return Object.fromEntries(METHODS.map((method) => [method, answer])) as Record<MethodName, Answer>;
}

/** Thrown by a tool that is asked about a category that it says it cannot answer. */
export class Unsupported extends Error {
  override name = "Unsupported";
}

/** What came of asking: an answer in good form, or why there is none. */
export type Asked<Said = CallSiteAnswer> =
  | { state: "answered"; answer: AnswerOf<Said>; problems: AnswerProblems }
  | { state: "not-run"; reason: string }
  | { state: "unsupported"; reason: string };

export interface AskOptions {
  task: CallGraphTask;
  root: string;
  truth: CallGraphTruth;
  context: AdapterContext;
  /** After this long the tool counts as hanging. */
  timeoutMs: number;
}

/** A question of any category. */
export interface MethodOptions<Said> {
  /** One that the adapter has. */
  method: MethodName;
  itemAnswer: z.ZodType<Said>;
  /** Of an answer in good form, whether it is about what exists. */
  fits?: (said: Said) => boolean;
  task: AskedTask;
  root: string;
  truth: object;
  context: AdapterContext;
  timeoutMs: number;
}

/** What reading an answer needs to know of a task. */
export interface AskedTask {
  id: string;
  items: readonly { id: string }[];
}

/** Asks a tool about calls, as {@link askMethod}. */
export function ask(adapter: Adapter, options: AskOptions): Promise<Asked> {
  return askMethod(adapter, { ...options, method: "answer", itemAnswer: CallSiteAnswer });
}

/**
 * Asks a tool and never fails: what it throws (but {@link Unsupported}), a hang and a shapeless answer become `not-run`. An abort by the caller
 * (`context.signal`) is the caller's own doing and is rethrown. A tool that blocks this thread cannot be timed out:
 * adapters do long work in another thread or process.
 */
export async function askMethod<Said extends { itemId: string }>(
  adapter: Adapter,
  { method, itemAnswer, fits, task, root, truth, context, timeoutMs }: MethodOptions<Said>,
): Promise<Asked<Said>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const given = { ...context, signal, read: (said: unknown) => readItem(said, itemAnswer, fits) };
  try {
    // Each tool gets a copy: what it does to the task cannot reach the scorer or the next tool.
    const copy = structuredClone(task);
    const answering = (adapter[method] as Answering).bind(adapter);
    if (adapter.role === "self-check") {
      return trust((await answering(copy, root, given, truth)) as AnswerOf<Said>, task);
    }
    return readItems(await Promise.race([answering(copy, root, given), whenAborted(signal)]), task, itemAnswer, fits);
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof LimitReached) return { state: "not-run", reason: error.message };
    if (error instanceof Unsupported) return { state: "unsupported", reason: error.message };
    if (timeout.aborted) return { state: "not-run", reason: `no answer within ${timeoutMs / 1000} s` };
    return { state: "not-run", reason: describe(error) };
  }
}

/** A method of an adapter, whatever its category; truth is for self-checks alone. */
type Answering = (task: AskedTask, root: string, context: AdapterContext, truth?: object) => Promise<unknown>;

/** Self-checks are our own and typed; their answers can be large (every definition at every site). */
function trust<Said>(answer: AnswerOf<Said>, task: AskedTask): Asked<Said> {
  const unanswered = task.items.length - answer.items.length;
  return { state: "answered", answer, problems: { malformed: 0, unasked: 0, repeated: 0, unanswered } };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

/** One line of bounded length: the reason is published, a tool's stack trace is not. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(/\s+/g, " ").slice(0, 300);
}
