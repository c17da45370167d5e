import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownRuleProblems } from "../checks/workflows.mjs";

const check = readFileSync(new URL("../../.github/workflows/check.yml", import.meta.url), "utf8");
const problemsAfter = (from, to) => {
  expect(check).toMatch(from);
  return ownRuleProblems("check.yml", check.replace(from, to));
};

const folder = new URL("../../.github/workflows/", import.meta.url);

test.each(readdirSync(folder))("%s follows this repository's rules", (name) => {
  expect(ownRuleProblems(name, readFileSync(new URL(name, folder), "utf8"))).toEqual([]);
});

test.each([
  ["an action pinned by tag", /@[0-9a-f]{40} # v\S+/, "@v6", "pin actions/checkout@v6"],
  ["a pin without its version", /(@[0-9a-f]{40}) # v\S+/, "$1", "pin actions/checkout"],
  ["no permissions", /^permissions:\n {2}contents: read\n/m, "", 'its own "permissions"'],
  ["a token that writes", /contents: read/, "contents: write", "to write says why"],
  ["a token for everything", /^permissions:\n {2}contents: read/m, "permissions: write-all", "write-all"],
  ["no time limit", / {4}timeout-minutes: \d+\n/, "", '"test" needs "timeout-minutes"'],
  ["no concurrency", /^concurrency:/m, "other:", 'set "concurrency"'],
  ["a hidden failure", / {4}timeout-minutes/, "    continue-on-error: true\n    timeout-minutes", "hides a failure"],
  ["others' code with our token", /pull_request:/, "pull_request_target:", "runs others' code"],
  [
    "a script made of others' text",
    /run: bash \.ci\/run/,
    'run: echo "${{ github.event.pull_request.title }}"',
    "through env",
  ],
])("%s is found", (_name, from, to, words) => {
  expect(problemsAfter(from, to)).toContainEqual(expect.stringContaining(words));
});
