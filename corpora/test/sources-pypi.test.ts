import { spawn } from "node:child_process";
import { readdir, stat, writeFile } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { fetchScripts, fetchSpec, fetchTestDependencies } from "../src/fetch.ts";
import { pipConfig } from "../src/fetch/pip-config.ts";
import { CorpusSpec } from "../src/manifest.ts";
import { listFiles } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { zip } from "./support/zip.ts";
import { DEMO, FILES, HALF, SDIST, WHEEL, index, obtain, ranged, sha256, treeOf } from "./support/sources.ts";

test("an sdist comes from the index that pip is configured with, in JSON and in HTML, without its top folder", async () => {
  for (const html of [false, true]) {
    const { url } = await index({ "demo-1.0.tar.gz": SDIST }, { html });
    const got = await obtain(DEMO, { env: { PIP_INDEX_URL: url } });
    expect(got).toMatchObject({ files: Object.keys(FILES), archiveSha256: sha256(SDIST), file: "demo-1.0.tar.gz" });
  }
});

test("without a file name the sdist is taken, else the wheel for every platform", async () => {
  const { url } = await index({
    "demo-1.0-py3-none-any.whl": WHEEL,
    "demo-1.0.tar.gz": SDIST,
    "demo-2.0.tar.gz": SDIST,
  });
  const unnamed = { type: "pypi", name: "demo", version: "1.0" } as const;
  expect((await obtain(unnamed, { env: { PIP_INDEX_URL: url } })).file).toBe("demo-1.0.tar.gz");
  const wheels = await index({ "demo-1.0-cp313-cp313-win32.whl": WHEEL, "demo-1.0-py3-none-any.whl": WHEEL });
  const got = await obtain(unnamed, { env: { PIP_INDEX_URL: wheels.url } });
  expect(got.file).toBe("demo-1.0-py3-none-any.whl");
  expect(got.files).toContain("demo/__init__.py");
  await expect(obtain({ ...unnamed, version: "3.0" }, { env: { PIP_INDEX_URL: url } })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
});

test("further indexes, folders with files, an index on disk and logins hold as for pip", async () => {
  const nothing = await index({});
  const second = await index({ "demo-1.0.tar.gz": SDIST }, { login: "me:secret" });
  const withLogin = second.url.replace("//", "//me:secret@");
  const env = { PIP_INDEX_URL: nothing.url, PIP_EXTRA_INDEX_URL: withLogin };
  expect((await obtain(DEMO, { env })).archiveSha256).toBe(sha256(SDIST));
  await expect(obtain(DEMO, { env: { PIP_INDEX_URL: second.url } })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
    message: expect.stringContaining("401"),
  });

  const links = folderWith();
  await writeFile(path.join(links, "demo-1.0.tar.gz"), SDIST);
  expect((await obtain(DEMO, { env: { PIP_FIND_LINKS: links, PIP_NO_INDEX: "1" } })).archiveSha256).toBe(sha256(SDIST));
  const onDisk = folderWith({ "simple/demo/index.html": '<a href="../../demo-1.0.tar.gz">demo-1.0.tar.gz</a>' });
  await writeFile(path.join(onDisk, "demo-1.0.tar.gz"), SDIST);
  const file = pathToFileURL(path.join(onDisk, "simple")).href;
  expect((await obtain(DEMO, { env: { PIP_INDEX_URL: file } })).archiveSha256).toBe(sha256(SDIST));
});

test("pip's configuration files are read as pip reads them", async () => {
  const home = folderWith({
    ".pip/pip.conf": "[global]\nindex-url = https://old.example/simple\n",
    ".config/pip/pip.conf":
      "# mine\n[global]\nindex_url: https://new.example/simple\nfind-links =\n  /one\n  /two\n[download]\nproxy = p.example:8080\n[install]\nindex-url = https://no.example\n",
    "chosen.conf": "[global]\nextra-index-url = https://more.example/simple\n",
  });
  expect(await pipConfig({ HOME: home, PIP_CONFIG_FILE: path.join(home, "chosen.conf") })).toMatchObject({
    indexes: ["https://new.example/simple", "https://more.example/simple"],
    findLinks: ["/one", "/two"],
    http: { proxy: "http://p.example:8080" },
  });
  expect(await pipConfig({ HOME: home, PIP_CONFIG_FILE: "/dev/null" })).toEqual({
    indexes: ["https://pypi.org/simple"],
    findLinks: [],
    http: {},
  });
  expect((await pipConfig({ HOME: home, PIP_NO_INDEX: "true" })).indexes).toEqual([]);
});

test("another archive than the pinned one is refused, and not kept", async () => {
  const { url } = await index({ "demo-1.0.tar.gz": SDIST });
  const cacheDir = folderWith();
  const pinned = { ...DEMO, archiveSha256: "0".repeat(64) };
  await expect(obtain(pinned, { env: { PIP_INDEX_URL: url }, cacheDir })).rejects.toMatchObject({
    code: "CORPUS_INTEGRITY",
  });
  expect(await readdir(path.join(cacheDir, "archives"))).toEqual([]);
});

test("a download that was cut off goes on where it stopped", async () => {
  let first = true;
  const { url, asked } = await index(
    { "demo-1.0.tar.gz": SDIST },
    {
      serve: (request, response, body) => {
        if (!first) return ranged(request, response, body);
        first = false;
        response.writeHead(200, { "content-length": body.length });
        return void response.write(body.subarray(0, HALF), () => response.socket?.end());
      },
    },
  );
  const cacheDir = folderWith();
  const pinned = { ...DEMO, archiveSha256: sha256(SDIST) };
  await expect(obtain(pinned, { env: { PIP_INDEX_URL: url }, cacheDir })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
  expect((await obtain(pinned, { env: { PIP_INDEX_URL: url }, cacheDir })).files).toEqual(Object.keys(FILES));
  expect(asked).toContain(`/files/demo-1.0.tar.gz bytes=${HALF}-`);
  expect(await readdir(path.join(cacheDir, "archives"))).toEqual([sha256(SDIST)]);
});

test("a beginning that does not fit, or a server that cannot go on, means a new start", async () => {
  for (const [beginning, serve] of [
    ["something else", ranged],
    [`${"x".repeat(SDIST.length)}more`, ranged],
    ["ignored", (_: IncomingMessage, response: ServerResponse, body: Buffer): void => void response.end(body)],
  ] as const) {
    const { url } = await index({ "demo-1.0.tar.gz": SDIST }, { serve });
    const cacheDir = folderWith({ [`archives/${sha256(SDIST)}.partial`]: beginning });
    const got = await obtain({ ...DEMO, archiveSha256: sha256(SDIST) }, { env: { PIP_INDEX_URL: url }, cacheDir });
    expect(got.files).toEqual(Object.keys(FILES));
  }
});

test("a process that is killed while it downloads leaves a beginning, and the next one goes on from there", async () => {
  let first = true;
  const { url, asked } = await index(
    { "demo-1.0.tar.gz": SDIST },
    {
      serve: (request, response, body) => {
        if (!first) return ranged(request, response, body);
        first = false;
        return void response.write(body.subarray(0, HALF)); // And nothing more.
      },
    },
  );
  const cacheDir = folderWith();
  const pinned = { ...DEMO, archiveSha256: sha256(SDIST) };
  const program = `
    import { mkdtempSync } from "node:fs";
    import { contextOf } from ${JSON.stringify(new URL("../src/fetch.ts", import.meta.url).href)};
    import { obtainSource } from ${JSON.stringify(new URL("../src/fetch/source.ts", import.meta.url).href)};
    const context = contextOf({ cacheDir: process.env.CACHE, env: { PIP_INDEX_URL: process.env.INDEX, PIP_CONFIG_FILE: "/dev/null" } });
    await obtainSource(${JSON.stringify(pinned)}, process.env.CACHE, process.env.CACHE, context);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, CACHE: cacheDir, INDEX: url },
    stdio: "inherit",
  });
  const archives = path.join(cacheDir, "archives");
  const written = async (): Promise<number> => {
    const [part] = await readdir(archives).catch(() => []);
    return part === undefined ? 0 : (await stat(path.join(archives, part))).size;
  };
  while ((await written()) < HALF) await new Promise((resolve) => setImmediate(resolve));
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  expect((await obtain(pinned, { env: { PIP_INDEX_URL: url }, cacheDir })).files).toEqual(Object.keys(FILES));
  expect(asked.at(-1)).toBe(`/files/demo-1.0.tar.gz bytes=${HALF}-`);
  expect(await readdir(archives)).toEqual([sha256(SDIST)]);
});

test("two at once both get the corpus", async () => {
  const { url } = await index({ "demo-1.0.tar.gz": SDIST });
  const source = { ...DEMO, archiveSha256: sha256(SDIST), sha256: await treeOf(FILES) };
  const spec = CorpusSpec.parse(
    manifestOf(source, { language: "python", measure: { include: ["**/*.py"], exclude: [] } }),
  );
  const options = { cacheDir: folderWith(), env: { HOME: folderWith(), PIP_INDEX_URL: url } };
  const both = await Promise.all([fetchSpec(spec, "/", options), fetchSpec(spec, "/", options)]);
  expect(both.map(({ files }) => files)).toEqual([
    ["a.py", "pkg/b.py"],
    ["a.py", "pkg/b.py"],
  ]);
  expect((await fetchSpec(spec, "/", { ...options, offline: true })).root).toBe(both[0].root);
  expect(await readdir(path.join(options.cacheDir, "work"))).toEqual([]);
});

test("wheels that tests need are laid out as an installer would", async () => {
  const { url } = await index({ "demo-1.0-py3-none-any.whl": WHEEL });
  const wheel = {
    type: "pypi",
    name: "demo",
    version: "1.0",
    file: "demo-1.0-py3-none-any.whl",
    sha256: sha256(WHEEL),
  };
  const tests = {
    runner: "pytest",
    include: ["t"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [wheel],
    timeoutMs: 1,
  };
  const spec = CorpusSpec.parse(
    manifestOf({ ...DEMO, archiveSha256: "0".repeat(64), sha256: "0".repeat(64) }, { tests }),
  );
  const options = { cacheDir: folderWith(), env: { HOME: folderWith(), PIP_INDEX_URL: url } };
  const folder = (await fetchTestDependencies(spec, options)) ?? "";
  expect(await listFiles(folder)).toEqual([
    "site-packages/demo-1.0.dist-info/METADATA",
    "site-packages/demo/__init__.py",
    "site-packages/extra.py",
  ]);
  expect(await fetchTestDependencies(spec, { ...options, offline: true })).toBe(folder);
});

test("of a wheel whose programs are wanted only these are unpacked, and can be run", async () => {
  const file = "demo-1.0-py3-none-any.whl";
  const bytes = zip([
    { path: "demo/__init__.py", content: "" },
    { path: "demo-1.0.data/scripts/demo", content: "#!/bin/sh\n" },
    { path: "demo-1.0.data/scripts/deep/er", content: "" },
  ]);
  const { url } = await index({ [file]: bytes });
  const wheel = { type: "pypi" as const, name: "demo", version: "1.0", file, sha256: sha256(bytes) };
  const options = { cacheDir: folderWith(), env: { HOME: folderWith(), PIP_INDEX_URL: url } };
  const folder = await fetchScripts(wheel, options);
  expect(await listFiles(folder)).toEqual(["demo"]);
  expect((await stat(path.join(folder, "demo"))).mode & 0o111).toBe(0o111);
  expect(await fetchScripts(wheel, { ...options, offline: true })).toBe(folder);
});
