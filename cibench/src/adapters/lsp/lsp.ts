/** Any language server, asked for the definition of each callee as an editor would ask it. */
import { readFile, realpath } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type AnswerTarget, CallSiteAnswer, type Usage } from "../../schema/answer.ts";
import type { CallGraphTask, CallSiteItem } from "../../schema/task.ts";
import type { AdapterContext, Contestant } from "../adapter.ts";
import { type Exchange, NO_LOG, usageOf } from "../exchanges.ts";
import { LATE } from "../process.ts";
import { LspClient, type Place, type ServerOptions } from "./client.ts";
import { type NameReader, nameReader } from "./functions.ts";
import { assertFindsDirectCalls, checkable } from "./peer-check.ts";

export interface LspOptions {
  name: string;
  /** How the command line names it, where that is not `--tool <name>`. */
  selector?: string;
  /** Called once it is needed, because it may not be installed. */
  server: () => ServerOptions;
  /** As of {@link Contestant}. */
  languages?: Contestant["languages"];
  /** The endings of files that it reads; null: all. */
  endings: readonly string[] | null;
  /** Of the server as packed; null: what it says itself. */
  version: (() => string) | null;
  itemTimeoutMs: number;
}

/**
 * A server is asked for the definitions of the callee; where none of them is a function (a parameter, a member of an
 * interface), for its implementations, then for what its call hierarchy says the callee is. It states no probabilities: all that it names
 * counts as certain. What it names below the folder of the corpus is read as in `functions.ts`; all else is outside.
 *
 * Before the first answer in a language it has to find the direct calls of a generated project.
 */
export function lspAdapter({
  name,
  selector,
  server,
  languages,
  endings,
  version,
  itemTimeoutMs,
}: LspOptions): Contestant {
  const checked = new Set<string>();
  const isRead = (file: string) => endings?.includes(extname(file)) ?? true;
  return {
    name,
    role: "contestant",
    ...(selector !== undefined && { selector }),
    ...(languages !== undefined && { languages }),
    version: async () => version?.() ?? (await saidVersion(server())),
    itemLimits: { timeMs: itemTimeoutMs, tokens: null, costUsd: null },
    answer: async (task, root, context) => {
      const { exchanges = NO_LOG, ...given } = context;
      for (const ending of checkable(task.files.filter(isRead))) {
        if (checked.has(ending)) continue;
        const options = { server: server(), isRead, itemTimeoutMs };
        await assertFindsDirectCalls(ending, async (project, folder) => {
          const { items } = await askServer(project, folder, options, { ...given, onProgress: () => undefined });
          return CallSiteAnswer.array().parse(items);
        });
        checked.add(ending);
      }
      return {
        taskId: task.id,
        ...(await askServer(task, root, { server: server(), isRead, itemTimeoutMs }, { ...given, exchanges })),
      };
    },
  };
}

async function saidVersion(server: ServerOptions): Promise<string> {
  const client = new LspClient(server, AbortSignal.timeout(60_000));
  try {
    return (await client.initialize(process.cwd(), server.initialization)).version ?? "unknown";
  } finally {
    client.close();
  }
}

interface Asking {
  server: ServerOptions;
  isRead: (file: string) => boolean;
  itemTimeoutMs: number;
}

async function askServer(
  task: CallGraphTask,
  root: string,
  { server, isRead, itemTimeoutMs }: Asking,
  { signal, clock, onProgress, exchanges = NO_LOG }: AdapterContext,
): Promise<{ items: unknown[]; usage: Usage }> {
  const begun = clock();
  // Servers say where files really are.
  const folder = await realpath(root);
  const client = new LspClient(server, signal);
  try {
    await client.initialize(folder, server.initialization);
    const session = new Session(client, folder, itemTimeoutMs);
    const readable = task.items.filter(
      ({ file, callee, syntax }) => isRead(file) && (callee !== null || syntax === "super-call"),
    );
    const known = new Set(exchanges.heard.map(({ itemId }) => itemId));
    const asked = readable.filter(({ id }) => !known.has(id));
    for (const file of new Set(readable.map((item) => item.file))) await session.open(file);
    const [first] = asked;
    // Reading the project is what the first answer waits for.
    if (first !== undefined) await session.find("textDocument/definition", first, null);
    const indexMs = clock() - begun;
    const all = [...exchanges.heard];
    for (const item of asked) {
      exchanges.begin();
      const start = clock();
      const answer = await session.answer(item);
      const said = answer === null ? [] : [answer];
      const measured = { answerMs: clock() - start, usage: {}, peakBytes: client.peakBytes() };
      const exchange: Exchange = { itemId: item.id, isLate: answer === null, said, ...measured };
      all.push(exchange);
      exchanges.keep(exchange);
      onProgress("ask", all.length, readable.length);
    }
    return { items: all.flatMap(({ said }) => said), usage: usageOf(all, indexMs, client.peakBytes()) };
  } finally {
    client.close();
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "typescriptreact",
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascriptreact",
  ".py": "python",
  ".pyi": "python",
};

/** Longer than any limit of a run. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** A server with the files of one corpus. */
class Session {
  readonly #client: LspClient;
  readonly #root: string;
  readonly #timeoutMs: number;
  readonly #readers = new Map<string, NameReader>();

  constructor(client: LspClient, root: string, timeoutMs: number) {
    this.#client = client;
    this.#root = root;
    this.#timeoutMs = timeoutMs;
  }

  async open(file: string): Promise<void> {
    const text = await readFile(join(this.#root, file), "utf8");
    this.#readers.set(file, nameReader(file, text));
    await this.#client.open(this.#uri(file), LANGUAGES[extname(file)] ?? extname(file).slice(1), text);
  }

  /** @returns null when the server did not answer in time: such an item is unanswered */
  async answer(item: CallSiteItem): Promise<CallSiteAnswer | null> {
    for (const method of METHODS) {
      const places = await this.find(method, item, this.#timeoutMs);
      if (places === LATE) return null;
      const targets = await this.#targets(places, item);
      if (targets.length > 0) return { itemId: item.id, status: statusOf(targets), targets };
    }
    return { itemId: item.id, status: "unknown", reason: "no function is named", targets: [] };
  }

  /** Of `super(…)`, which has no name, the word itself is what is pointed at. */
  async find(method: (typeof METHODS)[number], { file, callee, span }: CallSiteItem, timeoutMs: number | null) {
    const { line, column } = callee ?? span;
    const position = { line: line - 1, character: column - 1 };
    return this.#client.places(method, this.#uri(file), position, timeoutMs ?? NO_LIMIT_MS);
  }

  async #targets(places: readonly Place[], item: CallSiteItem): Promise<AnswerTarget[]> {
    const found = new Map<string, AnswerTarget & { isClass: boolean }>();
    for (const { uri, start } of places) {
      const file = this.#fileOf(uri);
      if (file === null) found.set("", { external: item.callee?.name ?? "", probability: 1, isClass: false });
      else {
        const named = (await this.#reader(file))(start.line + 1, start.character + 1);
        if (named?.kind === "outside") {
          found.set("", { external: item.callee?.name ?? "", probability: 1, isClass: false });
        } else if (named !== null) {
          const { line, column, kind } = named;
          found.set(`${file}:${line}:${column}`, { file, line, column, probability: 1, isClass: kind === "class" });
        }
      }
    }
    const all = [...found.values()];
    // Of a class and the constructor that it has or inherits, both named for one "new", the class is what is made.
    const classes = all.filter(({ isClass }) => isClass);
    return (classes.length > 0 ? classes : all).map(({ isClass: _, ...target }) => target);
  }

  async #reader(file: string): Promise<NameReader> {
    const known = this.#readers.get(file) ?? nameReader(file, await readFile(join(this.#root, file), "utf8"));
    this.#readers.set(file, known);
    return known;
  }

  #uri(file: string): string {
    return pathToFileURL(join(this.#root, file)).href;
  }

  /** Null for what is no file of the corpus; packages that lie in its folder are none. */
  #fileOf(uri: string): string | null {
    if (!uri.startsWith("file:")) return null;
    const file = relative(this.#root, fileURLToPath(uri)).split(sep).join("/");
    return file.startsWith("../") || /(^|\/)node_modules\//.test(file) ? null : file;
  }
}

const METHODS = [
  "textDocument/definition",
  "textDocument/implementation",
  "textDocument/prepareCallHierarchy",
] as const;

function statusOf(targets: readonly AnswerTarget[]): CallSiteAnswer["status"] {
  return targets.every((target) => "external" in target) ? "external" : "certain";
}
