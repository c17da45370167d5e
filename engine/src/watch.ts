/**
 * Keeping an index up to date with its folder. Events of the file system only say *when* to look and at which paths; what
 * changed is found by looking, so a lost or doubled event changes nothing but the time at which it is seen. Where events
 * cannot be had, or as a safeguard where they can, the folder is looked at again and again.
 */
import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { DriftError } from "./errors.ts";
import type { IndexSummary } from "./types.ts";

/** How to watch. */
export interface WatchOptions {
  /** Called after each change that reached the index, and once when it is up to date for the first time. */
  onChange: (summary: IndexSummary) => void;
  /**
   * Called when indexing failed; watching goes on. Default: the failure rejects `watch()`. The folder itself missing
   * always does.
   */
  onError?: (error: DriftError) => void;
  /** Stops watching; `watch()` then resolves. */
  signal?: AbortSignal;
  /** So long after the last event a change is looked at, in milliseconds. Default: 30. */
  debounceMs?: number;
  /** So often the folder is looked at without an event, where events work. Default: 30,000. */
  safeguardMs?: number;
  /** So often it is looked at where they do not. Default: 2,000. */
  pollMs?: number;
  /** `false` does without events. Default: `true`. */
  events?: boolean;
  /** So long without a change, what is kept in memory to be fast is let go of. Default: 600,000. */
  restMs?: number;
}

/** What is watched. */
export interface WatchedFolder {
  root: string;
  index: (changed: readonly string[] | undefined, signal: AbortSignal) => Promise<IndexSummary>;
  /** Folders that were listed, relative to the root. */
  folders: () => Promise<string[]>;
  rest: () => Promise<void>;
}

/** More changed paths than these are not looked at one by one; events of more may have been dropped by the system. */
const MOST_PATHS = 500;
/** A change that keeps coming is looked at after so many debounce times all the same. */
const MOST_WAITS = 20;

/** @returns when `signal` is aborted @throws DriftError the first failure of indexing, without `onError` */
export async function watchFolder(
  folder: WatchedFolder,
  options: WatchOptions & { signal: AbortSignal },
): Promise<void> {
  const { signal, debounceMs = 30, safeguardMs = 30_000, pollMs = 2_000, restMs = 600_000 } = options;
  const changes = new Changes(debounceMs);
  const events = options.events === false ? null : new Events(folder.root, changes);
  let quietSince = Date.now();
  let resting = false;
  let first = true;
  let failed = false;
  try {
    while (!signal.aborted) {
      const heard = changes.take();
      const summary = await indexed(folder, first || failed ? undefined : heard, options);
      failed = summary === null;
      if (summary !== null) {
        // A folder that is watched from now on may have changed in between.
        if (events !== null && events.follow(await folder.folders())) changes.everything();
        if (first || summary.changed) {
          options.onChange(summary);
          quietSince = Date.now();
          resting = false;
        }
        first = false;
      }
      if (!resting && Date.now() - quietSince >= restMs) {
        await folder.rest();
        resting = true;
      }
      const sees = events !== null && !events.failed && !failed;
      if (!signal.aborted)
        await changes.wait(Math.min(sees ? safeguardMs : pollMs, resting ? Infinity : restMs), signal);
    }
  } finally {
    events?.close();
  }
}

async function indexed(
  folder: WatchedFolder,
  paths: readonly string[] | undefined,
  { signal, onError }: WatchOptions & { signal: AbortSignal },
): Promise<IndexSummary | null> {
  try {
    return await folder.index(paths, signal);
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof DriftError) || onError === undefined || error.code.startsWith("ROOT_")) throw error;
    onError(error);
    return null;
  }
}

/** What was heard of and not looked at yet. */
class Changes {
  readonly #debounceMs: number;
  #paths: Set<string> | null = new Set();
  #heard = false;
  #wake: (() => void) | null = null;

  constructor(debounceMs: number) {
    this.#debounceMs = debounceMs;
  }

  add(path: string): void {
    this.#paths?.add(path);
    if (this.#paths !== null && this.#paths.size > MOST_PATHS) this.#paths = null;
    this.#ring();
  }

  everything(): void {
    this.#paths = null;
    this.#ring();
  }

  #ring(): void {
    this.#heard = true;
    this.#wake?.();
  }

  /** The paths that changed; `undefined`: anything may have. */
  take(): readonly string[] | undefined {
    const paths = this.#heard ? this.#paths : null;
    this.#paths = new Set();
    this.#heard = false;
    return paths === null ? undefined : [...paths];
  }

  /** Until something was heard and has been quiet for a while, or so long without. */
  async wait(mostMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#heard) await this.#sleep(mostMs, signal);
    for (let waits = 0; this.#heard && waits < MOST_WAITS && !signal.aborted; waits += 1) {
      if (!(await this.#sleep(this.#debounceMs, signal))) return;
    }
  }

  /** Whether it was woken before the time. */
  #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (woken: boolean): void => {
        clearTimeout(timer);
        this.#wake = null;
        signal.removeEventListener("abort", stop);
        resolve(woken);
      };
      const stop = (): void => done(true);
      const timer = setTimeout(() => done(false), Math.min(ms, 0x7fff_ffff));
      this.#wake = stop;
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
    });
  }
}

/** Where one watcher sees a whole tree; elsewhere each folder has its own, so that what is ignored costs nothing. */
const SEES_TREES = process.platform === "darwin" || process.platform === "win32";

/** Events of the file system, by Node's own watchers. */
class Events {
  /** Events cannot be had, at least not for every folder. */
  failed = false;
  readonly #root: string;
  readonly #changes: Changes;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(root: string, changes: Changes) {
    this.#root = root;
    this.#changes = changes;
  }

  /** Watches exactly these folders; whether that are more than before. */
  follow(folders: readonly string[]): boolean {
    const wanted = new Set(SEES_TREES ? [""] : folders);
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#drop(folder);
    let isMore = false;
    this.failed = false;
    for (const folder of wanted) {
      if (!this.#watchers.has(folder) && this.#watch(folder)) isMore = true;
    }
    return isMore;
  }

  close(): void {
    for (const folder of this.#watchers.keys()) this.#drop(folder);
  }

  #watch(folder: string): boolean {
    try {
      const watcher = watch(join(this.#root, folder), { recursive: SEES_TREES, persistent: true });
      watcher.on("change", (kind, name) => this.#heard(folder, kind, typeof name === "string" ? name : null));
      watcher.on("error", () => {
        this.#drop(folder);
        this.#changes.everything();
      });
      this.#watchers.set(folder, watcher);
      return true;
    } catch {
      // Too many watchers, or the folder has gone: the folder is looked at without events instead.
      this.failed = true;
      return false;
    }
  }

  #heard(folder: string, kind: string, name: string | null): void {
    if (name === null) return this.#changes.everything();
    const path = (folder === "" ? name : `${folder}/${name}`).replaceAll("\\", "/");
    if (path === ".drift" || path.startsWith(".drift/") || path.startsWith(".git/")) return;
    // What is there now may be another folder of the same name.
    if (kind === "rename") {
      for (const watched of this.#watchers.keys()) {
        if (watched === path || watched.startsWith(`${path}/`)) this.#drop(watched);
      }
    }
    this.#changes.add(path);
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
