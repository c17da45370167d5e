import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs the job with this process's own input and output and passes signals on to it.
 *
 * @param {string[]} argv program and arguments, handed over as they are (no shell)
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export async function runJob([program, ...args], { cwd, env }) {
  const child = spawn(program, args, { cwd, env, stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  // Ctrl-C on a terminal reaches the whole group, so that the job has had it already; other signals come to this process alone.
  const forward = (signal) => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 0)));
    });
  } finally {
    for (const signal of signals) process.removeListener(signal, forward);
  }
}
