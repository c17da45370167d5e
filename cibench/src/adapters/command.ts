/** Any program that reads requests and writes answers, a line of JSON each (`src/schema/protocol.ts`). */
import type { z } from "zod";
import { type AskRequest, HelloReply, OpenReply, type OpenRequest, type ToolRequest } from "../schema/protocol.ts";
import type { ModelUsage } from "../schema/answer.ts";
import { ChoiceAnswer } from "../schema/choice.ts";
import type { ItemLimits } from "../schema/limits.ts";
import type { Chosen } from "../schema/refinement.ts";
import type { AnyTask } from "../schema/task.ts";
import { type AdapterContext, type AnswerAny, type Contestant, forAllMethods, Unsupported } from "./adapter.ts";
import { addUsage, type Exchange, isOver, NO_LOG, usageOf } from "./exchanges.ts";
import { jsonLines, type LineLimits, Unusable } from "./json-lines.ts";
import { itemOf } from "./predictions.ts";
import { LATE, ToolProcess, within } from "./process.ts";
import { firstIssue } from "./read-items.ts";

export interface CommandOptions {
  name: string;
  /** Given to the shell. */
  command: string;
  /** An answer that comes later or takes more counts as none. */
  itemLimits: ItemLimits;
  limits?: LineLimits;
}

/**
 * One process per corpus. It is asked one thing at a time, so that each answer has its own time; every line that it
 * writes is the answer to what was asked last, unless it names an earlier item. What it writes to standard error is
 * shown when it fails.
 *
 * A program that ends, says no more, or writes without end has not run; whatever else is wrong is counted item by item.
 */
export function commandAdapter({ name, command, itemLimits, limits }: CommandOptions): Contestant {
  const start = (signal?: AbortSignal) => new LineProcess(new ToolProcess(command, signal), limits);
  const answer: AnswerAny = async (task, root, context) => {
    const { signal, clock } = context;
    const begun = clock();
    const tool = start(signal);
    try {
      const { categories } = await hello(tool, null);
      if (!categories.includes(task.category)) {
        throw new Unsupported(`the program answers ${categories.join(", ") || "nothing"} only`);
      }
      const [open, ...questions] = requestsOf(task, root);
      tool.send(open);
      replyOf(OpenReply, await tool.read(null), "open");
      const indexMs = clock() - begun;
      const exchanges = await askAll(tool, questions, itemLimits, context);
      const items = exchanges.flatMap(({ said }) => said);
      return { taskId: task.id, items, usage: usageOf(exchanges, indexMs, tool.peakBytes()) };
    } finally {
      tool.kill();
    }
  };
  return {
    name,
    role: "contestant",
    itemLimits,
    selector: `--command ${JSON.stringify(command)} --name ${name}`,
    version: async () => {
      const tool = start();
      try {
        return (await hello(tool, HELLO_MS)).version;
      } finally {
        tool.kill();
      }
    },
    ...forAllMethods(answer),
  };
}

/** What is asked about one corpus, in order. */
export function requestsOf(task: AnyTask, root: string): [OpenRequest, ...AskRequest[]] {
  const { id: taskId, category, corpus, files, items } = task;
  const more = {
    ...("testFiles" in task && { testFiles: task.testFiles }),
    ...("choices" in task && { choices: task.choices }),
    ...("rounds" in task && { rounds: task.rounds }),
    ...("budgets" in task && { budgets: task.budgets, tokenizer: task.tokenizer }),
  };
  return [
    { type: "open", taskId, category, corpus, root, files, ...more },
    ...items.map((item): AskRequest => ({ type: "ask", taskId, item })),
  ];
}

/** Long enough to start on a busy computer; on a corpus the limit is that of the run. */
const HELLO_MS = 60_000;

async function hello(tool: LineProcess, timeoutMs: number | null): Promise<HelloReply> {
  tool.send({ type: "hello", protocol: 1 });
  const reply = await tool.read(timeoutMs);
  if (reply === LATE) throw new Error('it said nothing to "hello"');
  return replyOf(HelloReply, reply, "hello");
}

/** @throws Error when the reply is none to such a request */
function replyOf<Reply>(schema: z.ZodType<Reply>, reply: unknown, request: ToolRequest["type"]): Reply {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new Error(
    `its reply to "${request}" ${reply instanceof Unusable ? `is ${reply.kind}` : `does not fit: ${firstIssue(parsed.error)}`}`,
  );
}

/** What came of each question, those that were asked before first. */
async function askAll(
  tool: LineProcess,
  questions: readonly AskRequest[],
  limits: ItemLimits,
  context: AdapterContext,
): Promise<Exchange[]> {
  const { heard, begin, keep } = context.exchanges ?? NO_LOG;
  const all = [...heard];
  const asked = new Map(heard.map(({ itemId, isLate }) => [itemId, isLate]));
  let lines = heard.reduce((sum, { said }) => sum + said.length, 0);
  for (const question of questions.filter(({ item }) => !asked.has(item.id))) {
    begin();
    const mostLines = MOST_LINES * questions.length - lines;
    const exchange = await askOne(tool, question, { asked, limits, mostLines, context });
    all.push(exchange);
    asked.set(exchange.itemId, exchange.isLate);
    lines += exchange.said.length;
    keep(exchange);
    context.onProgress("ask", all.length, questions.length);
  }
  return all;
}

interface Asking {
  /** Items that were asked before, and whether their answer was late. */
  asked: ReadonlyMap<string, boolean>;
  limits: ItemLimits;
  mostLines: number;
  context: AdapterContext;
}

/** One question, and what is read until it is answered or its time is over. With `feedback` it is answered in rounds. */
async function askOne(
  tool: LineProcess,
  question: AskRequest,
  { asked, limits, mostLines, context }: Asking,
): Promise<Exchange> {
  const { clock, feedback, read = (value) => value } = context;
  const { item, taskId } = question;
  const begun = clock();
  const said: unknown[] = [];
  const rounds: Chosen[] = [];
  let [usage, own]: [ModelUsage, ModelUsage] = [{}, {}];
  const ended = (isLate: boolean): Exchange => {
    const peakBytes = tool.peakBytes();
    return { itemId: item.id, isLate, said, answerMs: clock() - begun, usage, peakBytes };
  };
  // What was said within the limits before counts.
  const sayRounds = () => rounds.length > 0 && said.push(read({ itemId: item.id, rounds }));
  tool.send(question);
  let end = performance.now() + (limits.timeMs ?? Infinity);
  for (;;) {
    const reply = await tool.read(limits.timeMs === null ? null : Math.max(0, end - performance.now()));
    if (reply === LATE) {
      sayRounds();
      return ended(true);
    }
    if (said.length >= mostLines) throw new Error("it says more than it was asked");
    const { itemId, value, usage: took } = itemOf(reply, taskId);
    usage = addUsage(usage, took);
    const wasLate = asked.get(itemId ?? "");
    if (wasLate !== undefined) {
      said.push(wasLate ? new Unusable("late") : read(value));
      continue;
    }
    own = addUsage(own, took);
    if (isOver(own, limits)) {
      sayRounds();
      said.push(new Unusable("over-limit"));
      return ended(false);
    }
    const round = feedback !== undefined && itemId === item.id ? ChoiceAnswer.safeParse(value) : undefined;
    if (round?.success !== true) {
      said.push(read(value));
      return ended(false);
    }
    rounds.push(round.data.chosen);
    const heard = feedback?.(item.id, round.data.chosen) ?? null;
    if (heard === null) {
      sayRounds();
      return ended(false);
    }
    tool.send({ type: "feedback", taskId, itemId: item.id, ...heard });
    end = performance.now() + (limits.timeMs ?? Infinity);
  }
}

/** Lines for each item, on average: who answers everything again and again is stopped. */
const MOST_LINES = 4;

/** The process with its lines. */
class LineProcess {
  readonly #process: ToolProcess;
  readonly #lines: AsyncGenerator<unknown, void>;
  #next: Promise<IteratorResult<unknown, void>> | null = null;

  constructor(process: ToolProcess, limits: LineLimits | undefined) {
    this.#process = process;
    this.#lines = jsonLines(process.stdout, limits);
  }

  send(request: ToolRequest): void {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
  }

  /**
   * The next line's value, or `LATE` when there is none in time; what comes later is the next line then.
   *
   * @throws Error when the process has ended, or writes too much
   */
  async read(timeoutMs: number | null): Promise<unknown> {
    if (this.#next === null) {
      this.#next = this.#lines.next();
      // Nobody may be left to hear of a line that came too late to be read.
      this.#next.catch(() => undefined);
    }
    const line = await within(this.#next, timeoutMs);
    if (line === LATE) return LATE;
    this.#next = null;
    if (line.done === true) throw await this.#process.ending();
    return line.value;
  }

  peakBytes(): number | null {
    return this.#process.peakBytes();
  }

  kill(): void {
    this.#process.kill();
  }
}
