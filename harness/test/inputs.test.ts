import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CallGraphTruth } from "@drift/corpora";
import { describe, expect, test } from "vitest";
import { codeHash, inputHash, type RunInputs, truthHash } from "../src/inputs.ts";
import { readTestbed } from "../src/testbed.ts";
import { temporaryFolder } from "./fixtures.ts";

const INPUTS: RunInputs = {
  suite: "cibench",
  subject: "drift",
  code: "code",
  commit: { hash: "c".repeat(40), dirty: false, committedAt: null },
  seed: 1,
  corpora: ["a", "b"],
};

describe("inputs", () => {
  test.each<[string, Partial<RunInputs>]>([
    ["suite", { suite: "bench" }],
    ["tool", { subject: "grep" }],
    ["code", { code: "other" }],
    ["commit", { commit: { ...INPUTS.commit, hash: "d".repeat(40) } }],
    ["dirty sources", { commit: { ...INPUTS.commit, dirty: true } }],
    ["seed", { seed: 2 }],
    ["corpora", { corpora: ["a"] }],
    ["anything else named", { more: ["x"] }],
  ])("a changed %s is another input", (_, change) => {
    expect(inputHash({ ...INPUTS, ...change })).not.toBe(inputHash(INPUTS));
    expect(inputHash({ ...INPUTS })).toBe(inputHash(INPUTS));
  });

  test("truth is the same whatever the order of its keys", () => {
    const truth = { schemaVersion: 1, corpus: "a", sites: [{ id: "x", must: [1, 2] }] } as unknown as CallGraphTruth;
    const reordered = {
      sites: [{ must: [1, 2], id: "x" }],
      corpus: "a",
      schemaVersion: 1,
    } as unknown as CallGraphTruth;
    const other = { ...truth, sites: [{ id: "x", must: [2, 1] }] } as unknown as CallGraphTruth;
    expect(truthHash(reordered)).toBe(truthHash(truth));
    expect(truthHash(other)).not.toBe(truthHash(truth));
  });

  test("code is what decides results: engine, benchmark and this package, not their tests", async () => {
    const root = temporaryFolder();
    const write = (file: string, text: string): void => {
      mkdirSync(join(root, file, ".."), { recursive: true });
      writeFileSync(join(root, file), text);
    };
    write("engine/native/drift.node", "one");
    const first = codeHash(root);
    write("cibench/test/x.test.ts", "test");
    expect(codeHash(root)).toBe(first);
    write("cibench/src/run.ts", "code");
    const second = codeHash(root);
    expect(second).not.toBe(first);
    write("engine/native/drift.node", "two");
    expect((await readTestbed(root, "0.1.0")).code).not.toBe(second);
  });
});
