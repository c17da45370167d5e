import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { beforeAll, describe, expect, test } from "vitest";
import { type Judged, judge } from "../conformance/judge.ts";
import { reasonOf } from "../conformance/known-gaps.ts";
import { LANGUAGES } from "../conformance/languages.ts";
import { featureRows, markdownTable, withTable } from "../conformance/table.ts";

describe.each(LANGUAGES)("$name", ({ name, cases, gaps }) => {
  /** By behaviour. */
  let judged: Map<string, Judged>;

  beforeAll(async () => {
    judged = new Map((await judge(cases)).map((one) => [one.one.behaviour, one]));
  }, 120_000);

  test.each(cases.filter(({ behaviour }) => reasonOf(gaps, behaviour) === undefined))(
    "$feature: $behaviour",
    ({ behaviour }) => {
      expect(judged.get(behaviour)?.problems).toEqual([]);
    },
  );

  const known = cases.filter(({ behaviour }) => reasonOf(gaps, behaviour) !== undefined);
  test.each(known)("$feature: $behaviour is a known gap, and leaves the list when it passes", ({ behaviour }) => {
    expect(judged.get(behaviour)?.problems).not.toEqual([]);
  });

  test("every known gap is a case, listed once", () => {
    const listed = gaps.flatMap((gap) => gap.cases);
    const behaviours = new Set(cases.map(({ behaviour }) => behaviour));
    const wrong = listed.filter(
      (behaviour, index) => !behaviours.has(behaviour) || listed.indexOf(behaviour) !== index,
    );
    expect(wrong).toEqual([]);
  });

  test("no more than one case in twenty is a known gap", () => {
    expect(gaps.flatMap((gap) => gap.cases).length).toBeLessThanOrEqual(cases.length / 20);
  });

  test("the table of features in the README is what the engine answers now", async () => {
    const at = new URL("../README.md", import.meta.url);
    const readme = readFileSync(at, "utf8");
    const table = markdownTable(featureRows([...judged.values()], gaps));
    const renewed = await format(withTable(readme, name, table), {
      ...(await resolveConfig(at)),
      parser: "markdown",
    });
    expect(readme).toBe(renewed);
  });
});
