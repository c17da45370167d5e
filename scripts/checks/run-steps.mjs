import { mkdirSync, openSync, closeSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createProgress } from "../bootstrap/progress.mjs";
import { closingLine, oneFailure, sum } from "./tally.mjs";

/**
 * Runs the steps one after the other, going on after a failed one, and prints a line for each and the closing line.
 *
 * The whole output of a step is kept in `.turbo/logs/<step>.log`; of a failed one it goes to standard error as well.
 *
 * @param {typeof import("./steps.mjs").steps} steps
 * @param {{ root: string, env: NodeJS.ProcessEnv, force: boolean, print: (line: string) => void, printError: (text: string) => void, now?: () => number }} options
 * @returns {Promise<number>} 0 when nothing failed, else 1
 */
export async function runSteps(steps, { root, env, force, print, printError, now = Date.now }) {
  const begin = createProgress();
  const tallies = [];
  mkdirSync(join(root, ".turbo", "logs"), { recursive: true });
  for (const step of steps) {
    const startedMs = now();
    const progress = begin(step.name, { quiet: true });
    let output = "";
    const log = openSync(join(root, ".turbo", "logs", `${step.name}.log`), "w");
    const onText = (text) => {
      output += text;
      writeSync(log, text);
    };
    const tally = await step
      .run({ root, env, force, onText })
      .catch((error) => oneFailure(`${step.name}: ${error.stack ?? error}`));
    closeSync(log);
    progress.end();
    tallies.push(tally);
    if (tally.failed > 0) printError(`${output.trimEnd()}\n`);
    const seconds = ((now() - startedMs) / 1000).toFixed(1);
    print(
      `${tally.failed > 0 ? "FAIL" : "ok  "}  ${step.name.padEnd(12)} ${closingLine(tally).padEnd(36)} ${seconds.padStart(7)} s`,
    );
  }
  const total = sum(tallies);
  if (total.problems.length > 0) print(`\nFailed:\n${total.problems.map((problem) => `  ${problem}`).join("\n")}`);
  print(`\n${closingLine(total)}`);
  return total.failed > 0 ? 1 : 0;
}
