import type { CallGraphTruth, Language } from "@drift/corpora";
import { describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { toolsOf } from "../src/cli/tools.ts";
import { csvReport } from "../src/report-csv.ts";
import { markdownReport } from "../src/report.ts";
import { rescore } from "../src/rescore.ts";
import { itemLines, type RunOptions, runTool } from "../src/run.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import { isRead } from "../src/scores/languages-read.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

const truthOf = (corpus: string): CallGraphTruth =>
  tinyTruth(
    Array.from({ length: 30 }, (_, index) => ({ must: [index % 2], file: `${index % 4}.ts` })),
    undefined,
    corpus,
  );
const truths = new Map(["snake", "script"].map((id) => [id, truthOf(id)]));

function corpora(...languages: Language[]): RunOptions["corpora"] {
  return [...truths.values()].map((truth, index) => {
    const corpus = corpusOf(truth, "real");
    const spec = { ...corpus.fetched.spec, language: languages[index] as Language };
    return { ...corpus, fetched: { ...corpus.fetched, spec } };
  });
}

/** Right about one corpus and silent about the other. */
function snakeReader(languages?: readonly Language[]): Contestant {
  return {
    name: "reader",
    role: "contestant",
    ...(languages !== undefined && { languages }),
    version: async () => "1",
    answer: async (task, root, context) =>
      task.corpus === "snake"
        ? goldAdapter.answer(task, root, context, truths.get(task.corpus) as CallGraphTruth)
        : { taskId: task.id, items: [], usage: { indexMs: 0, answerMs: 0 } },
  };
}

async function callScore(adapter: Contestant, given = corpora("python", "typescript")) {
  const run = await runTool({ adapter, corpora: given, seed: 1, now: fixedNow });
  const score = run.report.scores.find(({ category }) => category === "call-graph");
  if (score?.state !== "scored") throw new Error(`not scored but ${score?.state}`);
  return { run, score, given };
}

describe("the figure on corpora in languages that a tool says it reads", () => {
  test("stands beside the total, in which what it does not read is missed", async () => {
    const { run, score } = await callScore(snakeReader(["python"]));
    expect([score.raw.value, score.raw.n]).toEqual([0.5, 2]);
    expect(score.inLanguagesRead).toMatchObject({ corpora: ["snake"], raw: { value: 1, n: 1 }, score: { value: 1 } });
    expect(run.report.subject.languages).toEqual(["python"]);
    expect(markdownReport([run.report])).toMatch(/in languages read .*\n.*\n.*1\.000.* on 1 of 2 corpora/);
    const [head, row] = csvReport([run.report])
      .split("\r\n")
      .map((line) => line.split(","));
    expect(row?.[head?.indexOf("read_corpora") ?? -1]).toBe("1");
    expect(row?.[head?.indexOf("read_score") ?? -1]).toBe("1");
  });

  test("is the total where all is read, none where nothing is, and absent where a tool says nothing", async () => {
    const all = (await callScore(snakeReader(["python", "typescript"]))).score;
    expect(all.inLanguagesRead).toMatchObject({ corpora: ["snake", "script"], raw: all.raw, score: all.score });
    const { run, score } = await callScore(snakeReader(["rust"]));
    expect(score.inLanguagesRead).toBeNull();
    expect(markdownReport([run.report])).toContain("none of 2 corpora");
    const silent = await callScore(snakeReader());
    expect([silent.score.inLanguagesRead, silent.run.report.subject.languages]).toEqual([undefined, undefined]);
  });

  test("comes again, the same, from what is stored", async () => {
    const { run, given } = await callScore(snakeReader(["python"]));
    const stored = Report.parse(JSON.parse(JSON.stringify(run.report)));
    const records = itemLines(run)
      .trimEnd()
      .split("\n")
      .map((line) => ItemRecord.parse(JSON.parse(line)));
    expect((await rescore(stored, records, given)).report).toEqual(stored);
  });

  test("takes a mixed corpus for one in JavaScript and TypeScript", () => {
    expect([isRead("mixed", ["javascript", "typescript"]), isRead("mixed", ["typescript"])]).toEqual([true, false]);
    expect([isRead("python", ["python"]), isRead(undefined, ["python"])]).toEqual([true, false]);
  });
});

describe("--languages", () => {
  const flags = { tool: "drift", itemTimeout: 1, languages: ["go" as const] };
  test("says what a tool from elsewhere reads, and the run is repeated with it", () => {
    const [tool] = toolsOf({ ...flags, command: "x", name: "mine" });
    expect(tool).toMatchObject({
      languages: ["go"],
      selector: '--command "x" --name mine --item-timeout 1 --languages go',
    });
  });
  test("is refused of tools that say it themselves", () => {
    expect(() => toolsOf(flags)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });
});
