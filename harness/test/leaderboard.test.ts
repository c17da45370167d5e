import { ItemRecord, Report } from "@drift/cibench";
import { describe, expect, test } from "vitest";
import { quantity, renderBenches, renderBoard } from "../src/leaderboard.ts";
import { openHistory } from "../src/store/publish.ts";
import { completeRun, type CompleteRun } from "../src/store/run-file.ts";
import { rankSuite } from "../src/store/rank.ts";
import { readBenches, readBoard } from "../src/store/read.ts";
import { recordRun } from "../src/store/write.ts";
import { benchRun, cibenchRun, NOW, temporaryResults } from "./fixtures.ts";

describe("the board", () => {
  test("shows every figure with its interval, self-checks as such, and what is missing with its weight", () => {
    const { paths, db } = opened();
    const runs = [cibenchRun(), cibenchRun({ tool: "gold", right: 10 }), cibenchRun({ tool: "grep", right: 0 })];
    for (const run of runs) recordRun(db, paths, run);
    rankSuite(db, paths, "a".repeat(64));
    const text = renderBoard(
      readBoard(
        db,
        runs.map(({ file }) => file.id),
      ),
    );
    expect(text).toMatch(/category\s+│\s+drift │\s+gold \(self-check\) │\s+grep │/);
    // Below its floor grep's score is signed in the store, and clipped on the board.
    expect(text).toMatch(/call graph, real\s+│\s+1\. 0\.778 \[0\.700, 0\.900\] │\s+1\.000 \[.*│\s+2\. 0\.000 \[/);
    expect(text).toMatch(/call graph, synthetic\s+│\s+not measured │/);
    expect(text).toMatch(/points measured\s+│\s+7\.78 of 10 │\s+10\.00 of 10 │\s+0\.00 of 10 │/);
    expect(text).toContain("tiny: 60 call sites, truth unknown for 25.0 %");
    expect(text).toMatch(/Agreement with human judgement\s+│\s+4\s+│\s+10/);
    expect(text).toContain("measured: 10 of 90 points");
    expect(text).toContain("no trace");
    db.close();
  });

  test("keeps categories apart, each with its own ranks and corpora", () => {
    const { paths, db } = opened();
    const runs = ["drift", "grep"].map((tool) => withChanges(cibenchRun({ tool, right: tool === "drift" ? 8 : 0 })));
    for (const run of runs) recordRun(db, paths, run);
    rankSuite(db, paths, "a".repeat(64));
    const board = readBoard(
      db,
      runs.map(({ file }) => file.id),
    );
    const text = renderBoard(board);
    expect(text).toMatch(
      /call graph, real .*\n.* call graph, synthetic .*\n.* causal reasoning, real .*\n.* points measured/,
    );
    expect(text).toContain("Causal reasoning, real corpora");
    expect(text).toContain("tiny: 60 items");
    expect(board.ranks.map(({ category, rank }) => `${category} ${rank}`)).toEqual([
      "call-graph 1",
      "causal-reasoning 1",
      "call-graph 2",
      "causal-reasoning 1",
    ]);
    expect(db.prepare("SELECT count(*) FROM run_corpus").pluck().get()).toBe(2);
    expect(db.prepare("SELECT count(*) FROM corpus_score").pluck().get()).toBe(4);
    db.close();
  });

  test("a category below its floor is shown as 0 and takes no points away", () => {
    const { paths, db } = opened();
    const run = withChanges(cibenchRun(), -0.4);
    recordRun(db, paths, run);
    expect(renderBoard(readBoard(db, [run.file.id]))).toMatch(/ drift [^]* 0\.778 [^]* 0\.000 [^]*7\.78 of 25/);
    expect(db.prepare("SELECT min(score) FROM score").pluck().get()).toBe(-0.4);
    db.close();
  });

  test("the total has both intervals where its report has them, and cost says whose memory it is and what a model took", () => {
    const { paths, db } = opened();
    const runs = [cibenchRun({ report: "new" }), cibenchRun({ tool: "grep" })];
    for (const run of runs) recordRun(db, paths, run);
    const ids = runs.map(({ file }) => file.id);
    const text = renderBoard(readBoard(db, ids));
    expect(text).toMatch(/total, signed\s+│\s+-0\.200 │\s+not stored │/);
    expect(text).toMatch(/total, for new corpora\s+│\s+too few corpora \(call graph\) │\s+not stored │/);
    expect(text).toMatch(
      /all corpora\s+│ drift │\s+13\.00 ms │.*70 │\s+4\.883 KiB \(process\) │\s+42 tokens, 0\.2500 US dollars/,
    );
    expect(text).toMatch(/synthetic corpora\s+│ drift │.*│\s+12 tokens, money not stated/);
    expect(text).toMatch(/all corpora\s+│ grep\s+│\s+5\.000 ms │.*not measured │\s+none asked/);
    expect(renderBoard(readBoard(db, ids.slice(1)))).not.toContain("total");
    db.close();
  });

  test("a tool that did not run has no score", () => {
    const { paths, db } = opened();
    const run = cibenchRun({ notRun: true });
    recordRun(db, paths, run);
    const text = renderBoard(readBoard(db, [run.file.id]));
    expect(text).toMatch(/drift[^]*not run[^]*not measured/);
    expect(text).toContain("measured: 0 of 90 points");
    db.close();
  });
});

/** The same run with a second category, on the same corpus, in which every tool does equally well, or has this score. */
function withChanges({ file, rawText }: CompleteRun, value?: number): CompleteRun {
  if (file.suite !== "cibench") throw new Error("no scores to add to");
  const { report, raw: _raw, id: _id, ...rest } = file;
  const category = "causal-reasoning" as const;
  const added = rawText
    .split("\n")
    .filter(Boolean)
    .map((line) => ItemRecord.parse(JSON.parse(line)))
    .map(({ outcome }) => ({
      outcome: {
        ...outcome,
        category,
        itemId: `${outcome.itemId} drop-await`,
        stratum: "test-break",
        outcome: "right",
      },
      answer: null,
    }));
  const lines = rawText + added.map((line) => `${JSON.stringify(line)}\n`).join("");
  const scores: unknown[] = report.scores
    .filter((score) => score.state === "scored")
    .map((score) => ({ ...score, category, ...(value !== undefined && { score: { ...score.score, value } }) }));
  const corpora: unknown[] = report.corpora.map((manifest) => ({ ...manifest, category }));
  const both = {
    ...report,
    measuredWeight: report.measuredWeight + 15,
    notMeasured: report.notMeasured.filter((missing) => missing.category !== category),
    scores: [...report.scores, ...scores],
    corpora: [...report.corpora, ...corpora],
  };
  return completeRun({ ...rest, suite: "cibench", report: Report.parse(both) }, lines);
}

describe("benches", () => {
  test("show medians, intervals and ratios, and what did not run", () => {
    const { paths, db } = opened();
    const run = benchRun({ notRun: true });
    recordRun(db, paths, run);
    const text = renderBenches(readBenches(db, run.file.id));
    expect(text).toMatch(/index\/whole\/tiny.*drift.*2\.000 ms \[1\.000 ms, 3\.000 ms\]/);
    expect(text).toMatch(/drift index 2\.000 ms.*ast-grep scan 4\.000 ms.*0\.5000 \[0\.4000, 0\.6000\]/);
    expect(text).toContain("not measured: criterion benches (no compiler)");
    db.close();
  });

  test.each([
    [12, "ns", "12.00 ns"],
    [1500, "ns", "1.500 µs"],
    [2.5e9, "ns", "2.500 s"],
    [512, "bytes", "512.0 B"],
    [3 * 1024 ** 2, "bytes", "3.000 MiB"],
    [182848, "count", "182,848"],
  ] as const)("%d %s reads %s", (value, unit, text) => {
    expect(quantity(value, unit)).toBe(text);
  });
});

function opened(): { paths: ReturnType<typeof temporaryResults>; db: ReturnType<typeof openHistory>["db"] } {
  const paths = temporaryResults();
  return { paths, db: openHistory(paths, { now: NOW }).db };
}
