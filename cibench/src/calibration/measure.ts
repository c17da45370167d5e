/** How well stated probabilities hold: Brier score and reliability, with intervals. Pure. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type BrierFigures, type CalibrationOutput, Evidence, type ReliabilityBin } from "../schema/calibration.ts";
import { estimate, mixSeed, RESAMPLES } from "../scores/bootstrap.ts";
import { meanOfNewCorpora } from "../scores/new-corpora.ts";
import { brierParts, type Forecast, logLoss, mean } from "./brier.ts";
import { consistencyBands } from "./consistency-bands.ts";
import { type CorpusEdges, countEdges, type Edge, knownEdges, type StatedEdge, type StatedEdges } from "./edges.ts";
import { riskCurve } from "./risk-curve.ts";

/** Bins of the reliability diagram, of equal width; a probability of 1 lies in the last. */
export const BINS = 10;

/** Columns of a row of counts: edges, squared errors, those of the constant, then edges and right ones of each bin. */
const SQUARED = 1;
const CONSTANT = 2;
const BINNED = 3;
const WIDTH = BINNED + 2 * BINS;

/**
 * Everything `calibration show` prints, from labelled edges of corpora of split `report`.
 *
 * All figures are means over corpora, which weigh the same. Intervals are those "on these corpora": the files of each
 * corpus are drawn with replacement, 2,000 times; percentiles 2.5 and 97.5.
 *
 * @param corpora with edges, at least one real
 * @param fitShare what the constant baseline says everywhere: the share of right edges on split `fit`
 */
export function measureCalibration(
  corpora: readonly CorpusEdges[],
  fitShare: number,
  seed: number,
): Omit<CalibrationOutput, "schemaVersion" | "tool" | "command"> {
  const isReal = ({ kind }: CorpusEdges): boolean => kind === "real";
  const used = knownEdges(corpora).filter(({ edges }) => edges.length > 0);
  const real = used.filter(isReal);
  const figuresOf = (some: readonly CorpusEdges[]): BrierFigures | null => brierFigures(some, fitShare, seed);
  return {
    seed,
    resamples: RESAMPLES,
    fitShare,
    corpora: used.map((corpus) => ({
      ...countEdges(corpora.find(({ id }) => id === corpus.id) ?? corpus),
      kind: corpus.kind,
      brier: brierParts(forecastsOf([corpus])).brier,
    })),
    all: figuresOf(real) as BrierFigures,
    closed: figuresOf(decided(real, "closed")),
    ran: figuresOf(decided(real, "ran")),
    atWorst: figuresOf(decided(corpora.filter(isReal), "ran", "unentered")),
    synthetic: figuresOf(used.filter((corpus) => !isReal(corpus))),
    reliability: reliabilityBins(real, fitShare, seed),
    risk: riskCurve(forecastsOf(real)),
    evidence: byEvidence(real),
  };
}

/** Index of the bin of a probability in [0, 1]. */
export function binOf(probability: number): number {
  return Math.min(BINS - 1, Math.floor(probability * BINS));
}

/**
 * {@link meanOfNewCorpora}, cut to [0, 1].
 *
 * @param values one per corpus
 * @returns null for fewer than five
 */
export function newCorporaInterval(values: readonly number[]): { value: number; low: number; high: number } | null {
  const interval = meanOfNewCorpora(values);
  return interval && { ...interval, low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
}

function brierFigures(corpora: readonly CorpusEdges[], fitShare: number, seed: number): BrierFigures | null {
  if (corpora.length === 0) return null;
  const forecasts = forecastsOf(corpora);
  const { brier, ...parts } = brierParts(forecasts);
  const constant = mean(forecasts, ({ right }) => (fitShare - Number(right)) ** 2);
  const tables = corpora.map((corpus) => countTable(corpus, fitShare));
  const [briers, skills] = drawn(tables, seed, (totals) => {
    const meanOf = (column: number): number => ratioMean(totals, column);
    return [meanOf(SQUARED), 1 - meanOf(SQUARED) / meanOf(CONSTANT)];
  });
  const interval = (value: number, draws: Float64Array | undefined): BrierFigures["brier"] => {
    const clusters = Math.min(...tables.map(({ rows }) => rows.length / WIDTH));
    const { low, high } = estimate({ value, n: corpora.length, clusters, draws: draws ?? new Float64Array() });
    return { value, low, high };
  };
  return {
    corpora: corpora.length,
    edges: forecasts.length,
    right: forecasts.filter(({ right }) => right).length,
    brier: interval(brier, briers),
    constant,
    skill: interval(1 - brier / constant, skills),
    ...parts,
    logLoss: logLoss(forecasts),
    newCorpora: newCorporaInterval(corpora.map((corpus) => brierParts(forecastsOf([corpus])).brier)),
  };
}

/**
 * One bin per tenth that has an edge. Corpora weigh the same; the files of each are drawn with replacement.
 *
 * @param fitShare any share: only the Brier score of the constant depends on it
 */
export function reliabilityBins(corpora: readonly StatedEdges[], fitShare: number, seed: number): ReliabilityBin[] {
  const tables = corpora.map((corpus) => countTable(corpus, fitShare));
  const draws = drawn(tables, seed, (totals) =>
    Array.from({ length: BINS }, (_, bin) => ratioMean(totals, rightIn(bin)) / ratioMean(totals, edgesIn(bin))),
  );
  const all = forecastsOf(corpora);
  const bands = consistencyBands(all, binOf, seed);
  const forecasts = Map.groupBy(all, ({ probability }) => binOf(probability));
  return [...forecasts.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, members]) => {
      const value = mean(members, ({ right }) => Number(right));
      const clusters = tables.reduce((sum, { rows }) => sum + filesWith(rows, edgesIn(bin)), 0);
      const { low, high } = estimate({ value, n: members.length, clusters, draws: draws[bin] ?? new Float64Array() });
      return {
        low: bin / BINS,
        high: (bin + 1) / BINS,
        edges: members.length,
        right: members.filter(({ right }) => right).length,
        stated: mean(members, ({ probability }) => probability),
        observed: { value, low, high },
        band: bands.get(bin),
      };
    });
}

function byEvidence(corpora: readonly CorpusEdges[]): CalibrationOutput["evidence"] {
  const weighted = weighedEdges(corpora);
  return Evidence.options.flatMap((evidence) => {
    const members = weighted.filter(({ edge }) => edge.evidence === evidence).map(({ forecast }) => forecast);
    if (members.length === 0) return [];
    return [
      {
        evidence,
        edges: members.length,
        right: members.filter(({ right }) => right).length,
        stated: mean(members, ({ probability }) => probability),
        observed: mean(members, ({ right }) => Number(right)),
      },
    ];
  });
}

function decided(corpora: readonly CorpusEdges[], ...by: Edge["by"][]): CorpusEdges[] {
  return corpora
    .map((corpus) => ({ ...corpus, edges: corpus.edges.filter((edge) => by.includes(edge.by)) }))
    .filter(({ edges }) => edges.length > 0);
}

function forecastsOf(corpora: readonly Omit<StatedEdges, "id">[]): Forecast[] {
  return weighedEdges(corpora).map(({ forecast }) => forecast);
}

/** Every corpus has the same weight in all, whatever its size. */
function weighedEdges<E extends StatedEdge>(
  corpora: readonly { edges: readonly E[] }[],
): { edge: E; forecast: Forecast }[] {
  return corpora.flatMap(({ edges }) =>
    edges.map((edge) => ({
      edge,
      forecast: { probability: edge.probability, right: edge.right, weight: 1 / edges.length },
    })),
  );
}

/** Counts of one corpus, a row per file. */
interface CountTable {
  id: string;
  rows: Float64Array;
}

function countTable({ id, edges }: StatedEdges, fitShare: number): CountTable {
  const files = new Map([...new Set(edges.map(({ file }) => file))].toSorted().map((file, row) => [file, row * WIDTH]));
  const rows = new Float64Array(files.size * WIDTH);
  for (const { file, probability, right } of edges) {
    const row = files.get(file) as number;
    const add = (column: number, amount: number): void => {
      rows[row + column] = (rows[row + column] as number) + amount;
    };
    add(0, 1);
    add(SQUARED, (probability - Number(right)) ** 2);
    add(CONSTANT, (fitShare - Number(right)) ** 2);
    add(edgesIn(binOf(probability)), 1);
    if (right) add(rightIn(binOf(probability)), 1);
  }
  return { id, rows };
}

function edgesIn(bin: number): number {
  return BINNED + 2 * bin;
}

function rightIn(bin: number): number {
  return edgesIn(bin) + 1;
}

/** Figures in each resample; each corpus has draws of its own, which do not depend on the other corpora. */
function drawn(
  tables: readonly CountTable[],
  seed: number,
  figures: (totals: readonly Float64Array[]) => number[],
): Float64Array[] {
  const generators = tables.map(({ id }) => xoroshiro128plus(mixSeed(seed, `calibration ${id}`)));
  const results: number[][] = [];
  for (let draw = 0; draw < RESAMPLES; draw++) {
    const totals = tables.map(({ rows }, index) => {
      const files = rows.length / WIDTH;
      const sum = new Float64Array(WIDTH);
      for (let pick = 0; pick < files; pick++) {
        const row = uniformInt(generators[index] as ReturnType<typeof xoroshiro128plus>, 0, files - 1) * WIDTH;
        for (let column = 0; column < WIDTH; column++) {
          sum[column] = (sum[column] as number) + (rows[row + column] as number);
        }
      }
      return sum;
    });
    results.push(figures(totals));
  }
  return (results[0] ?? []).map((_, index) => Float64Array.from(results, (values) => values[index] as number));
}

/** Mean over corpora of a column divided by the number of edges. */
function ratioMean(totals: readonly Float64Array[], column: number): number {
  return totals.reduce((sum, row) => sum + (row[column] as number) / (row[0] as number), 0) / totals.length;
}

function filesWith(rows: Float64Array, column: number): number {
  let files = 0;
  for (let row = 0; row < rows.length; row += WIDTH) if ((rows[row + column] as number) > 0) files++;
  return files;
}
