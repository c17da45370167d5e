import { expect, test } from "vitest";
import { checkFamilies, checkVersions } from "../src/lint/check-registry.ts";
import { familyOf } from "../src/family.ts";
import { checkTruth } from "../src/lint/check-truth.ts";
import { Duplicates } from "../src/lint/duplicates.ts";
import { findLeaks } from "../src/lint/leaks.ts";
import { checkPositions } from "../src/lint/positions.ts";
import type { CallGraphTruth, Definition, SiteSyntax, SiteTruth } from "../src/truth/schema.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { splitOf } from "../src/truth/split.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { blankTruth, siteTruth } from "./support/truth.ts";

const f: Definition = {
  id: "a.ts:1:1",
  file: "a.ts",
  span: { line: 1, column: 1, endLine: 1, endColumn: 20 },
  body: { line: 1, column: 16 },
  name: "f",
};
const known = { must: [{ definition: f.id }] };

function check(site: Partial<SiteTruth>, truth: Partial<CallGraphTruth> = {}): string[] {
  const sites = [siteTruth(9, { ...known, ...site })];
  return checkTruth(blankTruth({ definitions: [f], sites, ...truth })).map(
    ({ rule, message }) => `${rule}: ${message}`,
  );
}

test("a whole truth has no findings", () => {
  expect(check({})).toEqual([]);
  expect(check({ must: [], by: [], closed: false, unknownReason: "parameter" })).toEqual([]);
});

test.each<[string, Partial<SiteTruth>]>([
  ["reference: nowhere is not among the definitions", { must: [{ definition: "nowhere" }] }],
  ["reference: nowhere is not among the definitions", { callbacks: ["nowhere"] }],
  ["reference: its file is not under measure", { file: "b.ts", id: "b.ts:9:1-9:4" }],
  ["consistent: its id does not follow from its place", { id: "a.ts:8:1-9:4" }],
  ["unique: a target is listed twice", { must: [...known.must, ...known.must] }],
  ["consistent: a target is certain and allowed", { may: known.must }],
  ["consistent: a traced target is not among the certain ones", { traced: [{ external: "x" }], by: ["trace"] }],
  ["consistent: a test witnessed nothing", { witness: "test/a.ts" }],
  ["consistent: who says so and what is said do not fit", { by: [] }],
  ["consistent: something is known, and a reason why not", { unknownReason: "any-receiver" }],
  ["consistent: easy does not follow from the scores of trivial answers", { easy: true }],
  [
    "consistent: trivial answers have scores on an item that is not judged",
    { must: [], may: known.must, closed: false, baselines: { grep: 0, importGraph: null, constant: null } },
  ],
])("%s", (message, site) => {
  expect(check(site)).toEqual([message]);
});

test("ids are unique, and those of definitions follow from their place", () => {
  expect(check({}, { definitions: [f, f] })).toEqual(["unique: two definitions have this id"]);
  expect(check({}, { sites: [siteTruth(9, known), siteTruth(9, known)] })).toEqual(["unique: two sites have this id"]);
  expect(check({}, { definitions: [f, { ...f, id: "a.ts:3:1" }] })).toEqual([
    "consistent: its id does not follow from its place",
  ]);
  expect(check({}, { definitions: [{ ...f, body: { line: 2, column: 1 } }] })).toEqual([
    "consistent: its body lies outside of it",
  ]);
  expect(check({}, { definitions: [{ ...f, span: { ...f.span, endColumn: 1 } }] })).toEqual([
    "consistent: it ends before it starts",
    "consistent: its body lies outside of it",
  ]);
});

test("the header of a constructor's class stands before the constructor", () => {
  const wrong = "consistent: the header of its class does not stand before it";
  const constructed = (line: number, body: number): string[] => {
    const made = { ...f, id: "a.ts:4:1", span: { line: 4, column: 1, endLine: 5, endColumn: 2 } };
    const classHeader = { line, column: 1, body: { line: body, column: 1 } };
    return check({}, { definitions: [f, { ...made, body: { line: 4, column: 9 }, classHeader }] });
  };
  expect(constructed(2, 3)).toEqual([]);
  expect(constructed(2, 4)).toEqual([]);
  expect(constructed(3, 3)).toEqual([wrong]);
  expect(constructed(2, 5)).toEqual([wrong]);
});

test.each([
  ["a.ts", "export default class A { constructor() {} }", "constructor() {}", 1, 24],
  ["a.ts", "@f() class A { constructor() {} }", "constructor() {}", 1, 14],
  ["a.py", "@f\nclass A:\n    def __init__(self): pass\n", "def __init__(self): pass", 3, 5],
])("a class stands where a constructor says, in %s: %s", async (file, text, quoted, line, column) => {
  const messages = async (classHeader: NonNullable<Definition["classHeader"]>): Promise<string[]> =>
    (await claim(file, text, quoted, "definition", { classHeader })).filter((one) => one.startsWith("no class"));
  expect(await messages({ line: 1, column: 1, body: { line, column } })).toEqual([]);
  expect(await messages({ line: 1, column: 2, body: { line, column } })).toEqual(["no class stands at 1:2"]);
  expect(await messages({ line: 1, column: 1, body: { line: 1, column: 2 } })).toEqual(["no class stands at 1:1"]);
});

test("a family stays on the side of the split that its hash says", () => {
  expect(checkFamilies([{ id: "a", family: "zod", split: "report" }])).toEqual([]);
  const both = checkFamilies([
    { id: "a", family: "zod", split: "report" },
    { id: "b", family: "zod", split: "fit" },
  ]);
  expect(both.map(({ corpus, message }) => `${corpus}: ${message}`)).toEqual([
    "b: its hash says report, the manifest fit",
    "b: another corpus of it is in report",
  ]);
});

/** Whether a quotation of `text` is accepted as what it is claimed to be; the callee's name is what stands first. */
async function claim(
  file: string,
  text: string,
  quoted: string,
  as: SiteSyntax | "definition",
  more: Partial<Definition> = {},
): Promise<string[]> {
  const offset = text.indexOf(quoted);
  const at = (index: number): { line: number; column: number } => {
    const lines = text.slice(0, index).split("\n");
    return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
  };
  const [start, end] = [at(offset), at(offset + quoted.length)];
  const span = { ...start, endLine: end.line, endColumn: end.column };
  const id = `${file}:${start.line}:${start.column}`;
  const body = at(offset + Math.max(quoted.indexOf("{"), 0));
  const truth =
    as === "definition"
      ? blankTruth({ definitions: [{ id, file, span, body, name: "f", ...more }] })
      : blankTruth({ sites: [siteTruth(1, { id, file, span, syntax: as, callee: null })] });
  return (await checkPositions(truth, folderWith({ [file]: text }))).map(({ message }) => message);
}

test.each<[string, string, string, SiteSyntax | "definition"]>([
  ["a.ts", "f<number>(1)", "f<number>(1)", "call"],
  ["a.ts", "a?.b(1)", "a?.b(1)", "call"],
  ["a.ts", "a?.(1)", "a?.(1)", "optional-call"],
  ["a.tsx", "const x = <p>{f()}</p>", "f()", "call"],
  ["a.js", "new (f())(2)", "new (f())(2)", "new"],
  ["a.js", "f`x`", "f`x`", "tagged-template"],
  ["a.js", "class A extends B { constructor() { super(1) } }", "super(1)", "super-call"],
  ["a.ts", "export async function f() {}", "export async function f() {}", "definition"],
  ["a.ts", "class A { private static m() {} }", "private static m() {}", "definition"],
  ["a.ts", "export default class {}", "export default class {}", "definition"],
  ["a.js", "const o = { get x() { return 1 } }", "get x() { return 1 }", "definition"],
  ["a.py", "x = f(\n    1,\n)", "f(\n    1,\n)", "call"],
  ["a.py", "async def g():\n    return await f(1)", "f(1)", "call"],
  [
    "a.py",
    "class C:\n    @p\n    def f(self):\n        return 1\n",
    "@p\n    def f(self):\n        return 1",
    "definition",
  ],
  ["a.py", "f = lambda x: x + 1", "lambda x: x + 1", "definition"],
  ["a.py", "g(\n    1, lambda x: x,\n)", "lambda x: x", "definition"],
  ["a.py", "g(\n    lambda x: x,\n)", "lambda x: x", "definition"],
])("%s: %s", async (file, text, quoted, as) => {
  expect(await claim(file, text, quoted, as)).toEqual([]);
});

test.each<[string, string, string, string, SiteSyntax | "definition"]>([
  ["no call stands there", "a.js", "f(1)", "f", "call"],
  ["it is a CallExpression, not new", "a.js", "f(1)", "f(1)", "new"],
  ["it is a NewExpression, not call", "a.js", "new F()", "new F()", "call"],
  ["no function or class stands there", "a.ts", "function f() {}", "f() {}", "definition"],
  ["its body starts somewhere else", "a.ts", "const f = (x) => [x, {}]", "(x) => [x, {}]", "definition"],
  ["no call stands there", "a.py", "f(1) + g(2)", "f(1) + g(2)", "call"],
  ["no call stands there", "a.py", "f(1)", "f(1", "call"],
  ["no function or class stands there", "a.py", "def f(): pass", "f(): pass", "definition"],
])("%s, in %s: %s", async (message, file, text, quoted, as) => {
  expect(await claim(file, text, quoted, as)).toEqual([message]);
});

test("files that are gone or do not parse, and names that stand elsewhere, are found", async () => {
  const callee = { name: "g", line: 1, column: 1 };
  const sites = [siteTruth(1, { callee, span: { line: 1, column: 1, endLine: 1, endColumn: 5 } })];
  const messages = async (files: Record<string, string>): Promise<string[]> =>
    (await checkPositions(blankTruth({ sites }), folderWith(files))).map(({ message }) => message);
  expect(await messages({})).toEqual(["there is no such file"]);
  expect(await messages({ "a.ts": "f(1)" })).toEqual(["the callee's name g does not stand at 1:1"]);
  expect((await messages({ "a.ts": "g(1) +" }))[0]).toMatch(/^does not parse: /);
});

test("a file that is asked about twice is a duplicate, in one corpus or in two; one without items is none", async () => {
  const duplicates = new Duplicates();
  const root = folderWith({ "a.ts": "f(1)", "b.ts": "f(1)", "c.ts": "f(1)", "d.ts": "f(2)" });
  const about = (corpus: string, ...files: string[]): CallGraphTruth =>
    blankTruth({ corpus, sites: files.map((file) => siteTruth(1, { file })) });
  const found = async (truth: CallGraphTruth): Promise<string[]> =>
    (await duplicates.find(truth, root)).map(({ corpus, at, message }) => `${corpus}, ${at}: ${message}`);
  expect(await found(about("one", "a.ts", "a.ts", "d.ts", "gone.ts"))).toEqual([]);
  expect(await found(about("two", "b.ts", "c.ts"))).toEqual([
    "two, b.ts: the same file is asked about as one, a.ts",
    "two, c.ts: the same file is asked about as one, a.ts",
  ]);
});

/** Findings about a call of `go` on the last line of a file. */
async function leaks(text: string, site: Partial<SiteTruth> = {}, isGenerated = false): Promise<string[]> {
  const line = text.split("\n").length;
  const definitions = [{ ...f, name: "o.loadRemote" }];
  const sites = [siteTruth(line, { ...known, callee: { name: "go", line, column: 1 }, ...site })];
  const found = await findLeaks(blankTruth({ definitions, sites }), folderWith({ "a.ts": text }), isGenerated);
  return found.map(({ message }) => message);
}

test("a comment on the call or above it that names the target is a leak", async () => {
  const told = ["a comment beside the call names its target loadRemote"];
  expect(await leaks("go() // is loadRemote")).toEqual(told);
  expect(await leaks("/*\n calls loadRemote */\ngo()")).toEqual(told);
  expect(await leaks("// loadRemote\n\ngo()")).toEqual([]);
  expect(await leaks("// loadRemoteFile\ngo('http://loadRemote')")).toEqual([]);
});

test("what is easy, unjudged, or named by the callee itself has nothing to give away", async () => {
  const text = "go() // is loadRemote";
  expect(await leaks(text, { easy: true })).toEqual([]);
  expect(await leaks(text, { must: [], closed: false })).toEqual([]);
  expect(await leaks(text, { callee: { name: "loadRemote", line: 1, column: 1 } })).toEqual([]);
});

test("generated code has neither comments nor telling names", async () => {
  expect(await leaks("go()", {}, true)).toEqual([]);
  expect(await leaks("go() // on", {}, true)).toEqual(["generated code has a comment"]);
  const truth = blankTruth({ files: ["expected.ts"], definitions: [{ ...f, name: "targetOfCall" }] });
  expect((await findLeaks(truth, folderWith(), true)).map(({ message }) => message)).toEqual([
    "the file's name tells an answer",
    "the name targetOfCall tells an answer",
  ]);
});

test("versions of one package are one family, whoever writes its name", () => {
  const hash = "0".repeat(64);
  const hashes = { archiveSha256: hash, sha256: hash };
  const of = (id: string, family: string, source: CorpusSpec["source"]): CorpusSpec =>
    CorpusSpec.parse({ ...manifestOf(source), id, family, split: splitOf(family) });
  const git = (url: string): CorpusSpec["source"] => ({ type: "git", url, commit: "0".repeat(40), sha256: hash });
  const known = [
    of("one", "first", { type: "pypi", name: "Click", version: "1", file: "click-1.tar.gz", ...hashes }),
    of("two", "second", { type: "pypi", name: "click", version: "2", file: "click-2.tar.gz", ...hashes }),
    of("three", "third", { type: "crates", name: "click", version: "2", ...hashes }),
    of("four", "fourth", git("https://example.org/a.git")),
    of("five", "fourth", git("https://example.org/a")),
    of("six", "sixth", { type: "folder", path: "..", sha256: hash }),
    of("seven", "seventh", { type: "folder", path: "..", sha256: hash }),
  ];
  expect(checkVersions(known).map(({ corpus, message }) => [corpus, message])).toEqual([
    ["two", "another version of its package has the family first"],
  ]);
  expect(familyOf({ type: "go", module: "example.org/click", version: "v1" }, known)).toBeUndefined();
});
