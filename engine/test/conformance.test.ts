import { readFileSync } from "node:fs";
import { CASES } from "@drift/corpora/conformance";
import { format, resolveConfig } from "prettier";
import { beforeAll, expect, test } from "vitest";
import { type Judged, judge } from "../conformance/judge.ts";
import { KNOWN_GAPS, reasonOf } from "../conformance/known-gaps.ts";
import { featureRows, markdownTable, withTable } from "../conformance/table.ts";

/** By behaviour. */
let judged: Map<string, Judged>;

beforeAll(async () => {
  judged = new Map((await judge(CASES)).map((one) => [one.one.behaviour, one]));
}, 120_000);

test.each(CASES.filter(({ behaviour }) => reasonOf(behaviour) === undefined))(
  "$feature: $behaviour",
  ({ behaviour }) => {
    expect(judged.get(behaviour)?.problems).toEqual([]);
  },
);

test.each(CASES.filter(({ behaviour }) => reasonOf(behaviour) !== undefined))(
  "$feature: $behaviour is a known gap, and leaves the list when it passes",
  ({ behaviour }) => {
    expect(judged.get(behaviour)?.problems).not.toEqual([]);
  },
);

test("every known gap is a case, listed once", () => {
  const listed = KNOWN_GAPS.flatMap(({ cases }) => cases);
  const known = new Set(CASES.map(({ behaviour }) => behaviour));
  expect(listed.filter((behaviour, index) => !known.has(behaviour) || listed.indexOf(behaviour) !== index)).toEqual([]);
});

test("no more than one case in twenty is a known gap", () => {
  const gaps = KNOWN_GAPS.flatMap(({ cases }) => cases).length;
  expect(gaps).toBeLessThanOrEqual(CASES.length / 20);
});

test("the table of features in the README is what the engine answers now", async () => {
  const at = new URL("../README.md", import.meta.url);
  const readme = readFileSync(at, "utf8");
  const table = markdownTable(featureRows([...judged.values()]));
  const renewed = await format(withTable(readme, table), { ...(await resolveConfig(at)), parser: "markdown" });
  expect(readme).toBe(renewed);
});
