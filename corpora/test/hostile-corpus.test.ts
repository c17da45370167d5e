import { spawnSync } from "node:child_process";
import { existsSync, renameSync, symlinkSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test as base } from "vitest";
import { findSandbox, type Sandbox } from "../src/derive/sandbox.ts";
import { isOwnFile } from "../src/derive/sandbox/own-folder.ts";
import { deriveTraceTruth } from "../src/derive/trace.ts";
import type { TraceTruth } from "../src/derive/trace/traced-tests.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { removeTree } from "../src/remove.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";

interface Traced {
  truth: TraceTruth;
  /** What lies in the scratch folder, which should be empty, and in the corpus. */
  left: string[];
}

const NOTHING_BUT_THE_CORPUS = ["index.js", "package.json", "test"];

/** The tests of a corpus, which are hostile, run as those of any other. */
const test = base.extend<{ trace: (hostile: string, timeoutMs?: number) => Promise<Traced> }>({
  trace: async ({ skip }, use) => {
    const sandbox: Sandbox = (await findSandbox()) ?? skip("neither bwrap nor unshare works on this computer");
    await use(async (hostile, timeoutMs = 60_000) => {
      const files = {
        "package.json": '{ "name": "tiny", "type": "commonjs" }',
        "index.js": "function f () { return 1 }\nmodule.exports = () => f()\n",
        "test/good.js":
          "require('node:test').test('good', () => { require('..')(); require('node:fs').writeFileSync('good', '') })\n",
        "test/hostile.js": `require('node:test').test('hostile', async () => { ${hostile} })\n`,
      };
      const tests = {
        runner: "node",
        include: ["test/*.js"],
        exclude: [],
        ownProcess: [],
        conditions: [],
        dependencies: [],
        timeoutMs,
      };
      const source = { type: "folder", path: ".", sha256: "0".repeat(64) };
      const spec = CorpusSpec.parse(manifestOf(source, { tests }));
      const root = folderWith(files);
      const cacheDir = folderWith();
      const truth = await deriveTraceTruth({ spec, root, files: ["index.js"] }, { cacheDir, context: [], sandbox });
      return { truth, left: [...(await readdir(`${cacheDir}/scratch`)), ...(await readdir(root))].sort() };
    });
  },
});

test("a test that writes outside fails, and the others still witness what they enter", async ({ trace }) => {
  const { truth, left } = await trace(
    "const fs = require('node:fs'); for (const file of ['/tmp/drift-hostile', '/etc/drift-hostile']) try { fs.writeFileSync(file, 'x'); return } catch {} throw new Error('kept out')",
  );
  expect(left).toEqual(NOTHING_BUT_THE_CORPUS);
  expect([existsSync("/tmp/drift-hostile"), existsSync("/etc/drift-hostile")]).toEqual([false, false]);
  expect(truth.sites.get("index.js:2:24-2:27")?.definitions).toEqual(["index.js:1:1"]);
  expect(truth).toMatchObject({ broken: false, repeats: 2, agreement: 1 });
});

test("a test that opens a socket gets no answer, and the others still witness what they enter", async ({ trace }) => {
  const { truth, left } = await trace(
    "await new Promise((ok, no) => require('node:net').connect(53, '192.0.2.1').on('connect', ok).on('error', no))",
  );
  expect(left).toEqual(NOTHING_BUT_THE_CORPUS);
  expect(truth.sites.size).toBe(1);
  expect(truth.broken).toBe(false);
});

test("a test that forks without end is stopped, and the trace says so", async ({ trace }) => {
  const { truth, left } = await trace(
    "const { spawn } = require('node:child_process'); const more = () => { for (let i = 0; i < 50; i += 1) spawn('sleep', ['567567'], { stdio: 'ignore' }).on('error', () => {}); setTimeout(more, 1) }; more(); await new Promise(() => {})",
    30_000,
  );
  expect(left).toEqual(NOTHING_BUT_THE_CORPUS);
  expect(truth).toMatchObject({ broken: true, sites: new Map() });
  expect(truth.notRun).toMatch(
    /^the tests (?:were stopped because they used too much: processes|did not end within 30 s)$/,
  );
});

test("what a test puts in the place of sources is never followed out of the copy", async ({ trace }) => {
  const outside = folderWith({ "victim.js": "function f () { return 1 }\n" });
  const { truth, left } = await trace(
    `const fs = require('node:fs'); fs.rmSync('index.js'); fs.symlinkSync('${outside}/victim.js', 'index.js');`,
  );
  expect(left).toEqual(NOTHING_BUT_THE_CORPUS);
  expect(await readFile(path.join(outside, "victim.js"), "utf8")).toBe("function f () { return 1 }\n");
  expect(truth.notRun).toContain("not instrumented, because the tests removed or replaced them: index.js");
});

test("sources that a test removes are named, and so is every test that fails by itself", async ({ trace }) => {
  // Two test files run at once; the good one has to have loaded what goes away.
  const { truth } = await trace(
    "const fs = require('node:fs'); while (!fs.existsSync('good')) await new Promise((ok) => setTimeout(ok, 10)); fs.rmSync('index.js'); throw new Error('no')",
  );
  expect(truth.notRun).toContain("not instrumented, because the tests removed or replaced them: index.js");
  expect(truth.plain).toEqual({ passed: 1, failed: 1, failures: ["hostile"] });
});

test("links and pipes in the place of what we write and read lead nowhere", async ({ trace }) => {
  const outside = folderWith();
  const { truth, left } = await trace(
    `const fs = require('node:fs');
     const own = fs.readdirSync('.drift').filter((name) => name.startsWith('trace-'));
     for (const name of own) { fs.symlinkSync('${outside}/x', '.drift/' + name + '/a.jsonl'); fs.writeFileSync('.drift/' + name + '/b.jsonl', '[1, 2, 3]\\n{]\\n[]') }
     for (const name of own) require('node:child_process').execSync('mkfifo .drift/' + name + '/c.jsonl');
     fs.rmSync('.drift/output'); fs.symlinkSync('${outside}/output', '.drift/output'); fs.symlinkSync('${outside}/runtime', '.drift/runtime.mts')`,
  );
  expect(left).toEqual(NOTHING_BUT_THE_CORPUS);
  expect(await readdir(outside)).toEqual([]);
  expect(truth.sites.get("index.js:2:24-2:27")?.definitions).toEqual(["index.js:1:1"]);
});

test("a test that takes away our folder, or all, breaks its own trace and nothing else", async ({ trace }) => {
  const outside = folderWith();
  const gone = await trace(
    `const fs = require('node:fs'); fs.renameSync('.drift', 'old'); fs.symlinkSync('${outside}', '.drift')`,
  );
  const all = await trace(
    "const fs = require('node:fs'); for (const name of fs.readdirSync('.')) fs.rmSync(name, { recursive: true, force: true })",
  );
  expect(gone.truth).toMatchObject({
    broken: true,
    notRun: expect.stringMatching(/^the test runner ended with \d+ and no report/),
  });
  expect(all.truth).toMatchObject({
    broken: true,
    notRun: expect.stringMatching(/^the test runner ended with \d+ and no report/),
  });
  expect([...gone.left, ...all.left]).toEqual([...NOTHING_BUT_THE_CORPUS, ...NOTHING_BUT_THE_CORPUS]);
  expect(await readdir(outside)).toEqual([]);
});

test("folders without end and locked ones are removed", async ({ trace }) => {
  const { left } = await trace(
    "const fs = require('node:fs'); fs.mkdirSync('locked/in', { recursive: true }); fs.chmodSync('locked', 0); for (let i = 0; i < 500; i += 1) { fs.mkdirSync('d'.repeat(20)); process.chdir('d'.repeat(20)) }",
  );
  expect(left).toEqual(NOTHING_BUT_THE_CORPUS);
});

test("a tree is removed however deep it is, what is not there is fine, and a link is not followed", async () => {
  const folder = folderWith({ "a/b": "b", "kept/file": "" });
  await removeTree(path.join(folder, "missing"));
  // No path may be longer than 4096 bytes, so that each half is made by itself.
  const half = Array.from({ length: 15 }, () => "d".repeat(200)).join("/");
  await mkdir(path.join(folder, "a", half), { recursive: true });
  await mkdir(path.join(folder, "other", half), { recursive: true });
  renameSync(path.join(folder, "other"), path.join(folder, "a", half, "other"));
  symlinkSync(path.join(folder, "kept"), path.join(folder, "a", "link"));
  await removeTree(path.join(folder, "a"));
  expect(await readdir(folder)).toEqual(["kept"]);
  expect(await readdir(path.join(folder, "kept"))).toEqual(["file"]);
});

test("a file is our own when no link leads to it", async () => {
  const folder = folderWith({ "a/file": "", "b/file": "" });
  symlinkSync(path.join(folder, "a"), path.join(folder, "b", "link"));
  symlinkSync(path.join(folder, "a/file"), path.join(folder, "b", "other"));
  spawnSync("mkfifo", [path.join(folder, "pipe")]);
  const asked = ["a/file", "b/link/file", "b/other", "b", "missing", "pipe"];
  expect(await Promise.all(asked.map((file) => isOwnFile(folder, file)))).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
