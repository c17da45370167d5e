/** A corpus for `runTool` around a truth that needs no files. */
import type { CallGraphTruth } from "@drift/corpora";
import type { RunOptions } from "../../src/run.ts";
import type { ItemLimits } from "../../src/schema/limits.ts";

export function corpusOf(
  truth: CallGraphTruth,
  kind: "real" | "synthetic" = "synthetic",
  root = "/nonexistent",
): RunOptions["corpora"][number] {
  const spec = { id: truth.corpus, kind, version: truth.corpusVersion, split: "report" };
  // Only these members are read; a whole manifest would hide which.
  return { fetched: { spec, root }, truth } as unknown as RunOptions["corpora"][number];
}

/** A clock that says the same second for ever. */
export const fixedNow = (): Date => new Date("2026-11-23T12:00:00.000Z");

/** What an item may take of a program that is never late. */
export const ITEM_LIMITS: ItemLimits = { timeMs: 60_000, tokens: null, costUsd: null };
