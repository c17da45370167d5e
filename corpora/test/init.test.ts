import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { deriveCallGraphTruth } from "../src/derive/call-graph.ts";
import { findSandbox } from "../src/derive/sandbox.ts";
import { fetchTestDependencies } from "../src/fetch.ts";
import { findInstalledPackages } from "../src/fetch/folder.ts";
import { InitReport, initOwnCorpus, loadOwnCorpus } from "../src/init.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { surveyHistory } from "../src/survey/history.ts";
import { survey } from "../src/survey/survey.ts";
import { listFiles } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";

const REPOSITORY = {
  "package.json": '{ "name": "demo", "license": "MIT", "scripts": { "test": "node --test" } }',
  "index.js": "function f () { return 1 }\nmodule.exports = () => f()\n",
  "test/a.js": "require('node:test').test('runs', () => { require('..')() })\n",
};

const manifestOf = (folder: string): string => path.join(folder, ".cibench", "corpus.json");

async function readSpec(folder: string): Promise<CorpusSpec> {
  return CorpusSpec.parse(JSON.parse(await readFile(manifestOf(folder), "utf8")));
}

/** Runs init with a cache of its own; it may write nothing but its manifest. */
async function init(folder: string, cacheDir = folderWith()): Promise<InitReport> {
  const before = (await listFiles(folder)).filter((file) => !file.startsWith(".cibench/"));
  const report = await initOwnCorpus(folder, { cacheDir });
  expect(InitReport.parse(report)).toEqual(report);
  expect((await listFiles(folder)).filter((file) => file !== ".cibench/corpus.json")).toEqual(before);
  return report;
}

test("a repository with tests and history becomes a corpus with truth", async () => {
  const folder = folderWith(REPOSITORY);
  const git = async (...args: string[]): Promise<unknown> =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args], {
      cwd: folder,
    });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "first");
  const cacheDir = folderWith();
  const report = await init(folder, cacheDir);
  expect(report).toMatchObject({
    manifest: manifestOf(folder),
    language: "javascript",
    runner: "node",
    licence: "MIT",
    files: 1,
    history: { commits: 1, shallow: false, changed: false },
    truth: { sites: 1, must: 1, unknown: 0 },
  });
  expect(report.next[0]).toContain("cibench -- run");
  expect(report.found.join(" ")).toContain("The git history has 1 commit from");
  const spec = await readSpec(folder);
  expect(spec).toMatchObject({ version: report.history?.commit.slice(0, 12), source: { type: "folder", path: ".." } });

  const own = await loadOwnCorpus(folder, { cacheDir });
  expect(own.files).toEqual(["index.js"]);
  expect(await loadOwnCorpus(manifestOf(folder), { cacheDir })).toEqual(own);
  expect((await deriveCallGraphTruth(own, { cacheDir })).sites).toHaveLength(1);
});

test("what the tests need is used as it is installed", async () => {
  const folder = folderWith({
    ...REPOSITORY,
    "package.json":
      '{ "name": "demo", "scripts": { "test": "node --test" }, "devDependencies": { "helps": "1", "@s/too": "1" } }',
    "test/a.js": "require('node:test').test('runs', () => { require('@s/too'); require('helps')(require('..')) })\n",
    "node_modules/helps/index.js": "module.exports = (f) => f()\n",
    "node_modules/@s/too/index.js": "",
    "node_modules/.bin/x": "",
  });
  const cacheDir = folderWith();
  const report = await init(folder, cacheDir);
  expect(report.found).toContain(
    "What the tests need is taken from node_modules as it is installed there; nothing pins it.",
  );
  expect(report.couldNot.join(" ")).not.toContain("package-lock");
  const { spec } = await loadOwnCorpus(folder, { cacheDir });
  const dependencies = (await fetchTestDependencies(spec, { cacheDir })) ?? "";
  expect((await readdir(path.join(dependencies, "node_modules"))).sort()).toEqual([".bin", "@s", "helps"]);
  expect(report.couldNot.join(" ")).not.toContain("none of the tests passed");
});

test("a virtual environment with pytest is used as it is", async () => {
  const folder = folderWith({
    "a.py": "def f():\n    pass\n",
    "test_a.py": "",
    ".venv/lib/python3.13/site-packages/pytest/__init__.py": "",
  });
  expect(await findInstalledPackages(folder)).toEqual({
    nodeModules: null,
    sitePackages: path.join(folder, ".venv/lib/python3.13/site-packages"),
  });
  const source = { type: "folder" as const, path: folder, sha256: "0".repeat(64) };
  const about = { id: "x", family: "x", version: "1", source };
  const { spec, found, couldNot } = await survey(folder, about, await findInstalledPackages(folder));
  expect([spec.tests?.dependencies, couldNot]).toEqual([[], []]);
  expect(found.join(" ")).toContain("the virtual environment");
  const dependencies = (await fetchTestDependencies(spec, { cacheDir: folderWith() })) ?? "";
  expect(await readdir(path.join(dependencies, "site-packages"))).toEqual(["pytest"]);
});

test("files that changed since are told, and pinned by another init, which keeps what people wrote", async () => {
  const folder = folderWith(REPOSITORY);
  await init(folder);
  const edited = { ...(await readSpec(folder)), description: "mine", tests: null };
  await writeFile(manifestOf(folder), JSON.stringify(edited));
  await writeFile(path.join(folder, "index.js"), "module.exports = () => [1].map(String)\n");
  await expect(loadOwnCorpus(folder, { cacheDir: folderWith() })).rejects.toMatchObject({
    code: "CORPUS_INTEGRITY",
    hint: expect.stringContaining("corpus init"),
  });
  const report = await init(folder);
  expect(report.found.join(" ")).toContain("was kept");
  const spec = await readSpec(folder);
  expect(spec).toMatchObject({ description: "mine", tests: null });
  expect(spec.source.sha256).not.toBe(edited.source.sha256);
  expect((await loadOwnCorpus(folder, { cacheDir: folderWith() })).files).toEqual(["index.js"]);
});

test("without tests, without git and with a broken package.json there is still what the compiler knows", async () => {
  const noTests = await init(folderWith({ "a.js": "function f () {}\nf()\n" }));
  expect(noTests).toMatchObject({
    history: null,
    runner: null,
    licence: null,
    truth: { sites: 1, must: 1, traced: 0 },
  });
  expect(noTests.couldNot).toEqual(
    expect.arrayContaining([expect.stringContaining("No test files"), expect.stringContaining("no git history")]),
  );
  const broken = await init(
    folderWith({ "package.json": "{ broken", "a.js": "function f () {}\nf()\n", "test/a.js": "" }),
  );
  expect(broken).toMatchObject({ runner: null, truth: { sites: 1 } });
  expect(broken.couldNot.join(" ")).toContain("not readable JSON");
  const quiet = await init(folderWith({ "a.js": "var a\n" }));
  expect(quiet.truth).toMatchObject({ sites: 0 });
  expect(quiet.couldNot.join(" ")).toContain("There is no call");
});

test("a folder without code that is known writes nothing, one in a language without an oracle says so", async () => {
  for (const files of [{}, { "README.md": "words" }]) {
    const folder = folderWith(files);
    expect(await init(folder)).toMatchObject({ manifest: null, language: null, truth: null });
    expect(await listFiles(folder)).toEqual(Object.keys(files));
  }
  const rust = await init(folderWith({ "src/lib.rs": "fn a() {}\n" }));
  expect(rust).toMatchObject({ language: "rust", truth: null });
  expect(rust.couldNot.join(" ")).toContain("no oracle resolves the calls of rust code");
});

test("what is no folder, has no manifest or a broken one is told", async () => {
  const folder = folderWith({ "a.js": "" });
  await expect(initOwnCorpus(path.join(folder, "gone"), {})).rejects.toMatchObject({ code: "CORPUS_FOLDER" });
  await expect(initOwnCorpus(path.join(folder, "a.js"), {})).rejects.toMatchObject({ code: "CORPUS_FOLDER" });
  await expect(loadOwnCorpus(folder)).rejects.toMatchObject({
    code: "CORPUS_MANIFEST",
    hint: expect.stringContaining("corpus init"),
  });
  await init(folder);
  await writeFile(manifestOf(folder), "{");
  await expect(loadOwnCorpus(folder)).rejects.toMatchObject({ code: "CORPUS_MANIFEST" });
  await expect(initOwnCorpus(folder, { cacheDir: folderWith() })).rejects.toMatchObject({ code: "CORPUS_MANIFEST" });
});

test("tests that fail as they are, and names that a shell or a terminal would obey, are told", async () => {
  const parent = folderWith();
  const folder = path.join(parent, "it's mine");
  await mkdir(path.join(folder, "test"), { recursive: true });
  for (const [file, text] of Object.entries(REPOSITORY)) await writeFile(path.join(folder, file), text);
  await writeFile(
    path.join(folder, "test", "b.js"),
    "require('node:test').test('writes outside', () => require('node:fs').writeFileSync('/drift-outside', ''))\n",
  );
  const report = await init(folder);
  const sandbox = await findSandbox();
  const failed = report.couldNot.filter((sentence) => sentence.startsWith("Of 2 tests, 1 failed where they ran"));
  expect(failed).toHaveLength(sandbox === null ? 0 : 1);
  expect(failed.every((sentence) => sentence.includes('("writes outside").'))).toBe(true);
  expect(report.next[0]).toContain(`--corpus '${parent}/it'\\''s mine'`);
});

test("links that go in circles are left out, and files whose names are not UTF-8 are named", async () => {
  const folder = folderWith({ "a.js": "function f () {}\nf()\n", "new\nline.js": "" });
  await symlink(".", path.join(folder, "self"));
  await symlink("/etc", path.join(folder, "etc"));
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff]), Buffer.from(".js")]);
  const made = await writeFile(odd, "").then(
    () => true,
    () => false, // Some file systems have no such names.
  );
  const { files, couldNot, truth } = await initOwnCorpus(folder, { cacheDir: folderWith() });
  expect([files, truth?.sites]).toEqual([2, 1]);
  expect(couldNot.filter((sentence) => sentence.includes("not UTF-8"))).toHaveLength(made ? 1 : 0);
});

test("why there is no history is told", async () => {
  const folder = folderWith({ "a.js": "" });
  expect(await surveyHistory(folder)).toBe("the folder is in no git repository");
  await execa("git", ["init", "--quiet"], { cwd: folder });
  expect(await surveyHistory(folder)).toBe("the git repository has no commit yet");
});

test("a folder in which nothing can be written is no matter of the cache", async () => {
  // A file in the place of the folder fails for every user, root too.
  const folder = folderWith({ "a.js": "", ".cibench": "" });
  await expect(initOwnCorpus(folder, { cacheDir: folderWith() })).rejects.toMatchObject({
    code: "CORPUS_FOLDER",
    message: expect.stringContaining("cannot be written"),
  });
});

test("two at once on one folder both end with the same manifest", async () => {
  const [folder, cacheDir] = [folderWith(REPOSITORY), folderWith()];
  const [one, other] = await Promise.all([initOwnCorpus(folder, { cacheDir }), initOwnCorpus(folder, { cacheDir })]);
  expect([one.truth, other.truth]).toEqual([one.truth, one.truth]);
  expect((await loadOwnCorpus(folder, { cacheDir })).files).toEqual(["index.js"]);
  expect(await readdir(path.join(folder, ".cibench"))).toEqual(["corpus.json"]);
  expect(await readdir(path.join(cacheDir, "work"))).toEqual([]);
});
