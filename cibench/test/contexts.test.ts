import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchCorpus, loadCallGraphTruth } from "@drift/corpora";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Adapter } from "../src/adapters/adapter.ts";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { importsAdapter } from "../src/adapters/imports.ts";
import { requestsOf } from "../src/adapters/command.ts";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { tokenEfficiency } from "../src/categories/token-efficiency.ts";
import type { LoadedCorpus } from "../src/category.ts";
import { BUDGETS, type ContextTruth, judgeContexts, type KnownContext } from "../src/evaluators/context.ts";
import { quickCorpus } from "../src/quick.ts";
import { rescore } from "../src/rescore.ts";
import { itemLines, runTool } from "../src/run.ts";
import { ContextTask, type Excerpt } from "../src/schema/context.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { contextAnswers, contextExpectations } from "../src/scores/context-floor.ts";
import { itemCredit } from "../src/scores/item-credit.ts";
import { selfCheck } from "../src/self-check.ts";
import { loadTokenizer, Sources } from "../src/sources.ts";
import { loadContexts } from "../src/tasks/application/context.ts";
import { fixedNow } from "./support/resolved-corpus.ts";
import { tinyChanges } from "./support/tiny-changes.ts";
import { tinyDefinition, tinyTruth } from "./support/tiny-truth.ts";

const name = (file: number): string => `src/f${String(file).padStart(2, "0")}.ts`;
/** Lines of a file, by its number. */
const at = (file: number, line: number, endLine: number): Excerpt => ({ file: name(file), line, endLine });

/** Twenty files of 100 lines of 10 tokens; a path costs nothing, unless said. */
function tinyContexts(
  questions: readonly { kind?: "callees" | "callers"; gold: Excerpt[] }[],
  pathTokens = 0,
): ContextTruth {
  const text = Array.from({ length: 100 }, () => "x").join("\n");
  const texts = new Map(Array.from({ length: 20 }, (_, index) => [name(index), text]));
  const items = questions.map(({ kind = "callees", gold }, index): KnownContext => ({
    id: `${index}`,
    kind,
    question: "What has to be read?",
    subject: { role: "function", name: "f", file: "main.ts", span: null },
    stratum: `read-${kind}`,
    gold,
    by: ["generator"],
  }));
  const sources = new Sources(texts, (line) => (line.startsWith("src/") ? pathTokens : 10));
  return { corpus: "tiny", inputsSha256: "0".repeat(64), oracles: [], files: [...texts.keys()], items, sources };
}

/** What is read of ten lines that matter, lines 11 to 20 of file 0: `outcome recalls tokens`. */
function check(excerpts: Excerpt[] | null, pathTokens = 0): string {
  const truth = tinyContexts([{ gold: [at(0, 11, 20)] }], pathTokens);
  const answers = excerpts === null ? [] : contextAnswers(truth, [excerpts]);
  const [one] = judgeContexts(answers, truth);
  return `${one?.outcome} ${one?.reading?.recalls.join("/")} ${one?.reading?.tokens}`;
}

describe("one answer", () => {
  test("is right when the lines that matter come first", () => {
    expect(check([at(0, 11, 20)])).toBe("right 1/1/1/1 100");
    expect(check([at(0, 15, 20), at(0, 11, 14), at(9, 1, 100)])).toBe("right 1/1/1/1 1100");
  });
  test("pays for what is read before them, line by line", () => {
    expect(check([at(1, 1, 95), at(0, 11, 20)])).toBe("partly 0.5/1/1/1 1050");
    expect(check([at(1, 1, 100), at(2, 1, 100), at(0, 1, 100)])).toBe("partly 0/0/1/1 3000");
  });
  test("pays again for lines that were read, which count once", () => {
    expect(check([at(0, 11, 15), ...Array.from({ length: 19 }, () => at(0, 11, 15)), at(0, 11, 20)])).toBe(
      "partly 0.5/1/1/1 1100",
    );
  });
  test("pays for the path of each excerpt", () => {
    const lines = Array.from({ length: 10 }, (_, index) => at(0, 11 + index, 11 + index));
    expect(check(lines, 190)).toBe("partly 0.5/1/1/1 2000");
    expect(check([at(0, 11, 20)], 190)).toBe("right 1/1/1/1 290");
  });
  test("finds nothing behind the largest budget", () => {
    const eight = Array.from({ length: 8 }, (_, index) => at(1 + index, 1, 100));
    expect(check([...eight, at(0, 11, 20)])).toBe("wrong 0/0/0/0 8100");
  });
  test("of nothing is worth nothing, as is none", () => {
    expect(check([])).toBe("abstained 0/0/0/0 0");
    expect(check(null)).toBe("abstained 0/0/0/0 0");
  });
});

test("the worked example of the README", () => {
  const questions = Array.from({ length: 20 }, (_, index) => ({
    kind: index < 10 ? ("callees" as const) : ("callers" as const),
    gold: [at(index, 51, 60)],
  }));
  const truth = tinyContexts(questions);
  const said = questions.map(({ gold }, index): Excerpt[] => {
    if (index >= 10) return index < 15 ? gold : [];
    return [at(index, 51, 55), at(19, 1, 95), at(index, 56, 60)];
  });
  const outcomes = judgeContexts(contextAnswers(truth, said), truth);
  const expectations = contextExpectations([truth], 1);
  const score = categoryScore("token-efficiency", [{ id: "tiny", kind: "real", outcomes }], expectations, { seed: 1 });
  expect(score.corpora[0]?.strata.map(({ f1 }) => f1?.toFixed(3))).toEqual(["0.917", "0.500"]);
  expect(score.raw.value).toBeCloseTo(0.708, 3);
  expect(score.baselines.find((one) => one.name === "list-everything")?.raw).toBeCloseTo(0.175);
  expect(score.floorBy).toBe("random");
  expect(score.floor).toBeCloseTo(0.24, 2);
  expect(score.score.value).toBeCloseTo(0.62, 2);
});

const excerpt = fc
  .tuple(fc.nat(19), fc.integer({ min: 1, max: 100 }), fc.nat(60))
  .map(([file, line, more]) => at(file, line, Math.min(100, line + more)));
const useless = fc.nat(9).map((file) => at(10 + file, 1, 100));

test("reading more at the end never costs, reading what does not matter first never gains", () => {
  const credit = (truth: ContextTruth, excerpts: Excerpt[]): number =>
    judgeContexts(contextAnswers(truth, [excerpts]), truth).reduce((sum, one) => sum + (itemCredit(one) ?? 0), 0);
  fc.assert(
    fc.property(fc.nat(9), fc.array(excerpt, { maxLength: 12 }), useless, excerpt, (file, said, waste, last) => {
      const truth = tinyContexts([{ gold: [at(file, 11, 20), at(9 - file, 41, 50)] }], 7);
      const before = credit(truth, said);
      expect(credit(truth, [...said, last])).toBeGreaterThanOrEqual(before);
      expect(credit(truth, said.slice(0, -1))).toBeLessThanOrEqual(before);
      expect(credit(truth, [waste, ...said])).toBeLessThanOrEqual(before);
      // A right excerpt that is replaced by one that costs as much and does not matter.
      const isRight = [name(file), name(9 - file)].includes(said[0]?.file ?? "");
      const wasted = said.map((one, index) => (index === 0 && isRight ? { ...one, file: waste.file } : one));
      expect(credit(truth, wasted)).toBeLessThanOrEqual(before);
    }),
  );
});

test("tokens are those of a real tokenizer, whatever stands in the text", async () => {
  const count = await loadTokenizer();
  expect(["hello world\n", "<|endoftext|>", "\n", "  return x + 1;\n"].map(count)).toEqual([3, 7, 1, 7]);
});

let folder: string;
let corpus: LoadedCorpus & { contexts: ContextTruth };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cibench-contexts-"));
  const fetched = await fetchCorpus("calls-small", { cacheDir: join(folder, "cache"), offline: true });
  const truth = await loadCallGraphTruth(fetched, { cacheDir: join(folder, "cache") });
  const contexts = await loadContexts({ fetched, truth });
  if (contexts === null) throw new Error("calls-small has nothing to read");
  // Only what is to be read: calls are asked about in other tests.
  corpus = { fetched, truth: null, contexts };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("on a generated project", () => {
  test("the task says nothing of the truth, of which all fits into the smallest budget", () => {
    const task = ContextTask.parse(tokenEfficiency.prepare(corpus)?.task);
    expect(task.budgets).toEqual([...BUDGETS]);
    expect(new Set(task.items.map((item) => Object.keys(item).join()))).toEqual(new Set(["id,kind,question,subject"]));
    for (const { gold, subject } of corpus.contexts.items) {
      expect(gold.some(({ file }) => file === subject.file)).toBe(false);
      expect(gold.reduce((sum, one) => sum + corpus.contexts.sources.tokens(one), 0)).toBeLessThanOrEqual(BUDGETS[0]);
    }
    const [open] = requestsOf(task, "/root");
    expect(open).toMatchObject({ budgets: [...BUDGETS], tokenizer: "o200k_base", files: task.files });
  });

  test("every trivial answer lands on its floor", async () => {
    const { entries } = await selfCheck({ corpora: [corpus], seed: 3 });
    expect(entries.filter(({ passed }) => !passed)).toEqual([]);
    expect(entries.map(({ baseline }) => baseline)).toEqual([
      ...["gold", "null", "list-everything", "first-lines", "most-wanted", "near-first", "random", "shuffled-gold"],
    ]);
    expect(entries[0]).toMatchObject({ category: "token-efficiency", raw: 1, score: 1 });
  });

  test.each([
    [driftAdapter, 0.95],
    [grepAdapter, 0.05],
    [importsAdapter, 0.3],
  ])("a tool finds what there is to read", async (adapter: Adapter, least) => {
    const { report } = await runTool({ adapter, corpora: [corpus], seed: 1, now: fixedNow });
    const score = report.scores.find(({ category }) => category === "token-efficiency");
    expect(score?.state === "scored" ? score.raw.value : null).toBeGreaterThan(least);
    expect(report.corpora[0]?.problems?.malformed).toBe(0);
  });

  test("a run is scored again bit for bit; a quick one asks less", async () => {
    const run = await runTool({ adapter: goldAdapter, corpora: [corpus], seed: 1, now: fixedNow });
    const records = itemLines(run)
      .trimEnd()
      .split("\n")
      .map((line) => ItemRecord.parse(JSON.parse(line)));
    expect((await rescore(run.report, records, [corpus])).report).toEqual(run.report);
    expect(quickCorpus(corpus).contexts?.items).toHaveLength(24);
  });

  test("lines that do not exist make an answer malformed, which counts as none", async () => {
    const file = join(folder, "answers.jsonl");
    const taskId = "token-efficiency/calls-small";
    const [first, second, third] = corpus.contexts.items.map(({ id, gold }) => ({
      taskId,
      itemId: id,
      excerpts: gold,
    }));
    const outside = [{ ...(first?.excerpts[0] as Excerpt), endLine: 99_999 }];
    const lines = [
      { ...first, excerpts: outside },
      { ...second, excerpts: [{ file: "no.ts", line: 1, endLine: 1 }] },
    ];
    const backwards = { ...third, excerpts: [{ ...(third?.excerpts[0] as Excerpt), line: 2, endLine: 1 }] };
    writeFileSync(file, [...lines, backwards].map((line) => JSON.stringify(line)).join("\n"));
    const adapter = predictionsAdapter({ name: "x", file, version: "1" });
    const { report, items } = await runTool({ adapter, corpora: [corpus], seed: 1, now: fixedNow });
    expect(report.corpora[0]?.problems).toMatchObject({ malformed: 3, kinds: { "out-of-range": 3 } });
    expect(items.every(({ outcome }) => outcome === "abstained")).toBe(true);
  });
});

test("what is asked follows from calls that are decided and from changes that were made", async () => {
  const root = join(folder, "project");
  mkdirSync(root);
  for (const file of ["a.ts", "b.ts", "c.ts"]) writeFileSync(join(root, file), "x\n".repeat(2_000));
  // Definition 0 of a.ts spans lines 1 to 5, the second of b.ts lines 11 to 15.
  const truth = tinyTruth([{ must: [1] }, { must: ["out"] }, { must: [1], file: "c.ts" }], ["a.ts", "b.ts", "b.ts"]);
  const inside = { line: 2, column: 3, endLine: 2, endColumn: 9 };
  const within = {
    ...truth,
    lines: 6_000,
    sites: truth.sites.map((site, index) => (index < 2 ? { ...site, span: inside } : site)),
  };
  const changes = tinyChanges([{ broken: [0] }, { broken: [0, 1] }, {}], [], { tests: 2 });
  const asked = async (about: typeof within) =>
    (await loadContexts({ fetched: { root }, truth: about, changes }))?.items.map(({ id, gold }) => ({
      [id]: gold.map(({ file, line, endLine }) => `${file}:${line}-${endLine}`).join(),
    }));
  const breaks = { "breaks test/0.test.ts": "a.ts:1-2" };
  const callers = { [`callers ${tinyDefinition(1, "b.ts").id}`]: "a.ts:2-2,c.ts:1002-1002" };
  expect(await asked(within)).toEqual([{ "callees a.ts:1:1": "b.ts:11-15" }, callers, breaks]);
  // Of a function with a call that nobody knows about, not everything that it calls is known.
  const [open, ...others] = within.sites;
  const sites = [open, { ...others[0], must: [], closed: false }, ...others.slice(1)] as typeof within.sites;
  expect(await asked({ ...within, sites })).toEqual([callers, breaks]);
  expect(await asked({ ...within, lines: 1_000 })).toBeUndefined();
});
