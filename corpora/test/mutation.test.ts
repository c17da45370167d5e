import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { StatsRecord } from "../src/cli/commands/stats.ts";
import { SampleRecord } from "../src/cli/sample.ts";
import { disputeItem } from "../src/derive/dispute.ts";
import { loadChangeTruth } from "../src/derive/load-mutations.ts";
import { withBench } from "../src/derive/mutation/bench.ts";
import { WHOLE_FILE } from "../src/derive/mutation/outcome.ts";
import { deriveMutationTruth } from "../src/derive/mutation.ts";
import { findSandbox } from "../src/derive/sandbox.ts";
import { fetchCorpus } from "../src/fetch.ts";
import { Reading } from "../src/readings/schema.ts";
import { listFiles } from "../src/tree.ts";
import {
  encodeMutations,
  type MutationItem,
  type MutationTruth,
  readStoredMutations,
  storedMutationsFile,
} from "../src/truth/mutation.ts";
import { cachedCorpus } from "./support/cached-corpus.ts";
import { folderWith } from "./support/folder.ts";
import { OPEN, pythonCorpus } from "./support/python.ts";

const sandbox = await findSandbox();

const FILES = {
  "package.json": '{ "name": "tiny" }',
  "index.js": `const { half } = require('./lib/half.js')
module.exports = function grade (n) {
  warn(n)
  return (n > 5 ? 'high' : 'low') + half(n)
}
function warn (n) {
  if (n < 0) return 'unseen'
  return 'unseen'
}
`,
  "lib/half.js": "module.exports = { half: (n) => n / 2 }\n",
  "test/grade.js": `const { test } = require('node:test')
const assert = require('node:assert')
const grade = require('..')
test('high', () => assert.equal(grade(8), 'high4'))
test('low', () => assert.equal(grade(2), 'low1'))
`,
  "test/half.js": `const { test } = require('node:test')
const assert = require('node:assert')
test('half', () => assert.equal(require('../lib/half.js').half(4), 2))
test('sometimes', () => assert.notEqual(require('node:fs').readdirSync('/proc/self/fd').length, -1))
`,
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
const tiny = async () => cachedCorpus(FILES, { measure: { include: ["*.js", "lib/*.js"], exclude: [] }, tests: TESTS });

function effectOf(truth: MutationTruth | null, start: string): unknown {
  return truth?.items.find(({ id }) => id.startsWith(start))?.effect;
}

test.runIf(sandbox !== null)(
  "changes are made, tested, stored when asked, derived again from the cache, and sampled",
  { timeout: 300_000 },
  async () => {
    const { manifestRoot, cacheDir, run } = await tiny();
    const args = ["derive", "--kind", "mutation", "--corpus", "tiny", "--mutants", "200", "--seed", "4"];
    const unasked = await run(...args);
    expect(unasked.code).toBe(1);
    expect(unasked.stdout).toContain("tiny: nothing was stored");
    expect(await readStoredMutations("tiny", manifestRoot)).toBeNull();
    const asked = await run(...args, "--write");
    expect([asked.code, asked.stdout.split("\n").at(-2)]).toEqual([0, "  stored"]);
    // What was tried is not tried again.
    expect(asked.stderr).not.toContain("without a change");
    const truth = await readStoredMutations("tiny", manifestRoot);
    expect(truth?.dropped).toEqual({ unreadable: [], disagreed: [], endless: [] });
    expect(truth?.baseline).toMatchObject({ repeats: 5, testFiles: 2, stable: 6, failing: 0, flaky: [], left: [] });
    expect(truth?.tests).toEqual([
      { file: "test/grade.js", names: [WHOLE_FILE, "high", "low"] },
      { file: "test/half.js", names: [WHOLE_FILE, "half", "sometimes"] },
    ]);
    const ofHalf = truth?.importers.find(({ file }) => file === "lib/half.js");
    expect(ofHalf).toEqual({ file: "lib/half.js", sources: ["index.js"], tests: [0, 1] });
    for (const item of truth?.items ?? []) {
      expect(item.executed.length).toBeGreaterThan(0);
      expect(item.before).not.toBe(item.after);
      expect(item.effect === "test-break").toBe(item.broken.length > 0);
    }
    expect(truth?.pairs.length).toBeGreaterThan(0);
    expect(effectOf(truth, "index.js:4:11-4:16 negate-condition")).toBe("test-break");
    expect(effectOf(truth, "index.js:7:7-7:12 negate-condition")).toBe("observable");
    expect(effectOf(truth, "index.js:8:10-8:18 return-nothing")).toBe("no-effect-observed");
    // Nobody runs the line.
    expect(effectOf(truth, "index.js:7:21-7:29 return-nothing")).toBeUndefined();
    expect(truth?.items.find(({ id }) => id === "lib/half.js:1:37-1:38 change-constant")).toMatchObject({
      ran: [0, 1],
      broken: [
        { file: 0, tests: [1, 2] },
        { file: 1, tests: [1] },
      ],
      controlF1: 1,
    });

    const again = await run("derive", "--kind", "mutation", "--seed", "4");
    expect([again.code, again.stdout.split("\n").at(-2)]).toEqual([0, "tiny: as stored"]);

    const sample = await run("derive", "--sample", "--kind", "mutation", "--seed", "3", "--json");
    expect(sample.code).toBe(0);
    expect(SampleRecord.parse(JSON.parse(sample.stdout)).rechecks).toMatchObject([
      { corpus: "tiny", oracle: "mutation", items: 1, differing: [], notRun: null },
    ]);
    const fetched = await fetchCorpus("tiny", { manifestRoot, cacheDir, offline: true });
    const made = await loadChangeTruth(fetched, { manifestRoot });
    expect(Object.keys(made?.texts ?? {})).toEqual(truth?.items.map(({ id }) => id));
    const negated = truth?.items.find(({ operator }) => operator === "negate-condition");
    expect(made?.texts[negated?.id ?? ""]).toMatchObject({ after: `!(${made?.texts[negated?.id ?? ""]?.before})` });
    const changed = effectOf(truth, "lib/half.js:1:37-1:38 change-constant");
    expect(changed).toBe("test-break");
    const dispute = async () =>
      disputeItem(fetched, "lib/half.js:1:37-1:38 change-constant", { manifestRoot, cacheDir, offline: true });
    expect(await dispute()).toMatchObject({
      verdict: "stands",
      rechecks: [{ oracle: "mutation", items: 1, differing: [] }],
    });
    await expect(disputeItem(fetched, "lib/half.js:9:9-9:9", { manifestRoot, cacheDir })).rejects.toMatchObject({
      code: "CORPUS_TRUTH",
    });
    const drawn = await run("reading", "draw", "--kind", "mutation", "--count", "1000");
    const { from, items: read } = Reading.parse(JSON.parse(drawn.stdout));
    expect([from, read.map(({ id }) => id)]).toEqual([truth?.items.length, truth?.items.map(({ id }) => id)]);
    const negation = read.find(({ id }) => id === negated?.id);
    expect(negation?.question).toContain(`becomes "!(${made?.texts[negated?.id ?? ""]?.before})"`);
    expect(negation?.truth).toContain(negated?.effect);
    const file = storedMutationsFile("tiny", manifestRoot);
    const breaksLess = (truth?.items ?? []).map((item) => ({ ...item, broken: item.broken.slice(0, 1) }));
    writeFileSync(file, encodeMutations({ ...(truth as MutationTruth), items: breaksLess }));
    const contradicted = await dispute();
    expect([contradicted.verdict, contradicted.rechecks[0]?.differing]).toEqual([
      "contradicted",
      ["lib/half.js:1:37-1:38 change-constant: test/half.js breaks 1 tests, not the 0 that are stored"],
    ]);
    const items = (truth?.items ?? []).map((item) => ({ ...item, after: "0".repeat(64) }));
    writeFileSync(file, encodeMutations({ ...(truth as MutationTruth), items }));
    await expect(loadChangeTruth(fetched, { manifestRoot })).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
    const differing = await run("derive", "--sample", "--kind", "mutation");
    expect(differing.code).toBe(1);
    expect(differing.stdout).toContain(": another text");
    writeFileSync(file, encodeMutations({ ...(truth as MutationTruth), inputsSha256: "0".repeat(64) }));
    expect((await run("derive", "--sample", "--kind", "mutation")).stdout).toContain("it is about other files");
    writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).subarray(1)));
    await expect(readStoredMutations("tiny", manifestRoot)).rejects.toMatchObject({ code: "CORPUS_TRUTH" });
    const renewed = await run(...args, "--write");
    expect([renewed.code, renewed.stdout.split("\n").at(-2)]).toEqual([0, "  stored"]);

    await run("derive", "--write");
    const stats = StatsRecord.parse(JSON.parse((await run("stats", "--json")).stdout));
    expect(stats.mutations.corpora).toMatchObject([{ corpus: "tiny", items: truth?.items.length, agreement: 1 }]);
    const table = await run("stats");
    expect(table.stdout).toContain(`NO   at least 1500 changes: ${truth?.items.length}`);
    expect((await run("lint")).stdout).toContain("0 findings");
    const [first, ...others] = truth?.items ?? [];
    const wrong = { ...(first as MutationItem), executed: [7], ran: [], before: "0".repeat(64), after: "0".repeat(64) };
    writeFileSync(file, encodeMutations({ ...(truth as MutationTruth), items: [wrong, wrong, ...others] }));
    const said = (await run("lint")).stdout;
    for (const message of [
      "two changes have this id",
      "nothing is changed",
      "it names a test file that is not there",
      "what compiles is tested, and nothing else",
    ]) {
      expect(said).toContain(message);
    }
  },
);

test.runIf(sandbox !== null)("changes of Python are tested by unittest", { timeout: 300_000 }, async () => {
  const files = {
    "shop/__init__.py": "from shop.price import total\n",
    "shop/price.py":
      'def total(items):\n    """Sum."""\n    seen = []\n    for one in items:\n        if one > 0:\n            seen.append(one)\n    return sum(seen)\n',
    "tests/test_total.py":
      "import unittest\nimport shop\n\nclass Total(unittest.TestCase):\n    def test_sum(self):\n        self.assertEqual(shop.total([1, -2, 3]), 4)\n    def test_none(self):\n        self.assertEqual(shop.total([]), 0)\n",
  };
  const root = folderWith(files);
  const fetched = pythonCorpus(root, ["shop/__init__.py", "shop/price.py"]);
  const truth = await deriveMutationTruth(fetched, { cacheDir: folderWith(), offline: true, seed: 1, wanted: 50 });
  expect(truth.dropped).toEqual({ unreadable: [], disagreed: [], endless: [] });
  const broken = Object.fromEntries(
    truth.items.map(({ operator, span, broken: tests }) => [`${operator} ${span.line}`, tests[0]?.tests.length ?? 0]),
  );
  expect(broken).toMatchObject({
    "remove-export 1": 2,
    "rename-export 1": 2,
    "throw-at-entry 2": 2,
    "negate-condition 5": 1,
    "shift-boundary 5": 0,
    "return-nothing 7": 2,
    "remove-statement 6": 1,
  });
});

test("links that tests put in the place of files lead nobody out of the copy", { timeout: 60_000 }, async () => {
  const outside = folderWith({ "kept.txt": "kept" });
  const root = folderWith({ "index.js": "exports.a = 1\n", "lib/b.js": "exports.b = 2\n", "test/a.js": "" });
  const hostile = `const fs = require('node:fs')
fs.rmSync('index.js'); fs.symlinkSync(${JSON.stringify(path.join(outside, "kept.txt"))}, 'index.js')
fs.rmSync('lib', { recursive: true }); fs.symlinkSync(${JSON.stringify(outside)}, 'lib')
fs.writeFileSync('left.txt', 'by a test')
console.log('ok 1 done')
`;
  writeFileSync(path.join(root, "test/a.js"), hostile);
  const { spec } = pythonCorpus(root, []);
  const { tests } = spec;
  if (tests === null) throw new Error("it has tests");
  const changed = {
    ...spec,
    language: "javascript" as const,
    tests: { ...tests, runner: "tape" as const, include: ["test/*"] },
  };
  await withBench(
    { spec: changed, root, files: ["index.js"] },
    { sandbox: OPEN, cacheDir: folderWith() },
    async (bench) => {
      const limits = { limitSeconds: () => 30 };
      const run = await bench.run(["test/a.js"], limits);
      expect(run.outcomes["test/a.js"]).toMatchObject({ passed: ["", WHOLE_FILE], failed: [] });
      await bench.write("index.js", "exports.a = 3\n");
      await bench.write("lib/b.js", "exports.b = 4\n");
      await bench.restore();
      // As it was, it can be done again.
      expect((await bench.run(["test/a.js"], limits)).outcomes["test/a.js"]?.failed).toEqual([]);
      await bench.restore();
    },
  );
  expect(await listFiles(outside)).toEqual(["kept.txt"]);
  expect(readFileSync(path.join(outside, "kept.txt"), "utf8")).toBe("kept");
});

test("what a test file says is read whole when its process dies while it speaks", { timeout: 60_000 }, async () => {
  // As tape writes, which goes on when something did not fit.
  const talkative = `const say = (line) => { try { require('node:fs').writeSync(process.stdout.fd, line + '\\n') } catch {} }
say('# first\\nok 1 done\\n# last')
say('# ' + 'expected '.repeat(400000) + '\\nok 2 begun')
say('not ok 3 broken')
process.exit(1)
`;
  const root = folderWith({ "test/a.js": talkative });
  const { spec } = pythonCorpus(root, []);
  const tests = { ...spec.tests, runner: "tape", include: ["test/*"] } as NonNullable<typeof spec.tests>;
  await withBench(
    { spec: { ...spec, language: "javascript", tests }, root, files: [] },
    { sandbox: OPEN, cacheDir: folderWith() },
    async (bench) => {
      const { outcomes } = await bench.run(["test/a.js"], { limitSeconds: () => 30 });
      const { passed, failed } = outcomes["test/a.js"] ?? { passed: [], failed: [] };
      expect([passed, failed.map((name) => name.length)]).toEqual([["first"], [3_600_000, WHOLE_FILE.length]]);
    },
  );
});

test("without tests, or without anything that passes, there is no such truth", { timeout: 60_000 }, async () => {
  const root = folderWith({ "a.py": "A = 1\n" });
  const options = { cacheDir: folderWith(), offline: true, seed: 1, wanted: 5, unsafe: true };
  await expect(deriveMutationTruth(pythonCorpus(root, ["a.py"], null), options)).rejects.toMatchObject({
    code: "CORPUS_TRUTH",
  });
});
