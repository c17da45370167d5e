/** Any program that reads requests and writes answers, a line of JSON each (`src/schema/protocol.ts`). */
import { type ChildProcess, spawn } from "node:child_process";
import { type AskRequest, HelloReply, OpenReply, type OpenRequest, type ToolRequest } from "../schema/protocol.ts";
import type { CallGraphTask } from "../schema/task.ts";
import type { Contestant } from "./adapter.ts";
import { jsonLines, type LineLimits, Unusable } from "./json-lines.ts";
import { itemOf } from "./predictions.ts";

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
  const start = (signal?: AbortSignal) => new ToolProcess(command, { signal, limits });
  return {
    name,
    role: "contestant",
    selector: `--command ${JSON.stringify(command)} --name ${name}`,
    version: async () => {
      const tool = start();
      try {
        return await hello(tool, HELLO_MS);
      } finally {
        tool.kill();
      }
    },
    answer: async (task, root, { signal, onProgress, clock }) => {
      const begun = clock();
      const tool = start(signal);
      try {
        await hello(tool, null);
        const [open, ...questions] = requestsOf(task, root);
        tool.send(open);
        OpenReply.parse(await tool.read(null));
        const opened = clock();
        const items = await askAll(tool, questions, itemTimeoutMs, onProgress);
        return { taskId: task.id, items, usage: { indexMs: opened - begun, answerMs: clock() - opened } };
      } finally {
        tool.kill();
      }
    },
  };
}

/** What is asked about one corpus, in order. */
export function requestsOf(task: CallGraphTask, root: string): [OpenRequest, ...AskRequest[]] {
  const { id: taskId, category, corpus, files, items } = task;
  return [
    { type: "open", taskId, category, corpus, root, files },
    ...items.map((item): AskRequest => ({ type: "ask", taskId, item })),
  ];
}

/** Long enough to start on a busy computer; on a corpus the limit is that of the run. */
const HELLO_MS = 60_000;

async function hello(tool: ToolProcess, timeoutMs: number | null): Promise<string> {
  tool.send({ type: "hello", protocol: 1 });
  const reply = await tool.read(timeoutMs);
  if (reply === LATE) throw new Error('it said nothing to "hello"');
  return HelloReply.parse(reply).version;
}

/** Everything that the program wrote, in the form in which `readAnswer` judges it. */
async function askAll(
  tool: ToolProcess,
  questions: readonly AskRequest[],
  timeoutMs: number,
  onProgress: (phase: string, done: number, total: number) => void,
): Promise<unknown[]> {
  const said: unknown[] = [];
  const asked = new Map<string, "late" | "answered">();
  const ask = async (question: AskRequest): Promise<void> => {
    const { item, taskId } = question;
    tool.send(question);
    const end = performance.now() + timeoutMs;
    for (;;) {
      const reply = await tool.read(Math.max(0, end - performance.now()));
      if (reply === LATE) {
        asked.set(item.id, "late");
        return;
      }
      if (said.length > MOST_LINES * questions.length) throw new Error("it says more than it was asked");
      const { itemId, value } = itemOf(reply, taskId);
      const before = asked.get(itemId ?? "");
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

const LATE = Symbol("no line in time");

/** A process in a group of its own, which ends with whatever it started. */
class ToolProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncGenerator<unknown, void>;
  #next: Promise<IteratorResult<unknown, void>> | null = null;
  #complaints = "";
  #failure: Error | null = null;

  constructor(
    command: string,
    { signal, limits }: { signal: AbortSignal | undefined; limits: LineLimits | undefined },
  ) {
    this.#child = spawn(command, { shell: true, detached: true, stdio: "pipe" });
    const { stdin, stdout, stderr } = this.#child;
    if (stdin === null || stdout === null || stderr === null) throw new Error("the process has no streams");
    this.#child.on("error", (error) => (this.#failure = error));
    // Who ends early is noticed by what it no longer says.
    stdin.on("error", () => undefined);
    stderr.on(
      "data",
      (part: Buffer) => (this.#complaints = (this.#complaints + part.toString()).slice(-KEPT_COMPLAINTS)),
    );
    this.#lines = jsonLines(stdout, limits);
    signal?.addEventListener("abort", () => this.kill(), { once: true });
    if (signal?.aborted === true) this.kill();
  }

  send(request: ToolRequest): void {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
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
    if (line.done === true) throw await this.#ending();
    return line.value;
  }

  /** The whole group at once: a program that was asked to stop would have time to go on. */
  kill(): void {
    const { pid, stdout } = this.#child;
    stdout?.destroy();
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }

  async #ending(): Promise<Error> {
    const { exitCode, signalCode } = await ended(this.#child);
    const how =
      this.#failure?.message ?? (exitCode === null ? `by ${signalCode ?? "itself"}` : `with code ${exitCode}`);
    return new Error(`the program ended ${how}${this.#complaints === "" ? "" : `: ${this.#complaints.trim()}`}`);
  }
}

const KEPT_COMPLAINTS = 200;

async function within<T>(promise: Promise<T>, timeoutMs: number | null): Promise<T | typeof LATE> {
  if (timeoutMs === null) return promise;
  const { promise: late, resolve } = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => resolve(LATE), timeoutMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Its output may end a moment before it does; one that only closed its output is not waited for. */
async function ended(child: ChildProcess): Promise<Pick<ChildProcess, "exitCode" | "signalCode">> {
  if (child.exitCode === null && child.signalCode === null) {
    await within(new Promise((resolve) => child.once("exit", resolve)), 1000);
  }
  return child;
}
