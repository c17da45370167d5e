import { mkdir, readlink, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { deriveCallGraphTruth } from "../src/derive/call-graph.ts";
import { findWorkspacePackages } from "../src/fetch/workspaces.ts";
import { type InitReport, initOwnCorpus, loadOwnCorpus } from "../src/init.ts";
import type { CallGraphTruth } from "../src/truth/schema.ts";
import { listFiles } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";

const ROOT = '{ "name": "root", "private": true, "workspaces": ["packages/*"], "scripts": { "test": "node --test" } }';

const packageJson = (name: string, main: string): string =>
  JSON.stringify({ name: `@demo/${name}`, type: "module", exports: { ".": { default: main } } });

const MONOREPO = {
  "package.json": ROOT,
  "packages/a/package.json": packageJson("a", "./src/index.js"),
  "packages/a/src/index.js": "export function one () { return 1 }\n",
  "packages/b/package.json": packageJson("b", "./src/index.js"),
  "packages/b/src/index.js": 'import { one } from "@demo/a"\nexport function two () { return one() }\n',
  "packages/b/test/b.test.js":
    'import { test } from "node:test"\nimport { two } from "../src/index.js"\ntest("two", () => { two() })\n',
};

async function derive(folder: string): Promise<{ report: InitReport; truth: CallGraphTruth; root: string }> {
  const cacheDir = folderWith();
  const report = await initOwnCorpus(folder, { cacheDir });
  const own = await loadOwnCorpus(folder, { cacheDir });
  return { report, truth: await deriveCallGraphTruth(own, { cacheDir }), root: own.root };
}

test("calls between the packages of a workspace enter the corpus, for both oracles", async () => {
  const { report, truth, root } = await derive(folderWith(MONOREPO));
  expect(report.found.join(" ")).toContain("It is a workspace of 2 packages");
  expect(truth.sites).toMatchObject([
    { file: "packages/b/src/index.js", must: [{ definition: "packages/a/src/index.js:1:1" }], closed: true },
  ]);
  expect(await readlink(path.join(root, "node_modules/@demo/a"))).toBe("../../packages/a");
});

test("where the packages are installed as links, those of the copy are taken", async () => {
  const folder = folderWith(MONOREPO);
  await mkdir(path.join(folder, "node_modules/@demo"), { recursive: true });
  for (const name of ["a", "b"]) await symlink(`../../packages/${name}`, path.join(folder, "node_modules/@demo", name));
  const { report, truth } = await derive(folder);
  expect(report.couldNot.join(" ")).not.toContain("failed");
  expect(truth.sites[0]?.must).toEqual([{ definition: "packages/a/src/index.js:1:1" }]);
});

test("a package that is not built is resolved to its source, and what stands nowhere is told", async () => {
  const files = {
    "package.json": ROOT,
    "packages/a/package.json": packageJson("a", "./dist/index.js"),
    "packages/a/src/index.ts": "export function one (): number { return 1 }\n",
    "packages/b/src/index.ts": 'import { one } from "@demo/a";\nexport const two = (): number => one();\n',
    "packages/c/package.json": packageJson("c", "./dist/index.js"),
  };
  const { report, truth } = await derive(folderWith(files));
  expect(truth.sites[0]?.must).toEqual([{ definition: "packages/a/src/index.ts:1:1" }]);
  expect(report.couldNot.filter((sentence) => sentence.includes("@demo"))).toEqual([
    expect.stringMatching(/not built.*: @demo\/a\.$/),
    expect.stringMatching(/Nobody can tell.*: @demo\/c\.$/),
  ]);
});

test("workspaces are found as npm, Yarn and pnpm write them; broken ones are none", async () => {
  const packages = {
    "packages/a/package.json": packageJson("a", "./index.js"),
    "packages/a/index.js": "",
    "packages/x/package.json": '{ "name": "../x" }',
    "packages/y/package.json": "{",
    "tools/t/package.json": packageJson("t", "./main.js"),
  };
  const found = async (files: Record<string, string>): Promise<string[]> => {
    const root = folderWith({ ...packages, ...files });
    return (await findWorkspacePackages(root, await listFiles(root))).map(({ name }) => name);
  };
  const yaml =
    "# all\npackages:\n  # these\n  - \"packages/*\"\n  - 'tools/**'\n  - '!packages/x' # not this\ncatalog:\n  - z\n";
  expect(await found({ "pnpm-workspace.yaml": yaml })).toEqual(["@demo/a", "@demo/t"]);
  expect(await found({ "package.json": '{ "workspaces": { "packages": ["./packages/*/"] } }' })).toEqual(["@demo/a"]);
  expect(await found({ "package.json": '{ "workspaces": 7 }' })).toEqual([]);
  expect(await found({ "package.json": "{" })).toEqual([]);
  expect(await found({})).toEqual([]);
});
