/** Scores that are gated, from runs that CIBench's own scorer judged. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GATE_DEFAULTS } from "../../../src/gate/gate.ts";
import { GateReport } from "../../../src/gate/schema.ts";
import { evidenceOf } from "../../../src/gate/scores/compare-runs.ts";
import { decideScores } from "../../../src/gate/scores/decide-scores.ts";
import { acceptedReasons, KeepList, withAccepted, withKept } from "../../../src/gate/scores/keep-list.ts";
import { type ReadRun, readScoreRun } from "../../../src/gate/scores/read-run.ts";
import { temporaryFolder } from "../../fixtures.ts";
import { driftBench } from "../in-process.ts";
import { tinyRepository } from "../tiny-repository.ts";
import { itemsOf, scoreRun } from "./score-runs.ts";

const ITEMS = [...itemsOf("aa"), ...itemsOf("bbb")];
const NONE = KeepList.parse({});

const runs = new Map<string, Promise<ReadRun>>();
/** A run that is silent about the items. */
function run(wrong: readonly string[], corpora?: readonly string[]): Promise<ReadRun> {
  const key = JSON.stringify([wrong, corpora]);
  const known = runs.get(key) ?? scoreRun(wrong, corpora).then(readScoreRun);
  runs.set(key, known);
  return known;
}

async function decide(
  base: readonly (readonly string[])[],
  head: readonly (readonly string[])[],
  list: KeepList = NONE,
) {
  const [before, after] = await Promise.all([base, head].map((side) => Promise.all(side.map((one) => run(one)))));
  const evidence = evidenceOf("scores/told", before as ReadRun[], after as ReadRun[], list);
  const [decision] = decideScores([evidence], GATE_DEFAULTS);
  return { evidence, decision: decision as NonNullable<typeof decision> };
}

const twice = <T>(one: T): [T, T] => [one, one];

describe("scores of a deterministic subject", () => {
  test("are unchanged when every answer is", async () => {
    const { evidence, decision } = await decide(twice([]), twice([]));
    expect(decision).toMatchObject({ verdict: "unchanged", subject: "deterministic", reason: null });
    expect(decision.categories).toMatchObject([{ category: "call-graph/real", base: 1, head: 1, change: 0 }]);
    expect([evidence.lost.count, evidence.won.count]).toEqual([0, 0]);
    expect(evidence.compared).toBe(ITEMS.length);
  });

  test("are red beyond 0.3 points, and name the items", async () => {
    const lost = ITEMS.slice(0, 8);
    const { evidence, decision } = await decide(twice([]), twice(lost));
    expect(decision.verdict).toBe("regressed");
    expect(evidence.lost.listed.map(({ item }) => item).toSorted()).toEqual(lost.toSorted());
    const better = await decide(twice(lost), twice([]));
    expect(better.decision.verdict).toBe("improved");
    expect(better.evidence.won.count).toBe(8);
  });

  test("may fall by what is allowed and not by more", async () => {
    const lost = ITEMS.slice(0, 1);
    const { decision, evidence } = await decide(twice([]), twice(lost));
    const fall = -(decision.categories[0]?.change ?? 0);
    expect(fall).toBeGreaterThan(0);
    const at = (scoreFall: number) => decideScores([evidence], { ...GATE_DEFAULTS, scoreFall })[0]?.verdict;
    expect([at(fall + 1e-6), at(fall), at(fall - 1e-6)]).toEqual(["unchanged", "unchanged", "regressed"]);
    expect(GATE_DEFAULTS.scoreFall).toBe(0.003);
  });

  test("are red for one item of the keep list, however small the fall", async () => {
    const [kept = "", other = ""] = ITEMS;
    const list = withKept(NONE, [kept]);
    const lax = { ...GATE_DEFAULTS, scoreFall: 0.5 };
    const { evidence } = await decide(twice([]), twice([kept, other]), list);
    expect(decideScores([evidence], lax)[0]).toMatchObject({
      verdict: "regressed",
      reason: `lost from the keep list: ${kept}`,
      categories: [{ verdict: "unchanged" }],
    });
    const never = await decide(twice([kept]), twice([kept]), list);
    expect(never.decision.verdict).toBe("unchanged");
  });

  test("do not count losses that were accepted, and still count the others", async () => {
    const lost = ITEMS.slice(0, 8);
    const list = withAccepted(withKept(NONE, lost), lost, "the new rule is what users asked for");
    const { evidence, decision } = await decide(twice([]), twice(lost), list);
    expect(decision).toMatchObject({ verdict: "unchanged", categories: [{ base: 1, change: 0 }] });
    expect(decision.categories[0]?.head).toBeLessThan(0.997);
    expect(evidence.accepted).toHaveLength(8);
    const more = await decide(twice([]), twice(ITEMS.slice(0, 20)), list);
    expect(more.decision.verdict).toBe("regressed");
    // A file in which somebody left an accepted item on the list: what was accepted goes first.
    const both = await decide(twice([]), twice(lost), { ...list, keep: lost });
    expect([both.decision.verdict, both.evidence.lostKept]).toEqual(["unchanged", []]);
    expect(acceptedReasons(withKept(list, lost.slice(0, 1))).size).toBe(7);
  });

  test("of other questions are not compared; items with the same truth are", async () => {
    const [kept = ""] = itemsOf("aa");
    const list = withKept(NONE, [kept]);
    const [base, head] = await Promise.all([run([], ["aa"]), run([kept])]);
    const evidence = evidenceOf("scores/told", twice(base), twice(head), list);
    const [decision] = decideScores([evidence], GATE_DEFAULTS);
    expect(evidence.compared).toBe(itemsOf("aa").length);
    expect(decision).toMatchObject({ verdict: "regressed", categories: [] });
    const without = decideScores([{ ...evidence, lostKept: [] }], GATE_DEFAULTS)[0];
    expect(without).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("not the same") as string,
    });
  });
});

describe("scores of a stochastic subject", () => {
  const some = (from: number, n: number): string[] => ITEMS.slice(from, from + n);

  test("are red when every run is worse than chance among runs explains", async () => {
    const { evidence, decision } = await decide(
      [some(0, 2), some(1, 2), some(2, 2)],
      [some(30, 30), some(31, 29), some(32, 31)],
    );
    expect(decision).toMatchObject({ verdict: "regressed", subject: "stochastic" });
    expect(decision.categories[0]).toMatchObject({ verdict: "regressed", adjustedP: 0.05 });
    expect(evidence.lost.count).toBeGreaterThan(20);
  });

  test("are not red for what runs differ by, and say what would have been seen", async () => {
    const mixed = [some(0, 12), some(40, 4), some(20, 8)];
    const { evidence, decision } = await decide(mixed, [some(60, 8), some(10, 12), some(50, 5)]);
    expect(decision.verdict).not.toBe("regressed");
    expect(decision.categories[0]?.detectable).toBeGreaterThan(GATE_DEFAULTS.scoreFall);
    expect(evidence.lost.count).toBe(0);
  });

  test("need three runs of each side", async () => {
    const { decision } = await decide([some(0, 2), some(1, 2)], [some(30, 30), some(31, 29)]);
    expect(decision).toMatchObject({ verdict: "inconclusive", reason: "2 of at least 3 runs of each side" });
  });

  test("are corrected for all categories of the gate", async () => {
    const { evidence } = await decide([some(0, 2), some(1, 2), some(2, 2)], [some(30, 30), some(31, 29), some(32, 31)]);
    const still = (await decide([some(0, 2), some(1, 2), some(2, 2)], [some(2, 2), some(0, 2), some(1, 2)])).evidence;
    const [first] = decideScores([evidence, { ...still, id: "scores/other" }], GATE_DEFAULTS);
    expect(first?.categories[0]).toMatchObject({ adjustedP: 0.1, verdict: "inconclusive" });
  });
});

describe("drift-bench gate with scores", () => {
  /** A repository whose benchmark copies a run that is there already; the n-th run of a side is the n-th folder. */
  async function repository(base: readonly string[][], head: readonly string[][], keep?: KeepList) {
    const root = temporaryFolder();
    const config = {
      scores: [
        {
          id: "scores/told",
          command: "n=$(cat n 2>/dev/null || echo 0); echo $(((n + 1) % $(ls runs | wc -l))) > n; cp runs/$n/* {out}",
          keep: "keep.json",
        },
      ],
    };
    const made = tinyRepository({ "drift-bench.json": JSON.stringify(config) });
    const put = async (sides: readonly string[][]): Promise<string> => {
      for (const [i, wrong] of sides.entries()) {
        mkdirSync(join(made.root, "runs"), { recursive: true });
        cpSync(await scoreRun(wrong), join(made.root, "runs", `${i}`), { recursive: true });
      }
      return made.commit(keep === undefined ? {} : { "keep.json": JSON.stringify(keep) });
    };
    const from = await put(base);
    for (const [i] of base.entries()) rmSync(join(made.root, "runs", `${i}`), { recursive: true });
    const to = await put(head);
    const gate = (...args: string[]) =>
      driftBench(made.root, ["gate", "--base", from, "--head", to, "--cache", join(root, "cache"), ...args]);
    return { root: made.root, gate };
  }

  test("runs a deterministic benchmark twice on each side and exits with 1 for a lost score", async () => {
    const lost = ITEMS.slice(0, 8);
    const { root, gate } = await repository([[]], [lost], withKept(NONE, ITEMS.slice(0, 2)));
    const { answer, output, progress } = await gate("--json");
    const report = GateReport.parse(JSON.parse(output));
    expect([answer, report.verdict, report.cases, report.notCompared]).toEqual([1, "regressed", [], []]);
    expect(report.scores[0]).toMatchObject({ decision: { subject: "deterministic" }, lost: { count: 8 } });
    expect(progress.match(/run \d of both sides/g)).toHaveLength(2);
    expect(report.scores[0]?.lostKept).toHaveLength(2);

    // The loss is accepted in the head's list, and the same gate passes.
    writeFileSync(join(root, "gate.json"), output);
    const accepted = await driftBench(root, [
      ...["scores", "accept", "scores/told", "--in", "gate.json", "--reason", "wanted"],
    ]);
    expect(accepted.output).toContain("0 items are kept, 8 losses are accepted");
    const list = KeepList.parse(JSON.parse(readFileSync(join(root, "keep.json"), "utf8")));
    expect(list.accepted).toEqual([{ reason: "wanted", items: lost.toSorted() }]);
    const again = await driftBench(root, [
      ...["gate", "--base-dir", root, "--head-dir", root, "--cache", join(root, ".cache"), "--json"],
    ]);
    expect([again.answer, GateReport.parse(JSON.parse(again.output)).verdict]).toEqual([0, "unchanged"]);
  });

  test("runs a stochastic one three times, and shows what it said", async () => {
    const { gate } = await repository(
      [ITEMS.slice(0, 2), ITEMS.slice(1, 3), ITEMS.slice(2, 4)],
      [ITEMS.slice(30, 60), ITEMS.slice(31, 60), ITEMS.slice(32, 63)],
    );
    const { answer, output, progress } = await gate();
    expect(answer).toBe(1);
    expect(progress.match(/run \d of both sides/g)).toHaveLength(3);
    for (const words of [
      "scores/told/call-graph/real",
      "answers differ from run to run; 3 runs of each side",
      "lost: ",
    ])
      expect(output).toContain(words);
  });

  test("that leaves no run, or two, has failed and does not pass", async () => {
    const config = (command: string) => JSON.stringify({ scores: [{ id: "scores/told", command }] });
    const made = tinyRepository({ "drift-bench.json": config("true {out}") });
    const { root } = made;
    made.commit({});
    const args = ["gate", "--base", "HEAD~1", "--head", "HEAD", "--cache", temporaryFolder()];
    await expect(driftBench(root, args)).rejects.toMatchObject({ code: "NOTHING_MEASURED" });
    made.commit({ "drift-bench.json": config("true") });
    await expect(driftBench(root, args)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("say where to write with {out}") as string,
    });
    expect(existsSync(join(root, "keep.json"))).toBe(false);
  });
});

describe("drift-bench scores keep", () => {
  test("keeps what a run got right, or what is named, and refuses what is not there", async () => {
    const root = temporaryFolder();
    const folder = await scoreRun(ITEMS.slice(0, 3));
    writeFileSync(
      join(root, "drift-bench.json"),
      JSON.stringify({ scores: [{ id: "scores/told", command: "x {out}", keep: "keep.json" }] }),
    );
    const keep = (...args: string[]) => driftBench(root, ["scores", "keep", "scores/told", ...args, "--json"]);
    const { output } = await keep("--run", folder);
    const list = KeepList.parse(JSON.parse(output));
    expect(list.keep).toHaveLength(ITEMS.length - 3);
    expect(list.keep).not.toContain(ITEMS[0]);
    await expect(keep("--run", folder, "--item", ITEMS[0] as string)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(keep()).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(driftBench(root, ["scores", "keep", "other", "--item", "a:b"])).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  });
});
