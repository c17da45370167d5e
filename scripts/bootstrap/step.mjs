import { spawn } from "node:child_process";
import { accessSync, closeSync, constants, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { failureIn, knownFailure, SetupError } from "./setup-error.mjs";

/**
 * Runs one program of the set-up with its output kept in a log; nothing of it reaches standard output. When it fails,
 * the end of the log goes to standard error, unless the failure is a known one, which is said in a sentence.
 *
 * @param {string[]} argv program and arguments
 * @param {{ name: string, root: string, env: NodeJS.ProcessEnv, log: string, command: string,
 *   begin: ReturnType<typeof import("./progress.mjs").createProgress>, onChild: (pid: number) => void, onLine?: (line: string) => [number, number] | undefined }} options
 *   `command` is what the user typed; `onChild` is told the program's process id; `onLine` reads how much is done, of how much, from a line of output
 * @throws SetupError `NO_NETWORK`, `READ_ONLY`, `DISK_FULL`, `STEP_FAILED`
 */
export async function runStep([program, ...args], { name, root, env, log, command, begin, onChild, onLine }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, "w");
  const progress = begin(name);
  let tail = "";
  let rest = "";
  const onText = (text) => {
    writeSync(file, text);
    tail = (tail + text).slice(-20_000);
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const seen = onLine?.(line);
      if (seen) progress.update(...seen);
    }
  };
  const problem = await new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    if (child.pid !== undefined) onChild(child.pid);
    const forward = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    child.stdout.setEncoding("utf8").on("data", onText);
    child.stderr.setEncoding("utf8").on("data", onText);
    const settle = (value) => {
      for (const signal of signals) process.removeListener(signal, forward);
      resolve(value);
    };
    child.on("error", (error) => settle(error));
    child.on("close", (code, signal) =>
      settle(code === 0 ? undefined : `${program} ended with ${signal ?? `code ${code}`}`),
    );
  });
  closeSync(file);
  progress.end(problem === undefined ? "done" : "failed");
  if (problem === undefined) return;
  if (problem.code === "ENOENT") {
    throw new SetupError(
      "NO_PROGRAM",
      `The program "${program}" was not found, and "${name}" needs it: install Node together with npm (for example "nvm install 24"), then run "${command}" again.`,
    );
  }
  const known = failureIn(`${tail}\n${problem}`);
  // When the checkout can be written, it was another folder (a cache under HOME, say), and the output tells which.
  if (known && !(known === "READ_ONLY" && isWritable(root)))
    throw knownFailure(known, { root, command, step: name, log });
  process.stderr.write(`${tail.trim().split("\n").slice(-40).join("\n")}\n`);
  throw new SetupError(
    "STEP_FAILED",
    `The step "${name}" failed (${problem}): read ${log}, mend what it says, then run "${command}" again.`,
    { log },
  );
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
