/** How much each file moves a score, and from that how much wider than its percentiles an interval has to be. Pure. */
import { type EdgeTable, isStratumAveraged, stratumRatio, totals } from "./edge-table.ts";
import { studentQuantile, tailOf } from "./student.ts";

/** First-order change of a figure that is due to each file of one corpus, in the order of its table. */
export type Influence = Float64Array;

/**
 * On macro F1 of the items of all these corpora together. With R = C / N the F1 of a stratum (C = 2TP and N = 2TP + FP + FN, or C what its
 * items are worth and N their number), a file's influence is Σ λ (C_file − R · N_file) / N over the averaged strata, which weigh λ.
 *
 * @param tables at least one, all of one category
 * @returns one per table; over all corpora together they sum to 0
 * @see Woodruff, "A simple method for approximating the variance of a complicated estimate", JASA 66 (1971)
 */
export function influenceOf(tables: readonly EdgeTable[]): Influence[] {
  const { scoring, width } = tables[0] as EdgeTable;
  const sums = new Float64Array(width);
  for (const table of tables) totals(table).forEach((sum, column) => (sums[column] = (sums[column] as number) + sum));
  const isAveraged = isStratumAveraged(sums, scoring);
  const counted = scoring.strata
    .map((_, stratum) => ({ stratum, ...stratumRatio(sums, stratum, scoring) }))
    .filter(({ stratum, whole }) => isAveraged[stratum] === true && whole > 0);
  const items = counted.reduce((sum, { whole }) => sum + whole, 0);
  return tables.map(({ files, rows }) =>
    Float64Array.from(files, (_, file) => {
      const row = rows.subarray(file * width, (file + 1) * width);
      return counted.reduce((sum, { stratum, part, whole }) => {
        const own = stratumRatio(row, stratum, scoring);
        const lambda = scoring.strataWeigh === "items" ? whole / items : 1 / counted.length;
        return sum + (lambda * (own.part - (part / whole) * own.whole)) / whole;
      }, 0);
    }),
  );
}

/**
 * The share of resamples that lies beyond each end of a 95 % interval: Φ(−t · √(V / V′)). Percentiles alone are too narrow where corpora have
 * few files, for resamples vary by V′ = Σ (n − 1)/n · V_corpus only, and how much is not known exactly. V_corpus = n/(n − 1) · Σ (influence −
 * mean)² over its n files, V = Σ V_corpus, and t is the quantile .975 of Student's with (Σ V_corpus)² / Σ V_corpus²/(n − 1) degrees of freedom.
 *
 * @param influences one per corpus; one with a single file is taken as it is
 * @returns in (0, .025]; .025, which is the percentile interval, where nothing varies
 * @see Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician 69 (2015), expanded percentiles; the degrees
 *   of freedom are those of Satterthwaite, Biometrics Bulletin 2 (1946)
 */
export function expandedTail(influences: readonly Influence[]): number {
  let [variance, resampled, squares] = [0, 0, 0];
  for (const own of influences) {
    const n = own.length;
    if (n < 2) continue;
    const mean = own.reduce((sum, one) => sum + one, 0) / n;
    const spread = own.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    const unbiased = (spread * n) / (n - 1);
    resampled += spread;
    variance += unbiased;
    squares += unbiased ** 2 / (n - 1);
  }
  if (resampled <= ROUNDING) return PERCENTILE_TAIL;
  return tailOf(studentQuantile(variance ** 2 / squares) * Math.sqrt(variance / resampled));
}

/** Squares of influences that are rounding errors of figures in [0, 1]. */
const ROUNDING = Number.EPSILON ** 2;

/** Of a percentile interval of 95 %. */
export const PERCENTILE_TAIL = 0.025;
