// The runs that a pull request hands in: prints the path of each report, a line each.
//
//   node scripts/submitted-runs.mjs <checkout of the merge commit, with its first parent>
//
// Nothing of the checkout is run. Exit code 1, with what is wrong on standard error, when what is there is changed, another file
// than results/submitted/<run>.json and <sha256>.jsonl.gz is touched, or more than ten runs are added. A pull request
// that deletes such files and does nothing else to runs is a withdrawal: there is nothing to verify.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPORT = /^results\/submitted\/[a-z0-9][a-z0-9-]{0,60}\.json$/;
const ITEMS = /^results\/submitted\/[0-9a-f]{64}\.jsonl\.gz$/;
const MOST_RUNS = 10;

/**
 * @param {{ status: string, path: string }[]} changes as git names them: A, M, D …
 * @returns {{ reports: string[], problems: string[] }}
 */
export function submittedRuns(changes) {
  const problems = [];
  const reports = changes.filter(({ status, path }) => status === "A" && REPORT.test(path)).map(({ path }) => path);
  for (const { status, path } of changes) {
    const isRun = REPORT.test(path) || ITEMS.test(path);
    // A withdrawal is noted in SUBMITTING.md, too.
    if (!isRun && reports.length > 0)
      problems.push(`${JSON.stringify(path)}: a submission touches its own files alone`);
    if (isRun && status !== "A" && status !== "D") problems.push(`${path}: what was handed in is not changed`);
    if (isRun && status === "D" && reports.length > 0)
      problems.push(`${path}: hand in and withdraw one after the other`);
  }
  if (reports.length > MOST_RUNS) problems.push(`${reports.length} runs are added, of ${MOST_RUNS} at most`);
  return { reports, problems };
}

/** @param {string} checkout @returns {{ status: string, path: string }[]} */
function changesOf(checkout) {
  const args = ["-C", checkout, "diff", "--no-renames", "--name-status", "-z", "HEAD^1", "HEAD"];
  const words = execFileSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 26 }).split("\0");
  return Array.from({ length: Math.floor(words.length / 2) }, (_, index) => ({
    status: words[2 * index],
    path: words[2 * index + 1],
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checkout = process.argv[2] ?? ".";
  const { reports, problems } = submittedRuns(changesOf(checkout));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  for (const report of reports) process.stdout.write(`${join(checkout, report)}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
