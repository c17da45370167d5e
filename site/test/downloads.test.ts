import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badgeSvg } from "../src/data/badge.ts";
import type { ComparedItem } from "../src/data/compared-items.ts";
import { leaderboardCsv } from "../src/data/downloads.ts";
import type { Item } from "../src/data/evidence.ts";
import { cacheFolder, readExcerpt } from "../src/data/excerpt.ts";
import { comparedItemHtml } from "../src/data/item-html.ts";
import type { CorpusManifest } from "../src/data/manifests.ts";
import { Store } from "../src/data/open.ts";
import { listRuns } from "../src/data/runs.ts";
import { smallDatabase } from "../src/data/small-database.ts";
import { emptyStore, PLAIN_NAMES, seedStore } from "./seed.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "drift-downloads-"));
const file = path.join(folder, "history.db");

beforeAll(() => {
  const db = emptyStore(file);
  seedStore(db, { items: 12, names: { ...PLAIN_NAMES, tool: '=HYPERLINK("x"),y' } });
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the CSV has a row for each tool and board, quotes what needs it, and holds no formula", () => {
  const store = Store.open(file);
  const [head, ...rows] = leaderboardCsv(store).trimEnd().split("\r\n");
  store.close();
  expect(head).toMatch(
    /^kind,category,tool,.*,floor,run_id,new_corpora,.*,read_corpora,total_score,.*,peak_bytes,peak_of$/,
  );
  expect(rows).toHaveLength(8);
  expect(rows[0]).toMatch(/^real,call-graph,"'=HYPERLINK\(""x""\),y",0\.1\.0,contestant,1,scored,0\.8/);
  const columns = head?.split(",") ?? [];
  const cells = rows.map((row) => row.replace(/"(?:[^"]|"")*"/, "name").split(","));
  expect(cells.every(({ length }) => length === columns.length)).toBe(true);
  const cell = (row: number, column: string) => cells[row]?.[columns.indexOf(column)];
  expect([cell(0, "new_corpora_n"), cell(0, "read_corpora"), cell(0, "peak_of")]).toEqual(["5", "zod", "process"]);
  expect([cell(1, "tokens"), cell(1, "cost_usd"), cell(1, "read_score")]).toEqual(["24690", "0.0346", ""]);
  expect([cell(4, "new_corpora"), cell(4, "new_corpora_reason")]).toEqual(["", "too few corpora"]);
  expect(rows.some((row) => row.startsWith("=") || row.includes(",="))).toBe(false);
});

test("the database for download has every table and view, and the rows of all but the large ones", () => {
  const copy = path.join(folder, "small.db");
  writeFileSync(copy, smallDatabase(file));
  const [small, whole] = [copy, file].map((name) => new Database(name, { readonly: true }));
  if (small === undefined || whole === undefined) throw new Error("no database");
  const names = "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name";
  expect(small.prepare(names).all()).toEqual(whole.prepare(names).all());
  const count = (db: Database.Database, table: string): unknown =>
    db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get();
  for (const table of ["run", "score", "corpus_score", "stratum_score", "rank", "latest_run", "alert"]) {
    expect(count(small, table), table).toBe(count(whole, table));
  }
  expect([count(small, "item"), count(small, "sample")]).toEqual([0, 0]);
  expect(small.pragma("user_version")).toEqual(whole.pragma("user_version"));
  small.close();
  whole.close();
  expect(smallDatabase(path.join(folder, "none.db"))).toBeInstanceOf(Uint8Array);
});

test("a badge says the total and what it is of, or that there is none", () => {
  const store = Store.open(file);
  const [run] = listRuns(store);
  store.close();
  if (run === undefined) throw new Error("no run");
  expect(badgeSvg({ ...run, points: 9.03, measuredWeight: 25 })).toContain('aria-label="CIBench: 9.0 of 25"');
  expect(badgeSvg({ ...run, points: null })).toContain("not measured");
});

describe("an excerpt", () => {
  const manifest: CorpusManifest = {
    ...{ id: "tiny", version: "1:2", description: "", licence: "MIT", language: "javascript" },
    source: { type: "generator", trait: "calls", seed: 1, files: 1, sha256: "ab".repeat(32) },
  };
  const root = path.join(folder, "cache", "corpora", "tiny", `1_2-${"ab".repeat(6)}`);
  const cache = path.join(folder, "cache");

  beforeAll(() => {
    mkdirSync(path.join(root, "src"), { recursive: true });
    writeFileSync(path.join(root, "src/a.js"), "one\ntwo\r\n<three>\u202e\nfour\nfive\nsix");
    writeFileSync(path.join(root, "src/large.js"), "x".repeat(2_000_001));
    writeFileSync(path.join(folder, "secret"), "secret");
    symlinkSync(path.join(folder, "secret"), path.join(root, "link.js"));
  });

  test("holds the lines around the one in question, fewer at the ends of a file", () => {
    expect(readExcerpt(cache, manifest, { file: "src/a.js", line: 4 })).toEqual({
      first: 2,
      lines: ["two", "<three>\u202e", "four", "five", "six"],
    });
    expect(readExcerpt(cache, manifest, { file: "src/a.js", line: 1 })?.lines).toHaveLength(3);
    expect(readExcerpt(cache, manifest, { file: "src/a.js", line: 6 })).toEqual({
      first: 4,
      lines: ["four", "five", "six"],
    });
  });

  test("is not there for other licences, versions and files, nor for anything outside the corpus", () => {
    const at = { file: "src/a.js", line: 1 };
    expect(readExcerpt(cache, null, at)).toBeNull();
    expect(readExcerpt(cache, { ...manifest, licence: "GPL-3.0-only" }, at)).toBeNull();
    expect(readExcerpt(cache, { ...manifest, version: "2" }, at)).toBeNull();
    for (const name of ["src/none.js", "src", "src/large.js", "link.js", "../../../../secret", "/etc/passwd"]) {
      expect(readExcerpt(cache, manifest, { ...at, file: name }), name).toBeNull();
    }
    for (const line of [0, 7, Number.NaN]) expect(readExcerpt(cache, manifest, { ...at, line })).toBeNull();
  });

  test("stands below its question, escaped, with the line marked and long lines cut", () => {
    const item: Item = {
      ...{
        itemId: "1",
        corpus: "tiny",
        file: "src/a.js",
        line: 3,
        column: 1,
        callee: "f",
        syntax: "call",
        stratum: "direct",
      },
      ...{ outcome: "wrong", truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0, tracedEdges: 0 },
      ...{ tracedFound: 0, status: "likely", predicted: [], must: [], may: [], by: [], answer: null },
    };
    const compared: ComparedItem = { category: "call-graph", item, answers: [{ tools: ["<b>"], item }] };
    const excerpt = readExcerpt(cache, manifest, item);
    const html = comparedItemHtml(compared, [], 1, {
      first: excerpt?.first ?? 0,
      lines: [...(excerpt?.lines ?? []), "y".repeat(1_000_000)],
    });
    expect(html).toContain('<span class="at"><span class="line">3</span>&lt;three&gt;⟨U+202E⟩\n</span>');
    expect(html).toContain("said nothing");
    expect(html.length).toBeLessThan(3_000);
    expect(html).not.toMatch(/<b>|\u202e/);
  });

  test("is looked for where the corpora are kept", () => {
    expect(cacheFolder({ DRIFT_CACHE_DIR: "/x" })).toBe("/x");
    expect(cacheFolder({})).toMatch(/drift/i);
  });
});
