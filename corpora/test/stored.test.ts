import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isStored, loadCallGraphTruth } from "../src/derive/load.ts";
import { fetchCorpus } from "../src/fetch.ts";
import { listCorpora } from "../src/manifest.ts";
import { CANARY } from "../src/truth/canary.ts";
import { completenessOf, describeCompleteness } from "../src/truth/completeness.ts";
import { describeDiff, diffTruth, isDifferent } from "../src/truth/diff.ts";
import { applyErrata, type Erratum, readErrata } from "../src/truth/errata.ts";
import { inRandomOrder, MAX_SITES, sampledTruth, sampleSites } from "../src/truth/sample.ts";
import { CallGraphTruth, type Definition, restsOn } from "../src/truth/schema.ts";
import { splitOf } from "../src/truth/split.ts";
import { readStoredTruth, storedTruthFile, storedTruthOf, writeStoredTruth } from "../src/truth/stored.ts";
import { decodeTruth, encodeTruth } from "../src/truth/stored-form.ts";
import { totalsOf } from "../src/truth/totals.ts";
import { folderWith } from "./support/folder.ts";
import { blankTruth, siteTruth } from "./support/truth.ts";

const at = fc.integer({ min: 1, max: 300 });
const definitions: fc.Arbitrary<Definition[]> = fc
  .array(
    fc.record({
      file: fc.constantFrom("a.ts", "b/c.ts"),
      ...{ line: at, column: at, more: at, name: fc.string(), isConstructor: fc.boolean() },
    }),
  )
  .map((drafts) =>
    drafts
      .map(({ file, line, column, more, name, isConstructor }) => ({
        id: `${file}:${line}:${column}`,
        file,
        span: { line, column, endLine: line + more, endColumn: column },
        body: { line: line + (more % 2), column: more },
        name,
        ...(isConstructor ? { classHeader: { line: more, column, body: { line, column: more } } } : {}),
      }))
      .sort((a, b) => (a.file === b.file ? a.span.line - b.span.line : a.file < b.file ? -1 : 1)),
  );

test("what is stored is what was there, byte for byte the same each time", () => {
  fc.assert(
    fc.property(definitions, (some) => {
      const truth = blankTruth({ definitions: some, sites: [siteTruth(1), siteTruth(2)] });
      expect(decodeTruth(encodeTruth(truth))).toEqual(truth);
      expect(encodeTruth(structuredClone(truth)).equals(encodeTruth(truth))).toBe(true);
    }),
  );
});

test("the README says what there is of each deriver and corpus", async () => {
  const words = (text: string): string => text.replaceAll(/[ -]+/g, " ");
  const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");
  for (const table of describeCompleteness(await completenessOf()).split("\n\n"))
    expect(words(readme)).toContain(words(table));
});

test("every file of truth holds the canary", () => {
  expect(gunzipSync(encodeTruth(blankTruth())).toString()).toContain(CANARY);
});

test("a stored file is read back; a damaged one is an error, a missing one is none", async () => {
  const root = folderWith();
  expect(await readStoredTruth("tiny", root)).toBeNull();
  const truth = blankTruth({ sites: [siteTruth(3)] });
  expect(await writeStoredTruth(truth, root)).toBe(storedTruthFile("tiny", root));
  expect(await readStoredTruth("tiny", root)).toEqual(truth);
  writeFileSync(storedTruthFile("tiny", root), encodeTruth(truth).subarray(0, 40));
  await expect(readStoredTruth("tiny", root)).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
});

test("why a stored file cannot be read is told, in one line", async () => {
  const root = folderWith();
  const file = storedTruthFile("tiny", root);
  const store = async (bytes: Uint8Array): Promise<unknown> => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return readStoredTruth("tiny", root).catch((error: unknown) => error);
  };
  const known = JSON.parse(gunzipSync(encodeTruth(blankTruth())).toString()) as Record<string, unknown>;
  const pack = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));
  for (const [bytes, why] of [
    [pack({ ...known, schemaVersion: 99 }), "schemaVersion: "],
    [pack({ ...known, canary: "other" }), "canary: "],
    [pack({ ...known, corpus: "other" }), "it is about other"],
    [pack(null), "Invalid input"],
    [gzipSync("{"), "JSON"],
    [new Uint8Array(), "unexpected end of file"],
  ] as const) {
    expect(await store(bytes)).toMatchObject({ code: "CORPUS_TRUTH", message: expect.stringContaining(why) });
  }
  rmSync(file);
  mkdirSync(file);
  await expect(readStoredTruth("tiny", root)).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
});

test("a sample keeps rare kinds whole, takes as many as it may, and follows from its seed", () => {
  const common = Array.from({ length: 90 }, (_, i) => siteTruth(i + 1));
  const hard = Array.from({ length: 6 }, (_, i) => siteTruth(i + 101, { stratum: "callback" }));
  const unjudged = Array.from({ length: 3 }, (_, i) => siteTruth(i + 201, { closed: false }));
  const sites = [...common, ...hard, ...unjudged];
  const kept = sampleSites(sites, { limit: 40, seed: 7 });
  expect(kept).toHaveLength(40);
  expect(kept).toEqual(expect.arrayContaining([...hard, ...unjudged]));
  expect(kept).toEqual(sites.filter((site) => kept.includes(site)));
  expect(sampleSites(sites, { limit: 40, seed: 7 })).toEqual(kept);
  expect(sampleSites(sites, { limit: 40, seed: 8 })).not.toEqual(kept);
  expect(sampleSites(sites, { limit: 99, seed: 7 })).toEqual(sites);
});

test("of easy sites no more are kept than 250 of a kind, or three for each hard one", () => {
  const easy = Array.from({ length: 700 }, (_, i) => siteTruth(i + 1, { easy: true }));
  const hard = Array.from({ length: 200 }, (_, i) => siteTruth(i + 1001));
  const other = Array.from({ length: 10 }, (_, i) => siteTruth(i + 2001, { easy: true, stratum: "computed" }));
  expect(sampleSites([...easy, ...other], { limit: 4000, seed: 1 })).toHaveLength(260);
  expect(sampleSites([...easy, ...hard], { limit: 4000, seed: 1 })).toHaveLength(800);
});

test("a site less changes one other site of a sample at most", () => {
  const sites = Array.from({ length: 60 }, (_, i) => siteTruth(i + 1));
  const [first] = inRandomOrder(sites, 1);
  const before = sampleSites(sites, { limit: 20, seed: 1 });
  const after = sampleSites(
    sites.filter((site) => site !== first),
    { limit: 20, seed: 1 },
  );
  expect(after.filter((site) => !before.includes(site))).toHaveLength(1);
});

test("a sampled truth says from how many it was drawn", () => {
  const sites = [
    ...Array.from({ length: 9 }, (_, i) => siteTruth(i + 1, { easy: i < 4 })),
    siteTruth(20, { closed: false }),
  ];
  const truth = blankTruth({ sites });
  expect(sampledTruth(truth, 10)).toBe(truth);
  expect(sampledTruth(truth, 5)).toMatchObject({ sampled: { seed: 1, from: 10, unknown: 1, easy: 4 } });
});

test("a difference names the items that came, went and changed", () => {
  const before = blankTruth({ sites: [siteTruth(1), siteTruth(2), siteTruth(3)], files: ["a.ts"] });
  const after = blankTruth({ sites: [siteTruth(1), siteTruth(3, { closed: false }), siteTruth(4)], files: ["b.ts"] });
  const diff = diffTruth(before, after);
  expect(diff).toEqual({
    corpus: "tiny",
    isNew: false,
    gained: ["a.ts:4:1-4:4"],
    lost: ["a.ts:2:1-2:4"],
    changed: [{ site: "a.ts:3:1-3:4", fields: ["closed"] }],
    parts: ["files"],
  });
  expect(describeDiff(diff)).toBe(
    [
      "tiny: 1 items gained, 1 lost, 1 changed; also different: files",
      "  + a.ts:4:1-4:4",
      "  - a.ts:2:1-2:4",
      "  ~ a.ts:3:1-3:4 (closed)",
    ].join("\n"),
  );
  expect(isDifferent(diffTruth(before, structuredClone(before)))).toBe(false);
  expect(describeDiff(diffTruth(before, before))).toBe("tiny: as stored");
  expect(describeDiff(diffTruth(null, before))).toContain("3 items are new");
});

test("what a run took and which version of an oracle spoke is no difference", () => {
  const tracing = { plainSeconds: 1, tracedSeconds: 2, overhead: 2, lostSites: 0 };
  expect(isDifferent(diffTruth(blankTruth(), blankTruth({ tracing })))).toBe(false);
});

function erratum(line: number, decision: Erratum["decision"]): Erratum {
  return { site: `a.ts:${line}:1-${line}:4`, wrong: "it is", decision, evidence: { kind: "program", text: "f()" } };
}

test("errata drop, open and mend items, and leave the others alone", () => {
  const f = { definition: "a.ts:1:1" };
  const sites = [siteTruth(1), siteTruth(2), siteTruth(3, { may: [f], easy: true }), siteTruth(4)];
  const mended = applyErrata(blankTruth({ sites }), [
    erratum(1, { type: "drop" }),
    erratum(2, { type: "open" }),
    erratum(3, { type: "must", targets: [f] }),
    erratum(99, { type: "drop" }),
  ]);
  expect(mended.sites).toEqual([{ ...siteTruth(2), closed: false }, { ...siteTruth(3), must: [f] }, siteTruth(4)]);
});

test("errata are read from a file; none is none, and one that breaks the schema is an error", async () => {
  const one = erratum(1, { type: "drop" });
  const record = { schemaVersion: 1, canary: CANARY, corpus: "tiny", errata: [one] };
  const folder = folderWith({ "errata.json": JSON.stringify(record), "bad.json": '{"errata":[]}' });
  expect(await readErrata(path.join(folder, "errata.json"))).toEqual([one]);
  expect(await readErrata(path.join(folder, "none.json"))).toEqual([]);
  await expect(readErrata(path.join(folder, "bad.json"))).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
  mkdirSync(path.join(folder, "folder.json"));
  await expect(readErrata(path.join(folder, "folder.json"))).rejects.toThrow("EISDIR");
});

test("an item rests on one oracle or on several", () => {
  expect(restsOn({ by: ["trace"] })).toBe("trace");
  expect(restsOn({ by: ["compiler", "trace"] })).toBeNull();
  expect(restsOn({ by: [] })).toBeNull();
});

test("no family has corpora on both sides of the split, and each side is where the hash says", () => {
  const sides = new Map<string, Set<string>>();
  for (const { family, split } of listCorpora()) {
    sides.set(family, (sides.get(family) ?? new Set()).add(split));
    expect(split).toBe(splitOf(family));
  }
  expect(sides.size).toBeGreaterThan(2);
  for (const found of sides.values()) expect(found.size).toBe(1);
});

test("the split follows the first byte of the hash, 77 of 256 to fit", () => {
  const names = Array.from({ length: 4000 }, (_, i) => `family-${i}`);
  const fit = names.filter((name) => splitOf(name) === "fit").length / names.length;
  expect(fit).toBeGreaterThan(77 / 256 - 0.03);
  expect(fit).toBeLessThan(77 / 256 + 0.03);
  expect(["zod", "find-my-way", "qs", "fast-json-stringify"].map(splitOf)).toEqual(["report", "report", "fit", "fit"]);
});

test("aims are checked over all corpora together", () => {
  const easy = { baselines: { grep: 1, importGraph: 1, constant: 0 }, easy: true };
  const one = blankTruth({ lines: 600_000, sites: [siteTruth(1, easy), siteTruth(2, easy), siteTruth(3)] });
  const two = blankTruth({ sites: [siteTruth(1, { file: "b.py", closed: false })] });
  const totals = totalsOf([one, two]);
  expect(totals).toMatchObject({ corpora: 2, sites: 4, judged: 3, easy: 2 });
  expect(totals.languages).toContainEqual({ language: "python", sites: 1, judged: 0 });
  const held = (aims: typeof totals.aims): string[] => aims.filter(({ holds }) => holds).map(({ aim }) => aim);
  expect(held(totals.aims)).toEqual([
    "generated sites at most a third of all",
    "at least 30 % of the judged items not easy",
    "one corpus of at least 500 kLOC",
  ]);
  // Generated sites help to reach no aim, and four of eight are too many.
  const generated = blankTruth({ sites: [1, 2, 3, 4].map((line) => siteTruth(line)) });
  expect(held(totalsOf([one, two], [generated]).aims)).toEqual(held(totals.aims).slice(1));
  expect(totalsOf([]).aims.some(({ holds }) => holds)).toBe(false);
  expect(CallGraphTruth.parse(one)).toEqual(one);
});

test("what is stored reaches every aim, with and without the generated corpora", async () => {
  const truths: CallGraphTruth[] = [];
  for (const spec of listCorpora().filter(isStored)) {
    const { truth, errata } = await storedTruthOf(spec);
    truths.push(applyErrata(truth, errata));
  }
  expect(totalsOf(truths).aims.filter(({ holds }) => !holds)).toEqual([]);
  const medium = await fetchCorpus("calls-medium", { cacheDir: folderWith(), offline: true });
  const generated = await loadCallGraphTruth(medium, { cacheDir: folderWith() });
  expect(generated.sampled?.from).toBeGreaterThan(MAX_SITES);
  expect(totalsOf(truths, [generated]).aims.filter(({ holds }) => !holds)).toEqual([]);
  expect(totalsOf([...truths, generated]).aims.filter(({ holds }) => !holds)).toEqual([]);
}, 60_000);
