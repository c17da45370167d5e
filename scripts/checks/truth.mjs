import { join } from "node:path";
import { run } from "./turbo.mjs";
import { oneFailure, sum } from "./tally.mjs";

/**
 * Lints manifests and stored truth, and derives a random sample of it again. Items are what is counted. Corpora that
 * cannot be fetched count as skipped on a computer without network, and as failures in CI, which has to have one.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv, onText: (text: string) => void }} context
 * @returns {Promise<import("./tally.mjs").Tally>}
 */
export async function truthTally({ root, env, onText }) {
  const isCi = env.CI === "true";
  const corpora = async (args) => {
    const program = [join(root, "corpora", "src", "cli", "main.ts"), ...args];
    const { output, exitCode } = await run(process.execPath, program, { root, env, onText });
    return { record: lastRecord(output), exitCode };
  };
  const lint = await corpora(["lint", "--json"]);
  // Another sample in each run of CI, the same one on a developer's computer.
  const seed = env.GITHUB_RUN_NUMBER ?? "1";
  const sample = await corpora(["derive", "--sample", "--json", "--seed", seed]);
  return sum([lintTally(lint, isCi), sampleTally(sample, isCi)]);
}

/** @param {{ record: any, exitCode: number }} lint the record of `corpora lint --json` @param {boolean} isCi */
export function lintTally({ record, exitCode }, isCi) {
  if (record === undefined) return oneFailure(`corpora lint ended with code ${exitCode}`);
  const findings = record.findings.map(
    ({ corpus, rule, at, message }) => `${corpus || "corpora"} ${rule}: ${at}: ${message}`,
  );
  const unseen = record.notChecked.map((one) => ({
    line: `${one.corpus}: its files were not looked at (${one.reason})`,
    isExcused: one.lacksToolchain === true,
  }));
  const { passed, failed, skipped, problems } = tally(record.checked.corpora, findings, unseen, isCi);
  // Nothing is asked about a corpus whose truth was not stored yet, so it is no failure anywhere.
  return { passed, failed, skipped: skipped + record.without.length, problems };
}

/** @param {{ record: any, exitCode: number }} sample the record of `corpora derive --sample --json` @param {boolean} isCi */
export function sampleTally({ record, exitCode }, isCi) {
  if (record === undefined) return oneFailure(`corpora derive --sample ended with code ${exitCode}`);
  const { rechecks, seed } = record;
  const differing = rechecks.flatMap((one) => one.differing.map((line) => `not as stored: ${line}`));
  const missed = rechecks
    .filter(({ notRun }) => notRun !== null)
    .map(({ corpus, oracle, notRun, lacksToolchain }) => ({
      line: `${corpus}, ${oracle}: nothing was derived again with seed ${seed} (${notRun})`,
      isExcused: lacksToolchain === true,
    }));
  const items = rechecks.reduce((total, one) => total + one.items, 0);
  return tally(Math.max(0, items - differing.length), differing, missed, isCi);
}

/** What could not be seen fails in CI, save where a compiler is not installed: that is said, and skipped. */
function tally(passed, failures, unseen, isCi) {
  const missed = unseen.filter(({ isExcused }) => isCi && !isExcused);
  const problems = [...failures, ...missed.map(({ line }) => line)];
  return { passed, failed: problems.length, skipped: unseen.length - missed.length, problems };
}

/** The JSON on the last line that holds an object: progress comes before it. */
export function lastRecord(output) {
  const line = output.split("\n").findLast((one) => one.startsWith("{"));
  try {
    return line === undefined ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
