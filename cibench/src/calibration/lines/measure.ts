/** Every calibration figure of a list of confidences, each with its interval and what chance alone would give. Pure. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { CalibrationFigure, CalibrationLine, CalibrationLines } from "../../schema/calibration-lines.ts";
import { estimate, mixSeed, RESAMPLES } from "../../scores/bootstrap.ts";
import { brierParts } from "../brier.ts";
import { addToBin, binnedErrors, emptyBins } from "./binned.ts";
import { auroc, type Group, riskAt, riskCoverageArea } from "./ordered.ts";
import { addResidual, emptyResiduals, smoothError } from "./smooth.ts";

/** Below so many lines binned and smooth errors are mostly chance, and are not printed. */
export const FEWEST_FOR_ECE = 200;
/** Draws in which each line is correct with just its confidence: what a calibrated tool would reach. */
export const FLOOR_DRAWS = 1_000;
/** Smoothing is slow; its percentiles need fewer draws than those of the rest. */
const SMOOTH_DRAWS = 200;
const COVERAGES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

type Figures = Record<"brier" | "bias" | "ece" | "mce" | "auroc" | "riskCoverage", number>;

/**
 * Intervals: clusters (lines that stand or fall together, a file or a corpus) are drawn with replacement, 2,000 times, percentiles
 * 2.5 and 97.5; with fewer than two there are none. Floors of ECE, MCE and smooth ECE: the mean over 1,000 draws (200 for smooth
 * ECE) of what the same confidences give when each line is correct with just its confidence. The floor of AUROC is one half, that of
 * the Brier score what the share of correct lines gives everywhere, that of risk-coverage the share of wrong ones.
 *
 * @param lines at least one
 */
export function measureLines(lines: readonly CalibrationLine[], seed: number): CalibrationLines {
  const order = lines.toSorted((a, b) => b.confidence - a.confidence);
  const clusterIds = [...new Set(order.map(({ cluster }) => cluster))].toSorted();
  const cluster = order.map(({ cluster: id }) => clusterIds.indexOf(id));
  const once = Float64Array.from(order, () => 1);
  const { groups, ...sums } = weigh(order, once);
  const values: Figures = figuresOf(groups, sums, order.length);
  const draws = drawClusters(order, { cluster, count: clusterIds.length, seed });
  const floors = drawFloors(order, seed);
  const parts = brierParts(
    order.map(({ confidence, correct }) => ({ probability: confidence, right: correct, weight: 1 })),
  );
  const n = order.length;
  const correct = order.filter((line) => line.correct).length;
  const figure = (name: keyof Figures, floor: number | null): CalibrationFigure => ({
    ...estimate({ value: values[name], n, clusters: clusterIds.length, draws: draws.figures[name] }),
    floor,
    reason: null,
  });
  const few = n < FEWEST_FOR_ECE ? `fewer than ${FEWEST_FOR_ECE} lines` : null;
  const oneSided = correct === 0 ? "all are wrong" : correct === n ? "all are correct" : null;
  const unless = (reason: string | null, one: CalibrationFigure): CalibrationFigure =>
    reason === null ? one : { value: null, low: null, high: null, n, floor: null, reason };
  const smooth = estimate({ value: smoothOf(order, once), n, clusters: clusterIds.length, draws: draws.smooth });
  return {
    schemaVersion: 1,
    lines: n,
    clusters: clusterIds.length,
    correct,
    seed,
    resamples: RESAMPLES,
    bias: figure("bias", 0),
    brier: figure("brier", parts.uncertainty),
    miscalibration: parts.miscalibration,
    discrimination: parts.discrimination,
    uncertainty: parts.uncertainty,
    skill: oneSided === null ? 1 - parts.brier / parts.uncertainty : null,
    skillReason: oneSided,
    ece: unless(few, figure("ece", floors.ece)),
    mce: unless(few, figure("mce", floors.mce)),
    smoothEce: unless(few, { ...smooth, floor: floors.smooth, reason: null }),
    auroc: unless(oneSided, figure("auroc", 0.5)),
    riskCoverage: figure("riskCoverage", 1 - correct / n),
    risk: COVERAGES.map((coverage) => ({ coverage, risk: riskAt(groups, coverage) })),
  };
}

interface Sums {
  bins: Float64Array;
  squared: number;
  excess: number;
}

/** All that the figures need, each line counted `weights` times. `order` is by falling confidence. */
function weigh(order: readonly CalibrationLine[], weights: Float64Array): Sums & { groups: Group[] } {
  const groups: Group[] = [];
  const bins = emptyBins();
  let [squared, excess, last] = [0, 0, Number.NaN];
  for (const [index, { confidence, correct }] of order.entries()) {
    const weight = weights[index] as number;
    if (weight === 0) continue;
    const right = Number(correct);
    squared += weight * (confidence - right) ** 2;
    excess += weight * (confidence - right);
    addToBin(bins, confidence, right, weight);
    if (confidence !== last) groups.push({ correct: 0, wrong: 0 });
    last = confidence;
    (groups.at(-1) as Group)[correct ? "correct" : "wrong"] += weight;
  }
  return { groups, bins, squared, excess };
}

function figuresOf(groups: readonly Group[], { bins, squared, excess }: Sums, count: number): Figures {
  return {
    brier: squared / count,
    bias: excess / count,
    ...binnedErrors(bins),
    auroc: auroc(groups),
    riskCoverage: riskCoverageArea(groups),
  };
}

function smoothOf(order: readonly CalibrationLine[], weights: Float64Array): number {
  const residuals = emptyResiduals();
  let count = 0;
  for (const [index, { confidence, correct }] of order.entries()) {
    const weight = weights[index] as number;
    addResidual(residuals, confidence, Number(correct), weight);
    count += weight;
  }
  return smoothError(residuals, count);
}

function drawClusters(
  order: readonly CalibrationLine[],
  { cluster, count, seed }: { cluster: readonly number[]; count: number; seed: number },
): { figures: Record<keyof Figures, Float64Array>; smooth: Float64Array } {
  const empty = () => new Float64Array(RESAMPLES);
  const figures = { brier: empty(), bias: empty(), ece: empty(), mce: empty(), auroc: empty(), riskCoverage: empty() };
  const smooth = new Float64Array(SMOOTH_DRAWS);
  const rng = xoroshiro128plus(mixSeed(seed, "calibration lines"));
  for (let draw = 0; draw < RESAMPLES; draw++) {
    const times = new Float64Array(count);
    for (let pick = 0; pick < count; pick++) {
      const drawn = uniformInt(rng, 0, count - 1);
      times[drawn] = (times[drawn] as number) + 1;
    }
    const weights = Float64Array.from(cluster, (one) => times[one] as number);
    const { groups, ...sums } = weigh(order, weights);
    const drawn = figuresOf(
      groups,
      sums,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
    for (const name of Object.keys(figures) as (keyof Figures)[]) figures[name][draw] = drawn[name];
    if (draw < SMOOTH_DRAWS) smooth[draw] = smoothOf(order, weights);
  }
  return { figures, smooth };
}

function drawFloors(order: readonly CalibrationLine[], seed: number): Record<"ece" | "mce" | "smooth", number> {
  const rng = xoroshiro128plus(mixSeed(seed, "calibrated lines"));
  const once = Float64Array.from(order, () => 1);
  const sums = { ece: 0, mce: 0, smooth: 0 };
  for (let draw = 0; draw < FLOOR_DRAWS; draw++) {
    const drawn = order.map((line) => ({ ...line, correct: uniformFloat64(rng) < line.confidence }));
    const bins = emptyBins();
    for (const { confidence, correct } of drawn) addToBin(bins, confidence, Number(correct), 1);
    const { ece, mce } = binnedErrors(bins);
    sums.ece += ece;
    sums.mce += mce;
    if (draw < SMOOTH_DRAWS) sums.smooth += smoothOf(drawn, once);
  }
  return { ece: sums.ece / FLOOR_DRAWS, mce: sums.mce / FLOOR_DRAWS, smooth: sums.smooth / SMOOTH_DRAWS };
}
