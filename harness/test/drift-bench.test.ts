/** `drift-bench` within this process: what each file, flag and verdict leads to; `e2e/drift-bench.test.ts` types it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import type { CommandContext } from "../src/commands/context.ts";
import { addDriftBench } from "../src/drift-bench.ts";
import { temporaryFolder } from "./fixtures.ts";

const steady = [100, 101, 99, 100, 102, 98, 100, 101, 99, 100, 100.5, 99.5];
const times = (factor: number): number[] => steady.map((value, i) => value * factor + i / 100);

/** @returns what it printed and the answer it gave; null when it gave none */
function driftBench(args: readonly string[]): { output: string; answer: number | null } {
  let output = "";
  let answer: number | null = null;
  const context = { stdout: { write: (text: string) => (output += text) } } as unknown as CommandContext;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addDriftBench(program, context, (code) => (answer = code));
  for (const root of program.commands)
    for (const command of [root, ...root.commands]) command.copyInheritedSettings(program);
  program.parse(["drift-bench", ...args], { from: "user" });
  return { output, answer };
}

function inputFile(content: unknown): string {
  const path = join(temporaryFolder(), "input.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const compare = (content: unknown, ...more: string[]) =>
  driftBench(["compare", "--pairs", inputFile(content), ...more]);
const changePoints = (content: unknown, ...more: string[]) =>
  driftBench(["changepoints", "--in", inputFile(content), ...more]);

describe("drift-bench compare", () => {
  const same = { id: "same", base: steady, head: steady };
  const slow = { id: "slow", base: steady, head: times(1.2) };
  const slowRate = { id: "slow rate", direction: "higher-is-better", base: steady, head: times(0.7) };
  const fast = { id: "fast", base: steady, head: times(0.8) };
  const few = { id: "few", base: [1, 2], head: [1, 2] };
  const none = { id: "none", base: [], head: [] };

  test.each([
    ["regressed", 1, [same, few, slow]],
    ["inconclusive", 0, [same, few, fast]],
    ["improved", 0, [same, fast]],
    ["unchanged", 0, [same]],
  ] as const)("as a whole is %s when its worst case is", (verdict, answer, cases) => {
    const found = compare({ cases });
    expect(found.answer).toBe(answer);
    expect(found.output).toContain(`\n${verdict}: worse by more than 2 %, at most 5 % of the reds wrong`);
  });

  test("puts what became worst first, whichever way its values went, and cases without values last", () => {
    const { output } = compare({ cases: [none, fast, same, slow, slowRate] }, "--json");
    const report = JSON.parse(output) as { cases: { id: string; ratio: number | null }[] };
    expect(report.cases.map(({ id }) => id)).toEqual(["slow rate", "slow", "same", "fast", "none"]);
    expect(report.cases.map(({ ratio }) => ratio !== null && ratio > 1)).toEqual([false, true, false, false, false]);
  });

  test("says in the table what is not known, and why", () => {
    const { output } = compare({ cases: [none, few] });
    expect(output).toContain("none: 0 of at least 5 pairs");
    expect(output).toMatch(/few .*inconclusive.* none/);
  });

  test("takes its margin, its share of wrong reds and its seed from the flags", () => {
    const flags = ["--margin", "0.5", "--q", "0.1", "--unchanged-within", "0.9", "--seed", "7"];
    const report = JSON.parse(compare({ cases: [slow] }, ...flags, "--json").output) as { options: unknown };
    expect(report).toMatchObject({
      verdict: "unchanged",
      options: { margin: 0.5, q: 0.1, unchangedWithin: 0.9, seed: 7 },
    });
  });

  test.each([
    ["margin", "0"],
    ["margin", "1"],
    ["margin", " "],
    ["q", "much"],
    ["seed", "-1"],
    ["seed", "1.5"],
    ["seed", "2147483648"],
  ])("refuses --%s %j", (flag, value) => {
    expect(() => compare({ cases: [same] }, `--${flag}`, value)).toThrow(CommanderError);
  });

  test.each([
    ["unequal lengths", { cases: [{ id: "short", base: [1, 2], head: [1] }] }, 'case "short": 2 values of base'],
    ["NaN", '{"cases": [{"id": "NaN", "base": [1, NaN], "head": [1, 2]}]}', 'case "NaN": base.1'],
    ["zero", { cases: [{ id: "none", base: [1, 0], head: [1, 2] }] }, 'case "none": base.1'],
    ["the same id twice", { cases: [few, few] }, '"few" is there twice'],
    ["a case without a name", { cases: [{ base: [1], head: [1] }] }, "case 0: id"],
    ["a case that is none", { cases: [7] }, "case 0: "],
    ["a field that nobody knows", { cases: [{ ...few, unit: "ms" }] }, 'case "few": '],
    ["no JSON", "{", "it is not JSON"],
    ["another form", [1], '{"cases": [...]}'],
    ["no case", { cases: [] }, "holds no case"],
  ])("of %s says what is wrong", (_, content, said) => {
    expect(() => compare(content)).toThrow(said);
  });

  test("of a file that is not there says so", () => {
    expect(() => driftBench(["compare", "--pairs", join(temporaryFolder(), "none.json")])).toThrow("cannot read");
  });
});

describe("drift-bench changepoints", () => {
  test("without a series asks for one", () => {
    expect(() => driftBench(["changepoints"])).toThrow("no series to look at");
  });

  test.each([
    [1.5, "+50.0 %"],
    [0.5, "-50.0 %"],
  ])("a level times %d is shown as %s", (factor, shown) => {
    const { output } = changePoints({ values: [...steady, ...steady.map((value) => value * factor)] });
    expect(output).toContain(shown);
    expect(output).toContain(` ${steady.length} `);
  });

  test("without a change says so, and of flags that are given the record tells", () => {
    expect(changePoints(steady).output).toBe("no change of level in 12 values\n");
    const flags = ["--alpha", "0.001", "--minimum-effect", "0.6", "--seed", "3", "--json"];
    const { output } = changePoints([...steady, ...steady.map((value) => value * 1.5)], ...flags);
    expect(JSON.parse(output)).toEqual({
      schemaVersion: 1,
      values: 24,
      options: { alpha: 0.001, minimumEffect: 0.6, minimumSigmas: 1 },
      changePoints: [],
    });
  });

  test.each([
    ["null", [1, null], "value 1 is not a finite number"],
    ["Infinity", '{"values": [-Infinity]}', "value 0 is not a finite number"],
    ["another form", { series: [] }, '{"values": [...]}'],
    ["nothing", { values: [] }, "it holds no value"],
    ["what squares to infinity", [1, 1e308], "value 1 is not between 1e-150 and 1e+150"],
    ["more than a history", Array.from({ length: 1_000_001 }, () => 1), "holds 1000001 values"],
  ])("of %s says what is wrong", (_, content, said) => {
    expect(() => changePoints(content)).toThrow(said);
  });
});
