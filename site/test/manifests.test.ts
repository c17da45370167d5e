import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readManifest } from "../src/data/manifests.ts";

const CORPORA = fileURLToPath(new URL("../../corpora", import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), "drift-manifests-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the licence and pin of a real corpus come from this checkout's manifest of that version", () => {
  const manifest = readManifest(CORPORA, { corpus: "zod", version: "4.6.7", kind: "real" });
  expect(manifest).toMatchObject({ licence: "MIT", source: { type: "npm", name: "zod", version: "4.6.7" } });
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
