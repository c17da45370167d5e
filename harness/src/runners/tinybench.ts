/**
 * Cases in this process, timed by tinybench. A case says how many samples it takes; slow ones take fewer, never under
 * three. All are kept.
 */
import { DriftError } from "@drift/engine";
import { Bench } from "tinybench";
import type { Measurement } from "../store/schema.ts";

/** A case over one corpus. The id stays for life; a changed workload is a new id. */
export interface BenchCase {
  /** `suite/case`; the corpus is appended. */
  id: string;
  samples: { quick: number; full: number };
  /** Asserts the right answer first, so that a fast wrong one cannot win; then says what to time. */
  prepare(input: BenchInput): Promise<PreparedCase>;
}

export interface BenchInput {
  corpus: string;
  /** Folder of the corpus. */
  root: string;
  /** An empty folder of the case's own; removed afterwards. */
  scratch: string;
}

export interface PreparedCase {
  /** Before each timed call, outside the clock. */
  before?(): Promise<void>;
  /** The measured work and nothing else; its result must be used up inside. */
  run(): Promise<unknown>;
  after?(): Promise<void>;
  close(): Promise<void>;
}

/** What the timed calls of one case may take together, about. */
const BUDGET_MS = { quick: 4_000, full: 60_000 };
const LEAST_SAMPLES = 3;

/**
 * Times one case on one corpus.
 *
 * @throws DriftError `BENCH_FAILED` when the measured work throws
 */
export async function runTinybench(
  benchCase: BenchCase,
  input: BenchInput,
  mode: "quick" | "full",
): Promise<Measurement> {
  const prepared = await benchCase.prepare(input);
  try {
    const samples = await affordableSamples(prepared, benchCase.samples[mode], BUDGET_MS[mode]).catch(
      (cause: unknown) => {
        throw new DriftError("BENCH_FAILED", `${benchCase.id} on ${input.corpus} did not finish`, { cause });
      },
    );
    const bench = new Bench({
      // No time budget for tinybench: exactly so many samples, however fast the case is.
      time: 0,
      iterations: samples,
      warmupTime: 0,
      warmupIterations: Math.ceil(samples / 4),
      retainSamples: true,
      timestampProvider: "hrtimeNow",
    });
    bench.add(benchCase.id, async () => void (await prepared.run()), {
      async: true,
      ...(prepared.before && { beforeEach: () => prepared.before?.() }),
      ...(prepared.after && { afterEach: () => prepared.after?.() }),
    });
    const [task] = await bench.run();
    if (task === undefined || task.result.state !== "completed") {
      throw new DriftError("BENCH_FAILED", `${benchCase.id} on ${input.corpus} did not finish`, {
        cause: task?.result.state === "errored" ? task.result.error : task?.result.state,
      });
    }
    return {
      caseId: `${benchCase.id}/${input.corpus}`,
      tool: "drift",
      runner: "tinybench",
      metric: "wall",
      unit: "ns",
      samples: (task.result.latency.samples ?? []).map((ms) => Math.round(ms * 1e6)),
    };
  } finally {
    await prepared.close();
  }
}

/** A first call warms up and tells how many more fit into the budget. */
async function affordableSamples(prepared: PreparedCase, wanted: number, budgetMs: number): Promise<number> {
  await prepared.before?.();
  const start = performance.now();
  await prepared.run();
  const callMs = performance.now() - start;
  await prepared.after?.();
  return Math.max(LEAST_SAMPLES, Math.min(wanted, Math.floor(budgetMs / callMs)));
}
