import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { figureProblems } from "../src/check/figures.ts";
import { readBuiltSite } from "../src/check/pages.ts";
import { Store } from "../src/data/open.ts";
import { formatChange, formatQuantity, formatShare } from "../src/format.ts";
import { gateRecord } from "./gate-record.ts";
import { historyCommit, type Names, PLAIN_NAMES } from "./seed.ts";
import { buildTestSite, row, type TestSite, words } from "./site.ts";

const DRIFT = "cibench-drift-20261123T120000Z-1a2b3c4d";
const OLD = "cibench-drift-20261121T090000Z-0ld";
const BENCH = "bench-drift-20261123T121000Z-cc";

const htmlFiles = (dist: string): string[] =>
  readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));

describe("a site with results", () => {
  let site: TestSite;
  let db: Database.Database;
  beforeAll(async () => {
    site = await buildTestSite({ items: 240 }, { "long/prove.json": JSON.stringify(gateRecord()) });
    db = new Database(site.db, { readonly: true });
  });
  afterAll(() => {
    db.close();
    site.remove();
  });

  test("the board shows the stored rank, score, macro-F1 and floor with intervals", () => {
    const home = site.page("/leaderboard/call-graph/");
    const stored = db.prepare("SELECT * FROM score WHERE run_id = ? AND kind = 'real'").get(DRIFT) as Record<
      string,
      number
    >;
    const shown = (column: string): string =>
      `${formatShare(stored[column] ?? null)} [${formatShare(stored[`${column}_low`] ?? null)}, ${formatShare(stored[`${column}_high`] ?? null)}]`;
    expect(row(home, "Call graph on real code: scores", "drift")).toEqual([
      "1",
      shown("score"),
      shown("raw"),
      "0.121 constant",
      `${shown("new_corpora")} over 5 corpora`,
      `${shown("read_score")} on 1 of 2 corpora, floor 0.143`,
      ...["not measured", "not measured"],
    ]);
    expect(row(home, "Call graph on real code: scores", "grep")[5]).toBe("languages not stated");
    expect(row(home, "Call graph on synthetic code: scores", "drift").slice(4, 6)).toEqual([
      "too few corpora",
      "does not read the one corpus",
    ]);
    expect(row(home, "Call graph on real code: scores", "grep")[0]).toBe("2");
    expect(row(home, "Call graph on synthetic code: scores", "drift")[0]).toBe("= 1");
    expect(row(home, "Call graph on synthetic code: scores", "grep")[0]).toBe("= 1");
  });

  test("self-checks stand apart, without a rank", () => {
    const home = site.page("/leaderboard/call-graph/");
    for (const tool of ["gold", "null"]) {
      const cell = [...home.querySelectorAll("tbody.self-check th")].find((th) => words(th).startsWith(tool));
      expect(cell).toBeDefined();
      expect(row(home, "Call graph on real code: scores", tool)[0]).toBe("–");
    }
    expect(words(home.querySelector("tbody.self-check .group-label"))).toContain("never ranked");
  });

  test("each corpus shows precision, recall, F1, macro-F1 and trace recall as stored", () => {
    const home = site.page("/corpora/zod/");
    const stored = db.prepare("SELECT * FROM corpus_score WHERE run_id = ? AND corpus = 'zod'").get(DRIFT) as Record<
      string,
      number
    >;
    const cells = row(home, "zod, call graph: precision and recall", "drift");
    for (const [index, column] of ["precision", "recall", "f1", "macro_f1", "trace_recall"].entries()) {
      expect(cells[index]).toContain(formatShare(stored[column] ?? null));
      expect(cells[index]).toContain(formatShare(stored[`${column}_low`] ?? null));
    }
    expect(row(site.page("/corpora/calls/"), "calls, call graph: precision and recall", "drift")).toHaveLength(4);
    expect(words(home.querySelector("main"))).toContain("truth is unknown for 18.7 %");
  });

  test("a total is shown with its measured share", () => {
    expect(row(site.page("/"), "Tools, best total first", "drift")[0]).toBe("8.1 of 10 score 0.807 [0.766, 0.844]");
    expect(row(site.page("/leaderboard/"), "Tools on real code", "grep")[0]).toBe(
      "3.9 of 10 score 0.386 [0.345, 0.423]",
    );
  });

  test("levels and total have their stored score, and points that are those of the total, on the leaderboard", () => {
    expect(row(site.page("/leaderboard/"), "Scores and points by level", "drift")).toEqual([
      "0.807 [0.766, 0.844] 8.1 of 10 points",
      "0.807 [0.766, 0.844] 8.1 of 10 points",
      ...["not measured", "not measured", "not measured"],
    ]);
    const corpora = row(site.page("/leaderboard/"), "Call graph on real code: macro-F1 by corpus", "drift");
    expect(corpora).toEqual(
      row(site.page("/leaderboard/call-graph/"), "Call graph on real code: macro-F1 by corpus", "drift"),
    );
  });

  test("each page names the picture that is shown where it is linked to, and the picture is there", () => {
    const pictureOf = (address: string): string =>
      new URL(site.page(address).querySelector('meta[property="og:image"]')?.getAttribute("content") ?? "").pathname;
    expect([pictureOf("/"), pictureOf("/tools/drift/")]).toEqual(["/cards/site.png", "/cards/tool-drift.png"]);
    for (const address of site.addresses()) {
      const file = readFileSync(path.join(site.dist, pictureOf(address)));
      // The signature of PNG, then width and height in its first chunk.
      expect(file.subarray(1, 4).toString()).toBe("PNG");
      expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([1200, 630]);
    }
    expect(site.page("/tools/drift/").querySelector('meta[property="og:title"]')?.getAttribute("content")).toBe(
      "drift",
    );
  });

  test("what fresh code would show is said not to be measured", () => {
    expect(words(site.page("/leaderboard/fresh/").querySelector(".empty"))).toContain("Not measured.");
  });

  test("every planned category has a row, and what is not measured says so", () => {
    const table = [...site.page("/").querySelectorAll(".scroll")].at(-1);
    const states = [...(table?.querySelectorAll("tbody tr") ?? [])].map((tr) => words(tr.querySelectorAll("td")[1]));
    expect(states).toHaveLength(11);
    expect(states.filter((state) => state === "not measured")).toHaveLength(10);
    expect(states[1]).toBe("measured on real code and synthetic code");
  });

  test("every figure of the board links to its evidence", () => {
    const pages = ["/", "/leaderboard/", "/leaderboard/call-graph/", "/corpora/zod/"].map((address) =>
      site.page(address),
    );
    const figures = pages.flatMap((page) => [...page.querySelectorAll(".scroll .value")]);
    expect(figures.length).toBeGreaterThan(60);
    for (const figure of figures) expect(figure.getAttribute("href")).toMatch(/^\/(runs|leaderboard)\//);
  });

  test("a run page holds its manifest, its figures by kind of site, and the command that makes it again", () => {
    const page = site.page(`/runs/${DRIFT}/`);
    const text = words(page.querySelector("main"));
    for (const part of [
      DRIFT,
      "5e".repeat(32),
      "c0ffee",
      "with changes beside it",
      "AMD EPYC 7763",
      "TypeScript checker",
      "2 of 40 test files need a network",
    ]) {
      expect(text).toContain(part);
    }
    expect(words(page.querySelector("pre"))).toBe("npm run --silent cibench -- run --adapter drift --seed 1");
    expect(row(page, "zod, call graph: by kind of call site", "imported")).toEqual([
      "1 370",
      "860",
      "21",
      "80",
      "1",
      "0.780",
      "0.780",
      "0.780",
    ]);
    expect(row(page, "Trivial answers behind the floor", "shuffled gold")).toEqual(["0.091", "0.091"]);
  });

  test("a run page has both intervals of each category, level and the total, and says what each answers", () => {
    const page = site.page(`/runs/${DRIFT}/`);
    expect(row(page, "Levels and total", "1 Perception")).toEqual([
      "0.807 [0.766, 0.844]",
      "0.787 [0.497, 1.077] over 5 corpora",
      "10 of 30",
    ]);
    expect(row(page, "Levels and total", "Total").slice(1)).toEqual(["too few corpora (call graph)", "10 of 100"]);
    expect(row(page, "Scores by category", "Call graph").slice(0, 3)).toEqual([
      "0.807 [0.772, 0.841]",
      "0.795 [0.614, 0.976] over 5 corpora",
      "0.828 [0.796, 0.856] on 1 of 2 corpora, floor 0.143",
    ]);
    const text = words(page.querySelector("main"));
    expect(text).toContain("how much it owes to the files that happen to be in them");
    expect(text).toContain("how the tool would do on others like these, drawn anew");
    expect(text).toContain("It counts for no rank and no total");
  });

  test("an old report has neither levels, a second interval nor memory, and its page says so", () => {
    const page = site.page(`/runs/${OLD}/`);
    const text = words(page.querySelector("main"));
    expect(words(page.querySelector("#levels + .state"))).toMatch(/^not stored: /);
    expect(text).toContain("One for new corpora is not stored");
    expect(text).toContain("plain percentiles here");
    expect(text).toContain("In languages read: not stored");
    expect(text).toContain("Peak memory was not measured.");
    expect(row(page, "Scores by category", "Call graph")).toHaveLength(3);
  });

  test("cost is shown by corpus and in all, with whose memory it is and what a model took", () => {
    expect(row(site.page(`/runs/${DRIFT}/`), "Cost by corpus", "All 3 corpora")).toEqual([
      ...["720", "2.44 s", "126 ms", "700 MiB"],
    ]);
    expect(words(site.page(`/runs/${DRIFT}/`).querySelector("main"))).toContain("No model was asked");
    const grep = site.page("/runs/cibench-grep-20261123T120500Z-2b3c4d5e/");
    expect(row(grep, "Cost by corpus", "calls").at(-1)).toBe("12 345 tokens, 0.0173 US dollars");
    expect(words(grep.querySelector("main"))).toContain("of the tool alone is the greatest sum");
    expect(row(site.page("/leaderboard/"), "Tools on real code", "grep").slice(2, 6)).toEqual([
      ...["1.62 s", "83.8 ms", "700 MiB of the tool alone", "24 690 tokens, 0.0346 US dollars"],
    ]);
    expect(row(site.page("/leaderboard/"), "Tools on real code", "gold").slice(4, 6)).toEqual([
      ...["not measured", "no model was asked"],
    ]);
    const facts = words(site.page("/tools/drift/").querySelector("dl.facts"));
    expect(facts).toContain("Peak memory 700 MiB with the benchmark");
    expect(facts).toContain("Language model no model was asked");
    expect(facts).toContain("Languages read javascript, there is no task for it yet");
  });

  test("every figure of cost, levels and both intervals is marked with its place in the store", () => {
    const marks = (address: string): string =>
      [...site.page(address).querySelectorAll("[data-figure]")].map((el) => el.getAttribute("data-figure")).join(" ");
    for (const [address, places] of [
      [
        `/runs/${DRIFT}/`,
        ["score.new_corpora", "score.read_score", "level_score.new_corpora", "corpus_cost.peak_bytes"],
      ],
      ["/leaderboard/", ["level_score.score", "run_cost.index_ms", "run_cost.peak_bytes", "run_cost.cost_usd"]],
      ["/leaderboard/call-graph/", ["score.new_corpora", "score.read_score"]],
      ["/tools/drift/", ["level_score.score", "run_cost.answer_ms", "run_cost.peak_bytes", "score.read_score"]],
    ] as const) {
      for (const place of places) expect(marks(address), address).toContain(`${place}?`);
    }
    const store = Store.open(site.db);
    const { problems, figures } = figureProblems(readBuiltSite(site.dist), store);
    store.close();
    expect(problems).toEqual([]);
    expect(figures).toBeGreaterThan(300);
  });

  test("the call sites of a corpus are counted by kind and outcome, and each count opens its list", () => {
    const page = site.page(`/runs/${DRIFT}/zod/`);
    const counts = db
      .prepare("SELECT outcome, count(*) AS n FROM item WHERE run_id = ? AND corpus = 'zod' GROUP BY outcome")
      .all(DRIFT) as { outcome: string; n: number }[];
    for (const { outcome, n } of counts) {
      const cell = [...page.querySelectorAll(".matrix a")].find((a) =>
        a.getAttribute("href")?.endsWith(`/zod/${outcome}/1/`),
      );
      expect(words(cell)).toBe(String(n));
      const list = site.page(`/runs/${DRIFT}/zod/${outcome}/1/`);
      expect(list.querySelectorAll(".items > li")).toHaveLength(Math.min(n, 100));
      expect([...list.querySelectorAll(".outcome")].every((el) => words(el) === outcome)).toBe(true);
    }
    expect(words(site.page(`/runs/${DRIFT}/zod/all/1/`).querySelector(".items .outcome"))).toBe("wrong");
    expect(site.page(`/runs/${DRIFT}/zod/all/3/`).querySelectorAll(".items > li")).toHaveLength(40);
  });

  test("a run that is no longer on the board keeps its figures without item pages", () => {
    expect(words(site.page(`/runs/${OLD}/`).querySelector("main"))).toContain("it is not on the board");
    expect(existsSync(path.join(site.dist, "runs", OLD, "zod"))).toBe(false);
  });

  test("timings are shown as chart and as table, each computer by itself", () => {
    const page = site.page("/performance/");
    const stored = db
      .prepare("SELECT * FROM measurement WHERE run_id = ? AND case_id = 'engine/parse/zod'")
      .get(BENCH) as {
      median: number;
      median_low: number;
      median_high: number;
    };
    const cells = row(page, "Measurements on AMD EPYC 7763 64-Core Processor, 2 cores", "engine/parse/zod");
    expect(cells.slice(2, 4)).toEqual([
      formatQuantity(stored.median, "ns"),
      `${formatQuantity(stored.median_low, "ns")} to ${formatQuantity(stored.median_high, "ns")}`,
    ]);
    expect(page.querySelectorAll("section")).toHaveLength(2);
    expect(page.querySelectorAll("figure svg[role=img] title").length).toBeGreaterThan(6);
    expect(words(page.querySelector("main"))).toContain("Numbers from different computers are not compared");
    expect(row(page, "Ratios on AMD EPYC 7763 64-Core Processor, 2 cores", "index/wall/zod").slice(0, 2)).toEqual([
      "0.629",
      "0.611 to 0.652",
    ]);
  });

  test("the history shows what the store found: changes of level, and alerts with what people said", () => {
    const page = site.page("/performance/history/");
    const change = db.prepare("SELECT * FROM change_point").get() as { effect: number; commit_hash: string };
    expect(row(page, "Changes of level", "engine/index-ts").slice(0, 4)).toEqual([
      `${formatChange(change.effect)} worse`,
      "0.0006",
      historyCommit(19).slice(0, 10),
      change.commit_hash.slice(0, 10),
    ]);
    expect(row(page, "Open alerts", historyCommit(25).slice(0, 10))).toEqual([
      "nobody looked yet",
      "harness/interval: +4.2 % [+3.0 %, +5.3 %]",
      "2026-10-26 00:00 UTC",
      "–",
    ]);
    expect(row(page, "Closed alerts", historyCommit(12).slice(0, 10))).toEqual([
      "accepted: the new level is wanted",
      "engine/callers: −9.0 % [−10.2 %, −7.9 %]",
      "2026-10-13 00:00 UTC",
      "the index holds less",
    ]);
    const captions = [...page.querySelectorAll(".small-multiples figcaption")].map(words);
    expect(captions).toEqual(["engine/index-ts", "engine/callers", "harness/interval", "engine/reopen"]);
    const drawn = words(page.querySelector("figure svg desc"));
    expect(drawn).toBe(
      `Ratio to the reference build over 30 commits, oldest first, with 95 % interval. Marked: +17.8 % at ${change.commit_hash.slice(0, 10)}.`,
    );
    expect(words(page.querySelector("main"))).toContain(`Newest commit: ${historyCommit(29).slice(0, 10)}`);
  });

  test("a corpus shows its licence, pins, oracles and unknown share", () => {
    const text = words(site.page("/corpora/zod/").querySelector("main"));
    for (const part of [
      "MIT",
      "npm package zod 4.6.7",
      "Archive, sha256",
      "18.7 % of call sites",
      "TypeScript checker 6.0.3",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("the downloads hold the stored figures, and the page of data lists them", () => {
    const board = JSON.parse(site.text("data/leaderboard.json"));
    expect(board.boards[0].contestants[0].run.id).toBe(DRIFT);
    const items = gunzipSync(readFileSync(path.join(site.dist, "data/runs", DRIFT, "items.jsonl.gz"))).toString("utf8");
    expect(items.trimEnd().split("\n")).toHaveLength(252);
    const links = [...site.page("/data/").querySelectorAll("main a")].map((a) => a.getAttribute("href"));
    expect(links).toContain(`/data/runs/${BENCH}/samples.json`);
    expect(JSON.parse(site.text(`data/runs/${DRIFT}/run.json`)).run.seed).toBe(1);
    const history = JSON.parse(site.text("data/history.json"));
    expect(history.series[0]).toMatchObject({ caseId: "engine/callers", changes: [] });
    expect(history.series.map((series: { points: unknown[] }) => series.points.length)).toEqual([30, 30, 30, 1]);
    expect(history.alerts).toHaveLength(2);
  });

  test("every link and every fragment leads somewhere", () => {
    expect(site.addresses().flatMap((address) => brokenLinks(site, address))).toEqual([]);
  });

  test("no page is larger than 300 kB, has an inline script or style or an address elsewhere", () => {
    for (const file of htmlFiles(site.dist)) {
      expect(statSync(path.join(site.dist, file)).size, file).toBeLessThan(300_000);
      // The picture for links has to be named by its whole address.
      const html = site
        .text(file)
        .replace(/<meta property="og:image" content="http:\/\/127\.0\.0\.1:4321\/cards\/[^"]+">/, "");
      expect(html, file).toContain("Content-Security-Policy");
      expect(html, file).not.toMatch(
        /<script(?! src="\/theme\.js">| type="module" src="\/assets\/)|<style|\sstyle="|https?:\/\/(?!www\.w3\.org\/2000\/svg)/,
      );
    }
  });

  test("every page has one main heading, a title and a description, and no id twice", () => {
    for (const file of site.addresses()) {
      const page = site.page(file);
      expect(page.querySelectorAll("h1"), file).toHaveLength(1);
      expect(words(page.querySelector("title")), file).toMatch(/ · Drift$/);
      expect(page.querySelector('meta[name="description"]')?.getAttribute("content"), file).not.toBe("");
      const ids = [...page.querySelectorAll("[id]")].map((element) => element.id);
      expect(new Set(ids).size, file).toBe(ids.length);
    }
  });
});

/** Links of a page whose file, or whose fragment in that file, is not there. */
function brokenLinks(site: TestSite, address: string): string[] {
  const page = site.page(address);
  return [...page.querySelectorAll("a[href], link[href]")].flatMap((element) => {
    const href = element.getAttribute("href") ?? "";
    const url = new URL(href, `http://site${address}`);
    const file = path.join(site.dist, url.pathname.endsWith("/") ? `${url.pathname}index.html` : url.pathname);
    if (!existsSync(file)) return [`${address} -> ${href}`];
    if (url.hash === "") return [];
    const target = url.pathname === address ? page : site.page(url.pathname);
    return target.querySelector(`[id="${url.hash.slice(1)}"]`) === null ? [`${address} -> ${href}`] : [];
  });
}

describe("a site without results", () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await buildTestSite(null);
  });
  afterAll(() => site.remove());

  test.each(["/", "/runs/", "/performance/", "/corpora/"])(
    "%s says that nothing was measured, and how to measure",
    (address) => {
      const page = site.page(address);
      expect(words(page.querySelector(".empty"))).toContain("Not measured.");
      expect(words(page.querySelector(".empty pre"))).toBe("npm start");
      expect(page.querySelectorAll(".figure .value")).toHaveLength(0);
    },
  );

  test("the history says that nothing was recorded, and which command records", () => {
    const page = site.page("/performance/history/");
    expect(words(page.querySelector(".empty"))).toContain("Not recorded.");
    expect(words(page.querySelector(".empty pre"))).toContain("npm run drift-bench -- history record");
    expect(page.querySelectorAll("table, svg")).toHaveLength(0);
  });

  test("the gate's record says that it was not measured, and which command measures", () => {
    const page = site.page("/performance/gate/");
    expect(words(page.querySelector(".empty"))).toContain("Not measured.");
    expect(words(page.querySelector(".empty pre"))).toBe("npm run long:prove");
  });

  test("every category says that it is not measured", () => {
    const states = [...site.page("/").querySelectorAll("table .state")].map(words);
    expect(states).toEqual(Array(11).fill("not measured"));
  });

  test("the method is there all the same", () => {
    expect(words(site.page("/method/scores/").querySelector("main"))).toContain("score = (raw − floor) / (1 − floor)");
    expect(JSON.parse(site.text("data/leaderboard.json"))).toEqual({ schemaVersion: 1, boards: [], totals: [] });
  });
});

describe("a site over hostile names", () => {
  const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
  const names: Names = {
    ...PLAIN_NAMES,
    tool: `${script}${"x".repeat(5_000)}`,
    version: `1.0 ${script}`,
    corpus: `../../../${script}`,
    callee: `\u202e${script}`,
    file: `src/../../${script}/${"y".repeat(5_000)}.ts`,
    target: `${"z".repeat(5_000)}${script} (a.ts:1)`,
    reason: `${script}${"w".repeat(5_000)}`,
  };
  let site: TestSite;
  beforeAll(async () => {
    site = await buildTestSite({ names, items: 30 }, { "long/prove.json": JSON.stringify(gateRecord(names.callee)) });
  });
  afterAll(() => site.remove());

  test("no markup of theirs reaches a page", () => {
    for (const file of htmlFiles(site.dist)) {
      const html = site.text(file);
      const own = ':not([src="/theme.js"]):not([src^="/assets/"])';
      expect(site.page(`/${file}`).querySelectorAll(`script${own}, img, [onerror], [src]${own}`), file).toHaveLength(0);
      expect(html.includes("\u202e"), file).toBe(false);
      expect(html.length, file).toBeLessThan(300_000);
    }
  });

  test("what a report says at length is cut: why there is no interval, languages, names of corpora", () => {
    const page = site.page(`/runs/${DRIFT}/`);
    const reason = row(page, "Levels and total", "Total")[1] ?? "";
    expect(reason).toMatch(/^"><script>alert\(1\)<\/script>.*w…$/);
    expect(reason).toHaveLength(80);
    const note = [...page.querySelectorAll(".note")].map(words).find((text) => text.startsWith("In languages read"));
    expect(note?.length).toBeLessThan(400);
    const corpora = [...page.querySelectorAll('.scroll[aria-label="Cost by corpus"] tbody th')].map(words);
    expect(Math.max(...corpora.map(({ length }) => length))).toBe(40);
  });

  test("their pages lie within the site, and every link to them holds", () => {
    expect(site.addresses().flatMap((address) => brokenLinks(site, address))).toEqual([]);
    expect(readdirSync(site.folder).toSorted()).toEqual(["dist", "history.db", "long"]);
  });
});
