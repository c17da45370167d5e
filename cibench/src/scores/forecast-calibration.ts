/** How well the forecasts of a category are calibrated, in the figures of `calibration --in`. */
import { measureLines } from "../calibration/lines/measure.ts";
import { reliabilityBins } from "../calibration/measure.ts";
import type { CalibrationLine } from "../schema/calibration-lines.ts";
import type { ForecastCalibration, ItemOutcome, StatementBin } from "../schema/score.ts";
import { BASE_RATE } from "./scoring.ts";

/**
 * Null where nothing was forecast. Statements of one file of a corpus are resampled together.
 *
 * `forecasts` are the stated probabilities as they are. `sides` are what the tool would have said if asked for yes or no: at p it says
 * yes with confidence p where p ≥ 0.5, else no with 1 − p. An abstention stands among both with the base rate, so that it is covered last.
 * `reliability` is of the stated probabilities alone.
 */
export function forecastCalibration(outcomes: readonly ItemOutcome[], seed: number): ForecastCalibration | null {
  const lines = outcomes.flatMap(({ forecast, corpus, file, outcome }) =>
    forecast === undefined ? [] : [{ ...forecast, cluster: `${corpus}/${file}`, isAbstained: outcome === "abstained" }],
  );
  if (lines.length === 0) return null;
  const forecasts = lines.map(({ probability, isTrue, cluster }): CalibrationLine => {
    return { confidence: probability, correct: isTrue, cluster };
  });
  const sides = lines.map(({ probability, isTrue, cluster }): CalibrationLine => {
    return { confidence: Math.max(probability, 1 - probability), correct: probability >= 0.5 === isTrue, cluster };
  });
  return {
    forecasts: measureLines(forecasts, seed),
    sides: measureLines(sides, seed),
    abstained: lines.filter(({ isAbstained }) => isAbstained).length / lines.length,
    reliability: statementBins(
      lines.filter(({ isAbstained }) => !isAbstained),
      seed,
    ),
  };
}

/** Ten bins of equal width, every statement weighing the same. */
function statementBins(
  stated: readonly { probability: number; isTrue: boolean; cluster: string }[],
  seed: number,
): StatementBin[] {
  if (stated.length === 0) return [];
  const edges = stated.map(({ probability, isTrue, cluster }) => ({ probability, right: isTrue, file: cluster }));
  // One list of all: corpora would weigh the same however many statements each has.
  return reliabilityBins([{ id: "statements", edges }], BASE_RATE, seed).map(
    ({ edges: statements, right: correct, band, ...bin }) => ({
      ...{ ...bin, statements, correct },
      band: band as NonNullable<typeof band>,
    }),
  );
}
