/**
 * What a run has heard so far, beside the run that it is to be: `<tool>-<parameters>.<process>.journal`, a line of JSON for each answer
 * as it comes. It is only ever added to; whoever is killed while writing leaves a torn last line, which is dropped.
 */
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import type { Asked } from "./adapters/adapter.ts";
import type { Exchange } from "./adapters/exchanges.ts";
import { Unusable } from "./adapters/json-lines.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import { CibenchError } from "./errors.ts";
import type { ItemAnswer } from "./schema/answer.ts";
import { JournalHead, JournalLine, type Said } from "./schema/journal.ts";

/** What a run has to have in common with an earlier one to go on with it. */
export interface RunIdentity {
  tool: string;
  /** All that was asked for that can change an answer. Runs with other parameters stand beside each other. */
  parameters: unknown;
  /** Where one of these is another one, no answer is of use any more. */
  basis: { suite: string; "version of the tool": string };
}

/** What calls before this one heard. */
export interface Unfinished {
  /** When the first of them began. */
  startedAt: string;
  /** How long they took, without what came after the last answer of each. */
  spentMs: number;
  /** By task, those that were answered to the end. */
  asked: ReadonlyMap<string, Asked<ItemAnswer>>;
  /** By task, questions that were put one by one. */
  exchanges: ReadonlyMap<string, readonly Exchange[]>;
}

export interface JournalOptions {
  /** False: nothing of earlier calls is used. */
  goOn: boolean;
  /** Says of the code that makes the run whether it is the same: tools in this process may change without a new version. */
  code: string;
  /** Is told, in a sentence, what is used and what is not. */
  note: (text: string) => void;
}

/** Where runs that are not finished keep what they heard. */
export class Journals {
  readonly #folder: string;
  readonly #options: JournalOptions;

  /** @param folder is made when absent */
  constructor(folder: string, options: JournalOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * Goes on with the unfinished run of this identity, or begins one. One that a living process works on is let alone.
   *
   * @throws CibenchError `OUTPUT_UNWRITABLE`
   */
  open(identity: RunIdentity, startedAt: string): UnfinishedRun {
    const { tool, parameters } = identity;
    const basis = { ...identity.basis, code: this.#options.code };
    const name = `${tool}-${sha256(canonicalJson(parameters)).slice(0, 12)}`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      const file = freeName(join(this.#folder, name));
      const before = this.#takeOver(name, file, basis);
      if (before !== null) return new UnfinishedRun(file, before);
      appendFileSync(file, `${JSON.stringify(JournalHead.parse({ journal: 1, startedAt, basis }))}\n`);
      return new UnfinishedRun(file, { startedAt, spentMs: 0, asked: new Map(), exchanges: new Map() });
    } catch (cause) {
      throw unwritable(this.#folder, cause);
    }
  }

  /** Makes the journal of a process that has ended ours, if it can be used; what cannot is removed. */
  #takeOver(name: string, file: string, basis: Readonly<Record<string, string>>): Unfinished | null {
    const { goOn, note } = this.#options;
    for (const other of readdirSync(this.#folder)) {
      const [, its, pid] = /^(.+)\.(\d+)(?:-\d+)?\.journal$/.exec(other) ?? [];
      if (its === undefined || inUse.has(join(this.#folder, other))) continue;
      if (its !== name) {
        if (toolOf(its) === toolOf(name))
          note(`${other} is of an unfinished run with other parameters and is left alone`);
      } else if (isAlive(Number(pid))) {
        note(`process ${pid} is at the same run: this one starts anew`);
      } else if (renamed(join(this.#folder, other), file)) {
        const found = goOn ? readJournal(file) : null;
        const changed = Object.keys(basis).filter((key) => found?.head.basis[key] !== basis[key]);
        if (found !== null && changed.length === 0) {
          note(describe(found.unfinished));
          return found.unfinished;
        }
        rmSync(file);
        const why = !goOn ? "as was asked" : found === null ? "it cannot be read" : `changed: ${changed.join(", ")}`;
        note(`what an unfinished run heard before is not used (${why}): it starts anew`);
      }
    }
    return null;
  }
}

/** A run that is being made. */
export class UnfinishedRun {
  /** What was heard before it was opened. */
  readonly before: Unfinished;
  readonly #file: string;
  readonly #descriptor: number;
  #failure: Error | null = null;

  constructor(file: string, before: Unfinished) {
    this.#file = file;
    this.before = before;
    this.#descriptor = openSync(file, "a");
    inUse.add(file);
  }

  /** @throws CibenchError `OUTPUT_UNWRITABLE`, then and ever after */
  exchange(taskId: string, exchange: Exchange, spentMs: number): void {
    const said = exchange.said.map((one): Said => (one instanceof Unusable ? { unusable: one.kind } : { answer: one }));
    this.#append({ taskId, spentMs, exchange: { ...exchange, said } });
  }

  /** The outcome of a whole task; one that has not run is asked again by the next call. Throws as {@link exchange}. */
  asked(taskId: string, asked: Asked<ItemAnswer>, spentMs: number): void {
    if (this.#failure !== null) throw this.#failure;
    if (asked.state !== "not-run") this.#append({ taskId, spentMs, asked });
  }

  /** Leaves the journal to a later call. */
  close(): void {
    closeSync(this.#descriptor);
    inUse.delete(this.#file);
  }

  /** The run is on disk: nothing is left to go on with. */
  remove(): void {
    this.close();
    rmSync(this.#file, { force: true });
  }

  #append(line: JournalLine): void {
    if (this.#failure !== null) throw this.#failure;
    try {
      appendFileSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    } catch (cause) {
      this.#failure = unwritable(this.#file, cause);
      throw this.#failure;
    }
  }
}

const HASH_LENGTH = 12;

/** Journals that this process writes. */
const inUse = new Set<string>();

/** One process may make the same run twice at a time. */
function freeName(path: string): string {
  for (let count = 0; ; count++) {
    const file = `${path}.${process.pid}${count === 0 ? "" : `-${count}`}.journal`;
    if (!inUse.has(file)) return file;
  }
}

/** Of this process, only what it does not write now is left from another that had its id. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** False when another process was faster. */
function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function toolOf(name: string): string {
  return name.slice(0, -HASH_LENGTH);
}

function describe({ startedAt, asked, exchanges }: Unfinished): string {
  const parts = [...exchanges].filter(([taskId]) => !asked.has(taskId));
  const questions = parts.reduce((sum, [, heard]) => sum + heard.length, 0);
  return `goes on with the run begun at ${startedAt}: ${asked.size} tasks are answered, and ${questions} questions of others`;
}

/** What can be read of a journal, which is cut to just that; null where it says nothing of use. */
function readJournal(file: string): { head: JournalHead; unfinished: Unfinished } | null {
  const bytes = readFileSync(file);
  const asked = new Map<string, Asked<ItemAnswer>>();
  const exchanges = new Map<string, Exchange[]>();
  let head: JournalHead | null = null;
  let [start, spentMs] = [0, 0];
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const value = parsed(bytes.toString("utf8", start, end));
    const line = head === null ? null : JournalLine.safeParse(value);
    if (line === null) {
      head = JournalHead.safeParse(value).data ?? null;
      if (head === null) return null;
    } else if (!line.success) break;
    else {
      spentMs = line.data.spentMs;
      if ("asked" in line.data) asked.set(line.data.taskId, line.data.asked);
      else {
        const heard = exchanges.get(line.data.taskId) ?? [];
        exchanges.set(line.data.taskId, heard);
        heard.push(exchangeOf(line.data.exchange));
      }
    }
    start = end + 1;
  }
  if (head === null) return null;
  cut(file, start);
  return { head, unfinished: { startedAt: head.startedAt, spentMs, asked, exchanges } };
}

const NEWLINE = 10;

function exchangeOf({ said, ...rest }: Extract<JournalLine, { exchange: unknown }>["exchange"]): Exchange {
  return { ...rest, said: said.map((one) => ("unusable" in one ? new Unusable(one.unusable) : one.answer)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(file: string, bytes: number): void {
  const descriptor = openSync(file, "r+");
  try {
    ftruncateSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}

function unwritable(where: string, cause: unknown): CibenchError {
  return new CibenchError("OUTPUT_UNWRITABLE", `cannot write to ${where}`, {
    hint: "Name another folder with --out.",
    cause,
  });
}
