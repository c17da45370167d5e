import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { definitionOf } from "../src/categories/all.ts";
import type { Prepared } from "../src/category.ts";
import { runCli } from "../src/cli/program.ts";
import { judgeCallGraph } from "../src/evaluators/graph-edges.ts";
import { type AnsweredTask, type Damageable, damageable } from "../src/resolution/damage.ts";
import { resolutionMarkdown } from "../src/resolution/describe.ts";
import { DOSES, goldAnswers, measureResolution, summarize } from "../src/resolution/measure.ts";
import { partsIn } from "../src/resolution/parts.ts";
import type { ItemAnswer } from "../src/schema/answer.ts";
import { ResolutionOutput } from "../src/schema/resolution.ts";
import type { ItemOutcome } from "../src/schema/score.ts";
import type { AnyTask, Category } from "../src/schema/task.ts";
import type { Resampled } from "../src/scores/bootstrap.ts";
import { rawOf } from "../src/scores/category-score.ts";
import { type ChangedItem, pairedTest } from "../src/scores/paired.ts";
import { pairedP } from "../src/scores/rank.ts";
import { MEASURED } from "../src/scores/scoring.ts";
import { commandsOn } from "./support/cli.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { sourceCorpora, writeSources } from "./support/source-corpus.ts";
import { anyAnswers, anyTruth, tinyTruth } from "./support/tiny-truth.ts";

/** Twelve calls in four files, each to a function of another one. */
const TRUTH = tinyTruth(
  Array.from({ length: 12 }, (_, index) => ({ must: [index % 4], file: `${"abcd"[index % 4]}.ts` })),
  ["a.ts", "b.ts", "c.ts", "d.ts"],
);
const CALLS = corpusOf(TRUTH, "real");

function prepare(category: Category): Prepared {
  return definitionOf(category)?.prepare(CALLS) as Prepared;
}

/** True answers to calls, and forecasts to the same. */
async function answeredTask(category: Category): Promise<AnsweredTask> {
  const prepared = prepare(category);
  return { task: prepared.task as AnyTask, answers: (await goldAnswers(prepared)) ?? [] };
}

/** Answers in the form of each category, made by hand. */
const SAID: Record<string, ItemAnswer[]> = {
  "causal-reasoning": [
    { itemId: "0", status: "likely", breaks: [{ what: "test", file: "t.ts", probability: 0.7 }] },
    { itemId: "1", status: "certain", breaks: [] },
    { itemId: "2", status: "unknown", breaks: [] },
  ],
  "architectural-intent": [
    { itemId: "0", verdict: "violates", rules: ["E722"] },
    { itemId: "1", verdict: "allowed", rules: [] },
    { itemId: "2", verdict: "unknown", rules: [] },
  ],
  "uncertainty-calibration": [
    { itemId: "0", probability: 0.9 },
    { itemId: "1", probability: 0.5 },
    { itemId: "2", probability: null },
  ],
  "token-efficiency": [
    { itemId: "0", excerpts: [{ file: "a.ts", line: 1, endLine: 2 }] },
    { itemId: "1", excerpts: [{ file: "b.ts", line: 3, endLine: 4 }] },
    { itemId: "2", excerpts: [] },
  ],
  "iterative-refinement": [
    {
      itemId: "0",
      rounds: [[{ choice: "x", probability: 1 }], [{ choice: "y", probability: 1 }]],
    },
  ],
  "data-flow": [
    {
      itemId: "0",
      status: "certain",
      chosen: [
        { choice: "x", probability: 1 },
        { choice: "y", probability: 0.2 },
      ],
    },
  ],
};

/** Items that fit these answers as far as damage looks at them. */
function asTask(category: string): AnsweredTask {
  const answers = SAID[category] as ItemAnswer[];
  const items = answers.map(({ itemId }) => ({
    id: itemId,
    file: "a.ts",
    subject: { file: "a.ts" },
    change: { kind: "append", file: "a.ts" },
    choices: ["x", "y", "z"],
  }));
  return { task: { id: `${category}/tiny`, items } as unknown as AnyTask, answers };
}

/** All answers at one dose, in their order. */
function after(parts: Damageable, category: string, kind: "drop" | "swap" | "flatten", dose = 1): ItemAnswer[] {
  const [damaged] = parts.damage(kind, [dose], 1);
  return (SAID[category] as ItemAnswer[]).map((one) => damaged?.changed[0]?.get(one.itemId) ?? one);
}

describe("damage", () => {
  const doses = fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 });

  test("follows from the seed, keeps the dose, grows with it and leaves the answers themselves alone", async () => {
    const answered = await answeredTask("call-graph");
    const before = structuredClone(answered);
    const parts = damageable("call-graph", [answered]);
    expect(parts.size).toBe(12);
    fc.assert(
      fc.property(doses, fc.integer(), fc.constantFrom("drop", "swap" as const), (some, seed, kind) => {
        const sorted = some.toSorted((a, b) => a - b);
        const damaged = parts.damage(kind, sorted, seed);
        expect(parts.damage(kind, sorted, seed)).toEqual(damaged);
        damaged.forEach(({ parts: count, changed: [changed] }, index) => {
          expect(Math.abs(count - (sorted[index] ?? 0) * 12)).toBeLessThan(1);
          expect(changed?.size).toBe(count);
          const smaller = damaged[index - 1]?.changed[0];
          for (const [id, answer] of smaller ?? []) expect(changed?.get(id)).toEqual(answer);
          for (const [id, answer] of changed ?? [])
            expect(answer).not.toEqual(answered.answers.find(({ itemId }) => itemId === id));
        });
      }),
    );
    expect(answered).toEqual(before);
  });

  test("of dose 0 changes nothing, and rounds so that the expected dose is exact", async () => {
    const parts = damageable("call-graph", [await answeredTask("call-graph")]);
    expect(parts.damage("drop", [0], 1)).toEqual([{ parts: 0, changed: [new Map()] }]);
    const counts = Array.from({ length: 2_000 }, (_, seed) => parts.damage("drop", [0.02], seed)[0]?.parts ?? 0);
    expect(new Set(counts)).toEqual(new Set([0, 1]));
    expect(counts.reduce((sum, one) => sum + one, 0) / 2_000).toBeCloseTo(0.24, 1);
  });

  test("swaps for what the same answers say elsewhere, of the same file first", async () => {
    const answered = await answeredTask("call-graph");
    const said = new Set(answered.answers.map((answer) => JSON.stringify("targets" in answer && answer.targets)));
    const [damaged] = damageable("call-graph", [answered]).damage("swap", [1], 5);
    const changed = [...(damaged?.changed[0]?.values() ?? [])];
    expect(changed).toHaveLength(12);
    for (const answer of changed) expect(said).toContain(JSON.stringify("targets" in answer && answer.targets));
  });

  test("passes over what cannot be swapped", () => {
    const [one] = SAID["architectural-intent"] as [ItemAnswer];
    const parts = damageable("architectural-intent", [{ ...asTask("architectural-intent"), answers: [one] }]);
    expect(parts.damage("swap", [1], 1)).toEqual([{ parts: 0, changed: [new Map()] }]);
  });

  test("leaves out what is claimed, and nothing else", () => {
    const dropped = (category: Category) => after(damageable(category, [asTask(category)]), category, "drop");
    expect(dropped("causal-reasoning")).toEqual([
      { itemId: "0", status: "likely", breaks: [] },
      { itemId: "1", status: "unknown", breaks: [] },
      { itemId: "2", status: "unknown", breaks: [] },
    ]);
    expect(dropped("architectural-intent").map((one) => "verdict" in one && one.verdict)).toEqual(
      Array.from({ length: 3 }, () => "unknown"),
    );
    expect(dropped("uncertainty-calibration").map((one) => "probability" in one && one.probability)).toEqual([
      null,
      null,
      null,
    ]);
    expect(dropped("token-efficiency").map((one) => "excerpts" in one && one.excerpts)).toEqual([[], [], []]);
    expect(dropped("iterative-refinement")).toEqual([{ itemId: "0", rounds: [[{ choice: "x", probability: 1 }], []] }]);
    expect(dropped("data-flow")).toEqual([{ itemId: "0", status: "certain", chosen: [] }]);
  });

  test("swaps within what a question offers, a break for silence and a verdict for another", () => {
    const swapped = (category: Category) => after(damageable(category, [asTask(category)]), category, "swap");
    expect(swapped("causal-reasoning").slice(0, 2)).toEqual([
      { itemId: "0", status: "likely", breaks: [] },
      { itemId: "1", status: "certain", breaks: [{ what: "test", file: "t.ts", probability: 1 }] },
    ]);
    expect(swapped("architectural-intent").slice(0, 2)).toEqual([
      { itemId: "0", verdict: "allowed", rules: [] },
      { itemId: "1", verdict: "violates", rules: ["E722"] },
    ]);
    const [flow] = swapped("data-flow");
    expect(["y", "z"]).toContain(flow && "chosen" in flow && flow.chosen[0]?.choice);
    expect(swapped("token-efficiency")[0]).toEqual({
      itemId: "0",
      excerpts: [{ file: "b.ts", line: 3, endLine: 4 }],
    });
  });

  test("flattens forecasts halfway to even odds, and nothing that is there already", () => {
    const category = "uncertainty-calibration";
    const flat = after(damageable(category, [asTask(category)]), category, "flatten", 0.5);
    expect(flat.map((one) => "probability" in one && one.probability)).toEqual([0.7, 0.5, null]);
  });

  test("is known for the answers of every category that has a task", () => {
    for (const category of MEASURED) expect(partsIn(category).kinds.slice(0, 2)).toEqual(["drop", "swap"]);
  });
});

describe("the paired test that adds up what changed", () => {
  /** What `rawOf` and the test of the ranks say of two runs. */
  function reference(category: Category, before: readonly ItemOutcome[][], after: readonly ItemOutcome[][]) {
    const [a, b] = [before, after].map((of) =>
      rawOf(
        category,
        of.map((outcomes, index) => ({ id: `corpus ${index}`, outcomes })),
        3,
      ),
    ) as [Resampled, Resampled];
    const differences = a.draws.map((draw, index) => draw - (b.draws[index] as number));
    return { base: a.value, raw: b.value, p: pairedP(differences, a.clusters) };
  }

  function changesBetween(before: readonly ItemOutcome[][], after: readonly ItemOutcome[][]): ChangedItem[] {
    return before.flatMap((own, index) =>
      own.map((item, at) => ({
        corpus: `corpus ${index}`,
        before: item,
        after: after[index]?.[at] as ItemOutcome,
      })),
    );
  }

  function check(category: Category, before: readonly ItemOutcome[][], after: readonly ItemOutcome[][]): void {
    const corpora = before.map((outcomes, index) => ({ id: `corpus ${index}`, outcomes }));
    const test = pairedTest(category, corpora, 3);
    const expected = reference(category, before, after);
    const found = test.against(changesBetween(before, after));
    expect(test.raw).toBeCloseTo(expected.base, 12);
    expect(found.raw).toBeCloseTo(expected.raw, 12);
    expect(found.p).toBeCloseTo(expected.p, 12);
  }

  test("is that of ranks where raw is a mean over corpora of edges", () => {
    const both = anyTruth.chain((truth) => fc.tuple(fc.constant(truth), anyAnswers(truth), anyAnswers(truth)));
    fc.assert(
      fc.property(both, both, ([a, a1, a2], [b, b1, b2]) => {
        check(
          "call-graph",
          [judgeCallGraph(a1, a), judgeCallGraph(b1, b)],
          [judgeCallGraph(a2, a), judgeCallGraph(b2, b)],
        );
      }),
      { numRuns: 15 },
    );
  });

  test("is that of ranks where raw is a mean over the items of all corpora", () => {
    const [made] = judgeCallGraph([], TRUTH) as [ItemOutcome];
    const items = (probabilities: readonly number[], file: number): ItemOutcome[] =>
      probabilities.map((probability, index) => ({
        ...made,
        category: "uncertainty-calibration",
        itemId: String(index),
        file: `${(index + file) % 3}.ts`,
        stratum: "statement-direct",
        outcome: "right",
        forecast: { probability, isTrue: index % 2 === 0 },
      }));
    const forecasts = fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.tuple(forecasts, forecasts, forecasts), ([a, b, c]) => {
        check("uncertainty-calibration", [items(a, 0), items(b, 1)], [items(a, 0), items(c, 1)]);
      }),
      { numRuns: 10 },
    );
  });
});

describe("the resolution", () => {
  const result = (score: number, isBelow: boolean) => ({ parts: 1, score, isBelow });

  test("is the smallest dose from which on answers are told apart, and says whether the mean falls", () => {
    const never = DOSES.map((_, index) => [result(0.9 - index / 10, false)]);
    expect(summarize(1, never)).toMatchObject({ monotone: true, resolution: null, difference: null });
    const twice = DOSES.map((_, index) => [result(0.9 - index / 10, index !== 1), result(0.9 - index / 10, true)]);
    const found = summarize(1, twice);
    expect(found).toMatchObject({ monotone: true, resolution: 0.02 });
    expect(found.difference).toBeCloseTo(0.3);
    expect(found.doses[1]).toMatchObject({ toldApart: 0.5, deviation: 0, least: 0.8, most: 0.8 });
    expect(summarize(0.9, never).monotone).toBe(false);
  });

  test("of true answers falls with every dose, in calls and in forecasts, and is the same every time", async () => {
    const sites = Array.from({ length: 240 }, (_, index) => ({ must: [index % 4], file: `${index % 12}.ts` }));
    const corpora = [corpusOf(tinyTruth(sites, ["0.ts", "0.ts", "1.ts", "1.ts"], "many"), "real")];
    for (const category of ["call-graph", "uncertainty-calibration"] as const) {
      const options = { category, corpora, of: "gold", answersTo: goldAnswers, seed: 1, seeds: 20 };
      const entries = await measureResolution(options);
      expect(entries.map(({ damage }) => damage)).toEqual(
        category === "call-graph" ? ["drop", "swap"] : ["drop", "swap", "flatten"],
      );
      for (const { score, monotone, doses } of entries) {
        expect([score, monotone]).toEqual([1, true]);
        expect(doses.at(-1)?.toldApart).toBe(1);
      }
      expect(await measureResolution(options)).toEqual(entries);
    }
    const silent = { category: "call-graph" as const, corpora, of: "x", seed: 1, seeds: 1 };
    expect(await measureResolution({ ...silent, answersTo: async () => null })).toEqual([]);
  });
});

describe("cibench resolution", () => {
  let folder: string;
  let root: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cibench-"));
    root = join(folder, "source");
    writeSources(root);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The command line on `source` as a real corpus. */
  async function cibench(...argv: string[]) {
    let [stdout, stderr] = ["", ""];
    const corpora = sourceCorpora(root);
    const code = await runCli(argv, {
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
      isTerminal: false,
      now: fixedNow,
      clock: () => 0,
      corpora: {
        ...corpora,
        fetch: async (id, given) => {
          const fetched = await corpora.fetch(id, given);
          return { ...fetched, spec: { ...fetched.spec, kind: "real" } };
        },
      },
      code: () => "of this test",
      interrupted: async () => undefined,
    });
    return { code, stdout, stderr };
  }

  test("damages gold and stored runs, writes the record, and shows it in a README", async () => {
    const ran = await cibench("run", "--tool", "grep", "--corpus", "source", "--out", join(folder, "runs"), "--json");
    const run = /wrote (.*)/.exec(ran.stderr)?.[1] as string;
    const out = join(folder, "resolution.json");
    const flags = ["--corpus", "source", "--seeds", "3", "--category", "call-graph"];
    const { code, stdout } = await cibench("resolution", ...flags, "--of", `gold,${run}`, "--out", out, "--json");
    expect(code).toBe(0);
    const output = ResolutionOutput.parse(JSON.parse(stdout));
    expect(output.entries.map(({ of, damage }) => `${of} ${damage}`)).toEqual([
      "gold drop",
      "gold swap",
      "grep drop",
      "grep swap",
    ]);
    expect(output).toMatchObject({ seeds: 3, commit: null, runs: [expect.stringContaining("grep-")] });
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(output);

    // As the store keeps it: the report within a record, its items in a folder of their own.
    const published = join(folder, "results", "published", "cibench");
    mkdirSync(published, { recursive: true });
    renameSync(join(folder, "runs"), join(folder, "results", "raw"));
    const report: unknown = JSON.parse(
      readFileSync(join(folder, "results", "raw", run.split("/").at(-1) ?? ""), "utf8"),
    );
    writeFileSync(join(published, "2026-11-23-grep.json"), JSON.stringify({ id: "x", report }));
    const stored = ["--of", "grep", "--published", published, "--commit", "0123456789abcdef"];
    const again = await cibench("resolution", ...flags, ...stored, "--json");
    expect(ResolutionOutput.parse(JSON.parse(again.stdout))).toMatchObject({
      commit: "0123456789abcdef",
      entries: output.entries.slice(2),
    });
    expect((await cibench("resolution", ...flags, "--of", "nobody", "--published", published)).code).toBe(3);

    const readme = join(folder, "README.md");
    writeFileSync(readme, "<!-- resolution: generated by it -->\n<!-- resolution: end -->\n");
    expect((await cibench("resolution", "show", out, "--readme", readme)).code).toBe(0);
    expect(readFileSync(readme, "utf8")).toContain(resolutionMarkdown(output));
    const bad = await cibench("resolution", "show", readme);
    expect([bad.code, bad.stderr]).toEqual([3, expect.stringContaining("is no record of the resolution")]);
  });

  test("measures nothing on corpora that do not weigh", async () => {
    const { code } = await commandsOn(() => root)("resolution", "--corpus", "source", "--of", "gold", "--seeds", "1");
    expect(code).toBe(3);
  });
});
