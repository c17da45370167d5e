import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { defaultCacheDir } from "../src/cache.ts";
import { deriveGoStatic, deriveGoTrace } from "../src/derive/go.ts";
import { buildReader, findGo } from "../src/derive/go/toolchain.ts";
import { CorpusError } from "../src/errors.ts";
import type { FetchedCorpus } from "../src/fetch.ts";
import { checkPositions } from "../src/lint/positions.ts";
import { ImportScanner } from "../src/truth/import-scan.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { OPEN } from "./support/python.ts";
import { siteTruth, blankTruth } from "./support/truth.ts";

const cacheDir = defaultCacheDir(process.env);
const go = await findGo();
/** Whether our reader can be built here: what it imports has to come from the network once. */
const isReady =
  go !== null &&
  (await buildReader(go, cacheDir).then(existsSync, (error: unknown) => {
    if (error instanceof CorpusError) return false;
    throw error;
  }));

const TINY = `package tiny

import "strings"

type Shape interface{ Area() int }
type Square struct{ side int }
type Round struct{}
type Other struct{}

func (s Square) Area() int { return twice(s.side) }
func (Round) Area() int    { return len("é𝒳") + twice(1) }
func (Other) Area() int    { return 0 }

func twice(n int) int { return int(2) * n }

func Total(of []Shape, each func(int)) int {
	sum := 0
	for _, one := range of {
		sum += one.Area()
	}
	each(sum)
	func() { sum++ }()
	strings.ToUpper("a")
	table := map[string]func(int){"b": each}
	table["b"](Square{1}.Area())
	return sum
}
`;
const TEST = `package tiny

import "testing"

func TestTotal(t *testing.T) {
	if Total([]Shape{Square{2}, Round{}}, func(int) {}) != 13 {
		t.Fatal("wrong")
	}
}
`;
const FILES = { "go.mod": "module example.org/tiny\n\ngo 1.21\n", "tiny.go": TINY, "tiny_test.go": TEST };

test.runIf(isReady)("go/types and VTA say what each call of Go can enter, and where it stands", async () => {
  const root = folderWith(FILES);
  const { definitions, sites } = await deriveGoStatic({ root, measured: ["tiny.go"], context: [], cacheDir });
  const names = new Map(definitions.map(({ id, name }) => [id, name]));
  const lines = TINY.split("\n");
  const said = sites.map(({ span, must, may, stratum, complete }) => [
    (lines[span.line - 1] ?? "").slice(span.column - 1, span.endColumn - 1),
    `${stratum} ${[...must, ...may].map((one) => ("definition" in one ? names.get(one.definition) : "+")).join(" ")}${must.length === 1 ? "!" : ""}${complete ? "" : "?"}`,
  ]);
  expect(Object.fromEntries(said)).toEqual({
    "twice(s.side)": "direct twice!",
    'len("é𝒳")': "external +!",
    "twice(1)": "direct twice!",
    // Nobody makes an Other.
    "one.Area()": "interface Square.Area Round.Area",
    // Only a function of a test is passed.
    "each(sum)": "callback ?",
    "func() { sum++ }()": "direct <func>!",
    'strings.ToUpper("a")': "external +!",
    'table["b"](Square{1}.Area())': "computed ?",
    "Square{1}.Area()": "method Square.Area!",
  });
  const truth = blankTruth({ definitions, sites: sites.map((site) => ({ ...siteTruth(1), ...site })) });
  expect(await checkPositions(truth, root)).toEqual([]);
});

test.runIf(isReady)("what tests add to a call of Go that the module fills, too, counts as outside", async () => {
  const test = TEST.replace("Round{}}", "Round{}, flat{}}").concat(
    "\ntype flat struct{}\n\nfunc (flat) Area() int { return 0 }\n",
  );
  const root = folderWith({ ...FILES, "tiny_test.go": test });
  const { definitions, sites } = await deriveGoStatic({ root, measured: ["tiny.go"], context: [], cacheDir });
  const names = new Map(definitions.map(({ id, name }) => [id, name]));
  const called = (name: string) => sites.find(({ callee, stratum }) => callee?.name === name && stratum !== "method");
  expect(called("Area")).toMatchObject({ complete: true, must: [] });
  const targets = called("Area")?.may.map((one) => ("definition" in one ? names.get(one.definition) : one.external));
  expect(targets).toEqual(["Square.Area", "Round.Area", "Area"]);
  expect(called("each")).toMatchObject({ complete: false, may: [] });
});

test.runIf(isReady)("tests of Go are run plain and traced: what they enter is known by the call", async () => {
  const tests = {
    runner: "go",
    include: ["**/*_test.go"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [],
    timeoutMs: 120_000,
  };
  const spec = manifestOf({}, { language: "go", tests }) as FetchedCorpus["spec"];
  const fetched = { spec, root: folderWith(FILES), files: ["tiny.go"] };
  // The reader is at home in the cache; the scratch copy goes away.
  const traced = await deriveGoTrace(fetched, { cacheDir, context: [], sandbox: OPEN });
  expect(traced).toMatchObject({ broken: false, notRun: null, agreement: 1, plain: { passed: 1, failed: 0 } });
  const lines = TINY.split("\n");
  const texts = [...traced.sites].map(([id, { definitions, witness }]) => {
    const [line = 0, from = 0, , to = 0] = id.slice("tiny.go:".length).split(/[:-]/).map(Number);
    return `${(lines[line - 1] ?? "").slice(from - 1, to - 1)} ${definitions.length} ${witness}`;
  });
  expect(texts.toSorted()).toEqual([
    "Square{1}.Area() 1 tiny_test.go",
    "func() { sum++ }() 1 tiny_test.go",
    "one.Area() 2 tiny_test.go",
    "twice(1) 1 tiny_test.go",
    "twice(s.side) 1 tiny_test.go",
  ]);
});

test("without Go nothing is read or run, and the reason is said", async () => {
  const env = { PATH: folderWith() };
  const options = { root: folderWith(FILES), measured: ["tiny.go"], context: [], cacheDir: folderWith(), env };
  await expect(deriveGoStatic(options)).rejects.toMatchObject({ code: "CORPUS_CLIENT" });
  const tests = {
    runner: "go",
    include: ["**"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [],
    timeoutMs: 1,
  };
  const fetched = {
    spec: manifestOf({}, { language: "go", tests }) as FetchedCorpus["spec"],
    root: options.root,
    files: ["tiny.go"],
  };
  const traced = await deriveGoTrace(fetched, { cacheDir: folderWith(), context: [], sandbox: OPEN, env });
  expect(traced).toMatchObject({ broken: true, notRun: expect.stringContaining("no Go of at least") });
});

test("what a Go file imports are the packages of the module, and the rest of its own", () => {
  const files = ["a.go", "b.go", "in/c.go", "in/d.go", "in/deep/e.go"];
  const scan = (text: string): string[] => new ImportScanner(files).scan("a.go", text).imported;
  expect(scan('import (\n\t"fmt"\n\tx "m.org/p/in"\n)')).toEqual(["b.go", "in/c.go", "in/d.go"]);
  expect(scan('import "m.org/p/in/deep"')).toEqual(["b.go", "in/deep/e.go"]);
  expect(path.posix.basename(scan("")[0] ?? "")).toBe("b.go");
});
