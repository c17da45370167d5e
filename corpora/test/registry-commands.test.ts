import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runCli } from "../src/cli/program.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { folderWith } from "./support/folder.ts";

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A checkout without corpora, a cache, and a folder of code to add. */
function lab(): { run: (...argv: string[]) => Promise<Ran>; code: string; manifestRoot: string; cacheDir: string } {
  const manifestRoot = folderWith();
  const cacheDir = folderWith();
  const code = folderWith({
    "package.json": '{ "license": "MIT", "description": "tiny" }',
    "lib/a.js": "exports.a = () => 1\n",
  });
  const run = async (...argv: string[]): Promise<Ran> => {
    const ran: Ran = { code: -1, stdout: "", stderr: "" };
    ran.code = await runCli(
      [...argv, ...(argv.includes("--help") || argv[0] === "list" ? [] : ["--cache-dir", cacheDir])],
      {
        env: { PATH: process.env["PATH"], HOME: folderWith() },
        stdout: (text) => (ran.stdout += text),
        stderr: (text) => (ran.stderr += text),
        manifestRoot,
      },
    );
    return ran;
  };
  return { run, code, manifestRoot, cacheDir };
}

test("add writes a manifest that fetch and verify then agree with", async () => {
  const { run, code, manifestRoot } = lab();
  const added = await run("add", `folder:${code}`, "--id", "mine", "--family", "ours");
  expect(added).toMatchObject({ code: 0, stderr: "fetch mine: 0/1\nfetch mine: 1/1\n" });
  expect(added.stdout).toContain("Wrote ");
  expect(added.stdout).toContain("Still to decide:");
  const manifest = path.join(manifestRoot, "real", "mine", "corpus.json");
  const spec = CorpusSpec.parse(JSON.parse(await readFile(manifest, "utf8")));
  expect(spec).toMatchObject({
    id: "mine",
    family: "ours",
    licence: "MIT",
    language: "javascript",
    measure: { include: ["lib/**/*.js"] },
  });

  expect(await run("verify")).toMatchObject({ code: 3, stdout: "mine  absent\n" });
  expect((await run("fetch", "mine")).stdout).toMatch(/^mine 1 {2}1 files under measure/);
  expect(await run("verify")).toMatchObject({ code: 0, stdout: "mine  ok\n", stderr: "" });
  expect((await run("list")).stdout).toMatch(
    /^mine {2}1 {2}real {2}javascript {2}small {2}MIT {2}(?:fit|report) {2}folder /,
  );
});

test("add --json prints the record, and refuses what is there, what is no id and what is no coordinate", async () => {
  const { run, code } = lab();
  const added = await run("add", `folder:${code}`, "--id", "mine", "--json");
  expect(JSON.parse(added.stdout)).toMatchObject({
    spec: { id: "mine" },
    measured: 1,
    couldNot: expect.any(Array),
    next: expect.any(Array),
  });
  expect(await run("add", `folder:${code}`, "--id", "mine")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("CORPUS_EXISTS"),
  });
  expect(await run("add", `folder:${code}`, "--id", "../x")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("CORPUS_COORDINATE"),
  });
  expect(await run("add", "qs")).toMatchObject({ code: 2, stderr: expect.stringContaining("npm:<name>@<version>") });
  expect(await run("add", `folder:${code}/gone`, "--id", "gone")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("CORPUS_FOLDER"),
  });
});

test("verify says everything that is wrong, and exits with 1", async () => {
  const { run, code, manifestRoot } = lab();
  await run("add", `folder:${code}`, "--id", "mine");
  const fetched = JSON.parse((await run("fetch", "--json")).stdout) as [{ root: string }];
  await writeFile(path.join(fetched[0].root, "lib", "a.js"), "changed\n".repeat(20_000));
  const manifest = path.join(manifestRoot, "real", "mine", "corpus.json");
  const spec = CorpusSpec.parse(JSON.parse(await readFile(manifest, "utf8")));
  const tests = {
    runner: "node",
    include: ["t/*.js"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [],
    timeoutMs: 1,
  };
  await writeFile(manifest, JSON.stringify({ ...spec, tests }));
  const verified = await run("verify", "mine", "--json");
  expect(verified.code).toBe(1);
  expect(JSON.parse(verified.stdout)).toEqual([
    {
      id: "mine",
      state: "wrong",
      problems: [
        expect.stringContaining("Its files hash to"),
        "It is medium by its lines, the manifest says small.",
        "The globs of its tests match no file.",
      ],
    },
  ]);
  await writeFile(manifest, JSON.stringify({ ...spec, measure: { include: ["none/**"], exclude: [] } }));
  expect((await run("verify")).stdout).toContain("Its globs measure no file.");
  await rm(fetched[0].root, { recursive: true });
  await writeFile(fetched[0].root, "");
  expect(await run("verify")).toMatchObject({ code: 1, stdout: expect.stringContaining("is no folder") });
});

test("verify reads the archive too", async () => {
  const { run, manifestRoot, cacheDir, code } = lab();
  await run("add", `folder:${code}`, "--id", "mine");
  const manifest = path.join(manifestRoot, "real", "mine", "corpus.json");
  const spec = CorpusSpec.parse(JSON.parse(await readFile(manifest, "utf8")));
  await run("fetch");
  const archiveSha256 = "a".repeat(64);
  const source = { type: "crates", name: "mine", version: "1", archiveSha256, sha256: spec.source.sha256 };
  await writeFile(manifest, JSON.stringify({ ...spec, source }));
  expect(await run("verify")).toMatchObject({ code: 0, stdout: "mine  ok\n" });
  await mkdir(path.join(cacheDir, "archives"), { recursive: true });
  await writeFile(path.join(cacheDir, "archives", archiveSha256), "other");
  expect(await run("verify")).toMatchObject({ code: 1, stdout: expect.stringContaining("Its archive hashes to") });
});

test("a corpus that cannot be had keeps none of the others waiting", async () => {
  const { run, code } = lab();
  await run("add", `folder:${code}`, "--id", "a-first");
  await run("add", `folder:${code}`, "--id", "b-second");
  await writeFile(path.join(code, "lib", "new.js"), "");
  await run("add", `folder:${code}`, "--id", "c-third");
  const { code: exitCode, stdout, stderr } = await run("fetch", "--json");
  expect([exitCode, (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)]).toEqual([3, ["c-third"]]);
  expect(stderr.match(/CORPUS_INTEGRITY/g)).toHaveLength(2);
  expect((await run("fetch", "nope")).code).toBe(2);
  expect((await run("derive", "--sample", "--write")).code).toBe(2);
});

test("both commands have help", async () => {
  const { run } = lab();
  expect((await run("add", "--help")).stdout).toContain("debian:<package>@<version>");
  expect((await run("verify", "--help")).stdout).toContain("Exit code: 0");
});

test("who reads only the beginning of what is printed gets no error", () => {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  // More is printed than a pipe holds.
  const ran = spawnSync("sh", ["-c", '"$0" "$1" list --json | head -c 1', process.execPath, main], {
    encoding: "utf8",
  });
  expect([ran.stdout, ran.stderr]).toEqual(["[", ""]);
});
