import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** Lines of what a failed test says of itself that are repeated at the end. */
const MAX_MESSAGE_LINES = 12;
const MAX_LINE_CHARACTERS = 300;

/**
 * What a step counted. `problems` says of each failure what failed, and in further lines, indented, what it said.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} Tally
 */

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0, problems: [] };
  for (const { passed, failed, skipped, problems } of tallies) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    total.problems.push(...problems);
  }
  return total;
}

/** @returns {Tally} */
export function onePass() {
  return { passed: 1, failed: 0, skipped: 0, problems: [] };
}

/** @param {string} problem @returns {Tally} */
export function oneFailure(problem) {
  return { passed: 0, failed: 1, skipped: 0, problems: [problem] };
}

/**
 * The counts of one vitest run from its JSON report.
 *
 * A run that ended badly with every test green (coverage below its threshold, an unhandled error, a file that does not
 * load) counts one failure more, and so does a run without a single test.
 *
 * @param {string} name of the package
 * @param {string} path of the report
 * @param {number | undefined} exitCode of the run; undefined when it was not reached
 * @returns {Tally}
 */
export function vitestTally(name, path, exitCode) {
  if (exitCode === undefined) return oneFailure(`${name}: not run, because something that it needs failed`);
  const report = readJson(path);
  if (report === undefined) return oneFailure(`${name}: no test report (exit code ${exitCode})`);
  const tally = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    problems: report.testResults.flatMap(({ assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) => `${name}: ${fullName}${said(failureMessages)}`),
    ),
  };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((result) => result.status !== "failed"),
  );
  if (broken.length > 0)
    return sum([tally, ...broken.map(({ name: file }) => oneFailure(`${name}: ${file} does not load`))]);
  if (tally.passed + tally.failed === 0) return sum([tally, oneFailure(`${name}: no test was run`)]);
  if (exitCode !== 0 && tally.failed === 0)
    return sum([
      tally,
      oneFailure(`${name}: every test passed, yet the run failed: coverage below its threshold, or an unhandled error`),
    ]);
  return tally;
}

/** The beginning of what a failed test says, an indented line each; stack frames and colours are left out. */
function said(messages = []) {
  const lines = messages
    .flatMap((message) => stripVTControlCharacters(message).split("\n"))
    .filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  return lines
    .slice(0, MAX_MESSAGE_LINES)
    .map((line) => `\n    ${line.slice(0, MAX_LINE_CHARACTERS)}`)
    .join("");
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The counts of `cargo test` from its output, whose result lines it prints once for each test binary.
 *
 * @param {string} path of the log
 * @param {number | undefined} exitCode of the run; undefined when it was not reached
 * @returns {Tally}
 */
export function cargoTally(path, exitCode) {
  if (exitCode === undefined) return oneFailure("cargo test: not run, because something that it needs failed");
  let log = "";
  try {
    log = readFileSync(path, "utf8");
  } catch {
    return oneFailure(`cargo test: no log (exit code ${exitCode})`);
  }
  const results = [...log.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm)];
  const problems = [...log.matchAll(/^test (.+) \.\.\. FAILED$/gm)].map(([, test]) => `cargo test: ${test}`);
  const tally = sum(
    results.map(([, passed, failed, ignored]) => ({
      passed: Number(passed),
      failed: Number(failed),
      skipped: Number(ignored),
      problems: [],
    })),
  );
  if (exitCode !== 0 && tally.failed === 0)
    return sum([
      tally,
      oneFailure(
        `cargo test: it failed without a failed test (exit code ${exitCode}), so something did not compile or crashed`,
      ),
    ]);
  if (tally.passed + tally.failed === 0) return sum([tally, oneFailure("cargo test: no test was run")]);
  return { ...tally, problems };
}

/**
 * The last line of `npm test`.
 *
 * @param {Tally} tally
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
