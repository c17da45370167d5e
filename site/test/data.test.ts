import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLeaderboard } from "../src/data/board.ts";
import { listCorpora } from "../src/data/corpora.ts";
import { boardsOfCategory, PLANNED_CATEGORIES } from "../src/data/categories.ts";
import { levelPoints } from "../src/data/levels.ts";
import { itemsGzip, leaderboardJson, runJson, samplesJson } from "../src/data/downloads.ts";
import {
  countOutcomes,
  listItems,
  listRunsWithEvidence,
  listsOf,
  OUTCOMES,
  PAGE_SIZE,
  pagesEach,
  paginate,
  plannedPages,
  planPages,
} from "../src/data/evidence.ts";
import { pagedRuns } from "../src/data/paged-runs.ts";
import { Store } from "../src/data/open.ts";
import { listMeasurements, listSamples, listTestbeds } from "../src/data/performance.ts";
import { describeEnvironment, listEnvironments, listRuns } from "../src/data/runs.ts";
import { listCategoryScores, listCorpusScores, listStratumScores } from "../src/data/scores.ts";
import { dataFiles } from "../src/data/site.ts";
import { gunzipSync } from "node:zlib";
import { emptyStore, insert, seedStore, SUITE_HASH } from "./seed.ts";

const DRIFT = "cibench-drift-20261123T120000Z-1a2b3c4d";
const GREP = "cibench-grep-20261123T120500Z-2b3c4d5e";
const OLD = "cibench-drift-20261121T090000Z-0ld";

const folder = mkdtempSync(path.join(os.tmpdir(), "drift-data-"));
const file = path.join(folder, "history.db");
let store: Store;

beforeAll(() => {
  const db = emptyStore(file);
  seedStore(db, { items: 120 });
  db.close();
  store = Store.open(file);
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A store of its own for a test that changes it. */
function changed(name: string, change: (db: Database.Database) => void): Store {
  const copy = path.join(folder, `${name}.db`);
  const db = emptyStore(copy);
  seedStore(db, { items: 11 });
  change(db);
  db.close();
  return Store.open(copy);
}

describe("the store", () => {
  test("a file that does not exist is an empty store", () => {
    const empty = Store.open(path.join(folder, "none.db"));
    expect(listRuns(empty)).toEqual([]);
    expect(readLeaderboard(empty)).toEqual({ boards: [], totals: [] });
    empty.close();
  });

  test("a database without tables is an empty store", () => {
    const bare = path.join(folder, "bare.db");
    new Database(bare).close();
    expect(listTestbeds(Store.open(bare))).toEqual([]);
  });

  test.each([
    ["a file that is no database", "this is no database, but text that is long enough to be read as a header"],
    ["a foreign database", null],
  ])("%s is refused with the command that mends it", (_, content) => {
    const foreign = path.join(folder, "foreign.db");
    rmSync(foreign, { force: true });
    if (content === null) new Database(foreign).exec("CREATE TABLE song (title TEXT)").close();
    else writeFileSync(foreign, content.repeat(100));
    expect(() => Store.open(foreign)).toThrow(
      expect.objectContaining({ code: "STORE_UNREADABLE", exitCode: 3, hint: expect.stringContaining("rebuild") }),
    );
  });

  test("cannot be written through", () => {
    expect(() => store.rows(expect.anything() as never, "DELETE FROM run")).toThrow(/cannot be read/);
    expect(listRuns(store)).toHaveLength(9);
  });

  test("a row of another shape is refused, not guessed at", () => {
    const odd = changed("odd", (db) => {
      db.prepare("UPDATE item SET must = '[1]' WHERE run_id = ?").run(DRIFT);
    });
    expect(() => listItems(odd, DRIFT, "zod")).toThrow(/a row is not what this version of Drift writes/);
  });
});

describe("the leaderboard", () => {
  test("shows each tool's newest run, real before synthetic, self-checks apart", () => {
    const { boards } = readLeaderboard(store);
    expect(boards.map(({ kind }) => kind)).toEqual(["real", "synthetic"]);
    for (const board of boards) {
      expect(board.contestants.map(({ run }) => run.id)).toEqual([DRIFT, GREP]);
      expect(board.selfChecks.map(({ run }) => run.tool)).toEqual(["gold", "null"]);
      expect(board.selfChecks.every(({ rank }) => rank === null)).toBe(true);
    }
    expect(boards[0]?.corpora).toEqual(["find-my-way", "zod"]);
    expect(boards[1]?.corpora).toEqual(["calls"]);
  });

  test("takes figures, ranks and paired tests from the store unchanged", () => {
    const [real, synthetic] = readLeaderboard(store).boards;
    const [drift, grep] = real?.contestants ?? [];
    expect(drift?.score.raw).toEqual({ value: 0.83, low: 0.83 - 0.0312, high: 0.83 + 0.0287, n: 2 });
    expect([drift?.rank?.rank, grep?.rank?.rank]).toEqual([1, 2]);
    expect(synthetic?.contestants.map(({ rank }) => rank?.rank)).toEqual([1, 1]);
    expect(real?.pairs).toMatchObject([{ toolA: "drift", toolB: "grep", difference: 0.3714, separated: true }]);
  });

  test("a total is counted of 90 until level 4 has data, then of 100", () => {
    expect(readLeaderboard(store).totals.map(({ run, possible }) => [run.tool, possible])).toEqual([
      ["drift", 90],
      ["grep", 90],
    ]);
    const complete = changed("level-four", (db) => {
      db.prepare("UPDATE score SET state = 'scored', kind = 'real', score = 0.5, raw = 0.5 WHERE level = 4").run();
    });
    expect(readLeaderboard(complete).totals[0]?.possible).toBe(100);
  });

  test("the levels of a run add up to its total; what is unsupported is measured, and 0", () => {
    for (const { run } of readLeaderboard(store).totals) {
      const levels = levelPoints(store, run.id);
      expect(levels.reduce((total, { points }) => total + (points ?? 0), 0)).toBeCloseTo(run.points ?? NaN, 9);
      expect(levels.map(({ measured, planned }) => [measured, planned])).toEqual([
        [10, 30],
        [0, 35],
        [0, 25],
        [0, 10],
      ]);
    }
    const unable = changed("unable", (db) => {
      db.prepare(
        "UPDATE score SET state = 'unsupported', kind = NULL, score = NULL WHERE run_id = ? AND kind = 'real'",
      ).run(GREP);
      db.prepare("DELETE FROM score WHERE run_id = ? AND kind = 'synthetic'").run(GREP);
    });
    expect(levelPoints(unable, GREP)[0]).toEqual({ level: 1, points: 0, measured: 10, planned: 30 });
  });

  test("a later run without network does not empty the board of real code", () => {
    const offline = changed("offline", (db) => {
      const row = db.prepare("SELECT * FROM run WHERE id = ?").get(DRIFT) as Record<string, string | number | null>;
      const id = "cibench-drift-20261123T130000Z-0ff";
      insert(db, "run", {
        ...row,
        id,
        suite_hash: "77".repeat(32),
        started_at: "2026-11-23T13:00:00.000Z",
        points: null,
      });
      const score = db.prepare("SELECT * FROM score WHERE run_id = ? AND kind = 'synthetic'").get(DRIFT);
      insert(db, "score", { ...(score as Record<string, string | number | null>), run_id: id });
    });
    const { boards, totals } = readLeaderboard(offline);
    expect(boards.map(({ kind, suiteHash }) => [kind, suiteHash])).toEqual([
      ["real", SUITE_HASH],
      ["synthetic", "77".repeat(32)],
    ]);
    expect(totals.map(({ run }) => run.id)).toEqual([DRIFT, GREP]);
  });

  test("a tool that could not run stays on the board, without a figure", () => {
    const broken = changed("broken", (db) => {
      db.prepare(
        `UPDATE score SET state = 'not-run', reason = 'rg is not installed', score = NULL, raw = NULL
         WHERE run_id = ? AND kind = 'real'`,
      ).run(GREP);
      db.prepare("UPDATE rank SET rank = NULL, reason = 'it has no score' WHERE run_id = ? AND kind = 'real'").run(
        GREP,
      );
    });
    const row = readLeaderboard(broken).boards[0]?.contestants[1];
    expect(row?.score).toMatchObject({ state: "not-run", reason: "rg is not installed", raw: { value: null } });
    expect(row?.rank).toEqual({ runId: GREP, rank: null, reason: "it has no score" });
  });

  test("a tool that cannot answer a category is told apart from one that was not asked", () => {
    const asked = changed("unsupported", (db) => {
      const set = db.prepare(
        "UPDATE score SET state = ?, kind = ?, score = ? WHERE run_id = ? AND category = 'data-flow'",
      );
      set.run("scored", "real", 0.5, DRIFT);
      set.run("unsupported", null, null, GREP);
    });
    const board = readLeaderboard(asked).boards.find(({ category }) => category === "data-flow");
    expect(board?.contestants.map(({ run }) => run.tool)).toEqual(["drift"]);
    expect(board?.unsupported.map(({ tool }) => tool)).toEqual(["grep"]);
    const calls = readLeaderboard(asked).boards.find(({ category }) => category === "call-graph");
    expect(calls?.unsupported).toEqual([]);
  });

  test("without stored ranks it orders by score, then by name", () => {
    const unranked = changed("unranked", (db) => {
      db.exec("DELETE FROM pair_comparison; DELETE FROM rank");
      db.prepare("UPDATE score SET score = 0.5 WHERE kind = 'synthetic'").run();
    });
    const [real, synthetic] = readLeaderboard(unranked).boards;
    expect(real?.contestants.map(({ run, rank }) => [run.tool, rank])).toEqual([
      ["drift", null],
      ["grep", null],
    ]);
    expect(synthetic?.selfChecks.map(({ run }) => run.tool)).toEqual(["gold", "null"]);
    expect(real?.pairs).toEqual([]);
  });
});

test("the planned categories are the benchmark's own, 100 points in all, and those that runs name", () => {
  const source = readFileSync(new URL("../../cibench/src/schema/task.ts", import.meta.url), "utf8");
  const own = [...source.matchAll(/"([a-z-]+)": \{ level: (\d), weight: (\d+), title: "([^"]+)" \}/g)].map(
    ([, id, level, weight, title]) => ({ id, title, level: Number(level), weight: Number(weight) }),
  );
  expect(PLANNED_CATEGORIES).toEqual(own);
  const named = listCategoryScores(store, DRIFT).map(({ category, title, level, weight }) => ({
    id: category,
    title,
    level,
    weight,
  }));
  for (const category of PLANNED_CATEGORIES) expect(named).toContainEqual(category);
  expect(PLANNED_CATEGORIES.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  const { boards } = readLeaderboard(store);
  expect(boardsOfCategory(boards, "call-graph").map(({ kind }) => kind)).toEqual(["real", "synthetic"]);
  expect(boardsOfCategory(boards, "data-flow")).toEqual([]);
});

describe("figures of a run", () => {
  test("a corpus without a trace has no trace recall, one without predictions no precision", () => {
    const drift = listCorpusScores(store, DRIFT);
    expect(drift.map(({ corpus, traceRecall }) => [corpus, traceRecall === null])).toEqual([
      ["find-my-way", false],
      ["zod", false],
      ["calls", true],
    ]);
    const nothing = listCorpusScores(store, "cibench-null-20261123T120800Z-4d5e6f70");
    expect(nothing[0]?.precision).toEqual({ value: null, low: null, high: null, n: 0 });
  });

  test("kinds of call site keep their stored order", () => {
    const strata = listStratumScores(store, DRIFT).filter(({ corpus }) => corpus === "zod");
    expect(strata.map(({ stratum }) => stratum).slice(0, 3)).toEqual(["direct", "imported", "method"]);
    expect(strata[1]).toMatchObject({ sites: 1370, truePositives: 860, f1: 0.83 - 0.05 });
  });
});

describe("items", () => {
  test("come wrong first, then by kind of site and place", () => {
    const items = listItems(store, DRIFT, "zod");
    const order = items.map(({ outcome }) => OUTCOMES.indexOf(outcome));
    expect(items).toHaveLength(120);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(items[0]).toMatchObject({ outcome: "wrong", predicted: ["parse (src/a.ts:3)"], by: ["compiler", "trace"] });
  });

  test("every item is in the list of all, of its outcome, of its kind and of both", () => {
    const items = listItems(store, DRIFT, "zod");
    const lists = new Map(listsOf(items).map((list) => [list.key, list.items.length]));
    const counts = countOutcomes(store, DRIFT).filter(({ corpus }) => corpus === "zod");
    expect(lists.get("all")).toBe(120);
    for (const { stratum, outcome, count } of counts) expect(lists.get(`${outcome}.${stratum}`)).toBe(count);
    for (const outcome of new Set(counts.map((count) => count.outcome))) {
      const sum = counts.filter((count) => count.outcome === outcome).reduce((total, { count }) => total + count, 0);
      expect(lists.get(outcome)).toBe(sum);
    }
  });

  test("pages hold a hundred items, up to the limit", () => {
    const [item] = listItems(store, DRIFT, "zod");
    const many = Array.from({ length: 1_234 }, () => item).filter((one) => one !== undefined);
    expect(paginate(many, 5).map(({ items }) => items.length)).toEqual(Array(5).fill(PAGE_SIZE));
    expect(
      paginate(many, 20)
        .map(({ items }) => items.length)
        .at(-1),
    ).toBe(34);
    expect(paginate([], 5)).toEqual([]);
  });

  test("the pages of lists are planned: every list before the second page of one, wrong before right, large before small", () => {
    const counts = [
      { stratum: "direct", outcome: "right" as const, count: 900 },
      { stratum: "direct", outcome: "wrong" as const, count: 150 },
      { stratum: "method", outcome: "wrong" as const, count: 40 },
    ];
    expect([...planPages(counts, 2)]).toEqual([
      ["all", 1],
      ["wrong", 1],
    ]);
    expect([...planPages(counts, 4).keys()]).toEqual(["all", "wrong", "wrong.direct", "wrong.method"]);
    const all = planPages(counts, 1_000);
    expect(Object.fromEntries(all)).toEqual({
      ...{ all: 5, wrong: 2, right: 5, direct: 5, method: 1 },
      ...{ "wrong.direct": 2, "wrong.method": 1, "right.direct": 5 },
    });
    expect(planPages(counts, 0).size).toBe(0);
  });

  test("however many runs and corpora there are, each has two pages; few have many", () => {
    expect(pagesEach(store)).toBe(150);
    expect(plannedPages(store, DRIFT, "zod").get("all")).toBe(2);
    expect(pagesEach(Store.open(path.join(folder, "none.db")))).toBe(0);
  });

  test("only runs on a board get item pages", () => {
    const ids = listRunsWithEvidence(store).map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(ids).not.toContain(OLD);
    const withoutItems = changed("no-items", (db) => {
      db.prepare("DELETE FROM item WHERE run_id = ?").run(GREP);
    });
    expect(listRunsWithEvidence(withoutItems).map(({ id }) => id)).not.toContain(GREP);
  });
});

describe("timings", () => {
  test("each testbed is a series of its own, the one measured last first", () => {
    const [here, there] = listTestbeds(store);
    expect(here?.newestRuns.map(({ id }) => id)).toEqual(["bench-drift-20261123T121000Z-cc"]);
    expect(here?.notRun).toEqual([{ runner: "criterion", reason: "cargo is not installed" }]);
    expect(there?.environmentId).toBe("ffeeddccbbaa9988");
    const parse = here?.series.find(({ caseId }) => caseId === "engine/parse/zod");
    expect(parse?.points.map(({ run }) => run.startedAt.slice(0, 10))).toEqual([
      "2026-11-21",
      "2026-11-22",
      "2026-11-23",
    ]);
    expect(there?.series.every(({ points }) => points.length === 1)).toBe(true);
  });

  test("a run of another suite hides no figures of the first", () => {
    const other = changed("other-suite", (db) => {
      const row = db.prepare("SELECT * FROM run WHERE id = 'bench-drift-20261121T090000Z-aa'").get();
      insert(db, "run", {
        ...(row as Record<string, string | number | null>),
        id: "bench-other",
        suite_hash: "f".repeat(64),
        started_at: "2026-12-01T09:00:00.000Z",
      });
    });
    const here = listTestbeds(other).find(({ newestRuns }) => newestRuns.some(({ id }) => id === "bench-other"));
    expect(here?.newestRuns.map(({ id }) => id)).toEqual(["bench-other", "bench-drift-20261123T121000Z-cc"]);
    expect(here?.measurements).toEqual(listMeasurements(other, "bench-drift-20261123T121000Z-cc"));
  });

  test("samples keep the order in which they were taken", () => {
    const [first] = listSamples(store, "bench-drift-20261121T090000Z-aa");
    expect(first?.samples.map((value) => Math.round(value))).toEqual([20_544, 21_400, 23_326]);
    expect(listMeasurements(store, "bench-drift-20261121T090000Z-aa")[0]).toMatchObject({ metric: "wall", unit: "ns" });
  });
});

describe("runs with pages", () => {
  test("are the newest ones and every older one that another page links to", () => {
    const ids = pagedRuns(store, 1).map(({ id }) => id);
    expect(ids).toHaveLength(8);
    expect(ids).not.toContain(OLD);
    expect(pagedRuns(store, 100)).toEqual(listRuns(store));
  });

  test("a long history is cut, and says of how many", () => {
    const long = changed("long", (db) => {
      const row = db.prepare("SELECT * FROM run WHERE id = 'bench-drift-20261121T090000Z-aa'").get();
      for (let day = 1; day <= 40; day += 1) {
        const at = new Date(Date.UTC(2026, 0, day, 9)).toISOString();
        insert(db, "run", {
          ...(row as Record<string, string | number | null>),
          id: `bench-old-${day}`,
          started_at: at,
        });
      }
    });
    const [here] = listTestbeds(long);
    expect([here?.runs.length, here?.runCount]).toEqual([30, 43]);
    expect(here?.runs.at(-1)).toEqual(here?.newestRuns[0]);
    expect(pagedRuns(long, 1).length).toBe(4 + 30 + 1);
  });
});

test("a corpus is described by the newest run that used it", () => {
  const corpora = listCorpora(store);
  expect(corpora.map(({ facts, run }) => [facts.corpus, run.id])).toEqual([
    ["find-my-way", DRIFT],
    ["zod", DRIFT],
    ["calls", DRIFT],
  ]);
  expect(corpora[1]?.oracles.map(({ kind, notRun }) => [kind, notRun])).toEqual([
    ["compiler", null],
    ["trace", "2 of 40 test files need a network"],
  ]);
  expect(corpora[1]?.score?.unknownShare).toBe(0.187);
});

test("a testbed is described in one line, with what could not be read", () => {
  const environment = listEnvironments(store).get("00112233445566aa");
  expect(environment && describeEnvironment(environment)).toBe(
    "AMD EPYC 7763 64-Core Processor, 2 cores, x64, 8 GiB of memory; linux Debian GNU/Linux 12, kernel 6.8.0; Node 24.21.0; rustc 1.95.0; frequency governor not readable",
  );
  expect(environment && describeEnvironment({ ...environment, rustcVersion: null, governor: "performance" })).toMatch(
    /Node 24.21.0; frequency governor performance$/,
  );
});

describe("downloads", () => {
  test("hold the stored figures unrounded", () => {
    const board = JSON.parse(leaderboardJson(store));
    expect(board.boards[0].contestants[0].score.score.value).toBe((0.83 - 0.121) / (1 - 0.121));
    const [drift] = listRuns(store).filter(({ id }) => id === DRIFT);
    const run = JSON.parse(runJson(store, drift as never));
    expect(run).toMatchObject({ run: { id: DRIFT }, environment: { cores: 2 }, measurements: [] });
    expect(run.baselines.slice(0, 3).map(({ name }: { name: string }) => name)).toEqual([
      "constant",
      "shuffled gold",
      "null",
    ]);
    expect(run.oracles).toHaveLength(5);
  });

  test("a run's levels, second interval, languages, tasks and cost are in its JSON; null where an old report has none", () => {
    const jsonOf = (id: string) => JSON.parse(runJson(store, listRuns(store).find((run) => run.id === id) as never));
    const [now, old] = [jsonOf(DRIFT), jsonOf(OLD)];
    const scored = ({ scores }: { scores: { state: string }[] }) => scores.find(({ state }) => state === "scored");
    expect(now.levels.map(({ level }: { level: number }) => level)).toEqual([1, 0]);
    expect(now.levels[1].newCorpora).toMatchObject({ value: null, n: 2, reason: "too few corpora (call graph)" });
    expect(now.run.languages).toEqual(["javascript", "there is no task for it yet"]);
    expect(scored(now)).toMatchObject({ newCorpora: { n: 5 }, inLanguagesRead: { corpora: ["zod"], floor: 0.143 } });
    expect(now.tasks).toHaveLength(3);
    expect(now.corpusCosts[0]).toMatchObject({ corpus: "calls", peakBytes: 734_003_200, peakOf: "process" });
    expect(now.costs.map(({ kind }: { kind: string }) => kind)).toEqual(["all", "real", "synthetic"]);
    expect(old).toMatchObject({ levels: [], run: { languages: null, intervals: "percentile" } });
    expect(scored(old)).toMatchObject({ newCorpora: null, inLanguagesRead: null });
    expect(old.costs[0]).toMatchObject({ peakBytes: null, peakOf: null, tokens: null });
    const totals = JSON.parse(leaderboardJson(store)).totals;
    expect(totals[0]).toMatchObject({ levels: [{ level: 1 }, { level: 0 }], costs: [{ kind: "all" }, {}, {}] });
  });

  test("every item has a line with the raw answer; equal items give equal bytes", () => {
    const [drift] = listRuns(store).filter(({ id }) => id === DRIFT);
    const bytes = itemsGzip(store, drift as never);
    const lines = gunzipSync(bytes)
      .toString("utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(132);
    expect(lines[0].answer).toMatchObject({ status: "certain", targets: [] });
    expect(Buffer.from(itemsGzip(store, drift as never)).equals(Buffer.from(bytes))).toBe(true);
  });

  test("an item without an answer says null", () => {
    const silent = changed("silent", (db) => {
      db.prepare("UPDATE item SET answer = NULL, status = 'unanswered' WHERE run_id = ?").run(DRIFT);
    });
    const [drift] = listRuns(silent).filter(({ id }) => id === DRIFT);
    expect(gunzipSync(itemsGzip(silent, drift as never)).toString("utf8")).toContain('"answer":null');
  });

  test("a bench run gives every sample", () => {
    const [bench] = listRuns(store).filter(({ suite }) => suite === "bench");
    const { runId, measurements } = JSON.parse(samplesJson(store, bench as never));
    expect(runId).toBe("bench-drift-20261123T121000Z-cc");
    expect(measurements.map(({ samples }: { samples: number[] }) => samples.length)).toEqual([3, 3, 3, 3, 3, 3]);
  });
});

test("the files of a build come from the environment, else lie beside the package", () => {
  expect(dataFiles({}, "/repo/site")).toEqual({ db: "/repo/results/history.db", corpora: "/repo/corpora" });
  expect(dataFiles({ DRIFT_RESULTS_DB: "/x/y.db", DRIFT_CORPORA_DIR: "c" }, "/repo/site")).toEqual({
    db: "/x/y.db",
    corpora: "/repo/site/c",
  });
});
