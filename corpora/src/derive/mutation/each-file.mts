/**
 * Runs inside the sandbox: a process for each test file, two at a time, each with a limit of its own. What they say, how
 * they end and how long they take goes into one report. With `--stop`, nothing is started any more after one that did not
 * end in time. They write to files rather than pipes: what waits in a pipe is lost when a process dies.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Wanted {
  /** Comes back in the report. */
  id: number;
  file: string;
  command: string[];
  env: Record<string, string>;
  limitMs: number;
}

/** Bytes. */
const MOST_OUTPUT = 8_000_000;
const [list = "", report = "", stop] = process.argv.slice(2);
const wanted = JSON.parse(readFileSync(list, "utf8")) as Wanted[];
const ended: object[] = [];
let next = 0;
let isStopped = false;

async function work(): Promise<void> {
  for (let one = wanted[next++]; one !== undefined && !isStopped; one = wanted[next++]) ended.push(await run(one));
}

function run({ id, file, command, env, limitMs }: Wanted): Promise<object> {
  const [program = "", ...rest] = command;
  // Read through the same descriptor afterwards, whatever a test puts in the place of the file.
  const written = openSync(`${report}-output-${id}`, "w+");
  const started = performance.now();
  const child = spawn(program, rest, {
    env: { ...process.env, ...env, DRIFT_TRACE_TEST: path.resolve(file) },
    stdio: ["ignore", written, "inherit"],
    // As the first of a group it can be ended with all that it started.
    detached: true,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    isStopped = stop === "--stop";
    endGroup(child.pid);
  }, limitMs);
  return new Promise((resolve) => {
    let hasEnded = false;
    const end = (code: number | null): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(timer);
      // What it started and left behind would disturb the next.
      endGroup(child.pid);
      const output = startOf(written);
      closeSync(written);
      resolve({ id, code, timedOut, seconds: (performance.now() - started) / 1000, output });
    };
    child.on("error", () => end(null));
    child.on("close", end);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    // Nothing of it is left.
  }
}

/** The text in an open file, of which no more than the most is read. */
function startOf(descriptor: number): string {
  const bytes = Buffer.alloc(MOST_OUTPUT);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read)
    read = readSync(descriptor, bytes, length, bytes.length - length, length);
  return bytes.toString("utf8", 0, length);
}

await Promise.all([work(), work()]);
writeFileSync(report, JSON.stringify(ended));
