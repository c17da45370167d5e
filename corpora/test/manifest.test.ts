import { expect, test } from "vitest";
import { CorpusSpec, findCorpus, listCorpora } from "../src/manifest.ts";
import { splitOf } from "../src/truth/split.ts";
import { folderWith } from "./support/folder.ts";
import { checkoutWith } from "./support/manifest.ts";

test("every manifest of this checkout is valid, real corpora first", () => {
  const specs = listCorpora();
  const kinds = specs.map(({ kind }) => kind);
  expect(kinds).toEqual(kinds.toSorted());
  const real = specs.filter(({ kind }) => kind === "real").map(({ id }) => id);
  expect(real).toEqual(real.toSorted());
  expect(real).toEqual(expect.arrayContaining(["find-my-way", "zod"]));
  expect(new Set(specs.map(({ id }) => id)).size).toBe(specs.length);
});

test("the split follows from the family alone, and no family is on both sides", () => {
  const sides = Map.groupBy(listCorpora(), ({ family }) => family);
  for (const [family, specs] of sides)
    expect(new Set(specs.map(({ split }) => split))).toEqual(new Set([splitOf(family)]));
  const families = Array.from({ length: 2000 }, (_, i) => `family-${i}`);
  const fit = families.filter((family) => splitOf(family) === "fit").length / families.length;
  expect(fit).toBeGreaterThan(0.25);
  expect(fit).toBeLessThan(0.35);
});

test("a manifest with another split, an unknown key or a weak hash is refused", () => {
  const good = findCorpus("zod");
  expect(CorpusSpec.safeParse(good).success).toBe(true);
  expect(CorpusSpec.safeParse({ ...good, split: "fit" }).success).toBe(false);
  expect(CorpusSpec.safeParse({ ...good, more: 1 }).success).toBe(false);
  expect(CorpusSpec.safeParse({ ...good, kind: "synthetic" }).success).toBe(false);
  expect(CorpusSpec.safeParse({ ...good, source: { ...good.source, integrity: "sha1-abc" } }).success).toBe(false);
});

test("a manifest that cannot be read says which and why", () => {
  expect(() => listCorpora(folderWith({ "real/x/corpus.json": "{" }))).toThrow(
    /real\/x\/corpus.json is not a manifest/,
  );
  expect(() => listCorpora(checkoutWith({}))).toThrow(/source/);
  const misplaced = folderWith({ "real/other/corpus.json": JSON.stringify(findCorpus("zod")) });
  expect(() => listCorpora(misplaced)).toThrow(/says it is real\/zod/);
});

test("a checkout without corpora has none", () => {
  expect(listCorpora(folderWith())).toEqual([]);
});
