import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchCorpus } from "@drift/corpora";
import { expect, onTestFinished, test } from "vitest";
import { loadTruths } from "../src/corpora.ts";
import { createProgress } from "../src/progress.ts";

test("layered projects bring what was planted in them, and nothing about calls", async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), "drift-harness-"));
  onTestFinished(() => rmSync(cacheDir, { recursive: true, force: true }));
  const layered = await fetchCorpus("layered-go", { cacheDir, offline: true });
  const said: string[] = [];
  const progress = createProgress({ write: (text) => said.push(text) }, { phases: 1, nowMs: () => 0 });
  const [loaded] = await loadTruths([layered], { cacheDir, progress, checkpoint: () => undefined });
  expect(loaded).toMatchObject({ truth: null, changes: null });
  expect(loaded?.planted?.facts.length).toBeGreaterThan(1000);
  expect(said.join("")).toMatch(/0 call sites, 0 changes, [\d,]+ planted facts/);
});

test("real corpora whose truth is not stored are named and left out, generated ones bring theirs", async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), "drift-harness-"));
  onTestFinished(() => rmSync(cacheDir, { recursive: true, force: true }));
  const small = await fetchCorpus("calls-small", { cacheDir, offline: true });
  const unknown = { ...small, spec: { ...small.spec, id: "not-there", kind: "real" as const } };
  const source = { type: "npm", sha256: "0".repeat(64) } as typeof small.spec.source;
  const said: string[] = [];
  const progress = createProgress({ write: (text) => said.push(text) }, { phases: 1, nowMs: () => 0 });
  const context = { cacheDir, progress, checkpoint: () => undefined };
  const loaded = await loadTruths([{ ...unknown, spec: { ...unknown.spec, source } }, small], context);
  expect(loaded.map(({ fetched }) => fetched.spec.id)).toEqual(["calls-small"]);
  expect(loaded[0]?.truth?.sites.length).toBeGreaterThan(100);
  expect(said.join("")).toContain("without not-there: no truth is stored for not-there");
});
