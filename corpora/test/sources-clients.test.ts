import { chmodSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "./support/folder.ts";
import { tarball } from "./support/tarball.ts";
import { zip } from "./support/zip.ts";
import { obtain, sha256 } from "./support/sources.ts";

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
