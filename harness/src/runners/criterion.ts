/** The engine's stages, timed by criterion in Rust. Criterion measures; its raw samples are read from its folder. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { z } from "zod";
import type { Measurement } from "../store/schema.ts";

/** How long criterion works on each case. */
const EFFORT = {
  quick: ["--warm-up-time", "0.2", "--measurement-time", "0.5", "--sample-size", "10", "--nresamples", "1000"],
  full: ["--warm-up-time", "1", "--measurement-time", "3", "--sample-size", "50"],
};

export interface CriterionOptions {
  /** The checkout. */
  root: string;
  mode: "quick" | "full";
  /** An empty folder for criterion's files, so that older ones cannot be taken for this run's. */
  scratch: string;
  timeoutMs: number;
}

/**
 * Builds and runs the benches of `drift-bench`; the profile is the one that the addon was built with, so that its
 * dependencies are there already.
 *
 * @throws DriftError `BENCH_FAILED` when cargo fails or the time is up
 */
export async function runCriterion(options: CriterionOptions): Promise<Measurement[]> {
  const args = [
    "bench",
    "--quiet",
    "--locked",
    "-p",
    "drift-bench",
    "--profile",
    "ci",
    "--benches",
    "--",
    ...EFFORT[options.mode],
    "--noplot",
  ];
  const result = await execa("cargo", args, {
    cwd: options.root,
    env: { CRITERION_HOME: options.scratch },
    stdin: "ignore",
    reject: false,
    timeout: options.timeoutMs,
  });
  if (result.exitCode !== 0) {
    const why = result.timedOut ? `not done within ${options.timeoutMs / 1000} s` : lastLine(result.stderr);
    throw new DriftError("BENCH_FAILED", `cargo bench: ${why}`, {
      hint: "Run `cargo bench -p drift-bench --profile ci` to see all of it.",
      cause: result.cause,
    });
  }
  return readCriterion(options.scratch);
}

/**
 * Reads every case below a criterion folder: `new/sample.json` holds, per sample, iterations and their total time in ns.
 *
 * @throws DriftError `BENCH_FAILED` when a file is not what criterion 0.8 writes
 */
export function readCriterion(folder: string): Measurement[] {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return files
    .filter((name) => name.replaceAll(path.sep, "/").endsWith("/new/sample.json"))
    .sort()
    .map((name) => readCase(path.dirname(path.join(folder, name))));
}

const Sample = z.looseObject({
  iters: z.array(z.number().positive()).min(1),
  times: z.array(z.number().nonnegative()).min(1),
});
const Benchmark = z.looseObject({ full_id: z.string().min(1) });

function readCase(folder: string): Measurement {
  const { iters, times } = parse(Sample, path.join(folder, "sample.json"));
  const { full_id: fullId } = parse(Benchmark, path.join(folder, "benchmark.json"));
  if (iters.length !== times.length) throw unreadable("sample.json");
  return {
    caseId: `stages/${fullId.toLowerCase().replaceAll(/[^a-z0-9/._-]+/g, "-")}`,
    tool: "drift",
    runner: "criterion",
    metric: "wall",
    unit: "ns",
    samples: times.map((time, index) => time / (iters[index] as number)),
  };
}

function parse<T>(schema: z.ZodType<T>, file: string): T {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (cause) {
    throw unreadable(path.basename(file), cause);
  }
}

function unreadable(name: string, cause?: unknown): DriftError {
  return new DriftError("BENCH_FAILED", `criterion's ${name} cannot be read`, { cause });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "it failed without a word";
}
