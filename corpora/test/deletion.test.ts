import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { StatsRecord } from "../src/cli/commands/stats.ts";
import { SampleRecord } from "../src/cli/sample.ts";
import { namedFunctions, withoutFunction } from "../src/derive/deletion/script-functions.ts";
import { findSandbox } from "../src/derive/sandbox.ts";
import { DeletionTruth, readStoredDeletion, storedDeletionFile } from "../src/truth/deletion-schema.ts";
import { listFiles } from "../src/tree.ts";
import { cachedCorpus } from "./support/cached-corpus.ts";
import { folderWith } from "./support/folder.ts";
import { JAVASCRIPT, OPTIONS } from "./support/compiled.ts";

const INDEX = [
  "const { helper } = require('./lib/helper')",
  "function unused () { return 1 }",
  "const again = (n) => n > 0 ? again(n - 1) : 0",
  "function counted () { return 2 }",
  "/** @deprecated */",
  "function kept () { return 9 }",
  "const actions = { run () { return 3 }, stop () { return 4 } }",
  "class Box {",
  "  #hidden () { return 5 }",
  "  open () { return 6 }",
  "}",
  "module.exports = (name) => actions[name]()",
  "module.exports.box = function box () { return new Box().open() + helper() }",
  "",
].join("\n");

const FILES = {
  "package.json": '{ "name": "tiny", "main": "index.js" }',
  "index.js": INDEX,
  "lib/helper.js": "exports.helper = () => 7\nexports.spare = () => 8\n",
  "test/a.js": [
    "const it = require('..')",
    "const { test } = require('node:test')",
    "const { equal, match } = require('node:assert')",
    "test('runs', () => { equal(it('run'), 3); equal(it.box(), 13) })",
    "test('reads', () => { match(require('fs').readFileSync(require.resolve('..'), 'utf8'), /counted/) })",
    "",
  ].join("\n"),
};

const TESTS = {
  runner: "node",
  include: ["test/*.js"],
  exclude: [],
  ownProcess: [],
  conditions: [],
  dependencies: [],
  timeoutMs: 60_000,
};

/** A checkout with the corpus above. */
const tiny = async (files: Record<string, string> = FILES, changes: object = {}) =>
  cachedCorpus(files, { measure: { include: ["index.js", "lib/*.js"], exclude: [] }, tests: TESTS, ...changes });

const sandbox = await findSandbox();

test.runIf(sandbox !== null)(
  "dead is what nobody enters, names or exports, and what nobody misses; what a test enters is not",
  { timeout: 240_000 },
  async () => {
    const { manifestRoot, run } = await tiny();
    const unasked = await run("derive", "tiny", "--kind", "deletion");
    expect(unasked.code).toBe(1);
    expect(unasked.stdout).toContain('nothing was written; "derive tiny --kind deletion --write" stores it');
    expect((await run("derive", "tiny", "--kind", "deletion", "--write")).stdout).toContain("  stored\n");
    const truth = DeletionTruth.parse(await readStoredDeletion("tiny", manifestRoot));
    expect(truth.items.map(({ name, label, by, witness }) => [name, label, by, witness])).toEqual(
      expect.arrayContaining([
        ["unused", "dead", "deletion", null],
        // It calls itself alone.
        ["again", "dead", "deletion", null],
        ["Box.#hidden", "dead", "deletion", null],
        // A test reads the source.
        ["counted", "live", "deletion", null],
        // Reached by a computed name.
        ["run", "live", "trace", "test/a.js"],
      ]),
    );
    expect(truth.dropped).toEqual([{ reason: "it is deprecated, and may be there for callers outside", number: 1 }]);
    const names = truth.items.map(({ name }) => name);
    // Exported, deprecated, or never entered and in a literal: not asked about.
    for (const name of ["exports.spare", "spare", "kept", "stop"]) expect(names).not.toContain(name);
    expect(truth.baseline).toEqual({ repeats: 3, testFiles: 1, passed: 2, failed: 0 });

    const again = await run("derive", "--kind", "deletion");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("  as stored\n");
    expect(again.stderr).not.toContain("see what the tests");
    const { deletions } = StatsRecord.parse(JSON.parse((await run("stats", "--json")).stdout));
    expect(deletions).toMatchObject([{ corpus: "tiny", dead: 3, missed: 1 }]);
    expect((await run("stats")).stdout).toContain("Together: 3 dead, 1 missed,");
    expect((await run("lint")).stdout).toContain(" 0 findings");

    const sample = await run("derive", "--sample", "--kind", "deletion", "--json");
    expect(SampleRecord.parse(JSON.parse(sample.stdout)).rechecks).toMatchObject([
      { oracle: "deletion", differing: [] },
    ]);
    const file = storedDeletionFile("tiny", manifestRoot);
    const text = gunzipSync(readFileSync(file)).toString();
    writeFileSync(
      file,
      gzipSync(
        text
          .replaceAll('"mentions":0', '"mentions":9')
          .replace('"label":"live","by":"trace"', '"label":"dead","by":"trace"'),
      ),
    );
    const differing = await run("derive", "--sample", "--kind", "deletion");
    expect(differing.code).toBe(1);
    expect(differing.stdout).toContain("its place, references or mentions are not as stored");
    expect((await run("lint")).stdout).toContain("it is dead, and was not deleted");
    writeFileSync(file, text);
    expect((await run("lint")).stdout).toContain("the stored deletion of tiny cannot be read");
  },
);

test.runIf(sandbox !== null)(
  "tests that do not end in the same way three times show nothing",
  { timeout: 120_000 },
  async () => {
    const flaky =
      "const fs = require('fs'); const n = fs.existsSync('n') ? 1 : 0; fs.writeFileSync('n', ''); require('..')\n" +
      "require('node:test').test('once', () => { if (n === 1) throw new Error('again') })\n" +
      "require('node:test').test('always', () => {})\n";
    const { run } = await tiny({ ...FILES, "test/a.js": flaky });
    const ran = await run("derive", "tiny", "--kind", "deletion");
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("the tests of tiny do not end in the same way 3 times");
  },
);

test("a corpus without tests, or in another language, says so", async () => {
  for (const changes of [{ tests: null }, { language: "python" }]) {
    const { run } = await tiny(FILES, changes);
    const ran = await run("derive", "tiny", "--kind", "deletion");
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("dead code is looked for in JavaScript and TypeScript with tests, not in tiny");
  }
});

/** Functions of small sources as `name references`, with a star for what is public and a bar for what cannot be deleted. */
async function functionsIn(files: Record<string, string>, entries: string[], compilerOptions: object = OPTIONS) {
  const root = folderWith(files);
  const fetched = { spec: { compilerOptions } as never, root, files: await listFiles(root) };
  return namedFunctions(fetched, [], new Set(entries));
}

test("references are those of other code; public is what an entry file gives away, also as a whole", async () => {
  const found = await functionsIn(
    {
      "index.ts":
        "export { shown as other } from './a.ts';\nexport * as util from './util.ts';\nimport { Box } from './a.ts';\nnew Box().open();\n",
      "a.ts":
        "export function shown() {}\nexport function inner() { inner(); }\nexport class Box { open() {} private shut() {} }\nexport const held = () => 1;\n",
      "util.ts": "export const tool = () => 1;\n",
    },
    ["index.ts"],
  );
  expect(found.map(({ name, references, isPublic }) => `${name} ${references}${isPublic ? " public" : ""}`)).toEqual([
    "shown 2 public",
    "inner 0",
    "Box.open 1",
    "Box.shut 0",
    "held 0",
    "tool 0 public",
  ]);
});

test("without an entry file all exports are public; accessors, overloads, generators and members of literals stay", async () => {
  const source = [
    "export function out() {}",
    "function over(a: string): void; function over(a: number): void; function over() {}",
    "function* made() {}",
    "class Box { get size() { return 1 } open() {} }",
    "const literal = { member: () => 1, method() {} };",
    "const a = () => 1, b = () => 2;",
  ].join("\n");
  const found = await functionsIn({ "a.ts": source }, []);
  expect(found.filter(({ isPublic }) => isPublic).map(({ name }) => name)).toEqual([
    "out",
    "Box.open",
    "member",
    "method",
  ]);
  expect(found.filter(({ isDeletable }) => isDeletable).map(({ name }) => name)).toEqual(["out", "Box.open"]);
});

test("members of an object literal are public, whatever an entry file gives away, unless an underscore says that they are not", async () => {
  const source = [
    "class Box { shut() {} }",
    "const literal = { method() {}, member: () => 1, _hidden() {}, async later() {} };",
    "export const open = () => [new Box(), literal];",
  ].join("\n");
  const found = await functionsIn({ "index.ts": source }, ["index.ts"]);
  expect(found.filter(({ isPublic }) => isPublic).map(({ name }) => name)).toEqual([
    "method",
    "member",
    "later",
    "open",
  ]);
});

test("a function expression that repeats the name it is bound to says it twice", async () => {
  const source = [
    "function Box () {}",
    "Box.prototype.open = function open () {}",
    "Box.prototype.shut = function close () {}",
    "const fold = function fold () {}",
    "module.exports = Box",
  ].join("\n");
  const found = await functionsIn({ "index.js": source }, ["index.js"], JAVASCRIPT);
  expect(found.map(({ word, namings }) => `${word} ${namings}`)).toEqual(["Box 1", "open 2", "shut 1", "fold 2"]);
});

test("a comment of the function itself says that it is deprecated", async () => {
  const source = [
    "/** @deprecated use other */",
    "function old() {}",
    "class Box {",
    "  /**",
    "   * @internal @deprecated",
    "   * For who still has it.",
    "   */",
    "  _reset() {}",
    "  /** Not @deprecatedAtAll. */",
    "  _other() {}",
    "}",
    "/** @deprecated */",
    "const gone = () => 1;",
    "export {};",
  ].join("\n");
  const found = await functionsIn({ "a.ts": source }, ["a.ts"]);
  expect(found.filter(({ isDeprecated }) => isDeprecated).map(({ name }) => name)).toEqual([
    "old",
    "Box._reset",
    "gone",
  ]);
});

test("what is assigned to a prototype is public, unless an underscore says that it is not", async () => {
  const source =
    "function Box () {}\nBox.prototype.open = function () {}\nBox.prototype._shut = function () {}\nmodule.exports = Box\n";
  const found = await functionsIn({ "index.js": source }, ["index.js"], JAVASCRIPT);
  expect(found.map(({ name, isPublic, isDeletable }) => [name, isPublic, isDeletable])).toEqual([
    ["Box", true, true],
    ["Box.prototype.open", true, true],
    ["Box.prototype._shut", false, true],
  ]);
});

test("a deletion keeps every line where it is", () => {
  const text = "a\nfunction f () {\r\n  return 1\n}\nb\n";
  expect(withoutFunction(text, { from: 2, to: text.indexOf("\nb") })).toBe("a\n\r\n\n\nb\n");
});
