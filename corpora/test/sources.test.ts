import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { contextOf, fetchSpec, fetchTestDependencies } from "../src/fetch.ts";
import { pipConfig } from "../src/fetch/pip-config.ts";
import { obtainSource, type Obtained, type SourceAddress } from "../src/fetch/source.ts";
import { type CorpusSource, CorpusSpec } from "../src/manifest.ts";
import { listFiles, treeSha256 } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { tarball } from "./support/tarball.ts";
import { zip } from "./support/zip.ts";

// Large enough that half of it is more than one network packet.
const NOISE = Array.from({ length: 20_000 }, (_, i) => sha256(String(i))).join("\n");
const FILES = { "a.py": "def a(): pass\n", "pkg/b.py": "def b(): pass\n", "pkg/noise.txt": NOISE };
const SDIST = tarball(Object.entries(FILES).map(([file, text]) => ({ path: `demo-1.0/${file}`, text })));
const HALF = Math.floor(SDIST.length / 2);
const WHEEL = zip([
  { path: "demo/__init__.py", content: "def a(): pass\n" },
  { path: "demo-1.0.dist-info/METADATA", content: "Name: demo\n" },
  { path: "demo-1.0.data/purelib/extra.py", content: "" },
  { path: "demo-1.0.data/scripts/run", content: "" },
]);

function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function treeOf(files: Record<string, string>): Promise<string> {
  const folder = folderWith(files);
  return treeSha256(folder, await listFiles(folder));
}

/** Gets a source into folders of its own. */
async function obtain(
  source: SourceAddress,
  {
    env = {},
    cacheDir = folderWith(),
    offline = false,
  }: { env?: Record<string, string>; cacheDir?: string; offline?: boolean } = {},
): Promise<Obtained & { files: string[]; folder: string }> {
  const work = folderWith();
  await mkdir(path.join(work, "out"));
  await mkdir(path.join(work, "work"));
  const home = folderWith();
  const context = contextOf({
    cacheDir,
    offline,
    env: { HOME: home, PATH: process.env["PATH"], PIP_CONFIG_FILE: "/dev/null", ...env },
  });
  const obtained = await obtainSource(source, path.join(work, "out"), path.join(work, "work"), context);
  return { ...obtained, folder: path.join(work, "out"), files: await listFiles(path.join(work, "out")) };
}

/** A server of this computer alone; answers are what `answer` gives. */
async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const one = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => one.once("listening", resolve));
  onTestFinished(() => {
    one.closeAllConnections();
    one.close();
  });
  const address = one.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** A package index with these files of the package "demo". */
async function index(
  files: Record<string, Buffer>,
  options: {
    html?: boolean;
    login?: string;
    serve?: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
  } = {},
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const url = await server((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    const login = options.login === undefined ? undefined : `Basic ${btoa(options.login)}`;
    if (login !== undefined && request.headers.authorization !== login) return void response.writeHead(401).end();
    if (request.url === "/simple/demo/") {
      const html = Object.keys(files).map((file) => `<a href="../../files/${file}#sha256=0">${file}</a>`);
      const json = { files: Object.keys(files).map((file) => ({ filename: file, url: `../../files/${file}` })) };
      if (options.html === true) response.writeHead(200, { "content-type": "text/html" }).end(html.join("\n"));
      else response.writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" }).end(JSON.stringify(json));
      return undefined;
    }
    const body = files[path.posix.basename(request.url ?? "")];
    if (body === undefined) return void response.writeHead(404).end();
    return options.serve === undefined ? void response.end(body) : options.serve(request, response, body);
  });
  return { url: `${url}/simple`, asked };
}

/** Answers from where the request wants to go on. */
function ranged(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from >= body.length) return void response.writeHead(416).end();
  if (from > 0) response.writeHead(206, { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` });
  return void response.end(body.subarray(from));
}

const DEMO = { type: "pypi", name: "Demo", version: "1.0", file: "demo-1.0.tar.gz" } as const;

// --- PyPI --------------------------------------------------------------------------------------------------------

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

// --- ecosystems whose own client fetches -------------------------------------------------------------------------

/** A folder with a program of this name, to stand first on PATH; `script` is its shell text. */
function client(name: string, script: string): Record<string, string> {
  const folder = folderWith({ [name]: `#!/bin/sh\n${script}\n` });
  chmodSync(path.join(folder, name), 0o755);
  return { PATH: `${folder}:${process.env["PATH"]}` };
}

test("a crate comes by cargo", async () => {
  const crate = tarball([{ path: "demo-1.0.0/src/lib.rs", text: "fn a() {}\n" }]);
  const home = folderWith();
  await mkdir(path.join(home, "registry/cache/index-1"), { recursive: true });
  await mkdir(path.join(home, "registry/cache/index-2"), { recursive: true });
  await writeFile(path.join(home, "ready.crate"), crate);
  const env = {
    ...client(
      "cargo",
      '[ "$3" = demo@1.0.0 ] && cp "$CARGO_HOME/ready.crate" "$CARGO_HOME/registry/cache/index-2/demo-1.0.0.crate"',
    ),
    CARGO_HOME: home,
  };
  const got = await obtain({ type: "crates", name: "demo", version: "1.0.0" }, { env });
  expect(got).toMatchObject({ files: ["src/lib.rs"], archiveSha256: sha256(crate) });
  await expect(obtain({ type: "crates", name: "demo", version: "2.0.0" }, { env })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
});

test("a Go module comes by go", async () => {
  const module = zip([{ path: "example.org/demo@v1.0.0/demo.go", content: "package demo\n" }]);
  const home = folderWith();
  await writeFile(path.join(home, "demo.zip"), module);
  const env = client(
    "go",
    `[ "$4" = example.org/demo@v1.0.0 ] && echo '{"Zip": "${home}/demo.zip"}' || { echo '{"Error": "no such version"}'; exit 1; }`,
  );
  const got = await obtain({ type: "go", module: "example.org/demo", version: "v1.0.0" }, { env });
  expect(got).toMatchObject({ files: ["demo.go"], archiveSha256: sha256(module) });
  await expect(obtain({ type: "go", module: "example.org/demo", version: "v2.0.0" }, { env })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
    message: expect.stringContaining("no such version"),
  });
});

test("a Maven artifact comes by mvn", async () => {
  const jar = zip([{ path: "org/demo/A.java", content: "class A {}\n" }]);
  const home = folderWith();
  await writeFile(path.join(home, "demo.jar"), jar);
  const env = client(
    "mvn",
    `for a in "$@"; do case "$a" in -DoutputDirectory=*) out=\${a#*=};; -Dartifact=org.demo:demo:1.0:jar:sources) ok=1;; esac; done\n[ -n "$ok" ] && cp ${home}/demo.jar "$out/demo-1.0-sources.jar"`,
  );
  const address = {
    type: "maven",
    group: "org.demo",
    artifact: "demo",
    version: "1.0",
    classifier: "sources",
  } as const;
  expect(await obtain(address, { env })).toMatchObject({ files: ["org/demo/A.java"], archiveSha256: sha256(jar) });
});

test("a Debian source comes by apt-get, which asks the user's mirrors for sources", async () => {
  const orig = tarball([{ path: "demo-1.0/main.c", text: "int main() {}\n" }]);
  const home = folderWith({
    "apt/sources.list": "deb http://mirror.example/debian stable main\n",
    "apt/sources.list.d/more.sources": "Types: deb\nURIs: http://more.example\n",
  });
  await writeFile(path.join(home, "orig"), orig);
  // Knows the package only once its lists were updated.
  const env = {
    ...client(
      "apt-get",
      `case "$*" in *" update") touch ${home}/updated; exit 0;; esac\n[ -e ${home}/updated ] || { echo "E: Unable to find a source package" >&2; exit 100; }\ncp ${home}/orig demo_1.0.orig.tar.gz; touch demo_1.0-1.debian.tar.xz demo_1.0-1.dsc`,
    ),
    DRIFT_APT_ETC: path.join(home, "apt"),
  };
  const cacheDir = folderWith();
  const got = await obtain({ type: "debian", package: "demo", version: "1.0-1" }, { env, cacheDir });
  expect(got).toMatchObject({ files: ["main.c"], archiveSha256: sha256(orig), file: "demo_1.0.orig.tar.gz" });
  expect(await readFile(path.join(cacheDir, "apt/sources/sources.list"), "utf8")).toBe(
    "deb-src http://mirror.example/debian stable main\n",
  );
  expect(await readFile(path.join(cacheDir, "apt/sources/more.sources"), "utf8")).toContain("Types: deb-src");
  const other = { type: "debian", package: "demo", version: "1.0-1", file: "demo_1.0.orig.tar.bz2" } as const;
  await expect(obtain(other, { env })).rejects.toMatchObject({ message: expect.stringContaining("it has demo_1.0") });
});

test("a client that is not installed is named", async () => {
  await expect(
    obtain({ type: "crates", name: "demo", version: "1.0.0" }, { env: { PATH: folderWith() } }),
  ).rejects.toMatchObject({
    code: "CORPUS_CLIENT",
    message: expect.stringContaining("cargo"),
    hint: expect.stringContaining("Install cargo"),
  });
});

// --- git and folders ---------------------------------------------------------------------------------------------

/** A bare repository with two commits of which the first is no tip; its releases leave the tests out. */
async function bareRepository(): Promise<{ url: string; commits: string[] }> {
  const work = folderWith({ "a.py": "def a(): pass\n", "test/t.py": "", ".gitattributes": "test export-ignore\n" });
  const git = async (...args: string[]): Promise<string> =>
    (
      await execa(
        "git",
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args],
        { cwd: work },
      )
    ).stdout.trim();
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "first");
  const first = await git("rev-parse", "HEAD");
  await writeFile(path.join(work, "a.py"), "def a(): return 1\n");
  await git("commit", "--quiet", "-am", "second");
  const second = await git("rev-parse", "HEAD");
  const bare = path.join(folderWith(), "bare.git");
  await git("clone", "--quiet", "--bare", work, bare);
  return { url: pathToFileURL(bare).href, commits: [first, second] };
}

test("a git commit comes with all its files, whether it is a tip or not", async () => {
  const { url, commits } = await bareRepository();
  const texts: string[] = [];
  for (const commit of commits) {
    const { files, folder } = await obtain({ type: "git", url, commit });
    expect(files).toEqual([".gitattributes", "a.py", "test/t.py"]);
    texts.push(await readFile(path.join(folder, "a.py"), "utf8"));
  }
  expect(texts).toEqual(["def a(): pass\n", "def a(): return 1\n"]);
});

test("a commit that a repository does not have, and a repository that is not there, are told", async () => {
  const { url } = await bareRepository();
  await expect(obtain({ type: "git", url, commit: "0".repeat(40) })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
  const nowhere = pathToFileURL(path.join(folderWith(), "nothing.git")).href;
  await expect(obtain({ type: "git", url: nowhere, commit: "0".repeat(40) })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
  const far = { type: "git", url: "https://git.example/x.git", commit: "0".repeat(40) } as const;
  await expect(obtain(far, { offline: true })).rejects.toMatchObject({ code: "CORPUS_OFFLINE" });
});

test("a folder is copied without what is not its own, and a change is seen", async () => {
  const folder = folderWith({
    "a.js": "1",
    "node_modules/x/i.js": "",
    ".cibench/corpus.json": "{}",
    ".git/config": "",
  });
  await rm(path.join(folder, ".git"), { recursive: true });
  const source: CorpusSource = { type: "folder", path: ".", sha256: await treeOf({ "a.js": "1" }) };
  const spec = CorpusSpec.parse(manifestOf(source));
  const options = { cacheDir: folderWith(), env: {} };
  const { root, files } = await fetchSpec(spec, folder, options);
  expect([root.startsWith(options.cacheDir), files, await listFiles(root)]).toEqual([true, ["a.js"], ["a.js"]]);
  await writeFile(path.join(folder, "a.js"), "2");
  expect((await fetchSpec(spec, folder, options)).root).toBe(root);
  await rm(root, { recursive: true });
  await expect(fetchSpec(spec, folder, options)).rejects.toMatchObject({
    code: "CORPUS_INTEGRITY",
    hint: expect.stringContaining("corpus init"),
  });
  await expect(fetchSpec(spec, path.join(folder, "gone"), options)).rejects.toMatchObject({ code: "CORPUS_FOLDER" });
});

test("what git ignores in a folder is not its own", async () => {
  const folder = folderWith({ "a.js": "", "new.js": "", "dist/b.js": "", ".gitignore": "dist\n" });
  await execa("git", ["init", "--quiet"], { cwd: folder });
  await execa("git", ["add", "a.js", ".gitignore"], { cwd: folder });
  const { files } = await obtain({ type: "folder", path: folder });
  expect(files).toEqual([".gitignore", "a.js", "new.js"]);
});
