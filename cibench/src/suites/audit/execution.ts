/** What running a case shows, whatever its language, and what all runs have in common. */
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Sandbox, SandboxedRun, TracedSite } from "@drift/corpora/tracing";
import type { Places } from "./places.ts";

/** A function that started to run, and the pieces of the case that stood below it on the stack, nearest first. */
export interface Entry {
  definition: string;
  /** Ids of definitions, `file#<module>`, or `<eval>`; what is none of these is left out. */
  below: string[];
}

/** What one run of a case showed. */
export interface Execution {
  /** `ended` by itself, `threw` in the end, was `stopped` at the limit, or was not run, for the reason in `message`. */
  outcome: "ended" | "threw" | "stopped" | "not-run";
  /** Null when there is nothing to say. */
  message: string | null;
  /** Where the error came from that ended it. */
  thrownAt: { file: string; line: number } | null;
  /** The file that was run; null when none was. */
  main: string | null;
  places: Places;
  /** By id of the call; a call that entered nothing has none. */
  sites: Map<string, TracedSite>;
  entries: Entry[];
}

/** How a case is run. */
export interface RunLimits {
  sandbox: Sandbox;
  timeoutMs: number;
}

/** The folder inside a copy that is ours. */
export const OWN = ".drift";

/** A case that was not run, or not to its end. */
export function withoutRun(outcome: "stopped" | "not-run", message: string): Execution {
  const places = { functions: [], calls: [] };
  return { outcome, message, thrownAt: null, main: null, places, sites: new Map(), entries: [] };
}

/** Files of a case with "/" separators, sorted. */
export function filesOf(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => pattern.test(file))
    .sort();
}

/** Gives `use` a copy of the case that is gone afterwards. */
export async function inCopy<T>(folder: string, use: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-case-")));
  try {
    cpSync(folder, scratch, { recursive: true });
    return await use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** How a case ends: as it is, since tracing may word errors otherwise. Null when tracing changed how it ends. */
export function endOf(
  plain: SandboxedRun,
  traced: SandboxedRun,
  read: { scratch: string; message: RegExp; place: RegExp },
): Pick<Execution, "outcome" | "message" | "thrownAt"> | null {
  if (plain.exitCode !== traced.exitCode) return null;
  if (plain.exitCode === 0) return { outcome: "ended", message: null, thrownAt: null };
  const text = plain.tail.replaceAll("file://", "").replaceAll(`${read.scratch}/`, "");
  const message = read.message.exec(text)?.[0].trim() ?? `it ended with ${plain.exitCode}`;
  const place = read.place.exec(text);
  return {
    outcome: "threw",
    message,
    thrownAt: place?.[1] === undefined ? null : { file: place[1], line: Number(place[2]) },
  };
}
