import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/program.ts";
import { deriveCallGraphTruth } from "../src/derive/call-graph.ts";
import { fetchCorpus } from "../src/fetch.ts";
import { generateProject, writeProject } from "../src/generate/calls.ts";
import { CANARY } from "../src/truth/canary.ts";
import { CallGraphTruth } from "../src/truth/schema.ts";
import { StatsRecord } from "../src/cli/commands/stats.ts";
import { listFiles, treeSha256 } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";
import { splitOf } from "../src/truth/split.ts";

const SIZE = { seed: 9, files: 12 };

/** A checkout with one synthetic corpus, and a cache of its own. */
async function synthetic() {
  const made = folderWith();
  await writeProject(generateProject(SIZE), made);
  const sha256 = await treeSha256(made, await listFiles(made));
  const spec = {
    schemaVersion: 2,
    canary: CANARY,
    id: "small",
    kind: "synthetic",
    family: "calls",
    description: "for tests",
    version: "1",
    language: "mixed",
    licence: "Apache-2.0",
    split: splitOf("calls"),
    sizeClass: "small",
    source: { type: "generator", trait: "calls", ...SIZE, sha256 },
    measure: { include: ["src/**"], exclude: [] },
    context: { include: [], exclude: [] },
    compilerOptions: {},
    tests: null,
  };
  const manifestRoot = folderWith({ "synthetic/small/corpus.json": JSON.stringify(spec) });
  return { manifestRoot, cacheDir: folderWith(), spec };
}

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

async function corpora(argv: string[], manifestRoot?: string): Promise<Ran> {
  const ran: Ran = { code: -1, stdout: "", stderr: "" };
  ran.code = await runCli(argv, {
    env: { npm_config_cache: folderWith() },
    stdout: (text) => (ran.stdout += text),
    stderr: (text) => (ran.stderr += text),
    ...(manifestRoot === undefined ? {} : { manifestRoot }),
  });
  return ran;
}

test("the truth of a generated corpus is what was planted, read from the cache the second time", async () => {
  const { manifestRoot, cacheDir } = await synthetic();
  const fetched = await fetchCorpus("small", { manifestRoot, cacheDir, offline: true });
  const truth = await deriveCallGraphTruth(fetched, { cacheDir });
  expect(CallGraphTruth.parse(truth)).toEqual(truth);
  expect(truth.oracles.map(({ kind, seed }) => [kind, seed])).toEqual([["generator", SIZE.seed]]);
  expect(truth.files).toEqual(fetched.files);
  const [file = ""] = await readdir(path.join(cacheDir, "truth"));
  const kept = path.join(cacheDir, "truth", file);
  await writeFile(kept, (await readFile(kept, "utf8")).replace('"corpusVersion":"1"', '"corpusVersion":"kept"'));
  expect((await deriveCallGraphTruth(fetched, { cacheDir })).corpusVersion).toBe("kept");
  expect((await deriveCallGraphTruth(fetched, { cacheDir, fresh: true })).corpusVersion).toBe("1");
});

test("a damaged file of the cache is derived again", async () => {
  const { manifestRoot, cacheDir } = await synthetic();
  const fetched = await fetchCorpus("small", { manifestRoot, cacheDir });
  const truth = await deriveCallGraphTruth(fetched, { cacheDir });
  const [file = ""] = await readdir(path.join(cacheDir, "truth"));
  await writeFile(path.join(cacheDir, "truth", file), '{"schemaVersion":1,');
  expect(await deriveCallGraphTruth(fetched, { cacheDir })).toEqual(truth);
});

test("a changed source gives another truth, not the kept one", async () => {
  const { manifestRoot, cacheDir } = await synthetic();
  const fetched = await fetchCorpus("small", { manifestRoot, cacheDir });
  const before = await deriveCallGraphTruth(fetched, { cacheDir });
  await writeFile(path.join(fetched.root, fetched.files[0] ?? ""), "export const changed = 1;\n");
  expect((await deriveCallGraphTruth(fetched, { cacheDir })).inputsSha256).not.toBe(before.inputsSha256);
});

test("real code: both oracles are named, with what they did not do", async () => {
  const root = folderWith({
    "package.json": '{ "name": "tiny" }',
    "index.js": "function f () { return 1 }\nmodule.exports = () => f()\n",
    "test/a.js": "require('node:test').test('runs', () => { require('..')() })\n",
  });
  const { spec } = await synthetic();
  const tests = {
    runner: "node",
    include: ["test/*.js"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [],
    timeoutMs: 60_000,
  } as const;
  const real = {
    ...spec,
    id: "tiny",
    kind: "real",
    source: { type: "npm", name: "tiny", version: "1", integrity: "", archiveSha256: "", sha256: "0".repeat(64) },
    compilerOptions: {
      module: "commonjs",
      moduleResolution: "node10",
      ignoreDeprecations: "6.0",
      allowJs: true,
      lib: ["es2022"],
      types: ["node"],
    },
    tests: { ...tests, include: [...tests.include], exclude: [], ownProcess: [], conditions: [], dependencies: [] },
  };
  const phases = new Set<string>();
  const truth = await deriveCallGraphTruth(
    { spec: real as never, root, files: ["index.js"] },
    { cacheDir: folderWith(), onProgress: ({ phase }) => phases.add(phase) },
  );
  expect(CallGraphTruth.parse(truth)).toEqual(truth);
  expect(truth.oracles.map(({ kind }) => kind)).toEqual(["compiler", "trace"]);
  const [site] = truth.sites;
  expect(site).toMatchObject({ stratum: "direct", must: [{ definition: "index.js:1:1" }], closed: true });
  const [, traced] = truth.oracles;
  expect(site?.by).toEqual(traced?.notRun === null ? ["compiler", "trace"] : ["compiler"]);
  expect([...phases][0]).toContain("compiler");
});

test("list, fetch, derive and stats print results on stdout alone, as text and as records", async () => {
  const { manifestRoot, cacheDir } = await synthetic();
  const list = await corpora(["list"], manifestRoot);
  expect(list).toMatchObject({ code: 0, stderr: "" });
  expect(list.stdout).toContain("small  1  synthetic");
  expect(JSON.parse((await corpora(["list", "--json"], manifestRoot)).stdout)).toHaveLength(1);

  const fetch = await corpora(["fetch", "--cache-dir", cacheDir], manifestRoot);
  expect(fetch.code).toBe(0);
  expect(fetch.stdout).toMatch(/^small 1 {2}12 files under measure/);
  expect(fetch.stderr).toBe("generate small: 0/1\ngenerate small: 1/1\n");

  const derive = await corpora(["derive", "small", "--json", "--offline", "--cache-dir", cacheDir], manifestRoot);
  expect(CallGraphTruth.array().parse(JSON.parse(derive.stdout))).toHaveLength(1);
  expect((await corpora(["derive", "small", "--fresh", "--cache-dir", cacheDir], manifestRoot)).stdout).toMatch(
    /^small: \d+ calls, must \d+, closed \d+, traced 0, unknown 0\.0 %\n$/,
  );

  const stats = await corpora(["stats", "--json", "--cache-dir", cacheDir], manifestRoot);
  const record = StatsRecord.parse(JSON.parse(stats.stdout));
  expect(record.corpora[0]?.all.sites).toBeGreaterThan(50);
  expect(record.total).toMatchObject({ corpora: 0, sites: 0 });
  expect((await corpora(["stats", "--cache-dir", cacheDir], manifestRoot)).stdout).toContain("stored-value");
});

test("every command has help, and exits as the style guide says", async () => {
  for (const command of ["list", "fetch", "derive", "stats"]) {
    const help = await corpora([command, "--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(`corpora ${command}`);
    expect(help.stdout).toContain("--json");
  }
  expect((await corpora(["--help"])).code).toBe(0);
  expect((await corpora(["nonsense"])).code).toBe(2);
  expect((await corpora(["list", "--nonsense"])).code).toBe(2);
  const unknown = await corpora(["fetch", "nope"]);
  expect(unknown).toMatchObject({ code: 2, stdout: "" });
  expect(unknown.stderr).toMatch(/Known: .*find-my-way.*zod/);
  const missing = await corpora(["fetch", "zod", "--offline", "--cache-dir", folderWith()]);
  expect(missing).toMatchObject({ code: 3, stdout: "" });
  expect(missing.stderr).toContain("CORPUS_OFFLINE");
});

test("what nobody expected is a bug", async () => {
  const stdout = (): never => {
    throw new TypeError("broken pipe");
  };
  const said: string[] = [];
  expect(await runCli(["list"], { env: {}, stdout, stderr: (text) => said.push(text) })).toBe(70);
  expect(said.join("")).toContain("This is a bug in Drift: TypeError: broken pipe");
});
