import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, test } from "vitest";
import { createFolder, defaultCacheDir } from "../src/cache.ts";
import type { CorpusErrorCode } from "../src/errors.ts";
import { type FetchedCorpus, fetchCorpus, type FetchOptions, fetchTestDependencies } from "../src/fetch.ts";
import { listFiles, selectFiles, treeSha256 } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";
import { checkoutWith } from "./support/manifest.ts";
import { type Entry, integrityOf, tarball } from "./support/tarball.ts";

const GOOD: Entry[] = [
  { path: "package/package.json", text: '{ "name": "tiny", "version": "1.0.0" }' },
  { path: "package/index.js", text: "module.exports = () => 1\n" },
  { path: "package/lib/deep/a.js", text: "exports.a = 1\n" },
  { path: "package/README.md", text: "tiny\n" },
];

/** A corpus whose registry is one archive in a folder. */
async function tiny(
  entries: readonly Entry[] = GOOD,
  damage: (archive: Buffer) => Buffer = (archive) => archive,
  repin = false,
) {
  const archive = tarball(entries);
  const served = damage(archive);
  const folder = folderWith();
  await writeFile(path.join(folder, "tiny.tgz"), served);
  const unpacked = folderWith(
    Object.fromEntries(GOOD.map(({ path: file, text = "" }) => [file.replace("package/", ""), text])),
  );
  const sha256 = await treeSha256(unpacked, await listFiles(unpacked));
  const pinned = { name: "tiny", version: "1.0.0", integrity: integrityOf(repin ? served : archive) };
  const archiveSha256 = createHash("sha256")
    .update(repin ? served : archive)
    .digest("hex");
  const source = { type: "npm", ...pinned, archiveSha256, sha256 };
  const manifestRoot = checkoutWith(source);
  const cacheDir = path.join(folder, "cache");
  const env = {
    HOME: folder,
    npm_config_cache: path.join(folder, "npm"),
    npm_config_userconfig: path.join(folder, "npmrc"),
  };
  const fetch = async (options: FetchOptions = {}): Promise<FetchedCorpus> =>
    fetchCorpus("tiny", {
      cacheDir,
      manifestRoot,
      env,
      specifierOf: () => `file:${path.join(folder, "tiny.tgz")}`,
      ...options,
    });
  return { fetch, folder, cacheDir, source, archive: path.join(folder, "tiny.tgz") };
}

async function checkFails(promise: Promise<unknown>, code: CorpusErrorCode): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: "CorpusError", code, hint: expect.any(String) });
}

test("a corpus is fetched, verified and unpacked; what is under measure is listed", async () => {
  const { fetch } = await tiny();
  const fetched = await fetch();
  expect(fetched.files).toEqual(["index.js", "lib/deep/a.js"]);
  expect(await readFile(path.join(fetched.root, "index.js"), "utf8")).toBe("module.exports = () => 1\n");
  expect(await fetchTestDependencies(fetched.spec)).toBeNull();
});

test("what is in the cache is used without the registry, offline too", async () => {
  const { fetch, archive } = await tiny();
  const first = await fetch();
  await rm(archive);
  expect(await fetch({ offline: true })).toEqual(first);
});

test("a changed copy in the cache is replaced, from the archive even without a network", async () => {
  const { fetch, cacheDir } = await tiny();
  const { root } = await fetch();
  const changed = path.join(root, "index.js");
  await writeFile(changed, "module.exports = () => 2\n");
  await fetch({ offline: true });
  expect(await readFile(changed, "utf8")).toBe("module.exports = () => 1\n");

  await writeFile(changed, "module.exports = () => 2\n");
  await rm(path.join(cacheDir, "archives"), { recursive: true });
  await checkFails(fetch({ offline: true }), "CORPUS_INTEGRITY");
  expect(await readFile(changed, "utf8")).toBe("module.exports = () => 2\n");
  await fetch();
  expect(await readFile(changed, "utf8")).toBe("module.exports = () => 1\n");
});

test("a file too many in the cache is a change", async () => {
  const { fetch } = await tiny();
  const { root } = await fetch();
  await writeFile(path.join(root, "more.js"), "");
  await fetch({ offline: true });
  expect(await listFiles(root)).not.toContain("more.js");
});

test("an archive that was damaged in the cache is fetched again", async () => {
  const { fetch, cacheDir, source } = await tiny();
  const { root } = await fetch();
  await rm(root, { recursive: true });
  await writeFile(path.join(cacheDir, "archives", source.archiveSha256), "damaged");
  await expect(fetch({ offline: true })).rejects.toMatchObject({
    code: "CORPUS_OFFLINE",
    message: "what the cache has of npm tiny@1.0.0 is damaged",
  });
  expect((await fetch()).files).toEqual(["index.js", "lib/deep/a.js"]);
});

test("an archive that is not the pinned one is refused, and nothing is left behind", async () => {
  const { fetch, cacheDir } = await tiny(GOOD, () => tarball([{ path: "package/index.js", text: "evil()\n" }]));
  await checkFails(fetch(), "CORPUS_INTEGRITY");
  expect(await readdir(path.join(cacheDir, "corpora", "tiny"))).toEqual([]);
});

test("a truncated archive is refused, even where its hash was pinned", async () => {
  const { fetch, cacheDir } = await tiny(GOOD, (archive) => archive.subarray(0, archive.length - 40), true);
  await checkFails(fetch(), "CORPUS_ARCHIVE");
  expect(await readdir(path.join(cacheDir, "corpora", "tiny"))).toEqual([]);
});

test("an archive that unpacks to something else than the manifest says is refused", async () => {
  const { fetch } = await tiny([...GOOD, { path: "package/extra.js", text: "1" }]);
  await checkFails(fetch(), "CORPUS_INTEGRITY");
});

test("a registry that is not there, and an empty cache offline, say what to do", async () => {
  const { fetch, folder } = await tiny();
  const env = { HOME: folder, npm_config_cache: path.join(folder, "npm"), npm_config_registry: "http://127.0.0.1:9/" };
  const specifierOf = (): string => "drift-no-such-package@1.0.0";
  await checkFails(fetch({ env, specifierOf, offline: true }), "CORPUS_OFFLINE");
  await checkFails(fetch({ env, specifierOf }), "CORPUS_UNREACHABLE");
});

test("a package that the registry does not have is told from a registry that does not answer", async () => {
  const { fetch, folder } = await tiny();
  const registry = createServer((_, response) => response.writeHead(404).end("{}"));
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const { port } = registry.address() as AddressInfo;
  const env = {
    HOME: folder,
    npm_config_cache: path.join(folder, "npm"),
    npm_config_registry: `http://127.0.0.1:${port}/`,
  };
  await expect(fetch({ env, specifierOf: () => "drift-no-such-package@1.0.0" })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
    message: "the registry has no tiny@1.0.0 (E404)",
  });
  registry.close();
});

test("a cache that cannot be written says so", async () => {
  const { fetch, folder } = await tiny();
  await writeFile(path.join(folder, "file"), "");
  await checkFails(fetch({ cacheDir: path.join(folder, "file", "cache") }), "CORPUS_CACHE");
  // Whatever the system's reason is: below a folder that is read-only it even says that there is none.
  await checkFails(fetch({ cacheDir: path.join(folder, "long".repeat(100)) }), "CORPUS_CACHE");
  // Where nothing can be made, though the folder is there.
  await checkFails(fetch({ cacheDir: "/proc/drift/cache" }), "CORPUS_CACHE");
});

test("an unknown corpus names the known ones", async () => {
  const { fetch } = await tiny();
  await expect(
    fetchCorpus("nope", { manifestRoot: checkoutWith({}) }).catch((error: unknown) => error),
  ).resolves.toMatchObject({
    code: "CORPUS_MANIFEST",
  });
  await fetch();
  await checkFails(fetchCorpus("nope"), "CORPUS_UNKNOWN");
});

test("what the tests need is fetched beside the corpus, and used offline", async () => {
  const { fetch, folder, cacheDir, source, archive: archivePath } = await tiny();
  const archive = await readFile(archivePath);
  const pinned = { name: "@scope/need", version: "1.0.0", integrity: integrityOf(archive) };
  const tests = {
    runner: "node",
    include: ["*.test.js"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [pinned],
    timeoutMs: 1000,
  };
  const { spec } = await fetch({ manifestRoot: checkoutWith(source, { tests }) });
  const options = { cacheDir, env: { HOME: folder }, specifierOf: () => `file:${archivePath}` };
  const first = await fetchTestDependencies(spec, options);
  expect(await readdir(path.join(first ?? "", "node_modules", "@scope", "need"))).toContain("index.js");
  await rm(archivePath);
  expect(await fetchTestDependencies(spec, { ...options, offline: true })).toBe(first);
});

test("what a killed process left half done is removed, what a living one is at stays", async () => {
  const parent = folderWith();
  const dead = `a.999999999.${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}.part`;
  const alive = `a.${process.pid}.${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}.part`;
  await mkdir(path.join(parent, dead));
  await mkdir(path.join(parent, alive));
  await createFolder(path.join(parent, "whole"), async (temporary) => writeFile(path.join(temporary, "x"), ""));
  expect((await readdir(parent)).sort()).toEqual([alive, "whole"]);
});

test("of two that make the same folder the first one's stays", async () => {
  const parent = folderWith();
  const target = path.join(parent, "it");
  await createFolder(target, async (temporary) => {
    await writeFile(path.join(temporary, "x"), "late");
    await createFolder(target, async (other) => writeFile(path.join(other, "x"), "early"));
  });
  expect(await readFile(path.join(target, "x"), "utf8")).toBe("early");
});

test("files are listed without links and modules, and chosen by globs", async () => {
  const root = folderWith({ "b.ts": "", "a/c.ts": "", "a/t/c.test.ts": "", "node_modules/x/i.ts": "" });
  await symlink(root, path.join(root, "a", "loop"));
  const files = await listFiles(root);
  expect(files).toEqual(["a/c.ts", "a/t/c.test.ts", "b.ts"]);
  expect(selectFiles(files, { include: ["**/*.ts"], exclude: ["**/t/**"] })).toEqual(["a/c.ts", "b.ts"]);
});

test("the cache is where the user says, else where this system keeps caches", () => {
  expect(defaultCacheDir({ DRIFT_CACHE_DIR: "/some/where" })).toBe(path.resolve("/some/where"));
  expect(defaultCacheDir({})).toMatch(/drift/);
});
