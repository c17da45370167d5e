import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs tasks of the graph in turbo.json, going on after a failed one.
 *
 * @param {string[]} tasks
 * @param {{ root: string, env: NodeJS.ProcessEnv, filter?: string[], force?: boolean, onText?: (text: string) => void }} options
 * @returns {Promise<{ tasks: { id: string, exitCode: number | undefined, seconds: number, cached: boolean }[], output: string, exitCode: number }>}
 *   one entry for each task that has a script; `exitCode` is undefined for one that was not reached
 */
export async function runTurbo(tasks, { root, env, filter = [], force = false, onText = () => {} }) {
  const program = join(root, "node_modules", ".bin", process.platform === "win32" ? "turbo.cmd" : "turbo");
  const args = [
    "run",
    ...tasks,
    ...filter.map((name) => `--filter=${name}`),
    "--continue=dependencies-successful",
    "--concurrency=1",
    "--output-logs=errors-only",
    "--ui=stream",
    "--summarize",
    ...(force ? ["--force"] : []),
  ];
  const { output, exitCode } = await run(program, args, { root, env, onText });
  const [, path] = /^Summary:\s+(\S.*\.json)\s*$/m.exec(output) ?? [];
  if (path === undefined) return { tasks: [], output, exitCode };
  const summary = JSON.parse(readFileSync(path, "utf8"));
  rmSync(path);
  return { tasks: tasksOf(summary), output, exitCode };
}

/** The tasks of a turbo run summary that have a script. */
export function tasksOf(summary) {
  return summary.tasks
    .filter((task) => task.command !== "<NONEXISTENT>")
    .map(({ taskId, execution, cache }) => ({
      id: taskId,
      exitCode: execution?.exitCode,
      seconds: execution ? (execution.endTime - execution.startTime) / 1000 : 0,
      cached: cache?.status === "HIT",
    }));
}

/**
 * Runs a program to its end with its output collected.
 *
 * @param {string} program @param {string[]} args
 * @param {{ root: string, env: NodeJS.ProcessEnv, onText?: (text: string) => void }} options
 * @returns {Promise<{ output: string, exitCode: number }>}
 */
export function run(program, args, { root, env, onText = () => {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        onText(text);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ output, exitCode: code ?? 1 }));
  });
}
