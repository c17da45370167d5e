import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/program.ts";
import { SampleRecord } from "../src/cli/sample.ts";
import { StatsRecord } from "../src/cli/commands/stats.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { CANARY } from "../src/truth/canary.ts";
import { ChangeTruth } from "../src/truth/change-schema.ts";
import { readStoredChanges, storedChangesFile } from "../src/truth/stored-changes.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { sha256, treeOf } from "./support/sources.ts";
import { tarball } from "./support/tarball.ts";

const LOG = (...sections: [string, string[]][]): string =>
  sections.map(([version, entries]) => `## ${version}\n\n${entries.map((one) => `- ${one}\n`).join("")}\n`).join("");

/** Three versions of a package: one of them changes a name, another a value. */
const VERSIONS: Record<string, Record<string, string>> = {
  "1.0": { "pkg/box.py": "def shut(n):\n    return n\n\ndef other():\n    return 1\n" },
  "1.1": {
    "CHANGES.md": LOG(["1.1", ["`shut` takes `key_only`.", "docs: a page"]]),
    "pkg/box.py": "def shut(n, key_only=False):\n    return n\n\ndef other():\n    return 1\n",
  },
  "1.2": {
    "CHANGES.md": LOG(["1.2", ["`other` gives more.", "Nobody knows."]], ["1.1", ["`shut` takes `key_only`."]]),
    "pkg/box.py": "def shut(n, key_only=False):\n    return n\n\ndef other():\n    return 2\n",
    "pkg/test_box.py": "def test(): pass\n",
  },
};

/** A checkout with one corpus at its newest version, and a folder from which pip would take all of them. */
async function demo(versions = VERSIONS) {
  const links = folderWith();
  const archives = Object.fromEntries(
    Object.entries(versions).map(([version, files]) => [
      version,
      tarball(Object.entries(files).map(([file, text]) => ({ path: `demo-${version}/${file}`, text }))),
    ]),
  );
  for (const [version, bytes] of Object.entries(archives))
    writeFileSync(path.join(links, `demo-${version}.tar.gz`), bytes);
  const [newest = ""] = Object.keys(versions).slice(-1);
  const source = {
    type: "pypi",
    name: "demo",
    version: newest,
    file: `demo-${newest}.tar.gz`,
    archiveSha256: sha256(archives[newest] ?? ""),
    sha256: await treeOf(versions[newest] ?? {}),
  };
  const changes = {
    id: "demo",
    version: newest,
    language: "python",
    measure: { include: ["pkg/**/*.py"], exclude: [] },
  };
  const manifestRoot = folderWith({ "real/demo/corpus.json": JSON.stringify(manifestOf(source, changes)) });
  const cacheDir = folderWith();
  const env = {
    HOME: folderWith(),
    PATH: process.env["PATH"],
    PIP_FIND_LINKS: links,
    PIP_NO_INDEX: "1",
    PIP_CONFIG_FILE: "/dev/null",
  };
  const run = async (...argv: string[]) => {
    const ran = { code: -1, stdout: "", stderr: "" };
    ran.code = await runCli([...argv, "--cache-dir", cacheDir], {
      env,
      stdout: (text) => (ran.stdout += text),
      stderr: (text) => (ran.stderr += text),
      manifestRoot,
    });
    return ran;
  };
  const pin = async (...wanted: string[]): Promise<void> => {
    for (const version of wanted)
      expect(await run("add", `pypi:demo@${version}`, "--release-of", "demo")).toMatchObject({ code: 0 });
  };
  const manifest = path.join(manifestRoot, "real", "demo", "corpus.json");
  return { run, pin, manifest, manifestRoot, cacheDir, links };
}

test("older versions are pinned in the manifest, oldest first, and nothing else is", async () => {
  const { run, pin, manifest } = await demo();
  await pin("1.1", "1.0");
  const spec = CorpusSpec.parse(JSON.parse(readFileSync(manifest, "utf8")));
  expect(spec.releases?.map(({ version, file }) => [version, file])).toEqual([
    ["1.0", "demo-1.0.tar.gz"],
    ["1.1", "demo-1.1.tar.gz"],
  ]);
  for (const [coordinate, code] of [
    ["pypi:demo@1.1", "CORPUS_EXISTS"],
    ["pypi:demo@1.2", "CORPUS_COORDINATE"],
    ["pypi:other@1.0", "CORPUS_COORDINATE"],
    ["npm:demo@1.0", "CORPUS_COORDINATE"],
    ["go:demo@1.0", "CORPUS_COORDINATE"],
  ]) {
    const refused = await run("add", coordinate ?? "", "--release-of", "demo");
    expect([coordinate, refused.code, refused.stderr.includes(code ?? "")]).toEqual([coordinate, 2, true]);
  }
});

test("entries are tied to what changed, stored when asked, counted, linted, and derived again", async () => {
  const { run, pin, manifest, manifestRoot, cacheDir, links } = await demo();
  const without = await run("derive", "demo", "--kind", "release-diff");
  expect(without.code).toBe(3);
  expect(without.stdout).toContain("demo: not run (CORPUS_TRUTH: the manifest of demo pins no other version");
  await pin("1.0", "1.1");
  const unasked = await run("derive", "--kind", "release-diff");
  expect(unasked.code).toBe(1);
  expect(unasked.stdout).toContain("demo: 2 items from 2 of 2 pairs of versions, 2 entries or pairs without");
  expect(unasked.stdout).toContain('nothing was written; "derive demo --kind release-diff --write" stores it');
  expect(await readStoredChanges("demo", "release-diff", manifestRoot)).toBeNull();
  expect((await run("derive", "demo", "--kind", "release-diff", "--write")).stdout).toContain("  stored\n");

  const truth = ChangeTruth.parse(await readStoredChanges("demo", "release-diff", manifestRoot));
  expect(truth.canary).toBe(CANARY);
  expect(truth.changes.map(({ from, to, functions, dropped }) => [from, to, functions, dropped])).toEqual([
    [
      "1.0",
      "1.1",
      [{ file: "pkg/box.py", name: "shut", before: "pkg/box.py:1:1", after: "pkg/box.py:1:1" }],
      [{ reason: "it says that it is not about code", number: 1 }],
    ],
    [
      "1.1",
      "1.2",
      [{ file: "pkg/box.py", name: "other", before: "pkg/box.py:4:1", after: "pkg/box.py:4:1" }],
      [{ reason: "nothing it names is tied to a function that changed", number: 1 }],
    ],
  ]);
  const [item] = truth.changes[1]?.items ?? [];
  expect(item).toEqual({
    id: "1.2:3",
    text: { file: "CHANGES.md", line: 3, endLine: 3, sha256: sha256("`other` gives more.") },
    must: [0],
    ties: [{ by: "name", what: "other" }],
    grep: 1,
  });

  // As after a kill between the pairs, and without the network: what was done is not done again.
  rmSync(links, { recursive: true });
  expect((await run("derive", "--kind", "release-diff", "--offline")).stdout).toContain("  as stored\n");
  const { changes } = StatsRecord.parse(JSON.parse((await run("stats", "--json")).stdout));
  expect(changes).toMatchObject([{ corpus: "demo", changes: 2, items: 2, locatable: 2, hard: 0, grep: 1 }]);
  expect((await run("stats")).stdout).toContain("Together: 2 items, 2 found before the change, 0 hard");
  expect((await run("lint")).stdout).toContain("0 findings");

  const sample = await run("derive", "--sample", "--json", "--offline");
  expect(SampleRecord.parse(JSON.parse(sample.stdout)).rechecks).toMatchObject([
    { oracle: "release-diff", items: 1, differing: [] },
  ]);
  const file = storedChangesFile("demo", "release-diff", manifestRoot);
  const text = gunzipSync(readFileSync(file)).toString();
  writeFileSync(file, gzipSync(text.replaceAll("box.py:1:1", "box.py:9:9").replaceAll("box.py:4:1", "box.py:9:9")));
  const differing = await run("derive", "--sample", "--offline");
  expect(differing.code).toBe(1);
  expect(differing.stdout).toMatch(/demo 1\.\d\.\.1\.\d: what changed, or for what, is not as stored/);
  writeFileSync(file, gzipSync(text.replaceAll('"must":[0]', '"must":[7]')));
  expect((await run("lint")).stdout).toContain("demo reference: 1.2:3: a function of it is not listed");
  writeFileSync(file, text);
  expect((await run("lint")).stdout).toContain(
    "demo stored-truth: truth: the stored release-diff of demo cannot be read",
  );
  expect((await run("derive", "demo", "--kind", "release-diff", "--write")).stdout).toContain("  stored\n");

  const spec = JSON.parse(readFileSync(manifest, "utf8"));
  writeFileSync(manifest, JSON.stringify({ ...spec, releases: spec.releases.slice(1) }));
  expect((await run("lint")).stdout).toContain("demo stored-truth: releases: the manifest pins other versions");
  expect((await run("derive", "--sample")).stdout).toContain("demo: the pins or the rule changed since");
  rmSync(cacheDir, { recursive: true });
  const gone = await run("derive", "--kind", "release-diff", "--offline");
  expect(gone.code).toBe(3);
});

test("pairs that cannot be compared say why", async () => {
  const many = (value: number): string =>
    Array.from({ length: 401 }, (_, i) => `def f${i}(): return ${value}\n`).join("");
  const { run, pin, manifestRoot } = await demo({
    "0.1": { "src/a.py": "def elsewhere(): pass\n" },
    "0.2": { "pkg/a.py": many(1) },
    "0.3": { "pkg/a.py": many(2), "CHANGES.md": LOG(["0.3", ["`f1`"]]) },
    "0.4": { "pkg/a.py": "def f(): return 1\n" },
    "0.5": { "pkg/a.py": "def f(): return 2\n" },
    "0.6": { "pkg/a.py": "def f(): return 3\n", "CHANGES.md": "\0\xff## 0.6\n-`f`" },
    "0.7": { "pkg/a.py": "def f(): return 4\n", "docs/release/demo-0.7.rst": "demo 0.7\n========\n\n- ``f`` is 4\n" },
  });
  await pin("0.1", "0.2", "0.3", "0.4", "0.5", "0.6");
  await run("derive", "demo", "--kind", "release-diff", "--write");
  const truth = await readStoredChanges("demo", "release-diff", manifestRoot);
  expect(truth?.changes.map(({ to, dropped, items }) => [to, dropped[0]?.reason ?? items.length])).toEqual([
    ["0.2", "the older version has no such files"],
    ["0.3", "more than 400 functions changed"],
    ["0.4", "more than 400 functions changed"],
    ["0.5", "the newer version has no changelog"],
    ["0.6", "its changelog has no section about the newer version"],
    ["0.7", 1],
  ]);
});
