import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { expect, test as base } from "vitest";
import { findSandbox, type Sandbox } from "../src/derive/sandbox.ts";
import { deriveTraceTruth } from "../src/derive/trace.ts";
import type { TraceTruth } from "../src/derive/trace/traced-tests.ts";
import { CorpusSpec } from "../src/manifest.ts";
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
        "test/good.js": "require('node:test').test('good', () => { require('..')() })\n",
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
