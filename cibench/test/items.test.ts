import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyseItems } from "../src/items/analyse.ts";
import { mayRetire, RULE } from "../src/items/rule.ts";
import type { StoredRun } from "../src/read-run.ts";
import { ItemsOutput } from "../src/schema/items.ts";
import type { ItemOutcome } from "../src/schema/score.ts";
import { commandsOn } from "./support/cli.ts";
import { writeSources } from "./support/source-corpus.ts";

/** What a tool got right of ten items. */
function run(
  name: string,
  isRight: (item: number) => boolean,
  more: { languages?: ["python"]; unjudged?: number } = {},
): StoredRun {
  const items = Array.from({ length: 10 }, (_, item) => ({
    ...{ category: "call-graph", corpus: "tiny", itemId: `${item}` },
    outcome: item === more.unjudged ? "unjudged" : isRight(item) ? "right" : "wrong",
    counts: { truePositives: 0, falsePositives: 1, falseNegatives: 1, onUnknown: 0 },
  }));
  const subject = { name, role: "contestant", ...(more.languages && { languages: more.languages }) };
  return {
    report: { subject, corpora: [{ id: "tiny", kind: "real" }] } as unknown as StoredRun["report"],
    items: items as unknown as ItemOutcome[],
  };
}

/** Better from one to the next; item 9 is right for the worse ones alone, item 8 for nobody, item 0 for all. */
const BOARD = [
  run("poor", (item) => item < 2 || item === 9),
  run("fair", (item) => item < 5 || item === 9),
  run("good", (item) => item < 8),
];
const analyse = (runs: readonly StoredRun[]) => analyseItems(runs, () => "typescript", 1);

describe("the analysis of items", () => {
  test("has the mean as difficulty and the item-rest correlation as discrimination", () => {
    const { groups, flagged } = analyse(BOARD);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ tools: ["poor", "fair", "good"], items: 10 });
    expect(groups[0]?.difficulty).toBeCloseTo((3 + 6 + 8) / 30, 12);
    const of = (id: string) => flagged.find(({ itemId }) => itemId === id);
    // Worth 1, 1, 0 against rest 2, 5, 8: r = −√3 / 2.
    expect(of("9")).toMatchObject({ flag: "negative", difficulty: 2 / 3, credits: { poor: 1, fair: 1, good: 0 } });
    expect(of("9")?.discrimination).toBeCloseTo(-Math.sqrt(3) / 2, 12);
    expect(of("8")).toMatchObject({ flag: "all-wrong", difficulty: 0, discrimination: null });
    expect(of("0")).toMatchObject({ flag: "all-right", difficulty: 1, discrimination: null });
    expect(groups[0]?.flagged).toEqual({ negative: 1, "all-right": 2, "all-wrong": 1 });
    // By lot, an item that splits three tools is negative in a third to a half of the cases; seven do.
    expect(groups[0]?.negativeByChance).toBeGreaterThan(2);
    expect(groups[0]?.negativeByChance).toBeLessThan(4);
  });

  test("is the same whatever Drift answers", () => {
    for (const isRight of [() => true, () => false, (item: number) => item === 9]) {
      expect(analyse([run("drift", isRight), ...BOARD])).toEqual(analyse(BOARD));
    }
  });

  test("leaves out tools that do not read the language, and items that are not judged for all", () => {
    expect(analyse([...BOARD, run("snake", () => true, { languages: ["python"] })])).toEqual(analyse(BOARD));
    const { groups } = analyse([...BOARD, run("other", (item) => item < 4, { unjudged: 3 })]);
    expect(groups.map(({ items }) => items)).toEqual([9]);
  });

  test("flags nothing by one tool, and nothing as negative by two", () => {
    expect(analyse(BOARD.slice(0, 1)).flagged).toEqual([]);
    expect(analyse(BOARD.slice(0, 2)).flagged.filter(({ flag }) => flag === "negative")).toEqual([]);
  });
});

describe("the rule of retirement", () => {
  const many = Array.from({ length: RULE.fewestTools }, (_, tool) => {
    return run(`t${tool}`, (item) => (item === 9 ? tool < 5 : item < tool));
  });
  // A group of ten items is too small for one in a hundred.
  const large = (runs: readonly StoredRun[]) =>
    runs.map(({ report, items }) => ({
      report,
      items: Array.from({ length: 10 }, (_, copy) =>
        items.map((item) => ({
          ...item,
          itemId: copy === 0 ? item.itemId : `${copy} ${Math.min(8, Number(item.itemId))} ${item.itemId}`,
          outcome: copy > 0 && item.itemId === "9" ? ("right" as const) : item.outcome,
        })),
      ).flat(),
    }));
  const before = new Set(["call-graph/tiny/9"]);

  test("lets go what is flagged twice by enough tools, and no more than one in a hundred", () => {
    expect(mayRetire(analyse(large(many)), before)).toEqual({ mayRetire: ["call-graph/tiny/9"], reason: null });
    expect(mayRetire(analyse(many), before).mayRetire).toEqual([]);
    expect(mayRetire(analyse(large(many)), new Set()).mayRetire).toEqual([]);
    expect(mayRetire(analyse(large(many)), null).reason).toContain("--before");
  });

  test("does not count Drift among the tools", () => {
    const nine = [run("drift", () => true), ...many.slice(1)];
    expect(mayRetire(analyse(large(nine)), before)).toEqual({
      mayRetire: [],
      reason: "at most 9 tools decide, the rule asks for 10",
    });
  });

  test("is what RETIREMENT.md says", () => {
    const text = readFileSync(new URL("../RETIREMENT.md", import.meta.url), "utf8");
    expect(text).toContain(`It is version ${RULE.version};`);
    expect(text).toContain(`At least **${RULE.fewestTools}** tools decide`);
    expect(text).toContain(`at most **${RULE.discrimination}**`);
    expect(text).toContain(`No more than **${100 * RULE.largestShare} %**`);
    expect(RULE.leftOut).toEqual(["drift"]);
    expect(text).toContain("**Drift decides nothing.**");
  });
});

describe("cibench items", () => {
  let folder: string;
  let root: string;
  const cibench = commandsOn(() => root);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "items-"));
    root = join(folder, "source");
    writeSources(root);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("looks at the newest runs, writes the record, and refuses runs that do not belong together", async () => {
    const published = join(folder, "published");
    mkdirSync(published);
    for (const tool of ["grep", "imports", "null"]) {
      await cibench("run", "--tool", tool, "--corpus", "source", "--out", published);
    }
    const out = join(folder, "items.json");
    const { code, stdout } = await cibench("items", "--published", published, "--out", out, "--json");
    expect(code).toBe(0);
    const output = ItemsOutput.parse(JSON.parse(stdout));
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(output);
    expect(output.groups.map(({ tools }) => tools)).toEqual([["grep", "imports"]]);
    expect(output).toMatchObject({ mayRetire: [], reason: "at most 2 tools decide, the rule asks for 10" });
    const table = await cibench("items", "--published", published, "--before", out);
    expect(table.stdout).toContain("May be retired (rule 1, without drift): none: at most 2 tools decide");
    const file = /wrote (.*)/.exec(
      (await cibench("run", "--tool", "grep", "--corpus", "source", "--out", folder)).stderr,
    )?.[1];
    expect((await cibench("items", file ?? "", file ?? "")).stderr).toContain("NOT_COMPARABLE");
    expect((await cibench("items", "--published", root)).stderr).toContain("REPORT_UNREADABLE");
    writeFileSync(join(folder, "no.json"), "{}");
    expect((await cibench("items", file ?? "", "--before", join(folder, "no.json"))).stderr).toContain(
      "no record of items",
    );
  });
});
