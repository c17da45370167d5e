import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Sandbox } from "../src/derive/sandbox.ts";
import { deriveTraceTruth } from "../src/derive/trace.ts";
import type { TracedSite, TraceTruth } from "../src/derive/trace/traced-tests.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { CANARY } from "../src/truth/canary.ts";
import { splitOf } from "../src/truth/split.ts";
import { folderWith } from "./support/folder.ts";

const NOTHING: TracedSite = { definitions: [], externals: [], outside: false, callbacks: [], witness: null };

/** Runs what this file wrote itself without a sandbox, so that these tests say the same on every computer. */
const OPEN: Sandbox = { name: "none, the code is our own", wrap: (command) => [...command] };

interface Project {
  files: Record<string, string>;
  tests?: object | null;
  measured: string[];
  context?: string[];
  only?: string[];
}

async function trace(project: Project, sandbox: Sandbox | null = OPEN): Promise<TraceTruth> {
  const root = folderWith(project.files);
  const spec = CorpusSpec.parse({
    schemaVersion: 2,
    canary: CANARY,
    id: "tiny",
    kind: "real",
    family: "tiny",
    description: "",
    version: "1",
    language: "javascript",
    licence: "MIT",
    split: splitOf("tiny"),
    sizeClass: "small",
    source: {
      type: "npm",
      name: "tiny",
      version: "1",
      integrity: `sha512-${"A".repeat(86)}==`,
      archiveSha256: "0".repeat(64),
      sha256: "0".repeat(64),
    },
    measure: { include: ["**"], exclude: [] },
    context: { include: [], exclude: [] },
    compilerOptions: {},
    tests:
      project.tests === null
        ? null
        : {
            include: ["test/*"],
            exclude: [],
            ownProcess: [],
            conditions: [],
            dependencies: [],
            timeoutMs: 60_000,
            ...project.tests,
          },
  });
  const cacheDir = folderWith();
  const phases: string[] = [];
  const truth = await deriveTraceTruth(
    { spec, root, files: project.measured },
    {
      cacheDir,
      context: project.context ?? [],
      sandbox,
      ...(project.only === undefined ? {} : { only: project.only }),
      onProgress: ({ phase, done, total }) => phases.push(`${phase} ${done}/${total}`),
    },
  );
  expect(await readdir(path.join(cacheDir, "scratch")).catch(() => [])).toEqual([]);
  expect(truth.sites.size === 0 || / (\d)\/\1$/.test(phases.at(-1) ?? "")).toBe(true);
  return truth;
}

const COMMONJS: Project = {
  files: {
    "package.json": '{ "name": "tiny", "type": "commonjs" }',
    "index.js":
      "const { g } = require('./lib')\nexports.run = function run (f) { return f(1) + g(2) + Math.abs(-1) }\n",
    "lib.js": "exports.g = n => h(n)\nfunction h (n) { return n }\n",
    "test/a.js":
      "const t = require('node:test'); const { run } = require('..'); t.test('runs', () => { if (run(x => x) !== 4) throw new Error('no') })\n",
    "test/b.js": "require('node:test').test('more', () => {})\n",
  },
  tests: { runner: "node" },
  measured: ["index.js"],
  context: ["lib.js"],
};

test("node's own runner: calls are traced to the measured files, those around them, outside and native functions", async () => {
  const truth = await trace(COMMONJS);
  expect(truth).toMatchObject({ notRun: null, broken: false, repeats: 2, agreement: 1 });
  expect(Object.fromEntries(truth.sites)).toEqual({
    "index.js:2:41-2:45": { ...NOTHING, outside: true, witness: "test/a.js" },
    "index.js:2:48-2:52": { ...NOTHING, definitions: ["lib.js:1:13"], witness: "test/a.js" },
    "index.js:2:55-2:67": { ...NOTHING, externals: ["abs"], witness: "test/a.js" },
  });
});

test("vitest: sources under a resolve condition are traced, in realms and in processes of their own", async () => {
  const body = 'import { expect, test } from "vitest";\nimport { f } from "tiny";\n';
  const truth = await trace({
    files: {
      "package.json": JSON.stringify({
        name: "tiny",
        type: "module",
        exports: { ".": { "@tiny/source": "./src/index.ts", default: "./gone.js" } },
      }),
      "src/index.ts":
        "export function f(n: number): number { return n > 0 ? g(n) : h(); }\nconst g = (n: number): number => n;\nclass C {}\nconst h = (): number => [new C()].length;\n",
      "test/realm.test.ts": `${body}test("g", () => { expect(f(1)).toBe(1); });\n`,
      "test/process.test.ts": `${body}test("h", () => { expect(f(0)).toBe(1); });\n`,
      "test/left-out.test.ts": 'throw new Error("not to be run");\n',
    },
    tests: {
      runner: "vitest",
      include: ["test/*.test.ts"],
      ownProcess: ["test/process.test.ts"],
      exclude: [{ file: "test/left-out.test.ts", reason: "it throws" }],
      conditions: ["@tiny/source"],
    },
    measured: ["src/index.ts"],
  });
  expect(truth.notRun).toBe("test/left-out.test.ts left out (it throws)");
  expect(truth.broken).toBe(false);
  expect(Object.fromEntries(truth.sites)).toEqual({
    "src/index.ts:1:55-1:59": { ...NOTHING, definitions: ["src/index.ts:2:11"], witness: "test/realm.test.ts" },
    "src/index.ts:1:62-1:65": { ...NOTHING, definitions: ["src/index.ts:4:11"], witness: "test/process.test.ts" },
    "src/index.ts:4:26-4:33": { ...NOTHING, definitions: ["src/index.ts:3:1"], witness: "test/process.test.ts" },
  });
}, 120_000);

test("only the test files that are asked for are run, once", async () => {
  const files = { ...COMMONJS.files, "test/b.js": "require('..').run(x => x)" };
  const truth = await trace({ ...COMMONJS, files, only: ["test/b.js"] });
  expect([...truth.sites.values()].map(({ witness }) => witness)).toEqual(["test/b.js", "test/b.js", "test/b.js"]);
  expect(truth).toMatchObject({ repeats: 1, stats: { plainSeconds: 0, overhead: null, lostSites: 0 } });
});

test("a trace that makes the tests fail is broken", async () => {
  const looking =
    "require('node:test').test('text', () => { if (/__drift__/.test(require('..').run)) throw new Error('seen') })";
  const truth = await trace({ ...COMMONJS, files: { ...COMMONJS.files, "test/a.js": looking, "test/b.js": looking } });
  expect(truth).toMatchObject({ broken: true, notRun: expect.stringContaining("plain 2 and 0") as string });
});

test("what tracing cost is told", async () => {
  const { plainSeconds, tracedSeconds, overhead } = (await trace(COMMONJS)).stats;
  expect(overhead).toBeCloseTo(tracedSeconds / plainSeconds);
});

test("a site that enters a bound function or a proxy is lost, and counted", async () => {
  const files = { ...COMMONJS.files, "test/b.js": "require('..').run(new Proxy(x => x, {}))" };
  expect((await trace({ ...COMMONJS, files })).stats.lostSites).toBe(1);
});

test("a runner with a process for each file: points are counted, a file that crashes is a failure of its own", async () => {
  const files = {
    ...COMMONJS.files,
    "test/a.js": "require('..').run(x => x); console.log('ok 1 runs\\nok 2 later # SKIP\\nnot ok 3 never')",
    "test/b.js": "throw new Error('crashes')",
  };
  const truth = await trace({ ...COMMONJS, files, tests: { runner: "tape" } });
  expect(truth).toMatchObject({ notRun: null, broken: false, agreement: 1 });
  expect([...truth.sites.values()].map(({ witness }) => witness)).toEqual(["test/a.js", "test/a.js", "test/a.js"]);
});

test("a runner of another language runs nothing", async () => {
  expect(await trace({ ...COMMONJS, tests: { runner: "pytest" } })).toMatchObject({
    notRun: "pytest runs no tests of JavaScript",
    sites: new Map(),
  });
});

test("a function that a test replaces by its own is not what the corpus enters", async () => {
  const replacing = "const lib = require('../lib'); lib.g = () => 2; ";
  const files = {
    ...COMMONJS.files,
    "lib.js": "exports.g = n => h(n)\nfunction h (n) { return n }\nexports.k = () => exports.g(1)\n",
    "test/b.js": `require('../lib').k(); ${replacing} lib.k()`,
  };
  const g = async (test: string): Promise<TracedSite | undefined> => {
    const project = { ...COMMONJS, files: { ...files, "test/b.js": test }, measured: ["lib.js"], context: [] };
    return (await trace(project)).sites.get("lib.js:3:19-3:31");
  };
  expect(await g(files["test/b.js"])).toMatchObject({ definitions: ["lib.js:1:13"], outside: true });
  expect(await g(`// with sinon\n${files["test/b.js"]}`)).toMatchObject({
    definitions: ["lib.js:1:13"],
    outside: false,
  });
});

test("vitest: constants, other names for modules and files to run first are set up as the corpus says", async () => {
  const truth = await trace({
    files: {
      "package.json": '{ "name": "tiny", "type": "module" }',
      "src/index.ts":
        "declare const FAST: boolean;\nexport const f = (): number => (FAST ? g() : 0);\nconst g = (): number => globalThis.prepared;\n",
      "setup.ts": "globalThis.prepared = 7;\n",
      "test/a.test.ts":
        'import { expect, test } from "vitest";\nimport { f } from "@tiny/core";\ntest("f", () => { expect(f()).toBe(7); });\n',
    },
    tests: {
      runner: "vitest",
      include: ["test/*.test.ts"],
      setup: { define: { FAST: "true" }, alias: { "@tiny/core": "src/index.ts" }, files: ["setup.ts"] },
    },
    measured: ["src/index.ts"],
  });
  expect(truth.notRun).toBeNull();
  expect([...truth.sites]).toEqual([
    ["src/index.ts:2:40-2:43", { ...NOTHING, definitions: ["src/index.ts:3:11"], witness: "test/a.test.ts" }],
  ]);
}, 120_000);

test("a measured file that does not parse is named, the others are traced", async () => {
  const files = { ...COMMONJS.files, "broken.js": "function (" };
  const truth = await trace({ ...COMMONJS, files, measured: ["broken.js", "index.js"] });
  expect(truth.notRun).toBe("not instrumented, because they do not parse: broken.js");
  expect(truth.sites.size).toBe(3);
});

test("a test that fails only when instrumented is named, and one that fails only as it is", async () => {
  const files = {
    ...COMMONJS.files,
    "test/b.js":
      "require('node:test').test('source', () => { if (require('..').run.toString().includes('drift')) throw new Error() })\n",
  };
  const truth = await trace({ ...COMMONJS, files });
  expect(truth.notRun).toContain("instrumented, 1 tests passed and 1 failed (source); plain 2 and 0");
  expect(truth.broken).toBe(false);
  const tests = { "test/b.js": files["test/b.js"].replace("if (", "if (!") };
  const other = await trace({ ...COMMONJS, files: { ...files, ...tests } });
  expect(other.notRun).toContain("instrumented, 2 tests passed and 0 failed; plain 1 and 1 (source)");
  const seeInstrumentation = [{ test: "source", reason: "reads the text of a function" }];
  const known = await trace({ ...COMMONJS, files, tests: { runner: "node", seeInstrumentation } });
  expect(known.notRun).toContain("1 failed (source: reads the text of a function); plain 2 and 0");
});

test("a test that is left out by its name is not run, and the others are", async () => {
  const skip = [{ test: "a (1+1)", reason: "waits for the clock" }];
  const named = (name: string, call: string): string =>
    `require("node:test")("${name}", () => require("../index.js").${call});\n`;
  const files = {
    "package.json": "{}",
    "index.js": "exports.f = () => g();\nexports.h = () => g();\nfunction g() {}\n",
    "test/a.js": named("a (1+1)", "f()") + named("a (1+1) more", "h()"),
  };
  const { notRun, sites } = await trace({ files, measured: ["index.js"], tests: { runner: "node", skip } });
  expect(notRun).toBe('the test "a (1+1)" left out (waits for the clock)');
  expect([...sites.keys()]).toEqual(["index.js:2:19-2:22"]);
});

test("without a sandbox nothing is run, and without tests there is nothing to run", async () => {
  expect(await trace(COMMONJS, null)).toMatchObject({
    notRun: expect.stringContaining("sandbox"),
    broken: false,
    sites: new Map(),
  });
  expect(await trace({ ...COMMONJS, tests: null })).toMatchObject({
    notRun: "the corpus brings no tests",
    sites: new Map(),
  });
});

test("tests that all fail, do not end, or leave no report are told apart, and may be tried again", async () => {
  const failing = {
    ...COMMONJS,
    files: { ...COMMONJS.files, "lib.js": "throw new Error()" },
    tests: { runner: "node", include: ["test/a.js"] },
  };
  expect(await trace(failing)).toMatchObject({
    broken: true,
    notRun: "none of the tests passed, 1 failed (test/a.js)",
  });
  const endless = {
    ...COMMONJS,
    files: { ...COMMONJS.files, "test/b.js": "setInterval(() => {}, 1000)" },
    tests: { runner: "node", timeoutMs: 3000 },
  };
  expect(await trace(endless)).toMatchObject({ broken: true, notRun: "the tests did not end within 3 s" });
  const silent: Sandbox = {
    name: "silent",
    wrap: () => [process.execPath, "--eval", "console.log('gone'); process.exit(4)"],
  };
  expect(await trace(COMMONJS, silent)).toMatchObject({
    broken: true,
    notRun: "the test runner ended with 4 and no report: gone",
  });
});
