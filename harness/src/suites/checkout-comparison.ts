/**
 * The same cases in two checkouts, in interleaved rounds with the order drawn per round: ratios of medians, no verdict.
 * A process is the unit: a round's value is the median of one process, never a pool of its samples.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type { FetchedCorpus } from "@drift/corpora";
import { DriftError } from "@drift/engine";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { median } from "simple-statistics";
import { z } from "zod";
import { runProcess } from "../runners/process.ts";
import { ratioOfMedians } from "../stats/summary.ts";
import { Measurement, type Ratio } from "../store/schema.ts";

export interface CheckoutOptions {
  /** This checkout: the candidate. */
  root: string;
  /** The other one, built: the baseline. */
  other: string;
  corpora: readonly FetchedCorpus[];
  rounds: number;
  seed: number;
  onRound: (done: number, total: number) => void;
}

/** @throws DriftError `CHECKOUT_MISSING`, `PROCESS_FAILED` */
export async function compareCheckouts(
  options: CheckoutOptions,
): Promise<{ measurements: Measurement[]; ratios: Ratio[] }> {
  const sides = [
    { tool: "candidate", checkout: options.root },
    { tool: "baseline", checkout: path.resolve(options.other) },
  ];
  for (const { checkout } of sides) {
    if (!fs.existsSync(path.join(checkout, PROGRAM))) {
      throw new DriftError("CHECKOUT_MISSING", "the folder to compare with is not a Drift checkout with benches", {
        hint: "Give a checkout in which `npm start` has run once.",
      });
    }
  }
  const medians = await rounds(sides, options);
  const measurements = [...medians].map(([key, samples]): Measurement => {
    const [caseId = "", tool = ""] = key.split(" ");
    return { caseId, tool, runner: "process", metric: "wall", unit: "ns", samples };
  });
  const ratios = measurements
    .filter(({ tool }) => tool === "candidate")
    .flatMap((candidate) => ratioOf(candidate, measurements, options.seed));
  return { measurements, ratios };
}

const PROGRAM = "harness/src/runners/cases-once.ts";

async function rounds(
  sides: { tool: string; checkout: string }[],
  { corpora, rounds: count, seed, onRound }: CheckoutOptions,
): Promise<Map<string, number[]>> {
  const random = xoroshiro128plus(seed);
  const input = JSON.stringify(corpora.map(({ spec, root }) => ({ corpus: spec.id, root })));
  const medians = new Map<string, number[]>();
  for (let round = 0; round < count; round++) {
    onRound(round, count);
    for (const { tool, checkout } of uniformInt(random, 0, 1) === 0 ? sides : sides.toReversed()) {
      const { stdout } = await runProcess({
        tool,
        file: process.execPath,
        args: [path.join(checkout, PROGRAM), input],
        cwd: checkout,
      });
      for (const { caseId, samples } of z.array(Measurement).parse(JSON.parse(stdout))) {
        const key = `${caseId} ${tool}`;
        medians.set(key, [...(medians.get(key) ?? []), median(samples)]);
      }
    }
  }
  return medians;
}

function ratioOf(candidate: Measurement, measurements: Measurement[], seed: number): Ratio[] {
  const baseline = measurements.find(({ caseId, tool }) => tool === "baseline" && caseId === candidate.caseId);
  if (baseline === undefined || baseline.samples.length !== candidate.samples.length) return []; // Only one side has the case.
  return [
    {
      name: `against/${candidate.caseId}`,
      numeratorLabel: "candidate",
      numerator: median(candidate.samples),
      denominatorLabel: "baseline",
      denominator: median(baseline.samples),
      unit: "ns",
      ...ratioOfMedians(candidate.samples, baseline.samples, { seed }),
      n: candidate.samples.length,
    },
  ];
}
