/**
 * Runs inside the sandbox: a process for each test file, two at a time, each with a limit of its own. What they say, how
 * they end and how long they take goes into one report. With `--stop`, nothing is started any more after one that did not
 * end in time.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Wanted {
  /** Comes back in the report. */
  id: number;
  file: string;
  command: string[];
  env: Record<string, string>;
  limitMs: number;
}

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
  const started = performance.now();
  const child = spawn(program, rest, {
    env: { ...process.env, ...env, DRIFT_TRACE_TEST: path.resolve(file) },
    stdio: ["ignore", "pipe", "inherit"],
    // As the first of a group it can be ended with all that it started.
    detached: true,
  });
  let output = "";
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    isStopped = stop === "--stop";
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, limitMs);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output.length < MOST_OUTPUT) output += text;
  });
  return new Promise((resolve) => {
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ id, code, timedOut, seconds: (performance.now() - started) / 1000, output });
    };
    child.on("error", () => end(null));
    child.on("close", end);
  });
}

await Promise.all([work(), work()]);
writeFileSync(report, JSON.stringify(ended));
