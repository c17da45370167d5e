/** One bench run: cases of the engine's API, the engine's own stages, and the report over both. */
import { createHash } from "node:crypto";
import type { FetchedCorpus } from "@drift/corpora";
import { inScratch } from "./scratch.ts";
import { DriftError } from "@drift/engine";
import { ENGINE_CASES } from "../bench/engine.bench.ts";
import { runCriterion } from "./runners/criterion.ts";
import { type BenchCase, runTinybench } from "./runners/tinybench.ts";
import { summarize } from "./stats/summary.ts";
import type { BenchReport, Measurement, Ratio } from "./store/schema.ts";
import { sha256 } from "./store/run-file.ts";

/** Raise it when a case's meaning changes without a new id. */
export const BENCH_SUITE_VERSION = "0.1.0";

/** What the engine is timed on: small, middle and large. A case keeps its id for life, so the list only grows. */
export const BENCH_CORPORA: readonly string[] = ["calls-small", "find-my-way", "zod", "calls-medium"];

export interface BenchOptions {
  root: string;
  corpora: readonly FetchedCorpus[];
  mode: "quick" | "full";
  seed: number;
  now: () => Date;
  engineVersion: string;
  /** Null leaves the Rust benches out, with this reason. */
  criterion: { timeoutMs: number } | { skip: string };
  onCase: (done: number, total: number, what: string) => void;
  cases?: readonly BenchCase[];
  /** The command that makes this run again. */
  reproduce: string;
}

/** Runs all cases on all corpora, one after the other. A case that fails is named in `notRun`; the others still stand. */
export async function runBenches(options: BenchOptions): Promise<{ report: BenchReport; rawText: string }> {
  const { corpora, mode, now, onCase, cases = ENGINE_CASES } = options;
  const startedAt = now();
  const pairs = cases.flatMap((benchCase) => corpora.map((corpus) => ({ benchCase, corpus })));
  const total = pairs.length + 1;
  const measurements: Measurement[] = [];
  const failures: { runner: string; reason: string }[] = [];
  const attempt = async (runner: string, what: string, step: () => Promise<Measurement[]>): Promise<void> => {
    try {
      measurements.push(...(await step()));
    } catch (error) {
      if (!(error instanceof DriftError)) throw error;
      failures.push({ runner, reason: `${what}: ${error.message}` });
    }
  };
  for (const [index, { benchCase, corpus }] of pairs.entries()) {
    const caseId = `${benchCase.id}/${corpus.spec.id}`;
    onCase(index, total, caseId);
    const input = { corpus: corpus.spec.id, root: corpus.root };
    await attempt("tinybench", caseId, async () => [
      await inScratch((scratch) => runTinybench(benchCase, { ...input, scratch }, mode)),
    ]);
  }
  if ("skip" in options.criterion) failures.push({ runner: "criterion", reason: options.criterion.skip });
  else {
    const { timeoutMs } = options.criterion;
    onCase(pairs.length, total, "stages in Rust");
    await attempt("criterion", "stages", () =>
      inScratch((scratch) => runCriterion({ root: options.root, mode, scratch, timeoutMs })),
    );
  }
  const notRun = [...Map.groupBy(failures, ({ runner }) => runner)].map(([runner, ofRunner]) => ({
    runner,
    reason: ofRunner.map(({ reason }) => reason).join("; "),
  }));
  return benchReport({ ...options, measurements, ratios: [], notRun, startedAt });
}

/** Puts measurements into a report and its raw lines. */
export function benchReport(parts: {
  measurements: readonly Measurement[];
  ratios: Ratio[];
  notRun: BenchReport["notRun"];
  seed: number;
  startedAt: Date;
  now: () => Date;
  engineVersion: string;
  reproduce: string;
}): { report: BenchReport; rawText: string } {
  const { measurements, seed } = parts;
  const rawText = measurements.map((measurement) => `${JSON.stringify(measurement)}\n`).join("");
  const cases = measurements.map(({ caseId, tool, metric }) => `${caseId} ${tool} ${metric}`).sort();
  const report: BenchReport = {
    schemaVersion: 1,
    runId: `drift-${sha256(rawText).slice(0, 12)}`,
    suite: {
      name: "bench",
      version: BENCH_SUITE_VERSION,
      hash: createHash("sha256")
        .update(JSON.stringify([BENCH_SUITE_VERSION, cases]))
        .digest("hex"),
    },
    subject: { name: "drift", version: parts.engineVersion, role: "contestant", command: "drift" },
    seed,
    startedAt: parts.startedAt.toISOString(),
    endedAt: parts.now().toISOString(),
    measurements: measurements.map(({ samples, ...key }) => ({ ...key, ...summarize(samples, { seed }) })),
    ratios: parts.ratios,
    notRun: parts.notRun,
    reproduce: parts.reproduce,
  };
  return { report, rawText };
}
