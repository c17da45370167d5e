import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import MiniSearch from "minisearch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forestChart } from "../src/charts/forest.ts";
import { noteOf } from "../src/content/tool-notes.ts";
import { questionOf, titleOf, wordsOf } from "../src/data/categories.ts";
import { compareRuns, countShared, differences, listComparePairs, sampleOnly } from "../src/data/compare.ts";
import { listComparedItems } from "../src/data/compared-items.ts";
import { resultsOn } from "../src/data/difficulty.ts";
import { categoriesOfKinds } from "../src/data/evidence.ts";
import { jsonFeed, rssFeed } from "../src/data/feed.ts";
import { comparedItemHtml } from "../src/data/item-html.ts";
import { kindsOf } from "../src/data/filter-choices.ts";
import { Store } from "../src/data/open.ts";
import { listOracles } from "../src/data/runs.ts";
import { searchEntries, searchIndex } from "../src/data/search.ts";
import { siteOrigin } from "../src/data/site.ts";
import { listTools, weakestKinds } from "../src/data/tools.ts";
import { segmentOf } from "../src/paths.ts";
import { SEARCH_OPTIONS, type SearchEntry } from "../src/search-options.ts";
import { emptyStore, seedStore } from "./seed.ts";

const DRIFT = "cibench-drift-20261123T120000Z-1a2b3c4d";
const GREP = "cibench-grep-20261123T120500Z-2b3c4d5e";

const folder = mkdtempSync(path.join(os.tmpdir(), "drift-sides-"));
const file = path.join(folder, "history.db");
let store: Store;
let empty: Store;

beforeAll(() => {
  const db = emptyStore(file);
  seedStore(db, { items: 120 });
  // Grep gets some items that Drift does not, and is asked as many.
  db.prepare(
    `INSERT OR REPLACE INTO item SELECT ?, item_id, corpus, file, start_line, start_column, callee, syntax, stratum, truth,
       CASE outcome WHEN 'wrong' THEN 'right' WHEN 'right' THEN 'wrong' ELSE outcome END, true_positives, false_positives,
       false_negatives, on_unknown, traced_edges, traced_found, status, predicted, must, may, decided_by, answer
     FROM item WHERE run_id = ? AND corpus = 'zod'`,
  ).run(GREP, DRIFT);
  db.close();
  store = Store.open(file);
  empty = Store.open(path.join(folder, "none.db"));
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const counted = (sql: string): number => {
  const db = new Database(file, { readonly: true });
  const value = db.prepare(sql).pluck().get() as number;
  db.close();
  return value;
};

describe("tools", () => {
  test("each is there once, contestants first, by points, with its runs and its cost", () => {
    const tools = listTools(store);
    expect(tools.map(({ name }) => name)).toEqual(["drift", "grep", "gold", "null"]);
    expect(tools[0]).toMatchObject({ onBoard: true, run: { id: DRIFT }, cost: { all: { corpora: 3, tokens: null } } });
    expect(tools[0]?.runs).toHaveLength(2);
    expect(tools[0]?.cost.all?.indexMs).toBeCloseTo(3 * 812.4, 6);
    expect(tools[0]?.cost.real?.indexMs).toBeCloseTo(2 * 812.4, 6);
    expect(tools[1]?.cost.synthetic).toMatchObject({ corpora: 1, tokens: 12_345, costUsd: 0.0173, peakOf: "tool" });
    expect(listTools(empty)).toEqual([]);
  });

  test("a tool that ran nowhere has no cost", () => {
    const other = path.join(folder, "nowhere.db");
    const db = emptyStore(other);
    seedStore(db, { items: 12 });
    db.exec("DELETE FROM run_cost WHERE run_id LIKE 'cibench-grep-%'");
    db.close();
    const opened = Store.open(other);
    expect(listTools(opened).find(({ name }) => name === "grep")?.cost).toEqual({});
    opened.close();
  });

  test("the weakest kinds have the lowest recall, worst first", () => {
    const recalls = weakestKinds(store, DRIFT, "call-graph").map(({ recall }) => recall ?? 1);
    expect(recalls.length).toBeGreaterThan(3);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
    expect(weakestKinds(store, DRIFT, "data-flow")).toEqual([]);
  });

  test("a tool without a note is called other, or a self-check by its role; names of objects are no notes", () => {
    expect(noteOf("drift", "contestant").kind).toBe("engine");
    expect(noteOf("constructor", "contestant").kind).toBe("other");
    expect(noteOf("shuffled", "self-check").kind).toBe("self-check");
    expect(kindsOf(listTools(store)).map(({ value }) => value)).toEqual(["engine", "baseline", "self-check"]);
  });
});

describe("two tools", () => {
  test("a pair stands once, the one with more points first", () => {
    const pairs = listComparePairs(store);
    expect(pairs.map(({ a, b }) => [a.id, b.id])).toEqual([[DRIFT, GREP]]);
    expect(listComparePairs(empty)).toEqual([]);
  });

  test("the stored test is turned to the pair, and corpora come by the size of their difference", () => {
    const [pair] = listComparePairs(store);
    if (pair === undefined) throw new Error("no pair");
    const [real] = compareRuns(store, pair);
    expect(real?.test).toMatchObject({ toolA: "drift", difference: 0.3714, low: 0.3391, high: 0.4022 });
    const [turned] = compareRuns(store, { a: pair.b, b: pair.a });
    expect(turned?.test).toMatchObject({ toolA: "grep", difference: -0.3714, low: -0.4022, high: -0.3391 });
    const effects = real?.corpora.map(({ effect }) => Math.abs(effect)) ?? [];
    expect(effects).toHaveLength(2);
    expect(effects).toEqual(effects.toSorted((a, b) => b - a));
    expect(real?.kinds.every(({ a, b }) => a.stratum === b.stratum && a.corpus === b.corpus)).toBe(true);
  });

  test("what only one of them has is left out of the differences", () => {
    const of = (key: string, figure: number | null) => ({ key, figure });
    const found = differences(
      [of("a", 0.5), of("b", 0.1), of("c", null), of("only", 1)],
      [of("a", 0.4), of("b", 0.9), of("c", 1)],
      ({ key }) => key,
      ({ figure }) => figure,
    );
    expect(found.map(({ a, effect }) => [a.key, effect.toFixed(2)])).toEqual([
      ["b", "-0.80"],
      ["a", "0.10"],
    ]);
  });

  test("items are counted by who got them right, and samples hold only such ones", () => {
    const [pair] = listComparePairs(store);
    if (pair === undefined) throw new Error("no pair");
    const zod = countShared(store, pair).find(({ corpus }) => corpus === "zod");
    const right = counted(
      `SELECT count(*) FROM item WHERE run_id = '${DRIFT}' AND corpus = 'zod' AND outcome = 'right'`,
    );
    const wrong = counted(
      `SELECT count(*) FROM item WHERE run_id = '${DRIFT}' AND corpus = 'zod' AND outcome = 'wrong'`,
    );
    expect(zod).toMatchObject({ onlyA: right, onlyB: wrong, both: 0 });
    const sample = sampleOnly(store, pair.a, pair.b);
    expect(sample.length).toBeGreaterThan(2);
    expect(sample.every(({ outcome, otherOutcome }) => outcome === "right" && otherOutcome !== "right")).toBe(true);
  });
});

describe("a corpus", () => {
  test("its difficulty counts items that all get right, and that none does", () => {
    const [result] = resultsOn(store, "zod");
    const judged = counted(
      `SELECT count(*) FROM item WHERE run_id = '${DRIFT}' AND corpus = 'zod' AND outcome <> 'unjudged'`,
    );
    expect(result?.board.category).toBe("call-graph");
    expect(result?.easy).toMatchObject({ judged, byAll: 0 });
    expect(result?.easy?.byNone).toBeGreaterThan(0);
    expect(resultsOn(store, "nowhere")).toEqual([]);
  });

  test("items on which tools differ are shown with the question, the truth and every answer", () => {
    const items = listComparedItems(store, "zod");
    expect(items.length).toBeGreaterThan(10);
    expect(items.every(({ answers }) => new Set(answers.map(({ item }) => item.outcome)).size > 1)).toBe(true);
    expect(new Set(items.slice(0, 4).map(({ item }) => item.stratum)).size).toBe(4);
    const [first] = items;
    if (first === undefined) throw new Error("no item");
    const html = comparedItemHtml(
      first,
      listOracles(store, DRIFT).filter(({ corpus }) => corpus === "zod"),
      7,
    );
    for (const part of [
      'id="item-7"',
      "Which definitions can",
      "<strong>drift</strong> said",
      "<dt>true</dt>",
      "again: <code>",
    ]) {
      expect(html).toContain(part);
    }
    expect(comparedItemHtml({ ...first, item: { ...first.item, by: ["people"] } }, [], 1)).toContain("<dd>people</dd>");
    expect(listComparedItems(empty, "zod")).toEqual([]);
  });

  test("a kind of item has the category that its score has", () => {
    expect(categoriesOfKinds(store, DRIFT, "zod").get("callback")).toBe("call-graph");
  });
});

test("every category has words and a question, also one that is not known here", () => {
  const item = { callee: null, syntax: "pair", place: "a.ts:1:2" };
  expect(questionOf("call-graph", { ...item, callee: "f" })).toBe(
    "Which definitions can the call of f at a.ts:1:2 reach?",
  );
  expect(questionOf("causal-reasoning", item)).toContain("Of the two changes");
  expect(questionOf("causal-reasoning", { ...item, syntax: "negate-condition" })).toContain(
    '"negate-condition" is made',
  );
  expect(questionOf("data-flow", { ...item, syntax: "harm" })).toContain("at a.ts:1:2 do harm");
  expect(questionOf("negative-knowledge", { ...item, syntax: "dead" })).toBe(
    "Which functions of the file does nothing need?",
  );
  expect(questionOf("token-efficiency", { ...item, syntax: "callers", callee: "f" })).toBe(
    "Which lines of other files call f? (a.ts:1:2)",
  );
  expect(questionOf("iterative-refinement", { ...item, syntax: "callees", callee: "f" })).toContain("calls in f at");
  expect(questionOf("human-agreement", item)).toBe("Agreement with human judgement: pair at a.ts:1:2");
  expect(questionOf("negative-knowledge", { ...item, syntax: "constructor" })).toBe("Negative knowledge: a.ts:1:2");
  expect(titleOf("new-one")).toBe("new-one");
  expect(wordsOf("toString")).toEqual({
    item: "item",
    items: "items",
    raw: "raw",
    rawTitle: "Raw",
    nothing: "nothing",
  });
});

test("the search finds tools, corpora, categories, items and pages by parts of their names", () => {
  const pages = [
    { title: "From answers to scores", text: "The floor is the highest expectation.", path: "/method/scores/" },
  ];
  const entries = searchEntries(store, path.join(folder, "no-corpora"), pages);
  const index = MiniSearch.loadJSON<SearchEntry>(searchIndex(entries), SEARCH_OPTIONS);
  const find = (query: string): string[] => index.search(query).map((hit) => String(hit["path"]));
  expect(find("drift")).toContain("/tools/drift/");
  expect(find("find-my-way")[0]).toBe("/corpora/find-my-way/");
  expect(find("causal")[0]).toBe("/leaderboard/causal-reasoning/");
  expect(find("floor expectation")).toEqual(["/method/scores/"]);
  expect(find("parse zod").some((target) => /^\/corpora\/zod\/items\/#item-\d+$/.test(target))).toBe(true);
  expect(find("zzzzqqqq")).toEqual([]);
});

test("the feeds hold the convicted commits, newest first, and are whole without any", () => {
  const rss = rssFeed(store, "https://drift.example");
  expect(rss.match(/<item>/g)).toHaveLength(2);
  expect(rss).toContain("<link>https://drift.example/performance/history/</link>");
  expect(rss.indexOf("untriaged")).toBeLessThan(rss.indexOf("accepted"));
  const { items } = JSON.parse(jsonFeed(store, ""));
  expect(items[0]).toMatchObject({ content_text: expect.stringContaining("[") });
  expect(JSON.parse(jsonFeed(empty, "")).items).toEqual([]);
  expect(siteOrigin({ DRIFT_SITE_URL: "https://drift.example//" })).toBe("https://drift.example");
  expect(siteOrigin({})).toBe("http://127.0.0.1:4321");
});

test("a forest chart has a row per figure in two widths, and says what is not measured", () => {
  const rows = [
    { label: "zod", group: "real", value: 0.5, low: 0.4, high: 0.6 },
    { label: "<b>", group: "real", value: null, low: null, high: null },
  ];
  const { wide, narrow } = forestChart(rows, "macro-F1", { id: "f", title: "t", description: "d" });
  for (const svg of [wide, narrow]) {
    expect(svg.match(/<circle/g)).toHaveLength(1);
    for (const part of ["0.500", "not measured", "&lt;b&gt;", "macro-F1"]) expect(svg).toContain(part);
  }
  expect(wide).toContain('id="f-wide-title"');
});

test("a name that looks like a file of the site gets an address of its own", () => {
  expect(segmentOf("index.html")).toMatch(/^index-html-[0-9a-f]{8}$/);
});
