/** Any program that reads requests and writes answers, a line of JSON each (`src/schema/protocol.ts`). */
import { type AskRequest, HelloReply, OpenReply, type OpenRequest, type ToolRequest } from "../schema/protocol.ts";
import type { AskFeedback } from "../evaluators/refinement.ts";
import { ChoiceAnswer } from "../schema/choice.ts";
import type { Chosen } from "../schema/refinement.ts";
import type { AnyTask } from "../schema/task.ts";
import { type AdapterContext, type AnswerAny, type Contestant, forAllMethods, Unsupported } from "./adapter.ts";
import { jsonLines, type LineLimits, Unusable } from "./json-lines.ts";
import { itemOf } from "./predictions.ts";
import { LATE, ToolProcess, within } from "./process.ts";

export interface CommandOptions {
  name: string;
  /** Given to the shell. */
  command: string;
  /** An answer that comes later counts as none. */
  itemTimeoutMs: number;
  limits?: LineLimits;
}

/**
 * One process per corpus. It is asked one thing at a time, so that each answer has its own time; every line that it
 * writes is the answer to what was asked last, unless it names an earlier item. What it writes to standard error is
 * shown when it fails.
 *
 * A program that ends, says no more, or writes without end has not run; whatever else is wrong is counted item by item.
 */
export function commandAdapter({ name, command, itemTimeoutMs, limits }: CommandOptions): Contestant {
  const start = (signal?: AbortSignal) => new LineProcess(new ToolProcess(command, signal), limits);
  const answer: AnswerAny = async (task, root, { signal, onProgress, clock, feedback }) => {
    const begun = clock();
    const tool = start(signal);
    try {
      const { categories } = await hello(tool, null);
      if (!categories.includes(task.category)) {
        throw new Unsupported(`the program answers ${categories.join(", ") || "nothing"} only`);
      }
      const [open, ...questions] = requestsOf(task, root);
      tool.send(open);
      OpenReply.parse(await tool.read(null));
      const opened = clock();
      const items = await askAll(tool, questions, { timeoutMs: itemTimeoutMs, onProgress, feedback });
      return { taskId: task.id, items, usage: { indexMs: opened - begun, answerMs: clock() - opened } };
    } finally {
      tool.kill();
    }
  };
  return {
    name,
    role: "contestant",
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
  return HelloReply.parse(reply);
}

/** Everything that the program wrote, in the form in which `readAnswer` judges it. With `feedback` it is asked in rounds. */
async function askAll(
  tool: LineProcess,
  questions: readonly AskRequest[],
  {
    timeoutMs,
    onProgress,
    feedback,
  }: Pick<AdapterContext, "onProgress"> & { timeoutMs: number; feedback: AskFeedback | undefined },
): Promise<unknown[]> {
  const said: unknown[] = [];
  const asked = new Map<string, "late" | "answered">();
  const ask = async (question: AskRequest): Promise<void> => {
    const { item, taskId } = question;
    tool.send(question);
    let end = performance.now() + timeoutMs;
    const rounds: Chosen[] = [];
    for (;;) {
      const reply = await tool.read(Math.max(0, end - performance.now()));
      if (reply === LATE) {
        // What was said in time before counts.
        if (rounds.length > 0) said.push({ itemId: item.id, rounds });
        asked.set(item.id, "late");
        return;
      }
      if (said.length > MOST_LINES * questions.length) throw new Error("it says more than it was asked");
      const { itemId, value } = itemOf(reply, taskId);
      const before = asked.get(itemId ?? "");
      const round = feedback !== undefined && itemId === item.id ? ChoiceAnswer.safeParse(value) : undefined;
      if (round?.success === true && before === undefined) {
        rounds.push(round.data.chosen);
        const heard = feedback?.(item.id, round.data.chosen) ?? null;
        if (heard !== null) {
          tool.send({ type: "feedback", taskId, itemId: item.id, ...heard });
          end = performance.now() + timeoutMs;
          continue;
        }
        said.push({ itemId: item.id, rounds });
        asked.set(item.id, "answered");
        return;
      }
      said.push(before === "late" ? new Unusable("late") : value);
      if (before !== undefined) continue;
      asked.set(item.id, "answered");
      return;
    }
  };
  for (const [index, question] of questions.entries()) {
    await ask(question);
    onProgress("ask", index + 1, questions.length);
  }
  return said;
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

  kill(): void {
    this.#process.kill();
  }
}
