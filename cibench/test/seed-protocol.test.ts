import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredRun } from "../src/read-run.ts";
import { SeedProtocolOutput } from "../src/schema/seed-protocol.ts";
import type { CategoryScore, ItemOutcome } from "../src/schema/score.ts";
import { scoringOf } from "../src/scores/scoring.ts";
import { protocolText } from "../src/seed-protocol/describe.ts";
import { measureProtocol, pointsOf } from "../src/seed-protocol/measure.ts";
import { PROTOCOL_TASKS, RUBRIC } from "../src/seed-protocol/tasks.ts";
import { commandsOn } from "./support/cli.ts";
import { writeSources } from "./support/source-corpus.ts";

const FLOOR = 0.2;

/** A run with twenty items of every kind on a real and a generated corpus, of which it gets this share right. */
function run(tool: string, share: number, state: CategoryScore["state"] = "scored"): StoredRun {
  const categories = [...new Set(PROTOCOL_TASKS.map(({ category }) => category))];
  const kinds = ["real", "synthetic"] as const;
  const corpora = kinds.flatMap((kind) => categories.map((category) => ({ id: kind, category, kind })));
  const items = corpora.flatMap(({ id, category }) =>
    scoringOf(category).strata.flatMap((stratum) =>
      Array.from({ length: 20 }, (_, at) => {
        const isRight = at < 20 * share;
        return {
          ...{ category, corpus: id, itemId: `${stratum} ${at}`, stratum, file: `${at % 5}`, truth: "known" },
          outcome: isRight ? "right" : "abstained",
          counts: { truePositives: Number(isRight), falsePositives: 0, falseNegatives: Number(!isRight), onUnknown: 0 },
          traced: { edges: 0, found: 0 },
        };
      }),
    ),
  );
  const scores = corpora.map(({ category, kind }) => ({
    ...{ state: category === "architectural-intent" ? state : "scored", category, kind, floor: FLOOR, reason: "" },
  }));
  const report = { runId: `${tool}-1`, suite: { hash: "s" }, subject: { name: tool }, corpora, scores };
  return { report: report as unknown as StoredRun["report"], items: items as unknown as ItemOutcome[] };
}

describe("the protocol", () => {
  test("gives points by its rubric", () => {
    expect([-1, 0, 0.374, 0.375, 0.749, 0.75, 1].map(pointsOf)).toEqual([0, 0, 0, 1, 1, 2, 2]);
  });

  test("is 16 of 16 for who is right about everything and 0 for who says nothing", () => {
    const output = measureProtocol({ with: run("gold", 1), without: run("null", 0) }, 1);
    expect(output.points).toEqual({ with: 16, without: 0, of: 16 });
    expect(output.tasks.flatMap(({ results }) => results.map((one) => one.without.score?.value))).toEqual(
      Array.from({ length: 16 }, () => expect.closeTo(-FLOOR / (1 - FLOOR), 10)),
    );
  });

  test("scores the items of a task alone, with the floor of the category", () => {
    const half = run("half", 0.5);
    const items = half.items.map((item) =>
      item.stratum === "pattern-envelope" ? item : { ...item, outcome: "right" as const },
    );
    const { tasks } = measureProtocol({ with: { ...half, items }, without: half }, 1);
    const t4 = tasks.find(({ id }) => id === "T4")?.results[0];
    // F1 of 10 right and 10 missed is 2/3.
    expect(t4?.with.score?.value).toBeCloseTo((2 / 3 - FLOOR) / (1 - FLOOR), 10);
    expect(t4).toMatchObject({ items: 20, with: { points: 1 } });
  });

  test("counts what is unsupported as 0, and has no total where a tool did not run", () => {
    const unsupported = measureProtocol({ with: run("a", 1, "unsupported"), without: run("b", 1, "not-run") }, 1);
    expect(unsupported.points).toEqual({ with: 14, without: null, of: 16 });
    expect(protocolText({ schemaVersion: 1, command: "", ...unsupported })).toContain(
      "with a 14 of 16, without (b) not measured",
    );
  });

  test("asks eight tasks by kinds of items that exist, each with what its page says", () => {
    const page = readFileSync(new URL("../SEED-PROTOCOL.md", import.meta.url), "utf8");
    expect(PROTOCOL_TASKS.map(({ id }) => id)).toEqual(["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8"]);
    for (const { id, category, strata } of PROTOCOL_TASKS) {
      expect(scoringOf(category).strata).toEqual(expect.arrayContaining(strata));
      expect(page).toMatch(new RegExp(`\\| ${id} [^|]*\\| ${category.replace("-", " ")}`));
    }
    expect(page).toContain(`**2** points from ${RUBRIC.full} on, **1** from ${RUBRIC.partial} on`);
  });

  test("the committed record is of one suite, and stands on the page", () => {
    const record = readFileSync(new URL("../../results/long/seed-protocol.json", import.meta.url), "utf8");
    const { with: tool, without, points } = SeedProtocolOutput.parse(JSON.parse(record));
    const page = readFileSync(new URL("../SEED-PROTOCOL.md", import.meta.url), "utf8");
    expect(page).toContain(
      `Points: with ${tool.tool} ${points.with} of 16, without (${without.tool}) ${points.without} of 16.`,
    );
  });
});

describe("cibench seed-protocol", () => {
  let folder: string;
  let root: string;
  const cibench = commandsOn(() => root);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "protocol-"));
    root = join(folder, "source");
    writeSources(root);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("takes two runs, writes the record, and shows it; what was not asked leaves no total", async () => {
    const made: string[] = [];
    for (const tool of ["gold", "null"]) {
      const { stderr } = await cibench("run", "--tool", tool, "--corpus", "source", "--out", folder);
      made.push(/wrote (.*)/.exec(stderr)?.[1] ?? "");
    }
    const out = join(folder, "protocol.json");
    const { code, stdout } = await cibench(
      "seed-protocol",
      "--with",
      made[0] ?? "",
      "--without",
      made[1] ?? "",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(3);
    const output = SeedProtocolOutput.parse(JSON.parse(stdout));
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(output);
    expect(output.points).toEqual({ with: null, without: null, of: 16 });
    expect(output.tasks[0]?.results[0]).toMatchObject({
      kind: "synthetic",
      with: { points: 2 },
      without: { points: 0 },
    });
    const readme = join(folder, "README.md");
    writeFileSync(readme, "<!-- seed protocol: generated by it -->\n<!-- seed protocol: end -->\n");
    const shown = await cibench("seed-protocol", "show", out, "--readme", readme);
    expect([shown.code, readFileSync(readme, "utf8")]).toEqual([0, expect.stringContaining("| T1 Find the functions")]);
    expect((await cibench("seed-protocol", "show", readme)).stderr).toContain("REPORT_UNREADABLE");
    expect((await cibench("seed-protocol", "--with", "nobody", "--published", folder)).code).toBe(3);
  });
});
