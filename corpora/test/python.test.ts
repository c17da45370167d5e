import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { derivePythonStatic, derivePythonTrace } from "../src/derive/python.ts";
import { gatherRecords } from "../src/derive/python/gather.ts";
import { findPython } from "../src/derive/python/interpreter.ts";
import { importRoots } from "../src/derive/python/run-tests.ts";
import type { TraceTruth } from "../src/derive/trace/traced-tests.ts";
import { folderWith } from "./support/folder.ts";
import { OPEN, pythonCorpus } from "./support/python.ts";

const FILES = {
  "src/tiny/__init__.py": "from .lib import f\n\ndef run(g):\n    return g(f())\n",
  "src/tiny/lib.py": "def f():\n    return len('abc')\n",
  "tests/test_a.py":
    "import unittest, tiny\nclass A(unittest.TestCase):\n    def test_a(self): self.assertEqual(tiny.run(str), '3')\n",
  "tests/test_b.py":
    "import unittest, tiny, tiny.lib\nclass B(unittest.TestCase):\n    def test_b(self): tiny.run(lambda n: tiny.lib.f())\n",
};

async function trace(
  files: Record<string, string>,
  options: { tests?: object | null; only?: string[]; env?: Record<string, string | undefined>; sandbox?: null } = {},
): Promise<TraceTruth> {
  const root = folderWith(files);
  const measured = Object.keys(files).filter((file) => file.startsWith("src/"));
  const cacheDir = folderWith();
  const truth = await derivePythonTrace(pythonCorpus(root, measured, options.tests), {
    cacheDir,
    context: [],
    sandbox: options.sandbox === null ? null : OPEN,
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  expect(readdirSync(cacheDir, { recursive: true }).filter((name) => name !== "scratch")).toEqual([]);
  return truth;
}

test("tests are run plain and traced, and each site names the test that saw most", async () => {
  const truth = await trace(FILES);
  expect(truth).toMatchObject({ notRun: null, broken: false, repeats: 2, agreement: 1 });
  expect(truth.stats.overhead).toBeGreaterThan(0);
  const none = { definitions: [], externals: [], outside: false, callbacks: [], witness: "tests/test_a.py" };
  expect(Object.fromEntries(truth.sites)).toEqual({
    "src/tiny/__init__.py:4:12-4:18": { ...none, externals: ["str"] },
    "src/tiny/__init__.py:4:14-4:17": { ...none, definitions: ["src/tiny/lib.py:1:1"] },
    "src/tiny/lib.py:2:12-2:22": { ...none, externals: ["len"] },
  });
});

test("each test file has the same random numbers, among others and alone", async () => {
  // Two of the generators are seeded by the system.
  const pick =
    "import random\nown = random.Random()\n\ndef pick():\n" +
    "    for some in (random, own, random.Random()):\n        some.choice([%])()\n";
  const names = Array.from({ length: 40 }, (_, i) => `f${i}`);
  const body = "import unittest, tiny\nclass A(unittest.TestCase):\n    def test_a(self): tiny.pick()\n";
  const files = {
    "src/tiny/__init__.py": `${pick.replace("%", names.join(", "))}${names.map((name) => `def ${name}(): pass\n`).join("")}`,
    "tests/test_a.py": body,
    "tests/test_b.py": body,
  };
  const all = await trace(files);
  expect(all.agreement).toBe(1);
  const picked = [...all.sites.values()].flatMap(({ definitions }) => definitions);
  expect(picked).toHaveLength(1); // All start with the same number.
  const alone = await trace(files, { only: ["tests/test_b.py"] });
  expect([...alone.sites.values()].flatMap(({ definitions }) => definitions)).toEqual(picked);
});

test("single test files can be run", async () => {
  const truth = await trace(FILES, { only: ["tests/test_b.py"] });
  // What a test passes in is no function of the corpus.
  expect([...truth.sites.keys()]).toEqual(["src/tiny/__init__.py:4:14-4:17", "src/tiny/lib.py:2:12-2:22"]);
  expect([...truth.sites.values()].map(({ witness }) => witness)).toEqual(["tests/test_b.py", "tests/test_b.py"]);
});

test("files run in processes of their own where they ask for it, and what is left out is said", async () => {
  const truth = await trace(FILES, {
    tests: { ownProcess: ["tests/test_b.py"], exclude: [{ file: "tests/test_a.py", reason: "it takes long" }] },
  });
  expect(truth.notRun).toBe("tests/test_a.py left out (it takes long)");
  expect(truth.sites.size).toBe(2);
});

test("tests that tracing changes are told", async () => {
  const test_c =
    "import unittest, builtins, sys, tiny\nclass C(unittest.TestCase):\n" +
    "    def test_c(self): self.assertFalse(hasattr(builtins, '__drift_call__'))\n";
  const test_d = "import unittest, sys\nclass D(unittest.TestCase):\n    def test_d(self): sys.setprofile(None)\n";
  const truth = await trace({ ...FILES, "tests/test_c.py": test_c, "tests/test_d.py": test_d, "tests/test_e.py": "" });
  expect(truth.notRun).toBe(
    "traced, 3 tests passed and 1 failed (test_c.C.test_c); plain 4 and 0; " +
      "1 tests turned profiling off, and callbacks after that were not seen",
  );
});

test("a run without a passing test, and one that does not end well, say why", async () => {
  const failing = { "src/tiny/__init__.py": "", "tests/test_a.py": "import gone\n" };
  expect((await trace(failing)).notRun).toContain(
    "none of the tests passed, 1 failed (tests/test_a.py: ModuleNotFound",
  );
  const killed = { ...failing, "tests/test_a.py": "import os\nprint('last words', flush=True)\nos._exit(3)\n" };
  expect(await trace(killed)).toMatchObject({
    notRun: "the test runner ended with 3 and no report: last words",
    broken: true,
  });
});

test("without tests, a sandbox or a Python nothing is run, and the trace says why", async () => {
  expect((await trace(FILES, { tests: null })).notRun).toBe("the corpus brings no tests");
  expect((await trace(FILES, { sandbox: null })).notRun).toMatch(/^neither bwrap nor unshare works/);
  const truth = await trace(FILES, { env: { PATH: "" } });
  expect(truth).toMatchObject({ broken: true, repeats: 1 });
  expect(truth.notRun).toBe(
    'there is no Python of at least 3.11 on this computer (python3); Install one, for example with "apt-get install python3".',
  );
});

test("reading needs a Python that is new enough", async () => {
  const bin = folderWith();
  const old = path.join(bin, "python3");
  writeFileSync(old, "#!/bin/sh\necho /old/python3\necho 3.10.2\n");
  chmodSync(old, 0o755);
  expect(await findPython({ PATH: bin })).toBeNull();
  await expect(derivePythonStatic({ root: bin, measured: [], context: [], env: { PATH: bin } })).rejects.toMatchObject({
    code: "CORPUS_CLIENT",
  });
});

test("reading is ordered, tells of progress, and leaves out what does not parse", async () => {
  const root = folderWith({
    ...FILES,
    "src/tiny/broken.py": "def (:\n",
    "src/tiny/latin.py": "# coding: latin-1\nf(1)\n",
  });
  const measured = ["src/tiny/lib.py", "src/tiny/__init__.py", "src/tiny/broken.py", "src/tiny/latin.py"];
  const steps: string[] = [];
  const read = await derivePythonStatic({
    root,
    measured,
    context: [],
    onProgress: (done, total) => steps.push(`${done}/${total}`),
  });
  expect(read.version).toMatch(/^CPython 3\.\d+/);
  expect(steps.at(-1)).toBe("3/3");
  expect(read.sites.map(({ id, stratum }) => [id, stratum])).toEqual([
    ["src/tiny/__init__.py:4:12-4:18", "callback"],
    ["src/tiny/__init__.py:4:14-4:17", "imported"],
    ["src/tiny/latin.py:2:1-2:5", "stored-value"],
    ["src/tiny/lib.py:2:12-2:22", "external"],
  ]);
  expect(read.definitions.map(({ id, name, body }) => [id, name, body])).toEqual([
    ["src/tiny/__init__.py:3:1", "run", { line: 4, column: 5 }],
    ["src/tiny/lib.py:1:1", "f", { line: 2, column: 5 }],
  ]);
});

test("the top folder may be a package", async () => {
  const files = { "__init__.py": "", "a.py": "def f():\n    return f()\n" };
  const truth = await derivePythonStatic({ root: folderWith(files), measured: Object.keys(files), context: [] });
  expect(truth.sites.map(({ id, must }) => [id, must.length])).toEqual([["a.py:2:12-2:15", 1]]);
});

test("an `__init__` says where its class stands: the last one that the class binds", async () => {
  const text = [
    "@d",
    "class A(B):",
    "    x = 1",
    "    if x:",
    "        def __init__(self): pass",
    "    else:",
    "        def __init__(self, a): pass",
    "class C:",
    "    __init__ = f",
    "    def m(self):",
    "        def __init__(): pass",
    "class D:",
    "    def __init__(self): pass",
    "    __init__ = f(__init__)",
    "",
  ].join("\n");
  const root = folderWith({ "a.py": text });
  const { definitions } = await derivePythonStatic({ root, measured: ["a.py"], context: [] });
  const told = definitions.filter(({ name }) => name.endsWith("__init__"));
  expect(told.map(({ id, name, classHeader }) => [id, name, classHeader])).toEqual([
    ["a.py:5:9", "A.__init__", undefined],
    ["a.py:7:9", "A.__init__", { line: 1, column: 1, body: { line: 3, column: 5 } }],
    ["a.py:11:9", "C.m.__init__", undefined],
    ["a.py:13:5", "D.__init__", undefined],
  ]);
});

test("packages are found from the folders above the outermost of them", () => {
  expect(importRoots(["src/a/__init__.py", "src/a/b/__init__.py", "src/a/b/c.py", "lib/one.py"])).toEqual(["src"]);
  expect(importRoots(["top.py", "lib/one.py"])).toEqual([".", "lib"]);
});

test("cut and foreign lines of a trace are passed over", async () => {
  const folder = folderWith({
    "1.trace": '="t.py"\n="s"\n="d1"\nd 1 2 0\nd 1 9 0\nnonsense\n="cut',
    "2.trace": '=""\n="s"\n="f"\n="p"\nx 1 2 0\nc 1 2 0\nh 3 0 0\n',
    "3.other": "d 0 0 0\n",
  });
  const { sites, lost } = await gatherRecords(folder);
  expect(Object.fromEntries(sites)).toEqual({
    p: { definitions: [], externals: [], outside: true, callbacks: [], witness: null },
    s: { definitions: ["d1"], externals: ["f"], outside: false, callbacks: ["f"], witness: "t.py" },
  });
  expect([...lost]).toEqual(["p"]);
});
