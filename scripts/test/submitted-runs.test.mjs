import { expect, test } from "vitest";
import { submittedRuns } from "../submitted-runs.mjs";

const report = { status: "A", path: "results/submitted/my-tool-0123456789ab.json" };
const items = { status: "A", path: `results/submitted/${"0".repeat(64)}.jsonl.gz` };

test("a submission is a report and its items, a withdrawal takes them away", () => {
  expect(submittedRuns([report, items])).toEqual({ reports: [report.path], problems: [] });
  const withdrawn = [report, items].map((one) => ({ ...one, status: "D" }));
  const note = { status: "M", path: "cibench/SUBMITTING.md" };
  expect(submittedRuns([...withdrawn, note])).toEqual({ reports: [], problems: [] });
});

test.each([
  ["a file of the program", [{ status: "M", path: "cibench/src/run.ts" }], "its own files alone"],
  ["a name with a line break", [{ status: "A", path: "results/submitted/a\n.json" }], String.raw`a\n.json`],
  ["a folder", [{ status: "A", path: "results/submitted/x/a.json" }], "its own files alone"],
  ["a run that is there", [{ status: "M", path: "results/submitted/old.json" }], "is not changed"],
  ["another's run", [{ status: "D", path: "results/submitted/old.json" }], "one after the other"],
  [
    "eleven runs",
    Array.from({ length: 10 }, (_, n) => ({ ...report, path: `results/submitted/r-${n}.json` })),
    "11 runs",
  ],
])("a submission that brings %s is refused", (_what, more, words) => {
  expect(submittedRuns([report, items, ...more]).problems).toContainEqual(expect.stringContaining(words));
});
