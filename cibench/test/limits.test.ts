/** What items and runs may take, what comes of that which takes more, and what is written down of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { Journals } from "../src/journal.ts";
import { type Run, type RunOptions, runTool } from "../src/run.ts";
import { RunOutput } from "../src/schema/cli-output.ts";
import { commandsOn } from "./support/cli.ts";
import { type CountingTool, countingTool, SAY_EXTERNAL } from "./support/counting-tool.ts";
import { corpusOf, fixedNow, ITEM_LIMITS } from "./support/resolved-corpus.ts";
import { writeSources } from "./support/source-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SITES = [{ must: [0] }, { must: [1] }, { must: [2] }];
const CORPORA = ["one", "two"].map((id) => corpusOf(tinyTruth(SITES, undefined, id)));

function run(adapter: Contestant, more: Partial<RunOptions> = {}): Promise<Run> {
  return runTool({ adapter, corpora: CORPORA, seed: 1, now: fixedNow, ...more });
}

function program({ command }: CountingTool, itemLimits: Partial<typeof ITEM_LIMITS> = {}): Contestant {
  return commandAdapter({ name: "counting", command, itemLimits: { ...ITEM_LIMITS, ...itemLimits } });
}

/** An answer that says what it took. */
const sayWith = (usage: string) =>
  `say({ taskId: request.taskId, itemId: request.item.id, status: "external", targets: [], usage: ${usage} });`;

describe("an answer that took more than an item may", () => {
  test.each([
    ["tokens", { tokens: 100 }, "{ tokens: asked === 2 ? 101 : 100 }"],
    ["money", { costUsd: 0.5 }, "{ costUsd: asked === 2 ? 0.51 : 0.5 }"],
  ])("in %s counts as none, and is counted by kind", async (_what, limits, usage) => {
    const { report } = await run(program(countingTool(folder, sayWith(usage)), limits));
    const none = { unasked: 0, repeated: 0 };
    expect(report.corpora.map(({ problems }) => problems)).toEqual([
      { ...none, malformed: 1, unanswered: 1, kinds: { "over-limit": 1 } },
      { ...none, malformed: 0, unanswered: 0 },
    ]);
    expect(report.limits?.item).toEqual({ ...ITEM_LIMITS, ...limits });
  });

  test.each([
    "{ tokens: -1 }",
    "{ tokens: 1.5 }",
    "{ tokens: 1e13 }",
    "{ costUsd: 1e9 }",
    "{ costUsd: 'NaN' }",
    "null",
    "{ more: 1 }",
  ])("that says it took %s is malformed", async (usage) => {
    const { report } = await run(program(countingTool(folder, sayWith(usage))));
    expect(report.corpora[0]?.problems).toMatchObject({ malformed: 3, unanswered: 3 });
    expect(report.corpora[0]?.usage?.tokens).toBeUndefined();
  });

  test("what all answers took is added up", async () => {
    const { report } = await run(program(countingTool(folder, sayWith("{ tokens: 7, costUsd: 0.25 }"))));
    expect(report.corpora.map(({ usage }) => [usage?.tokens, usage?.costUsd])).toEqual([
      [21, 0.75],
      [21, 0.75],
    ]);
  });
});

describe("a run that has taken all that it may", () => {
  test.each([
    ["tokens", { runTokens: 20 }, "the run has used its 20 tokens", "--run-tokens 20"],
    ["money", { runCostUsd: 0.5 }, "the run has used its 0.5 US dollars", "--run-cost 0.5"],
  ])("in %s asks nothing more: the rest is not measured", async (_what, limits, reason, flag) => {
    const tool = countingTool(folder, sayWith("{ tokens: 5, costUsd: 0.125 }"));
    const { report } = await run(program(tool), { limits });
    expect(tool.asked()).toHaveLength(4);
    expect(report.corpora.map(({ notRun }) => notRun)).toEqual([null, reason]);
    expect(report.scores[0]).toMatchObject({
      state: "not-run",
      reason: `two: ${reason}`,
      corpora: [{ corpus: "one" }],
    });
    expect([report.measuredWeight, report.limits]).toEqual([0, expect.objectContaining(limits)]);
    expect(report.reproduce).toContain(flag);
  });

  test("and is answered to the end by its last answer is whole", async () => {
    const tool = countingTool(folder, sayWith("{ tokens: 5 }"));
    const { report } = await run(program(tool), { limits: { runTokens: 30 } });
    expect(report.corpora.map(({ notRun }) => notRun)).toEqual([null, null]);
  });

  test("goes on where it stopped when it may take more", async () => {
    const tool = countingTool(folder, sayWith("{ tokens: 5 }"));
    const journals = new Journals(join(folder, "runs"), { goOn: true, code: "same", note: () => undefined });
    (await run(program(tool), { limits: { runTokens: 20 }, journals })).journal?.close();
    const still = await run(program(tool), { limits: { runTokens: 20 }, journals });
    expect([tool.asked().length, still.report.corpora[1]?.notRun]).toEqual([4, "the run has used its 20 tokens"]);
    still.journal?.close();
    const { report } = await run(program(tool), { limits: { runTokens: 100 }, journals });
    expect(tool.asked()).toHaveLength(6);
    expect(report.corpora.map(({ usage }) => usage?.tokens)).toEqual([15, 15]);
  });

  test("in time stops in the middle of an answer", async () => {
    const tool = countingTool(folder, `if (asked <= 4) { ${SAY_EXTERNAL} }`);
    const clock = () => performance.now();
    const { report } = await run(program(tool), { limits: { runTimeMs: 3000 }, clock });
    const reason = "the time of the run, 3 s, is over";
    expect(report.corpora.map(({ notRun }) => notRun)).toEqual([null, reason]);
    expect(report.limits?.runTimeMs).toBe(3000);
  });

  test("in time is told by the clock for tools in this process, too", async () => {
    let ms = 0;
    const answer: Contestant["answer"] = async (task) => {
      ms += 700;
      return { taskId: task.id, items: [], usage: { indexMs: 0, answerMs: 700 } };
    };
    const three = ["one", "two", "three"].map((id) => corpusOf(tinyTruth(SITES, undefined, id)));
    const x: Contestant = { name: "x", role: "contestant", version: async () => "1", answer };
    const { report } = await run(x, { corpora: three, limits: { runTimeMs: 1000 }, clock: () => ms });
    expect(report.corpora.map(({ notRun }) => notRun === null)).toEqual([true, true, false]);
  });
});

test("the command line takes limits, says them in its help, and writes down what differs from the default", async () => {
  const root = join(folder, "source");
  writeSources(root);
  const cibench = commandsOn(() => root);
  const { command } = countingTool(folder, sayWith("{ tokens: 9 }"));
  const limits = ["--item-timeout", "60", "--item-tokens", "8", "--item-cost", "1", "--timeout", "700"];
  const ofRun = ["--run-timeout", "800", "--run-tokens", "1000", "--run-cost", "2.5"];
  const argv = ["run", "--command", command, "--corpus", "source", "--out", join(folder, "runs"), "--json"];
  const { stdout } = await cibench(...argv, ...limits, ...ofRun);
  const [report] = RunOutput.parse(JSON.parse(stdout)).reports;
  expect(report?.limits).toEqual({
    item: { timeMs: 60_000, tokens: 8, costUsd: 1 },
    ...{ corpusTimeMs: 700_000, runTimeMs: 800_000, runTokens: 1000, runCostUsd: 2.5 },
  });
  expect(report?.corpora[0]?.problems).toMatchObject({ kinds: { "over-limit": 9 } });
  for (const flag of ["--item-timeout 60 --item-tokens 8 --item-cost 1", ofRun.join(" ")]) {
    expect(report?.reproduce).toContain(flag);
  }
  const help = (await cibench("run", "--help")).stdout;
  for (const flag of [...limits, ...ofRun].filter((one) => one.startsWith("--"))) expect(help).toContain(flag);
  for (const wrong of ["0", "-1", "many"]) expect((await cibench(...argv, "--run-cost", wrong)).code).toBe(2);
});
