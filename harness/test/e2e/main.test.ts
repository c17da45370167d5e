/** The program as it is typed: arguments in; standard output, standard error and exit code out. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHistory } from "../../src/store/publish.ts";
import { resultPaths } from "../../src/store/run-file.ts";
import { recordRun } from "../../src/store/write.ts";
import { cibenchRun, NOW } from "../fixtures.ts";
import { createLab, type Lab, runMain } from "./lab.ts";

describe("the commands", () => {
  let lab: Lab;
  const run = cibenchRun();

  beforeAll(() => {
    lab = createLab();
    const paths = resultPaths(lab.results);
    const { db } = openHistory(paths, { now: NOW });
    recordRun(db, paths, run);
    db.close();
  });
  afterAll(() => lab.remove());

  test.each([
    [["start"]],
    [["bench"]],
    [["bench", "index"]],
    [["bench", "growth"]],
    [["bench", "phases"]],
    [["long:fuzz"]],
    [["results"]],
    [["results", "publish"]],
  ])("%j explains itself", async (command) => {
    const { code, stdout, stderr } = await runMain([...command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(
      command[0] === "start" ? "Usage: npm start -- " : `Usage: npm run ${command.join(" -- ")} `,
    );
  });

  test.each([
    [["nonsense"], 2],
    [["start", "--seed", "-1"], 2],
    [["start", "--nonsense"], 2],
    [["start", "--corpus", "nonsense"], 2],
    [["start", "--peers", "nonsense"], 2],
    [["bench", "index", "/nonexistent/folder"], 2],
    [["bench", "index", "src", "--rounds", "0"], 2],
    [["bench", "growth", "--sizes", "1000"], 2],
    [["bench", "phases", "/nonexistent/folder"], 2],
    [["long:fuzz", "--target", "nothing"], 2],
    [["bench", "index", "src", "--label", "../x"], 2],
    [["bench", "--against", "/nonexistent/folder", "--offline", "--quick"], 2],
    [["results", "show", "none"], 2],
    [["results", "publish", "none"], 2],
  ])("%j ends with %i and prints no result", async (args, expected) => {
    const { code, stdout, stderr } = await runMain(args, lab.env);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).not.toBe("");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("growth and stages are measured, and growth is saved when asked to", async () => {
    // So few files say nothing about growth; only the form of the answer is fixed.
    const growth = await runMain(["bench", "growth", "--sizes", "20,60", "--rounds", "1", "--save", "--json"], lab.env);
    const record = JSON.parse(growth.stdout) as { sizes: { files: number }[] };
    expect(record.sizes.map(({ files }) => files)).toEqual([20, 60]);
    expect(JSON.parse(readFileSync(join(lab.results, "long", "growth.json"), "utf8"))).toEqual(record);
    const phases = await runMain(["bench", "phases", "src", "--rounds", "1"], lab.env);
    expect([phases.code, phases.stdout]).toEqual([0, expect.stringContaining("without (no resolve)")]);
  });

  test("runs are listed, shown and published", async () => {
    const list = await runMain(["results", "list"], lab.env);
    expect(list.stdout).toContain(run.file.id);
    expect(list.stdout).toMatch(/7\.78 of 10/);
    const shown = await runMain(["results", "show", run.file.id, "--json"], lab.env);
    expect(JSON.parse(shown.stdout)).toEqual(run.file);
    expect((await runMain(["results", "show", run.file.id], lab.env)).stdout).toContain("tiny");
    const published = await runMain(["results", "publish", run.file.id], lab.env);
    expect(published.stdout).toContain("results/published/cibench/2026-11-23-cccccccccccc-drift.json");
    const rebuilt = await runMain(["results", "rebuild", "--json"], lab.env);
    expect(JSON.parse(rebuilt.stdout)).toEqual({ schemaVersion: 1, runs: 1, history: 0 });
  });

  test.runIf(existsSync("/sys/kernel"))(
    "a disk that cannot be written is one sentence, the next step and exit 3",
    async () => {
      const { code, stdout, stderr } = await runMain(["start", "--offline"], {
        ...lab.env,
        DRIFT_RESULTS_DIR: "/sys/kernel/drift-results",
      });
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr.trim().split("\n")).toEqual([
        expect.stringContaining("the disk cannot be written to"),
        expect.stringContaining("writable"),
      ]);
    },
  );

  test("a list without runs says what makes one", async () => {
    const empty = createLab();
    const { code, stdout } = await runMain(["results", "list"], empty.env);
    empty.remove();
    expect([code, stdout]).toEqual([0, 'no runs yet; "npm start" makes some\n']);
  });

  test("a folder without calls cannot be compared", async () => {
    const folder = join(lab.results, "../empty");
    mkdirSync(folder);
    writeFileSync(join(folder, "notes.txt"), "no code");
    const { code, stderr } = await runMain(["bench", "index", folder, "--rounds", "1"], lab.env);
    expect(code).toBe(3);
    expect(stderr).toContain("no call in JavaScript or TypeScript");
  });
});
