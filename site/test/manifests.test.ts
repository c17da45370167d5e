import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { describeSource, readManifest } from "../src/data/manifests.ts";

const CORPORA = fileURLToPath(new URL("../../corpora", import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), "drift-manifests-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the licence and pin of a real corpus come from this checkout's manifest of that version", () => {
  const manifest = readManifest(CORPORA, { corpus: "zod", version: "4.6.7", kind: "real" });
  expect(manifest).toMatchObject({ licence: "MIT", source: { type: "npm", name: "zod", version: "4.6.7" } });
});

test("every corpus of this checkout has a manifest here, and its source is said in the words of its ecosystem", () => {
  const known = (["real", "synthetic"] as const).flatMap((kind) =>
    readdirSync(path.join(CORPORA, kind)).map((id) => {
      const { version } = JSON.parse(readFileSync(path.join(CORPORA, kind, id, "corpus.json"), "utf8")) as {
        version: string;
      };
      return readManifest(CORPORA, { corpus: id, version, kind });
    }),
  );
  const said = known.map((manifest) => (manifest === null ? "" : describeSource(manifest.source)));
  expect(said).toContain("npm package zod 4.6.7");
  expect(said.filter((words) => words === "")).toEqual([]);
  const hashes = { archiveSha256: "a", sha256: "b", version: "1" };
  expect(
    [
      describeSource({ type: "crates", name: "c", ...hashes }),
      describeSource({ type: "go", module: "m", ...hashes }),
      describeSource({ type: "maven", group: "g", artifact: "a", ...hashes }),
      describeSource({ type: "debian", package: "d", ...hashes }),
      describeSource({ type: "git", url: "https://example.org/x", commit: "abc", sha256: "b" }),
    ].join(", "),
  ).toBe(
    "crate c 1, Go module m 1, Maven artefact g:a 1, Debian source package d 1, https://example.org/x at commit abc",
  );
});

test("another version has no licence here, nor has a corpus that is not in the checkout", () => {
  expect(readManifest(CORPORA, { corpus: "zod", version: "1.0.0", kind: "real" })).toBeNull();
  expect(readManifest(CORPORA, { corpus: "zod", version: "4.6.7", kind: "synthetic" })).toBeNull();
  expect(readManifest(CORPORA, { corpus: "absent", version: "1", kind: "real" })).toBeNull();
});

test("a name that is no id reads no file", () => {
  expect(readManifest(CORPORA, { corpus: "../real/zod", version: "4.6.7", kind: "real" })).toBeNull();
});

test.each(["no JSON", '{"id":"odd","licence":3}'])("a broken manifest (%s) is none", (content) => {
  mkdirSync(path.join(folder, "real", "odd"), { recursive: true });
  writeFileSync(path.join(folder, "real", "odd", "corpus.json"), content);
  expect(readManifest(folder, { corpus: "odd", version: "1", kind: "real" })).toBeNull();
});
