import { runTurbo } from "./turbo.mjs";

/**
 * Runs a task that rewrites committed files, in every package that has it, and prints which did.
 *
 * @param {"gen" | "golden"} task
 * @param {{ root: string, argv: string[], env: NodeJS.ProcessEnv, summary: string }} options
 * @returns {Promise<number>} exit code: 0 done, 1 a package failed, 2 bad arguments
 */
export async function rewrite(task, { root, argv, env, summary }) {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(`Usage: npm run ${task}\n\n${summary}\n`);
    return 0;
  }
  if (argv.length > 0) {
    process.stderr.write(`drift: "${task}" takes no arguments.\n`);
    return 2;
  }
  const { tasks, exitCode } = await runTurbo([task], { root, env, onText: (text) => process.stderr.write(text) });
  for (const { id, exitCode: code } of tasks.filter(({ id }) => id.endsWith(`#${task}`))) {
    process.stdout.write(`${code === 0 ? "done" : "failed"}  ${id.split("#")[0]}\n`);
  }
  return exitCode === 0 ? 0 : 1;
}
