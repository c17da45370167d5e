/**
 * What the kernel counted of one process, exactly: a small starter waits for it with wait4. Node starts processes but does not
 * tell what they used, and Linux's own sums of finished children come in ticks of 10 ms and have no peak.
 */
import { type ChildProcess, spawn, spawnSync, type StdioOptions } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import * as z from "zod";

/** Of the process and the children that it waited for. */
export const ProcessUsage = z.strictObject({
  /** From before it was started until it was waited for. */
  wallNs: z.number().nonnegative(),
  userNs: z.number().nonnegative(),
  systemNs: z.number().nonnegative(),
  /** Resident memory at its highest, of the largest of them; never less than that of the starter, about 10 MB. */
  peakBytes: z.number().nonnegative(),
  pageFaults: z.int().nonnegative(),
});
export type ProcessUsage = z.infer<typeof ProcessUsage>;

const Said = z.union([ProcessUsage, z.strictObject({ error: z.string() })]);

const STARTER = join(import.meta.dirname, "wait4.py");
const starters = new Map<string, string | null>();

/** The Python that starts processes, looked for once on a path; null where there is none that can. */
export function starterOf(env: Readonly<Record<string, string | undefined>> = process.env): string | null {
  const path = env["PATH"] ?? "";
  const known = starters.get(path) ?? (starters.has(path) ? null : lookFor(env));
  starters.set(path, known);
  return known;
}

function lookFor(env: Readonly<Record<string, string | undefined>>): string | null {
  // What is on the path may be a script that looks for the real one each time; that one is asked for its own path.
  const ask = "import os, sys; os.wait4; os.posix_spawnp; print(sys.executable)";
  const { status, stdout } = spawnSync("python3", ["-I", "-S", "-c", ask], { encoding: "utf8", env: { ...env } });
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : null;
}

export interface MeasuredProcess {
  child: ChildProcess;
  /** Once the child has closed; null when nothing was said. */
  usage: () => ProcessUsage | null;
  /** Once the child has closed: why the program could not be started; null when it was. */
  startError: () => string | null;
  /** Ends the program, not only its starter. */
  stop: () => void;
}

export interface MeasuredOptions {
  cwd: string;
  env: Record<string, string | undefined>;
  /** Standard input, output and error of the program. */
  stdio: ["ignore", "ignore" | "pipe", "pipe"];
}

export function spawnMeasured(
  starter: string,
  program: readonly [string, ...string[]],
  { cwd, env, stdio }: MeasuredOptions,
): MeasuredProcess {
  const locale = env["LC_CTYPE"] === undefined ? "unset" : "set";
  const all: StdioOptions = [...stdio, "pipe"];
  const child = spawn(starter, ["-I", "-S", STARTER, locale, ...program], { cwd, env, stdio: all });
  let text = "";
  (child.stdio[3] as Readable | null)?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const said = (): z.infer<typeof Said> | null => (text === "" ? null : Said.parse(JSON.parse(text)));
  return {
    child,
    usage: () => {
      const record = said();
      return record === null || "error" in record ? null : record;
    },
    startError: () => {
      const record = said();
      return record !== null && "error" in record ? record.error : null;
    },
    stop: () => void child.kill("SIGTERM"),
  };
}
