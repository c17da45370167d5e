import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/program.ts";
import { betweenMarkers } from "../src/markdown.ts";
import { Reading, type ReadItem, ReadingRecord, ReadKind } from "../src/readings/schema.ts";
import { keyOf, stockOf } from "../src/readings/stock.ts";
import { readingsMarkdown, summarizeReadings } from "../src/readings/summary.ts";
import { drawByHash, keepVerdicts } from "../src/readings/verdict.ts";
import { CANARY } from "../src/truth/canary.ts";
import { folderWith } from "./support/folder.ts";

/** Kinds whose questions need nothing but what is stored. */
const STORED = ["call-graph-java", "call-graph-go", "deletion", "release-diff", "rule", "flow"] as const;

async function reading(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const ran = { code: -1, stdout: "", stderr: "" };
  ran.code = await runCli(["reading", ...argv], {
    env: {},
    stdout: (text) => (ran.stdout += text),
    stderr: (text) => (ran.stderr += text),
  });
  return ran;
}

const ITEM: ReadItem = {
  corpus: "one",
  version: "1.0.0",
  id: "a.js:1:1",
  hash: "0".repeat(64),
  question: "Is f dead?",
  truth: "dead",
  source: "a.js:1",
  verdict: null,
  why: "",
};

function readingOf(...verdicts: ReadItem["verdict"][]): Reading {
  return {
    schemaVersion: 1,
    canary: CANARY,
    kind: "deletion",
    command: "none",
    seed: 1,
    from: 50,
    items: verdicts.map((verdict) => ({ ...ITEM, verdict, why: verdict === null ? "" : "l. 1" })),
  };
}

test.each(STORED)("items of %s have a question, an answer and a place, and no two are the same", async (kind) => {
  const stock = await stockOf(kind, { bring: async () => Promise.reject(new Error("nothing is fetched")) });
  expect(stock.length).toBeGreaterThan(100);
  expect(new Set(stock.map(keyOf)).size).toBe(stock.length);
  expect(new Set(stock.map(({ hash }) => hash)).size).toBe(stock.length);
  expect(stock.filter(({ question, truth, source }) => question === "" || truth === "" || source === "")).toEqual([]);
  expect(stock.filter(({ question, truth }) => `${question} ${truth}`.includes("undefined"))).toEqual([]);
});

test("a draw is the same for the same seed, and another for another", async () => {
  const draw = async (seed: string) => reading("draw", "--kind", "deletion", "--count", "5", "--seed", seed);
  const first = await draw("7");
  expect(first.code).toBe(0);
  const { items, from } = Reading.parse(JSON.parse(first.stdout));
  expect([items.length, from > 5]).toEqual([5, true]);
  expect(items.filter(({ verdict, why }) => verdict !== null || why !== "")).toEqual([]);
  expect(await draw("7")).toEqual(first);
  expect(Reading.parse(JSON.parse((await draw("8")).stdout)).items).not.toEqual(items);
});

test("an item stays drawn when others go, and each is as likely as any other", () => {
  const all = Array.from({ length: 10 }, (_, at) => `item ${at}`);
  const draw = (from: readonly string[], seed: number) => drawByHash(from, (one) => one, { count: 3, seed });
  const first = draw(all, 1);
  for (const other of all.filter((one) => !first.includes(one)))
    expect(
      draw(
        all.filter((one) => one !== other),
        1,
      ),
    ).toEqual(first);
  const times = new Map<string, number>();
  for (let seed = 0; seed < 400; seed++) for (const one of draw(all, seed)) times.set(one, (times.get(one) ?? 0) + 1);
  // 1,200 draws of ten: 120 each, with a standard deviation of 9.2.
  for (const one of all) expect(Math.abs((times.get(one) ?? 0) - 120)).toBeLessThan(45);
});

test("a draw into a file keeps verdicts of items that say the same, and of no others", async () => {
  const out = path.join(folderWith(), "deletion.json");
  const draw = async () => reading("draw", "--kind", "deletion", "--count", "5", "--seed", "7", "--out", out);
  expect(await draw()).toEqual({ code: 0, stdout: "", stderr: "" });
  const drawn = Reading.parse(JSON.parse(readFileSync(out, "utf8")));
  const read = drawn.items.map((item, at) => ({
    ...item,
    verdict: "right" as const,
    why: "l. 1",
    ...(at === 0 ? { hash: "0".repeat(64) } : {}),
  }));
  writeFileSync(out, JSON.stringify({ ...drawn, items: read }));
  await draw();
  expect(Reading.parse(JSON.parse(readFileSync(out, "utf8"))).items).toEqual([drawn.items[0], ...read.slice(1)]);
  expect(keepVerdicts([ITEM], [], ({ hash }) => hash)).toEqual([ITEM]);
});

test("what cannot be drawn or read is said", async () => {
  expect(await reading("draw", "--kind", "history")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("no items of history"),
  });
  expect((await reading("draw", "--kind", "deletion", "--count", "0")).code).toBe(2);
  expect((await reading("draw", "--kind", "guess")).code).toBe(2);
  const folder = folderWith({ "one.json": "{" });
  expect(await reading("show", folder)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("one.json is no reading"),
  });
  expect((await reading("show", path.join(folder, "nowhere"))).code).toBe(3);
});

test("verdicts are counted; what is undecided is neither right nor wrong", () => {
  const { derivers } = summarizeReadings([readingOf("right", "right", "right", "wrong", "undecided", null)]);
  expect(derivers).toMatchObject([
    { kind: "deletion", from: 50, drawn: 6, right: 3, wrong: 1, undecided: 1, unread: 1, share: 0.25 },
  ]);
  // Clopper and Pearson for 1 of 4.
  expect(derivers[0]?.low).toBeCloseTo(0.0063, 4);
  expect(derivers[0]?.high).toBeCloseTo(0.8059, 4);
  expect(summarizeReadings([readingOf("undecided", null)]).derivers).toMatchObject([
    { share: null, low: null, high: null },
  ]);
});

test("what was read is shown, as a record, as a table, and in a README", async () => {
  const folder = folderWith({ "README.md": "# A\n\n<!-- readings: generated by `x` -->\n\n<!-- readings: end -->\n" });
  const [files, readme] = [path.join(folder, "readings"), path.join(folder, "README.md")];
  mkdirSync(files);
  writeFileSync(path.join(files, "deletion.json"), JSON.stringify(readingOf("right", "wrong")));
  const { derivers } = ReadingRecord.parse(JSON.parse((await reading("show", files, "--json")).stdout));
  expect(derivers).toMatchObject([{ right: 1, wrong: 1, share: 0.5 }]);
  expect((await reading("show", files, "--readme", readme)).stdout).toContain("50.0 %");
  expect(readFileSync(readme, "utf8")).toContain("| deletion | 50    | 2     | 1     | 1     | 0         | 0        |");
  writeFileSync(readme, "# A\n");
  expect((await reading("show", files, "--readme", readme)).code).toBe(3);
});

test("the README has what the stored readings say, and every verdict has a reason", () => {
  const stored = path.join(import.meta.dirname, "../readings");
  const names = readdirSync(stored).toSorted();
  const readings = names.map((name) => Reading.parse(JSON.parse(readFileSync(path.join(stored, name), "utf8"))));
  expect(readings.map(({ kind }) => `${kind}.json`)).toEqual(names);
  expect(readings.map(({ kind }) => kind)).toEqual(ReadKind.options.filter((kind) => kind !== "history").toSorted());
  for (const { items } of readings) {
    expect(items.filter(({ verdict, why }) => (verdict === null) !== (why.trim() === ""))).toEqual([]);
    expect(new Set(items.map(({ hash }) => hash)).size).toBe(items.length);
  }
  const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");
  expect(betweenMarkers(readme, "readings", readingsMarkdown(summarizeReadings(readings)))).toBe(readme);
});

test("what is generated goes between its markers, and nowhere else", () => {
  const readme = "A\n<!-- x: generated by `y` -->\nold\n<!-- x: end -->\nB";
  expect(betweenMarkers(readme, "x", "new")).toBe("A\n<!-- x: generated by `y` -->\n\nnew\n\n<!-- x: end -->\nB");
  expect(betweenMarkers(readme, "z", "new")).toBeNull();
});
