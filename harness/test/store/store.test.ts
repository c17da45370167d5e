import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Report, terminalReport } from "@drift/cibench";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { migrate, MIGRATIONS, openStore, openStoreForReading, type Store } from "../../src/store/open.ts";
import { openHistory, publishRun, rebuildStore } from "../../src/store/publish.ts";
import { findCurrentRun, listRuns, readBenches, readBoard, readSamples } from "../../src/store/read.ts";
import {
  completeRun,
  type CompleteRun,
  readRawLines,
  readRunFile,
  type ResultPaths,
  sha256,
} from "../../src/store/run-file.ts";
import { RUN_FILE_LIMIT_BYTES, RunFile } from "../../src/store/schema.ts";
import { insertRun, recordRun } from "../../src/store/write.ts";
import { benchRun, cibenchRun, NOW, temporaryResults } from "../fixtures.ts";

const AT = { now: NOW };

describe("migrations", () => {
  test.each(MIGRATIONS.map((step, index) => [step.name, index] as const))(
    "%s applies to the version before it and keeps its rows",
    (_, index) => {
      const db = new Database(":memory:");
      migrate(db, MIGRATIONS.slice(0, index));
      if (index > 0) insertEnvironmentRow(db);
      migrate(db, MIGRATIONS.slice(0, index + 1));
      expect(db.pragma("user_version", { simple: true })).toBe(index + 1);
      expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
      expect(db.prepare("SELECT count(*) FROM environment").pluck().get()).toBe(index > 0 ? 1 : 0);
      db.close();
    },
  );

  test("runs of a store from before there were tasks are read again from their files, once; without a file they stay", () => {
    const paths = temporaryResults();
    const { db } = openHistory(paths, AT);
    const [kept, published, gone] = [
      cibenchRun({ report: "new" }),
      cibenchRun({ report: "new", tool: "grep" }),
      cibenchRun({ report: "new", tool: "imports" }),
    ];
    for (const run of [kept, published, gone]) recordRun(db, paths, run);
    publishRun(db, paths, published.file.id);
    for (const run of [published, gone]) rmSync(join(paths.local, `${run.file.id}.json`));
    db.close();
    backToVersion5(paths.db);
    const again = openHistory(paths, AT);
    expect(again.imported).toEqual([kept.file.id, published.file.id]);
    const rows = (sql: string): unknown[] => again.db.prepare(sql).pluck().all();
    expect(rows("SELECT DISTINCT run_id FROM level_score ORDER BY 1")).toEqual([kept.file.id, published.file.id]);
    expect(rows("SELECT subject_name FROM run ORDER BY 1")).toEqual(["drift", "grep", "imports"]);
    expect(rows("SELECT published_path IS NOT NULL FROM run ORDER BY subject_name")).toEqual([0, 1, 0]);
    expect(rows("SELECT count(*) FROM item")).toEqual([180]);
    expect(rows("SELECT count(*) FROM rank")).toEqual([2]);
    again.db.close();
    const third = openHistory(paths, AT);
    expect(third.imported).toEqual([]);
    third.db.close();
  });

  test("every table is strict", () => {
    const { db } = openStore(temporaryResults().db, AT);
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose.pluck().all()).toEqual([]);
    db.close();
  });

  test("a store of a newer Drift is refused, not overwritten", () => {
    const { db: file } = temporaryResults();
    const { db } = openStore(file, AT);
    db.pragma("user_version = 99");
    db.close();
    expect(() => openStore(file, AT)).toThrow(expect.objectContaining({ code: "STORE_NEWER" }));
    expect(existsSync(file)).toBe(true);
  });
});

describe("a file that is not the store", () => {
  test.each([
    [
      "text",
      (file: string) => writeFileSync(file, "this is no database, it is a text that somebody left here".repeat(40)),
    ],
    ["another program's database", (file: string) => foreignDatabase(file)],
    ["a store with a page overwritten", (file: string) => corruptStore(file)],
  ])("%s is moved aside and the store is rebuilt from the run files", (_, damage) => {
    const paths = temporaryResults();
    const before = openHistory(paths, AT);
    recordRun(before.db, paths, cibenchRun());
    before.db.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(paths.db + suffix, { force: true });
    damage(paths.db);
    const { db, movedAside, imported } = openHistory(paths, AT);
    expect(movedAside).toMatch(/^history\.db\.aside-/);
    expect(existsSync(join(dirname(paths.db), String(movedAside)))).toBe(true);
    expect(imported).toHaveLength(1);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    db.close();
  });

  test("an empty file becomes the store", () => {
    const paths = temporaryResults();
    mkdirSync(dirname(paths.db), { recursive: true });
    writeFileSync(paths.db, "");
    const { db, movedAside } = openStore(paths.db, AT);
    expect(movedAside).toBeNull();
    db.close();
  });

  test("reading a store that does not exist says what makes one", () => {
    expect(() => openStoreForReading(temporaryResults().db)).toThrow(
      expect.objectContaining({ code: "STORE_MISSING" }),
    );
  });
});

describe("recording", () => {
  test("a run is a small file, a raw file named by its hash, and rows that say the same", () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    recordRun(db, paths, run);
    const stored = readRunFile(join(paths.local, `${run.file.id}.json`));
    expect(stored.file).toEqual(run.file);
    expect(statSync(join(paths.local, `${run.file.id}.json`)).size).toBeLessThanOrEqual(RUN_FILE_LIMIT_BYTES);
    expect(sha256(readRawLines(paths, run.file.raw.sha256) ?? "")).toBe(run.file.raw.sha256);
    const board = readBoard(db, [run.file.id]);
    expect(board.corpora).toMatchObject([
      { corpus: "tiny", f1: { value: 0.8 }, traceRecall: { value: null }, unknownShare: 0.25 },
    ]);
    expect(board.runs).toMatchObject([{ tool: "drift", measuredWeight: 10 }]);
    expect(board.runs[0]?.points).toBeCloseTo((10 * 0.7) / 0.9, 10);
    expect(db.prepare("SELECT count(*) FROM item WHERE outcome = 'right'").pluck().get()).toBe(48);
    expect(db.prepare("SELECT count(*) FROM item WHERE answer IS NULL").pluck().get()).toBe(12);
  });

  test("the three states of a category stay apart, and what has no row is not measured", () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    recordRun(db, paths, run);
    const states = db
      .prepare<[], { category: string; state: string }>("SELECT category, state FROM score ORDER BY category")
      .all();
    expect(states).toEqual([
      { category: "call-graph", state: "scored" },
      { category: "data-flow", state: "not-measured" },
      { category: "human-agreement", state: "not-measured" },
      { category: "token-efficiency", state: "unsupported" },
    ]);
  });

  test("what a report says beside its scores is stored: both intervals, levels, languages, and each task", () => {
    const { paths, db } = opened();
    const run = cibenchRun({ report: "new" });
    recordRun(db, paths, run);
    const [score] = db.prepare("SELECT * FROM score WHERE category = 'call-graph'").all();
    expect(score).toMatchObject({
      ...{ new_corpora: 0.65, new_corpora_low: 0.2, new_corpora_high: 1.1, new_corpora_n: 5, new_corpora_reason: null },
      ...{ read_corpora: '["tiny"]', read_raw: 0.9, read_floor: 0.2, read_floor_by: "constant", read_score: 0.875 },
      ...{ read_score_low: 0.75, read_score_high: 1, read_score_n: 1 },
    });
    expect(db.prepare("SELECT languages, intervals FROM run").get()).toEqual({
      ...{ languages: '["typescript"]', intervals: "expanded" },
    });
    const board = readBoard(db, [run.file.id]);
    expect(board.levels).toMatchObject([
      { level: 1, weight: 30, measuredWeight: 10, score: { value: 0.7 }, newCorpora: { value: 0.65, corpora: 5 } },
      {
        level: 0,
        score: { value: -0.2, low: null },
        newCorpora: { value: null, reason: "too few corpora (call graph)" },
      },
    ]);
    expect(board.categories.find(({ category }) => category === "call-graph")?.newCorpora).toEqual({
      ...{ value: 0.65, low: 0.2, high: 1.1, corpora: 5, reason: null },
    });
    const tasks = db.prepare("SELECT corpus, category, items, index_ms, unanswered FROM run_task ORDER BY 1, 2").all();
    expect(tasks).toEqual([
      { corpus: "made", category: "data-flow", items: 3, index_ms: 4, unanswered: 3 },
      { corpus: "made", category: "token-efficiency", items: 11, index_ms: null, unanswered: null },
      { corpus: "tiny", category: "call-graph", items: 60, index_ms: 5, unanswered: 3 },
      { corpus: "tiny", category: "data-flow", items: 7, index_ms: 9, unanswered: 3 },
    ]);
  });

  test("cost counts the longest preparation of a corpus and the greatest memory, and adds up the rest", () => {
    const { paths, db } = opened();
    const run = cibenchRun({ report: "new" });
    recordRun(db, paths, run);
    const tiny = {
      items: 67,
      index_ms: 9,
      answer_ms: 3,
      tokens: 30,
      cost_usd: 0.25,
      peak_bytes: 2_000,
      peak_of: "tool",
    };
    const made = {
      items: 3,
      index_ms: 4,
      answer_ms: 8,
      tokens: 12,
      cost_usd: null,
      peak_bytes: 5_000,
      peak_of: "process",
    };
    expect(db.prepare("SELECT * FROM corpus_cost ORDER BY corpus").all()).toEqual([
      { run_id: run.file.id, corpus: "made", ...made },
      { run_id: run.file.id, corpus: "tiny", ...tiny },
    ]);
    const row = { run_id: run.file.id, corpora: 1 };
    expect(db.prepare("SELECT * FROM run_cost ORDER BY kind").all()).toEqual([
      {
        ...{ ...row, kind: "all", corpora: 2, items: 70, index_ms: 13, answer_ms: 11, tokens: 42, cost_usd: 0.25 },
        ...{ peak_bytes: 5_000, peak_of: "process" },
      },
      { ...row, kind: "real", ...tiny },
      { ...row, kind: "synthetic", ...made },
    ]);
    // The same as the report that people read.
    if (run.file.suite !== "cibench") throw new Error("no report");
    const shown = terminalReport([{ ...run.file.report, notMeasured: [] }])
      .split("\n")
      .find((line) => /drift\s.*\sall\s/.test(line));
    expect(shown).toMatch(/13 ms.*11 ms.*70.*42.*0\.2500.*\(process\)/);
  });

  test("an older report leaves what it does not say empty, and has a cost of time all the same", () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    recordRun(db, paths, run);
    const columns = "new_corpora, new_corpora_n, new_corpora_reason, read_corpora, read_score";
    expect(Object.values(db.prepare(`SELECT ${columns} FROM score WHERE state = 'scored'`).get() as object)).toEqual(
      Array(5).fill(null),
    );
    expect(db.prepare("SELECT languages, intervals FROM run").get()).toEqual({
      languages: null,
      intervals: "percentile",
    });
    const board = readBoard(db, [run.file.id]);
    expect(board.levels).toEqual([]);
    expect(board.categories.map(({ newCorpora }) => newCorpora)).toEqual(Array(4).fill(null));
    expect(board.costs.map(({ kind, indexMs, tokens, peakBytes }) => [kind, indexMs, tokens, peakBytes])).toEqual([
      ["all", 5, null, null],
      ["real", 5, null, null],
    ]);
  });

  test("a tool that reads none of the languages is told from one that does not say what it reads", () => {
    const { db } = opened();
    const text = cibenchRun({ report: "new" }).text.replace(
      /"inLanguagesRead": \{[^]*?\n {4}\}/,
      '"inLanguagesRead": null',
    );
    const file = RunFile.parse(JSON.parse(text));
    insertRun(db, { file, text, rawText: null, publishedPath: null });
    expect(db.prepare("SELECT read_corpora, read_score FROM score WHERE state = 'scored'").get()).toEqual({
      ...{ read_corpora: "[]", read_score: null },
    });
  });

  test("a run that ran nowhere has tasks and no cost", () => {
    const { paths, db } = opened();
    recordRun(db, paths, cibenchRun({ notRun: true }));
    expect(db.prepare("SELECT not_run, index_ms FROM run_task").all()).toEqual([
      { not_run: "it crashed", index_ms: null },
    ]);
    expect(db.prepare("SELECT count(*) FROM run_cost").pluck().get()).toBe(0);
  });

  test("reasons and names of corpora of any length and with any character are kept as they are", () => {
    const { db } = opened();
    const name = `"'); DROP TABLE run; --\u202e${"x".repeat(5_000)}`;
    const { file } = cibenchRun({ report: "new" });
    if (file.suite !== "cibench") throw new Error("no report");
    const report = Report.parse({
      ...file.report,
      levels: file.report.levels?.map((one) => ({ ...one, newCorpora: { ...one.newCorpora, reason: name } })),
      corpora: file.report.corpora.map((one) => ({ ...one, id: `${one.id}${name}` })),
      scores: [],
    });
    insertRun(db, { file: { ...file, report }, text: "", rawText: null, publishedPath: null });
    expect(db.prepare("SELECT new_corpora_reason FROM level_score").pluck().all()).toEqual([name, name]);
    expect(db.prepare("SELECT corpus FROM corpus_cost ORDER BY corpus").pluck().all()).toEqual([
      `made${name}`,
      `tiny${name}`,
    ]);
  });

  test("samples are kept in the order they were taken", () => {
    const { paths, db } = opened();
    const run = benchRun();
    recordRun(db, paths, run);
    const key = { runId: run.file.id, caseId: "index/whole/tiny", tool: "drift", metric: "wall" };
    expect(readSamples(db, key)).toEqual([3e6, 1e6, 2e6]);
    expect(readBenches(db, run.file.id)).toMatchObject({
      measurements: [
        { tool: "ast-grep", median: 4e6 },
        { tool: "drift", median: 2e6, sampleCount: 3 },
      ],
      ratios: [{ name: "index/wall/tiny", value: 0.5 }],
      notRun: [],
    });
  });

  test("a run that fails half way leaves no row behind", () => {
    const { db } = opened();
    const run = cibenchRun();
    const broken = { ...run, rawText: `${run.rawText}${run.rawText}`, publishedPath: null };
    expect(() => insertRun(db, broken)).toThrow(/is a second one about/);
    expect(db.prepare("SELECT count(*) FROM run").pluck().get()).toBe(0);
    expect(db.prepare("SELECT count(*) FROM item").pluck().get()).toBe(0);
  });

  test("a crash between files and rows is mended by the next opening", () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    const crash = (): never => {
      throw new Error("killed");
    };
    expect(() => recordRun(db, paths, run, { filesWritten: crash })).toThrow("killed");
    expect(listRuns(db)).toEqual([]);
    db.close();
    const again = openHistory(paths, AT);
    expect(again.imported).toEqual([run.file.id]);
    expect(readBoard(again.db, [run.file.id]).corpora).toHaveLength(1);
    again.db.close();
  });

  test("a run is found by its inputs while nothing later took its place", () => {
    const { paths, db } = opened();
    const run = cibenchRun({ inputs: "one" });
    recordRun(db, paths, run);
    recordRun(db, paths, cibenchRun({ inputs: "other", tool: "grep", startedAt: "2026-11-24T12:00:00.000Z" }));
    expect(findCurrentRun(db, sha256("one"))).toEqual({ id: run.file.id, startedAt: NOW.toISOString() });
    recordRun(db, paths, cibenchRun({ inputs: "two", startedAt: "2026-11-24T12:00:00.000Z" }));
    expect(findCurrentRun(db, sha256("one"))).toBeNull();
  });

  test("a run in which something failed is measured again", () => {
    const { paths, db } = opened();
    recordRun(db, paths, cibenchRun({ inputs: "two", notRun: true }));
    recordRun(db, paths, benchRun({ inputs: "three", notRun: true }));
    expect(findCurrentRun(db, sha256("two"))).toBeNull();
    expect(findCurrentRun(db, sha256("three"))).toBeNull();
    expect(findCurrentRun(db, sha256("three"), { leftOut: ["criterion"] })).not.toBeNull();
  });

  test("only the newest run of a tool and published ones keep their items in the store", () => {
    const { paths, db } = opened();
    const [first, second, third] = [1, 2, 3].map((day) =>
      cibenchRun({ right: day, startedAt: `2026-11-0${day}T12:00:00.000Z` }),
    ) as [CompleteRun, CompleteRun, CompleteRun];
    const withItems = (): unknown[] => db.prepare("SELECT DISTINCT run_id FROM item ORDER BY run_id").pluck().all();
    for (const run of [first, second, third]) recordRun(db, paths, run);
    expect(withItems()).toEqual([third.file.id]);
    publishRun(db, paths, first.file.id);
    expect(withItems()).toEqual([first.file.id, third.file.id].toSorted());
    expect(db.prepare("SELECT count(*) FROM corpus_score").pluck().get()).toBe(3);
  });

  test("a run file that would be too large by its indentation has none", () => {
    const { file, rawText } = cibenchRun();
    if (file.suite !== "cibench") throw new Error("a cibench run was asked for");
    const [manifest] = file.report.corpora;
    const corpora = Array.from({ length: 300 }, () => manifest as NonNullable<typeof manifest>);
    const { environment, commit, engineVersion, loadAverage, inputSha256 } = file;
    const draft = { suite: "cibench" as const, environment, commit, engineVersion, loadAverage, inputSha256 };
    const text = (count: number): string =>
      completeRun({ ...draft, report: { ...file.report, corpora: corpora.slice(0, count) } }, rawText).text;
    expect([text(1).split("\n").length > 50, text(300).split("\n").length]).toEqual([true, 2]);
    expect(RunFile.parse(JSON.parse(text(300)))).toMatchObject({ suite: "cibench" });
  });

  test("a run file above its limit is refused", () => {
    const { file, rawText } = cibenchRun();
    if (file.suite !== "cibench") throw new Error("a cibench run was asked for");
    const report = { ...file.report, reproduce: "x".repeat(RUN_FILE_LIMIT_BYTES) };
    const { environment, commit, engineVersion, loadAverage, inputSha256 } = file;
    expect(() =>
      completeRun({ suite: "cibench", report, environment, commit, engineVersion, loadAverage, inputSha256 }, rawText),
    ).toThrow(expect.objectContaining({ code: "RUN_FILE_TOO_LARGE" }));
  });
});

describe("publishing", () => {
  test("copies file and raw lines once, and again changes nothing", () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    recordRun(db, paths, run);
    const published = publishRun(db, paths, run.file.id);
    expect(published).toEqual({
      file: "published/cibench/2026-11-23-cccccccccccc-drift.json",
      raw: `raw/${run.file.raw.sha256}.jsonl.gz`,
      removed: [],
    });
    expect(readFileSync(join(dirname(paths.db), published.file), "utf8")).toBe(run.text);
    expect(publishRun(db, paths, run.file.id)).toEqual(published);
    expect(listRuns(db)[0]?.publishedPath).toBe("cibench/2026-11-23-cccccccccccc-drift.json");
  });

  test("another run of the same tool, day and commit is refused and the file stays", () => {
    const { paths, db } = opened();
    const [first, second] = [cibenchRun(), cibenchRun({ startedAt: "2026-11-23T13:00:00.000Z" })];
    for (const run of [first, second]) recordRun(db, paths, run);
    const { file } = publishRun(db, paths, first.file.id);
    expect(() => publishRun(db, paths, second.file.id)).toThrow(
      expect.objectContaining({ code: "PUBLISHED_IMMUTABLE" }),
    );
    expect(readFileSync(join(dirname(paths.db), file), "utf8")).toBe(first.text);
  });

  test.each([{ dirty: true }, { commit: null }])("a run that no commit can repeat is refused: %o", (features) => {
    const { paths, db } = opened();
    const run = cibenchRun(features);
    recordRun(db, paths, run);
    expect(() => publishRun(db, paths, run.file.id)).toThrow(expect.objectContaining({ code: "RUN_NOT_REPRODUCIBLE" }));
    expect(existsSync(paths.published)).toBe(false);
  });

  test("a run on corpora that may be tuned on is refused", () => {
    const { paths, db } = opened();
    const run = cibenchRun({ split: "fit" });
    recordRun(db, paths, run);
    expect(() => publishRun(db, paths, run.file.id)).toThrow(expect.objectContaining({ code: "RUN_ON_FIT" }));
  });

  test("only the newest run of a tool keeps its raw lines in the repository", () => {
    const { paths, db } = opened();
    const older = cibenchRun({ right: 7 });
    const newer = cibenchRun({ right: 9, commit: "d".repeat(40), startedAt: "2026-11-24T12:00:00.000Z" });
    const other = cibenchRun({ tool: "grep", right: 3 });
    for (const run of [older, newer, other]) recordRun(db, paths, run);
    publishRun(db, paths, older.file.id);
    publishRun(db, paths, other.file.id);
    const { removed } = publishRun(db, paths, newer.file.id);
    expect(removed).toEqual([`raw/${older.file.raw.sha256}.jsonl.gz`]);
    expect(readdirSync(paths.raw).toSorted()).toEqual(
      [newer, other].map((run) => `${run.file.raw.sha256}.jsonl.gz`).toSorted(),
    );
  });

  test("two suites of benches at one commit have files of their own, and each keeps its raw lines", () => {
    const { paths, db } = opened();
    const runs = [benchRun(), benchRun({ label: "other" })];
    for (const run of runs) recordRun(db, paths, run);
    const published = runs.map((run) => publishRun(db, paths, run.file.id));
    expect(new Set(published.map(({ file }) => file)).size).toBe(2);
    expect(published.flatMap(({ removed }) => removed)).toEqual([]);
    expect(readdirSync(paths.raw)).toHaveLength(2);
  });

  test("a run that does not exist is named in the error", () => {
    const { paths, db } = opened();
    expect(() => publishRun(db, paths, "cibench-none")).toThrow(expect.objectContaining({ code: "RUN_UNKNOWN" }));
  });
});

describe("rebuilding", () => {
  test("gives the same answer to every query after the database was deleted", async () => {
    const paths = temporaryResults();
    const { db } = openHistory(paths, AT);
    const runs = [
      cibenchRun({ right: 9 }),
      cibenchRun({ tool: "grep", right: 2 }),
      cibenchRun({ tool: "gold", right: 10 }),
      cibenchRun({ right: 5, startedAt: "2026-11-20T12:00:00.000Z", commit: "d".repeat(40) }),
      benchRun(),
    ];
    for (const run of runs) recordRun(db, paths, run);
    for (const run of runs.slice(0, 2)) publishRun(db, paths, run.file.id);
    db.close();
    expect((await rebuildStore(paths, AT)).runs).toBe(5);
    const before = everything(paths);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(paths.db + suffix, { force: true });
    expect((await rebuildStore(paths, AT)).runs).toBe(5);
    expect(everything(paths)).toEqual(before);
    expect(before["rank"]).toHaveLength(3);
    expect(before["pair_comparison"]).toMatchObject([{ separated: 1 }]);
  });

  test("equals what was written run by run", async () => {
    const paths = temporaryResults();
    const { db } = openHistory(paths, AT);
    for (const run of [benchRun(), cibenchRun()]) recordRun(db, paths, run);
    db.close();
    const { rank: _, pair_comparison: __, ...written } = everything(paths);
    await rebuildStore(paths, AT);
    expect(everything(paths)).toMatchObject(written);
  });

  test("needs only what is published", async () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    recordRun(db, paths, run);
    publishRun(db, paths, run.file.id);
    db.close();
    rmSync(paths.local, { recursive: true });
    expect((await rebuildStore(paths, AT)).runs).toBe(1);
    expect(everything(paths)["item"]).toHaveLength(60);
  });

  test("keeps figures of a run whose raw lines are elsewhere", async () => {
    const { paths, db } = opened();
    const run = benchRun();
    recordRun(db, paths, run);
    publishRun(db, paths, run.file.id);
    db.close();
    rmSync(paths.local, { recursive: true });
    rmSync(paths.raw, { recursive: true });
    await rebuildStore(paths, AT);
    const tables = everything(paths);
    expect(tables["measurement"]).toHaveLength(2);
    expect(tables["sample"]).toEqual([]);
  });

  test("leaves the old store when a run file is damaged", async () => {
    const { paths, db } = opened();
    recordRun(db, paths, cibenchRun());
    db.close();
    mkdirSync(join(paths.published, "cibench"), { recursive: true });
    writeFileSync(join(paths.published, "cibench/broken.json"), '{"schemaVersion": 1}');
    await expect(rebuildStore(paths, AT)).rejects.toMatchObject({ code: "RUN_FILE_INVALID" });
    expect(everything(paths)["run"]).toHaveLength(1);
    expect(readdirSync(dirname(paths.db)).filter((name) => name.includes("rebuild"))).toEqual([]);
  });

  test("says so when raw lines do not have their hash", async () => {
    const { paths, db } = opened();
    const run = cibenchRun();
    recordRun(db, paths, run);
    db.close();
    writeFileSync(join(paths.localRaw, `${run.file.raw.sha256}.jsonl.gz`), "not compressed");
    await expect(rebuildStore(paths, AT)).rejects.toMatchObject({ code: "RAW_FILE_INVALID" });
  });

  test.each([
    ["two answers about one item", (lines: string[]) => [...lines, lines[0]], /line \d+ .* is a second one about/],
    ["a line that is no item", (lines: string[]) => ["{}", ...lines], /line 1 .* is no item/],
    ["a line that is no JSON", (lines: string[]) => ["{", ...lines], /line 1 .* is no item/],
  ])("says which run has %s, and stores nothing of it", (_, damaged, message) => {
    const { paths, db } = opened();
    const { rawText, ...run } = cibenchRun();
    const broken = `${damaged(rawText.trimEnd().split("\n")).join("\n")}\n`;
    expect(() => recordRun(db, paths, { ...run, rawText: broken })).toThrow(message);
    expect(everything(paths)["run"]).toEqual([]);
  });
});

/** Brings a store back to version 5: what the sixth step made is taken away. */
function backToVersion5(file: string): void {
  const db = new Database(file);
  db.exec("DROP VIEW corpus_cost; DROP TABLE run_cost; DROP TABLE run_task; DROP TABLE level_score");
  for (const table of ["run", "score"]) {
    const columns = db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
    for (const column of columns.filter((name) => /^(languages|intervals|new_corpora.*|read_.*)$/.test(name))) {
      db.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  }
  db.pragma("user_version = 5");
  db.close();
}

function opened(): { paths: ResultPaths; db: Store } {
  const paths = temporaryResults();
  return { paths, db: openHistory(paths, AT).db };
}

/** Every row of every table, in a fixed order; a row's own number is left out, it only joins samples to their case. */
function everything({ db: file }: ResultPaths): Record<string, unknown[]> {
  const db = openStoreForReading(file);
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  const rows = Object.fromEntries(tables.map((table) => [table, rowsOf(db, table)]));
  db.close();
  return rows;
}

function rowsOf(db: Store, table: string): unknown[] {
  const sql =
    table === "sample"
      ? "SELECT run_id, case_id, tool, metric, ordinal, value FROM sample JOIN measurement ON measurement.id = measurement_id"
      : `SELECT * FROM ${table}`;
  const rows = db.prepare<[], Record<string, unknown>>(sql).all();
  return rows
    .map(({ id, ...row }) => JSON.stringify(table === "measurement" ? row : { id, ...row }))
    .toSorted()
    .map((row): unknown => JSON.parse(row));
}

function insertEnvironmentRow(db: Store): void {
  db.exec(
    `INSERT INTO environment (id, cpu_model, cores, memory_bytes, architecture, os, kernel, node_version)
     VALUES ('e', 'cpu', 2, 1, 'x64', 'linux', '6', '24')`,
  );
}

function foreignDatabase(file: string): void {
  const db = new Database(file);
  db.exec("CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES ('x')");
  db.close();
}

function corruptStore(file: string): void {
  const { db } = openStore(file, AT);
  const run: CompleteRun = cibenchRun();
  insertRun(db, { ...run, publishedPath: null });
  db.pragma("journal_mode = DELETE");
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4096 * 2, 4096 * 12);
  writeFileSync(file, bytes);
}
