import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMULA_FOLDERS, readFormulas } from "../src/data/formulas.ts";
import { buildTestSite, type TestSite, words } from "./site.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const all = Object.keys(FORMULA_FOLDERS).flatMap((folder) => readFormulas(root, folder));

describe("formulas of the code", () => {
  test("are the words above a function up to the first tag, with the source that it names", () => {
    const bands = all.find(({ name }) => name === "consistency bands");
    expect(bands?.file).toBe("cibench/src/calibration/consistency-bands.ts");
    expect(bands?.text.map(([first]) => first)).toEqual([
      "The consistency band of each bin that has a forecast.",
      expect.stringContaining("1,000 draws"),
    ]);
    expect(bands?.source).toMatch(/^Bröcker and Smith, .* Forecasting 22 \(2007\)$/);
  });

  test("of one line, of several sources and with lists are read as well", () => {
    const of = (name: string) => all.find((one) => one.name === name);
    expect(of("spearman")).toMatchObject({
      text: [["Pearson's coefficient of average ranks."]],
      source: "Spearman, American Journal of Psychology 15 (1904)",
    });
    expect(of("find change points")?.source).toMatch(/^Page, .*\(the null under autocorrelation\)$/);
    for (const { name, text, source } of all) {
      expect(text.length, name).toBeGreaterThan(0);
      expect(`${text.flat().join("")}${source}`, name).not.toMatch(/@(see|param|returns|link)|\*\//);
      expect(source, name).not.toBe("");
    }
  });

  test("are none where there is no code", () => {
    expect(readFormulas(root, "no-such-folder")).toEqual([]);
  });
});

describe("the page of formulas", () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await buildTestSite(null);
  });
  afterAll(() => site.remove());

  test("has every category that is scored, and every statistic with its source", () => {
    const page = site.page("/method/formulas/");
    const headings = [...page.querySelectorAll("h2, h3")].map(words).join("\n");
    for (const title of ["Call graph", "Architectural intent", "Causal reasoning", "Uncertainty calibration"]) {
      expect(headings).toContain(`${title} (level`);
    }
    for (const title of ["Token efficiency", "Iterative refinement", "Data flow", "Negative knowledge"]) {
      expect(headings).toContain(`${title} (level`);
    }
    const text = words(page.querySelector("main"));
    for (const { source } of all) expect(text).toContain(source);
    expect(words(site.page("/method/").querySelector(".contents"))).toContain("Formulas and their sources");
  });
});
