import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listReadings, readingOf } from "../src/data/readings.ts";
import { readFresh } from "../src/data/fresh.ts";
import { readRobustness } from "../src/data/robustness.ts";
import { coarsest, readResolution } from "../src/data/resolution.ts";
import { buildTestSite, row, type TestSite, words } from "./site.ts";

const entry = (damage: string, difference: number | null, category = "call-graph") => ({
  ...{ category, corpora: ["zod"], of: "drift", damage },
  resolution: difference === null ? null : 0.01,
  difference,
  doses: [
    { dose: 0.01, toldApart: difference === null ? 0 : 1 },
    { dose: 0.1, toldApart: 0.5 },
  ],
});
const record = (...entries: ReturnType<typeof entry>[]) => ({
  schemaVersion: 1 as const,
  seeds: 200,
  needed: 0.95,
  entries,
});

describe("what ranks rest on", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "drift-evidence-"));
    mkdirSync(path.join(folder, "long"));
    mkdirSync(path.join(folder, "readings"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("of the kinds of damage the one that is told apart last counts; one that never is comes last of all", () => {
    const board = { category: "call-graph", corpora: ["qs", "zod"] };
    const both = record(entry("drop", 0.003), entry("swap", 0.006));
    expect(coarsest(both, board, "drift")?.damage).toBe("swap");
    expect(coarsest(record(entry("drop", null), entry("swap", 0.006)), board, "drift")?.damage).toBe("drop");
    expect(coarsest(both, board, "grep")).toBeUndefined();
    expect(coarsest(both, { ...board, corpora: ["qs"] }, "drift")).toBeUndefined();
    expect(coarsest(null, board, "drift")).toBeUndefined();
  });

  test("a record that is none is refused with the command that makes it", () => {
    const db = path.join(folder, "history.db");
    expect(readResolution(db)).toBeNull();
    writeFileSync(path.join(folder, "long", "resolution.json"), '{"schemaVersion":1}');
    expect(() => readResolution(db)).toThrow(expect.objectContaining({ code: "RESOLUTION_UNREADABLE" }));
    writeFileSync(path.join(folder, "long", "resolution.json"), JSON.stringify(record(entry("drop", 0.003))));
    expect(readResolution(db)?.entries).toHaveLength(1);
  });

  test("readings are counted by verdict and belong to the category whose truth they are of", () => {
    expect(listReadings(path.join(folder, "none"))).toEqual([]);
    const items = ["right", "right", "wrong", "undecided", null].map((verdict) => ({ corpus: "qs", verdict }));
    const file = path.join(folder, "readings", "mutation.json");
    writeFileSync(file, JSON.stringify({ schemaVersion: 1, kind: "mutation", command: "draw", from: 9, items }));
    const [reading] = listReadings(folder);
    expect(reading).toEqual({
      ...{ kind: "mutation", command: "draw", from: 9 },
      ...{ right: 2, wrong: 1, undecided: 1, unread: 1 },
    });
    expect(readingOf(listReadings(folder), "causal-reasoning")).toEqual(reading);
    for (const other of ["data-flow", "negative-knowledge", "constructor"])
      expect(readingOf(listReadings(folder), other)).toBeUndefined();
    writeFileSync(file, "{}");
    expect(() => listReadings(folder)).toThrow(expect.objectContaining({ code: "READINGS_UNREADABLE" }));
  });
});

const measured = (value: number, low: number, high: number) => ({ value, low, high });
const nothing = { value: null, low: null, high: null };
const freshRecord = {
  schemaVersion: 1,
  entries: [
    {
      ...{ tool: "drift", toolVersion: "0.1.0", seed: 77_031, startedAt: "2026-01-01T00:00:00.000Z" },
      command: "npm run --silent cibench -- run --adapter drift --corpus synthetic --fresh 77031",
      gaps: [
        {
          ...{ category: "data-flow", published: measured(0.632, 0.5, 0.7), fresh: measured(-0.01, -0.1, 0.1) },
          gap: measured(0.642, 0.5, 0.78),
        },
      ],
    },
    {
      ...{ tool: "<b>x</b>", toolVersion: "<i>1</i>", seed: 0, startedAt: "2026-01-01T00:00:00.000Z", command: "<i>" },
      gaps: [{ category: "<i>", published: nothing, fresh: nothing, gap: nothing }],
    },
  ],
};

const robustnessRecord = {
  schemaVersion: 1,
  entries: [
    {
      ...{ tool: "drift", toolVersion: "0.1.0", seed: 1, startedAt: "2026-01-01T00:00:00.000Z" },
      command: "npm run --silent cibench -- robustness --adapter drift",
      variants: [
        {
          ...{ corpus: "qs", variant: "renamed", renamed: 6826, names: 18_874, leftOut: 1 },
          comments: { changed: 0, added: 0, kept: 0 },
        },
      ],
      drops: [
        {
          ...{ variant: "renamed", category: "call-graph", kind: "real", corpora: ["qs"], items: 311 },
          ...{ original: null, varied: null, drop: measured(-0.01, -0.02, 0.01) },
        },
        {
          ...{ variant: "<b>v</b>", category: "<i>", kind: "synthetic", corpora: ["x"], items: 2 },
          ...{ original: measured(0.7, 0.6, 0.8), varied: nothing, drop: nothing },
        },
      ],
    },
  ],
};

describe("a board with its resolution", () => {
  let site: TestSite;
  beforeAll(async () => {
    const entries = record(
      { ...entry("swap", 0.006), corpora: [] },
      { ...entry("drop", null), corpora: [], of: "grep" },
    );
    site = await buildTestSite(
      {},
      {
        "long/resolution.json": JSON.stringify(entries),
        "long/fresh.json": JSON.stringify(freshRecord),
        "long/robustness.json": JSON.stringify(robustnessRecord),
      },
    );
  });
  afterAll(() => site.remove());

  test("each tool's row has its own, and what was not measured says so", () => {
    const page = site.page("/leaderboard/call-graph/");
    const label = "Call graph on real code: scores";
    expect(row(page, label, "drift").at(-2)).toBe("0.006 1.0 % damaged (swap)");
    expect(row(page, label, "grep").at(-2)).toBe("none with 10.0 % of its answers damaged (drop)");
    expect(row(page, label, "null").at(-2)).toBe("not measured");
    expect(row(page, label, "drift").at(-1)).toBe("not measured");
  });

  test("the gap to fresh projects stands on its page, worst to read: below zero, none, hostile names", () => {
    const page = site.page("/leaderboard/fresh/");
    expect(page.querySelector(".empty")).toBeNull();
    expect(row(page, "drift: published against fresh", "Data flow")).toEqual([
      "77031",
      "0.632",
      "−0.010",
      "0.642",
      "[0.500, 0.780]",
    ]);
    expect(row(page, "<b>x</b>: published against fresh", "<i>")).toEqual(["0", "–", "–", "–", ""]);
    expect(page.querySelector("main b, main i")).toBeNull();
    expect(words(page.querySelector("main"))).toContain(
      "cibench -- run --adapter drift --corpus synthetic --fresh 77031",
    );
    expect(words(site.page("/leaderboard/").querySelector(".lead"))).toContain("has a page of its own");
  });

  test("what variants take away stands on its page, and the page of the tool leads there; real scores are not shown", () => {
    const page = site.page("/leaderboard/robustness/");
    expect(page.querySelector(".empty")).toBeNull();
    expect(row(page, "drift: drops over variants", "Call graph")).toEqual([
      ...["real", "renamed", "not shown", "not shown"],
      ...["−0.010", "[−0.020, 0.010]", "311"],
    ]);
    expect(row(page, "drift: drops over variants", "<i>").slice(1, 5)).toEqual(["<b>v</b>", "0.700", "–", "–"]);
    expect(page.querySelector("main b, main i")).toBeNull();
    expect(words(page.querySelector("main"))).toContain("qs, renamed: 6 826 of 18 874 names");
    const link = site.page("/tools/drift/").querySelector('main a[href="/leaderboard/robustness/"]');
    expect(words(link)).toBe("measured");
    expect(site.page("/tools/grep/").querySelector('main a[href="/leaderboard/robustness/"]')).toBeNull();
  });

  test("a record of robustness that cannot be read says how to make it again, and none is no drops", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "drift-robustness-"));
    const db = path.join(folder, "history.db");
    expect(readRobustness(db)).toEqual([]);
    mkdirSync(path.join(folder, "long"));
    writeFileSync(path.join(folder, "long", "robustness.json"), "[");
    expect(() => readRobustness(db)).toThrow(expect.objectContaining({ code: "ROBUSTNESS_UNREADABLE" }));
    rmSync(folder, { recursive: true });
  });

  test("a record of gaps that cannot be read says how to make it again, and none is no gaps", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "drift-fresh-"));
    const db = path.join(folder, "history.db");
    expect(readFresh(db)).toEqual([]);
    mkdirSync(path.join(folder, "long"));
    writeFileSync(path.join(folder, "long", "fresh.json"), '{"schemaVersion":1,"entries":[{}]}');
    expect(() => readFresh(db)).toThrow(expect.objectContaining({ code: "FRESH_UNREADABLE" }));
    rmSync(folder, { recursive: true });
  });

  test("what reading found stands with the corpora", () => {
    const page = site.page("/corpora/");
    const read = row(page, "Errors that reading found", "mutation");
    expect(read.slice(0, 5).every((count) => /^[\d\u202f ]+$/.test(count))).toBe(true);
    expect(read[5]).toContain("reading draw --kind mutation");
  });
});
