/** Smooth calibration error: no bins to choose, and it changes little where the data change little. Pure. */

/** Places in [0, 1] at which residuals are gathered. */
const CELLS = 200;
/** Beyond so many standard deviations the kernel is nothing. */
const REACH = 5;
/** Halvings of the interval of widths: finer than the cells. */
const STEPS = 12;

/** Residuals (correct − confidence), summed by place. */
export function emptyResiduals(): Float64Array {
  return new Float64Array(CELLS + 1);
}

/** Adds `weight` items of one confidence; what lies between two places is shared between them. */
export function addResidual(residuals: Float64Array, confidence: number, correct: number, weight: number): void {
  const place = confidence * CELLS;
  const below = Math.min(CELLS - 1, Math.floor(place));
  const above = place - below;
  const residual = weight * (correct - confidence);
  residuals[below] = (residuals[below] as number) + residual * (1 - above);
  residuals[below + 1] = (residuals[below + 1] as number) + residual * above;
}

/**
 * smECE: the width σ at which smECE_σ = σ, with smECE_σ = ∫₀¹ |Σᵢ (correctᵢ − confidenceᵢ) K_σ(t − confidenceᵢ)| / n dt and
 * K_σ the Gaussian of deviation σ, reflected at 0 and 1. smECE_σ falls as σ rises, so there is one such width.
 *
 * Residuals are gathered at 201 places, so the result is exact to about 1/200 of them.
 *
 * @param count of the items, at least one
 * @returns in [0, 1]
 * @see Błasiok and Nakkiran, "Smooth ECE: Principled Reliability Diagrams via Kernel Smoothing", ICLR 2024
 */
export function smoothError(residuals: Float64Array, count: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (smoothedMass(residuals, middle) / count < middle) high = middle;
    else low = middle;
  }
  return high;
}

/** ∫ |residuals smoothed by a reflected Gaussian|, as a sum over cells. */
function smoothedMass(residuals: Float64Array, width: number): number {
  const deviation = width * CELLS;
  const reach = Math.min(2 * CELLS, Math.ceil(REACH * deviation));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, distance) =>
    Math.exp(-0.5 * (distance / deviation) ** 2),
  );
  const mass = kernel.reduce((sum, value, distance) => sum + (distance === 0 ? value : 2 * value), 0);
  const smoothed = new Float64Array(CELLS + 1);
  for (let from = 0; from <= CELLS; from++) {
    const residual = residuals[from] as number;
    if (residual === 0) continue;
    for (let distance = -reach; distance <= reach; distance++) {
      const to = reflected(from + distance);
      smoothed[to] = (smoothed[to] as number) + (residual * (kernel[Math.abs(distance)] as number)) / mass;
    }
  }
  return smoothed.reduce((sum, value) => sum + Math.abs(value), 0);
}

function reflected(place: number): number {
  const folded = Math.abs(place) % (2 * CELLS);
  return folded > CELLS ? 2 * CELLS - folded : folded;
}
