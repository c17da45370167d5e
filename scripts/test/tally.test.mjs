import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cargoTally, closingLine, oneFailure, onePass, sum, vitestTally } from "../checks/tally.mjs";

const folder = mkdtempSync(join(tmpdir(), "drift-tally-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text) {
  const path = join(folder, "result");
  writeFileSync(path, text);
  return path;
}

describe("the closing line", () => {
  test("is passed and failed, and skipped only when there are some", () => {
    expect(closingLine(sum([onePass(), onePass()]))).toBe("2 passed, 0 failed");
    expect(closingLine(sum([onePass(), oneFailure("a"), { passed: 3, failed: 0, skipped: 2, problems: [] }]))).toBe(
      "4 passed, 1 failed, 2 skipped",
    );
    expect(closingLine(sum([]))).toBe("0 passed, 0 failed");
  });
});

describe("a vitest report", () => {
  const report = (counts, testResults = []) =>
    file(
      JSON.stringify({
        numPassedTests: 0,
        numFailedTests: 0,
        numPendingTests: 0,
        numTodoTests: 0,
        testResults,
        ...counts,
      }),
    );

  test("counts its tests, and those that wait as skipped", () => {
    expect(vitestTally("a", report({ numPassedTests: 5, numPendingTests: 2, numTodoTests: 1 }), 0)).toEqual({
      passed: 5,
      failed: 0,
      skipped: 3,
      problems: [],
    });
  });

  test("names what failed", () => {
    const results = [
      {
        name: "x.test.ts",
        status: "failed",
        assertionResults: [
          { status: "failed", fullName: "x is y" },
          { status: "passed", fullName: "z" },
        ],
      },
    ];
    expect(vitestTally("a", report({ numPassedTests: 1, numFailedTests: 1 }, results), 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      problems: ["a: x is y"],
    });
  });

  test("repeats the beginning of what a failed test says, without colours and frames", () => {
    const said = [
      "\u001b[31mAssertionError\u001b[39m: expected 1 to be 2\n    at test (x.test.ts:1:1)",
      `${"long ".repeat(100)}\n${"\nmore".repeat(20)}`,
    ];
    const results = [
      {
        name: "x.test.ts",
        status: "failed",
        assertionResults: [{ status: "failed", fullName: "x is y", failureMessages: said }],
      },
    ];
    const [problem] = vitestTally("a", report({ numFailedTests: 1 }, results), 1).problems;
    const lines = problem.split("\n");
    expect(lines.slice(0, 2)).toEqual(["a: x is y", "    AssertionError: expected 1 to be 2"]);
    expect(lines[2]).toHaveLength(304);
    expect(lines).toHaveLength(13);
  });

  test("fails when it is absent, has no test, or was not reached", () => {
    expect(vitestTally("a", join(folder, "nowhere"), 1)).toEqual(oneFailure("a: no test report (exit code 1)"));
    expect(vitestTally("a", join(folder, "nowhere"), 0).failed).toBe(1);
    expect(vitestTally("a", report({}), 0)).toEqual(oneFailure("a: no test was run"));
    expect(vitestTally("a", report({ numPassedTests: 5 }), undefined).failed).toBe(1);
  });

  test("fails when a file does not load, or coverage is too low", () => {
    expect(
      vitestTally(
        "a",
        report({ numPassedTests: 5 }, [{ name: "x.test.ts", status: "failed", assertionResults: [] }]),
        1,
      ),
    ).toMatchObject({ passed: 5, failed: 1 });
    expect(vitestTally("a", report({ numPassedTests: 5 }), 1)).toMatchObject({
      passed: 5,
      failed: 1,
      problems: [expect.stringContaining("coverage")],
    });
  });
});

describe("the output of cargo test", () => {
  const good =
    "running 2 tests\ntest a ... ok\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";

  test("is summed over its binaries", () => {
    expect(cargoTally(file(good), 0)).toEqual({ passed: 5, failed: 0, skipped: 1, problems: [] });
  });

  test("names what failed", () => {
    const log = `${good}test graph::cycles ... FAILED\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured\n`;
    expect(cargoTally(file(log), 101)).toEqual({
      passed: 5,
      failed: 1,
      skipped: 1,
      problems: ["cargo test: graph::cycles"],
    });
  });

  test("fails when nothing compiled, nothing ran, or it was not reached", () => {
    expect(cargoTally(file("error[E0308]: mismatched types\n"), 101)).toMatchObject({ passed: 0, failed: 1 });
    expect(cargoTally(file(good), 101)).toMatchObject({ passed: 5, failed: 1 });
    expect(cargoTally(file("test result: ok. 0 passed; 0 failed; 0 ignored;\n"), 0)).toMatchObject({
      passed: 0,
      failed: 1,
    });
    expect(cargoTally(join(folder, "nowhere"), 0).failed).toBe(1);
    expect(cargoTally(file(good), undefined).failed).toBe(1);
  });
});
