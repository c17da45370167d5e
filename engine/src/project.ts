import { constants } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type * as Binding from "./binding/index.d.ts";
import { loadNative, type Native } from "./binding/load.ts";
import { type Convention, findConventions } from "./conventions.ts";
import { DriftError } from "./errors.ts";
import type {
  CallGraph,
  CallSite,
  FlowAnswer,
  FlowPlace,
  FunctionSymbol,
  IndexProgress,
  IndexStats,
  IndexSummary,
  ReachedFunction,
  SkippedFile,
  SymbolQuery,
} from "./types.ts";
import { type WatchedFolder, watchFolder, type WatchOptions } from "./watch.ts";

/** How to open a project. */
export interface OpenOptions {
  /** The index file; `null` keeps the index in memory and writes nothing. Default: `<root>/.drift/index.db`. */
  indexPath?: string | null;
  /** Larger files are left out and reported. Default: 10,000,000. */
  maxFileBytes?: number;
  /** What a minifier wrote (its name or its long lines of code say so). Default: left out and reported. */
  minified?: "leave-out" | "read";
  /** What says in its first lines that a program wrote it. Default: read like other files, and reported. */
  generated?: "leave-out" | "read";
}

/** How to index. */
export interface IndexOptions {
  /** Aborting rejects with `CANCELLED`; the index stays as it was. */
  signal?: AbortSignal;
  /** Called on the main thread, at most about once a percent, never after the promise has settled. */
  onProgress?: (progress: IndexProgress) => void;
  /** Worker threads, from 1. Default: one per core. The answer does not depend on it. */
  threads?: number;
  /**
   * Paths, relative to the root with "/" separators, beside which nothing has changed since this project's last `index()`:
   * only these are looked at, where that is enough. Default: the whole folder is.
   */
  changed?: readonly string[];
}

/** How far to follow calls. */
export interface ReachOptions {
  /** To what the function calls, or to what calls it. Default: `callees`. */
  direction?: "callees" | "callers";
  /** At most so many calls, from 1. Default: no limit. */
  depth?: number;
}

/** A folder of code and what is known about it. All work runs off the main thread. */
export interface Project {
  /**
   * Brings the index up to date: reads the files that changed, then resolves the project again if any did.
   *
   * @throws DriftError `CANCELLED`, `INDEX_LOCKED`, `ROOT_MISSING`, `INVALID_ARGUMENT`
   */
  index(options?: IndexOptions): Promise<IndexSummary>;
  /** The whole answer. @throws DriftError `NOT_INDEXED`, `ANSWER_TOO_LARGE` */
  callGraph(): Promise<CallGraph>;
  /** The same as JSON in UTF-8, without passing through JavaScript objects. @throws DriftError `NOT_INDEXED` */
  callGraphJson(): Promise<Uint8Array>;
  /** Functions by file, then position. @throws DriftError `NOT_INDEXED` */
  symbols(query?: SymbolQuery): Promise<FunctionSymbol[]>;
  /** Sites that can reach the function, by file, then position. @throws DriftError `NOT_INDEXED`, `SYMBOL_UNKNOWN` */
  callers(id: string): Promise<CallSite[]>;
  /** Sites inside the function or `path#<module>`, by position. @throws DriftError `NOT_INDEXED`, `SYMBOL_UNKNOWN` */
  callees(id: string): Promise<CallSite[]>;
  /**
   * Functions and modules that calls lead to (or come from), each with the fewest calls it takes; by that, then by file and
   * position. Calls about which nothing is known are not followed, so the answer is a lower bound.
   *
   * @throws DriftError `NOT_INDEXED`, `SYMBOL_UNKNOWN`
   */
  reach(id: string, options?: ReachOptions): Promise<ReachedFunction[]>;
  /**
   * What functions of one role have in common, and which do otherwise: see `conventions.ts`. Files are read again.
   *
   * @throws DriftError `NOT_INDEXED`, `ANSWER_TOO_LARGE`
   */
  conventions(): Promise<Convention[]>;
  /**
   * Where the value that is read at a place arrives: arguments of calls, by which way, and what was done to it. Of a stretch these are
   * its outermost expressions (for `const a = f(b)` what `f(b)` yields), of a point the innermost around it. Followed are
   * variables, fields, containers, texts that are put together, arguments and results along the call graph; what functions
   * outside the project do is told by their names. Files are read again for each question.
   *
   * @throws DriftError `NOT_INDEXED`, `PLACE_UNKNOWN`, `INVALID_ARGUMENT`
   */
  flows(place: FlowPlace): Promise<FlowAnswer>;
  /**
   * Keeps the index up to date with the folder until `signal` is aborted or the project is closed; see `watch.ts`. The
   * first `onChange` comes when the index is up to date for the first time.
   */
  watch(options: WatchOptions): Promise<void>;
  /** Lets go of what is kept in memory to be fast; the saved index answers from then on. */
  rest(): Promise<void>;
  /** What was not analysed, or only in part, by path. @throws DriftError `NOT_INDEXED` */
  skipped(): Promise<SkippedFile[]>;
  /** Counts over the whole index. @throws DriftError `NOT_INDEXED` */
  stats(): Promise<IndexStats>;
  /** Cancels what runs and waits for it. Later calls reject with `PROJECT_CLOSED`. */
  close(): Promise<void>;
}

/**
 * Opens a folder. Reads nothing yet: a project that was indexed before can be asked at once, any other after `index()`.
 *
 * @throws DriftError `ROOT_MISSING`, `ROOT_NOT_A_FOLDER`, `ROOT_UNREADABLE`, `NATIVE_MISSING`, `INVALID_ARGUMENT`
 */
export async function open(root: string, options: OpenOptions = {}): Promise<Project> {
  const { maxFileBytes, minified, generated } = options;
  if (maxFileBytes !== undefined) checkCount("maxFileBytes", maxFileBytes);
  checkTreatment("minified", minified);
  checkTreatment("generated", generated);
  const folder = resolve(root);
  const indexPath = options.indexPath === undefined ? join(folder, ".drift", "index.db") : options.indexPath;
  const native = loadNative();
  const opened = native.openProject(
    folder,
    indexPath === null ? undefined : resolve(indexPath),
    maxFileBytes,
    minified === "read",
    generated === "leave-out",
  );
  return new NativeBackedProject(native, await withDriftErrors(opened), folder);
}

class NativeBackedProject implements Project {
  readonly #root: string;
  readonly #native: Native;
  readonly #project: Binding.NativeProject;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(native: Native, project: Binding.NativeProject, root: string) {
    this.#root = root;
    this.#native = native;
    this.#project = project;
  }

  async index({ signal, onProgress, threads, changed }: IndexOptions = {}): Promise<IndexSummary> {
    if (threads !== undefined) checkCount("threads", threads);
    return this.#run(async (project) => {
      const token = new this.#native.CancelToken();
      const stop = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
      const cancel = (): void => token.cancel();
      stop.addEventListener("abort", cancel, { once: true });
      if (stop.aborted) cancel();
      try {
        const progress = onProgress && new ProgressRelay(onProgress, cancel);
        const indexing = project.index(
          Date.now(),
          threads ?? 0,
          token,
          progress && ((event) => progress.tell(event)),
          changed === undefined ? undefined : [...changed],
        );
        return await (progress === undefined ? indexing : progress.settle(indexing));
      } finally {
        stop.removeEventListener("abort", cancel);
      }
    });
  }

  async callGraph(): Promise<CallGraph> {
    const json = await this.#run((project) => project.callGraphJson());
    if (json.length > constants.MAX_STRING_LENGTH) {
      throw new DriftError(
        "ANSWER_TOO_LARGE",
        `the call graph is ${json.length} bytes of JSON, too much for one value`,
        {
          hint: "Use callGraphJson(), or the callgraph command with --out.",
        },
      );
    }
    return JSON.parse(json.toString("utf8")) as CallGraph;
  }

  callGraphJson(): Promise<Uint8Array> {
    return this.#run((project) => project.callGraphJson());
  }

  async symbols(query: SymbolQuery = {}): Promise<FunctionSymbol[]> {
    if (query.limit !== undefined && query.limit !== 0) checkCount("limit", query.limit);
    return this.#run((project) => project.symbols(query));
  }

  callers(id: string): Promise<CallSite[]> {
    return this.#run((project) => project.callers(id));
  }

  callees(id: string): Promise<CallSite[]> {
    return this.#run((project) => project.callees(id));
  }

  async reach(id: string, { direction = "callees", depth }: ReachOptions = {}): Promise<ReachedFunction[]> {
    if (depth !== undefined) checkCount("depth", depth);
    return this.#run((project) => project.reach(id, direction === "callers", depth ?? 0xffff_ffff));
  }

  async conventions(): Promise<Convention[]> {
    const graph = await this.callGraph();
    const files = [...new Set(graph.functions.map(({ file }) => file))];
    const texts = new Map<string, string>();
    // A file that is gone since then has no shapes.
    for (const file of files) {
      const text = await readFile(join(this.#root, file), "utf8").catch(() => undefined);
      if (text !== undefined) texts.set(file, text);
    }
    return findConventions(graph, texts);
  }

  async flows({ file, line, column, endLine = line, endColumn = column }: FlowPlace): Promise<FlowAnswer> {
    for (const [name, value] of Object.entries({ line, column, endLine, endColumn })) checkCount(name, value);
    const json = await this.#run((project) => project.flowsJson({ file, line, column, endLine, endColumn }));
    return JSON.parse(json.toString("utf8")) as FlowAnswer;
  }

  async watch(options: WatchOptions): Promise<void> {
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const folder: WatchedFolder = {
      root: this.#root,
      index: (changed, stop) => this.index({ signal: stop, ...(changed === undefined ? {} : { changed }) }),
      folders: () => this.#run((project) => project.folders()),
      rest: () => this.rest(),
    };
    return watchFolder(folder, { ...options, signal });
  }

  async rest(): Promise<void> {
    await this.#run((project) => project.rest());
  }

  skipped(): Promise<SkippedFile[]> {
    return this.#run((project) => project.skipped());
  }

  stats(): Promise<IndexStats> {
    return this.#run((project) => project.stats());
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  async #run<T>(work: (project: Binding.NativeProject) => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) {
      throw new DriftError("PROJECT_CLOSED", "the project has been closed", { hint: "Open it again." });
    }
    const result = withDriftErrors(work(this.#project));
    this.#running.add(result);
    try {
      return await result;
    } finally {
      this.#running.delete(result);
    }
  }
}

/** Hands progress on until the last event has come, so that none comes after the result. */
class ProgressRelay {
  readonly #onProgress: (progress: IndexProgress) => void;
  readonly #cancel: () => void;
  readonly #last = Promise.withResolvers<void>();
  #thrown: { error: unknown } | undefined;

  constructor(onProgress: (progress: IndexProgress) => void, cancel: () => void) {
    this.#onProgress = onProgress;
    this.#cancel = cancel;
  }

  tell(event: IndexProgress | null): void {
    if (event === null) {
      this.#last.resolve();
    } else if (this.#thrown === undefined) {
      try {
        this.#onProgress(event);
      } catch (error) {
        // The caller's own error ends the run and comes back from it.
        this.#thrown = { error };
        this.#cancel();
      }
    }
  }

  async settle<T>(running: Promise<T>): Promise<T> {
    const [result] = await Promise.allSettled([running, this.#last.promise]);
    if (this.#thrown !== undefined) throw this.#thrown.error;
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > 0xffff_ffff) {
    throw new DriftError("INVALID_ARGUMENT", `${name} must be a whole number from 1, not ${value}`);
  }
}

function checkTreatment(name: string, value: string | undefined): void {
  if (value !== undefined && value !== "leave-out" && value !== "read") {
    throw new DriftError("INVALID_ARGUMENT", `${name} must be "leave-out" or "read", not ${JSON.stringify(value)}`);
  }
}

/** The engine's errors carry `code` and `hint`; all others are bugs and pass as they are. */
async function withDriftErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") throw error;
    const hint = "hint" in error && typeof error.hint === "string" ? { hint: error.hint } : {};
    throw new DriftError(error.code, error.message, { ...hint, cause: error });
  }
}
