import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { listCommand, publishCommand, rebuildCommand, showCommand } from "../../src/commands/results.ts";
import { benchRun, cibenchRun } from "../fixtures.ts";
import { stored } from "./stored.ts";

describe("results", () => {
  test("list: newest first, with commit, points and where it is published", async () => {
    const { context, output } = stored(
      cibenchRun(),
      cibenchRun({ tool: "grep", dirty: true, startedAt: "2026-11-24T12:00:00.000Z" }),
      cibenchRun({ tool: "old", commit: null, notRun: true, startedAt: "2026-11-22T12:00:00.000Z" }),
    );
    await listCommand({ json: false }, context);
    const rows = output()
      .split("\n")
      .filter((line) => line.includes("cibench-"));
    expect(
      rows.map((row) =>
        row
          .split("│")
          .map((cell) => cell.trim())
          .slice(2, 5),
      ),
    ).toEqual([
      ["cccccccccccc changed", "7.78 of 10", ""],
      ["cccccccccccc", "7.78 of 10", ""],
      ["none", "", ""],
    ]);
    await listCommand({ json: true }, context);
    expect(JSON.parse(output())).toMatchObject({
      schemaVersion: 1,
      runs: [{ subject: "grep", dirty: true }, {}, { dirty: null }],
    });
  });

  test("list: nothing yet", async () => {
    const { context, output } = stored();
    await listCommand({ json: false }, context);
    expect(output()).toBe('no runs yet; "npm start" makes some\n');
  });

  test("show: the figures of either suite, or the whole record", async () => {
    const [scores, benches] = [cibenchRun(), benchRun()];
    const { context, output } = stored(scores, benches);
    await showCommand(scores.file.id, { json: false }, context);
    expect(output()).toContain("tiny: 60 call sites");
    await showCommand(benches.file.id, { json: false }, context);
    expect(output()).toContain("index/whole/tiny");
    await showCommand(benches.file.id, { json: true }, context);
    expect(JSON.parse(output())).toEqual(benches.file);
    await expect(showCommand("none", { json: false }, context)).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  });

  test("publish: says what was written, and what a newer run made superfluous", async () => {
    const older = cibenchRun({ right: 7 });
    const newer = cibenchRun({ commit: "d".repeat(40), startedAt: "2026-11-24T12:00:00.000Z" });
    const { context, output } = stored(older, newer);
    await publishCommand(older.file.id, { json: false }, context);
    expect(output()).toBe(
      `results/published/cibench/2026-11-23-cccccccccccc-drift.json\nresults/raw/${older.file.raw.sha256}.jsonl.gz\n`,
    );
    await publishCommand(newer.file.id, { json: false }, context);
    expect(output()).toContain(`removed results/raw/${older.file.raw.sha256}.jsonl.gz`);
  });

  test("publish: raw lines that are not here are said not to be copied", async () => {
    const run = cibenchRun();
    const { context, output } = stored(run);
    rmSync(context.results.localRaw, { recursive: true });
    await publishCommand(run.file.id, { json: false }, context);
    expect(output()).toContain("above 3 MB or not here");
  });

  test("rebuild: says how many runs it read, and a damaged store is set aside with a word", async () => {
    const { context, output, errors } = stored(cibenchRun());
    await rebuildCommand({ json: false }, context);
    expect(output()).toBe("1 runs read into results/history.db\n");
    mkdirSync(dirname(context.results.db), { recursive: true });
    writeFileSync(context.results.db, "no database ".repeat(100));
    await listCommand({ json: true }, context);
    expect(errors()).toMatch(/damaged or not Drift's: moved to results\/history\.db\.aside-/);
    expect((JSON.parse(output()) as { runs: unknown[] }).runs).toHaveLength(1);
  });
});
