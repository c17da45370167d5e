/** Student's distribution, as far as intervals of 95 % need it. Pure. */
import { errorFunction } from "simple-statistics";

/**
 * Quantile .975 of Student's t. Between the degrees of freedom of the table it is interpolated in their reciprocal.
 *
 * @param degrees of freedom, at least 1; need not be whole
 * @see Student, Biometrika 6 (1908)
 */
export function studentQuantile(degrees: number): number {
  const below = Math.min(T_975.length, Math.max(1, Math.floor(degrees)));
  const above = below === T_975.length ? Infinity : below + 1;
  const [from, to] = [T_975[below - 1] as number, T_975[above - 1] ?? NORMAL_975];
  const share = (1 / below - 1 / Math.max(degrees, below)) / (1 / below - 1 / above);
  return from + share * (to - from);
}

/** Share of the standard normal distribution below −`deviations`. */
export function tailOf(deviations: number): number {
  return (1 - errorFunction(deviations / Math.SQRT2)) / 2;
}

const NORMAL_975 = 1.96;

/** With 1, 2, … degrees of freedom. */
const T_975: readonly number[] = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
