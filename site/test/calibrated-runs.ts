/** Run files with made-up calibration, for the tests that look at pages. */
const RUN = "cibench-drift-20261123T120000Z-1a2b3c4d";

const figure = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });
export const curve = (worst: number) =>
  Array.from({ length: 10 }, (_, i) => ({ coverage: (i + 1) / 10, risk: (worst * i) / 9 }));
const sides = (worst: number) => ({
  ...{ lines: 400, correct: 300, ece: figure(0.05), auroc: figure(0.8), riskCoverage: figure(0.1), risk: curve(worst) },
});
const bin = (low: number, statements: number) => ({
  ...{ low, high: low + 0.1, statements, correct: Math.round(statements * low), stated: low + 0.05 },
  ...{ observed: figure(low), band: { low: low + 0.01, high: low + 0.09 } },
});
const calibration = (worst: number, ...bins: ReturnType<typeof bin>[]) => ({
  ...{ sides: sides(worst), abstained: 0.125, reliability: bins },
});
const CATEGORY = "uncertainty-calibration";
/** As reports were before they held bins. */
const { reliability: _, ...withoutBins } = calibration(0.5);
const report = {
  id: RUN,
  report: {
    scores: [
      { category: CATEGORY, kind: "synthetic", calibration: withoutBins },
      { category: CATEGORY, kind: "real", calibration: calibration(0.25, bin(0.2, 40), bin(0.8, 310)) },
      { category: "call-graph", kind: "real" },
    ],
  },
};
/** Runs of this computer stand beside those of benches; the seeded store has a board of this category only. */
const local = {
  ...{ suite: "cibench", id: "cibench-grep-20261123T120500Z-2b3c4d5e" },
  report: {
    scores: [
      { category: "call-graph", kind: "real", calibration: calibration(0.25, bin(0.6, 9)) },
      { category: "call-graph", kind: "synthetic", calibration: calibration(0.25) },
    ],
  },
};

/** These run files by where they lie beside the store. */
export const CALIBRATED_RUNS: Readonly<Record<string, string>> = {
  "published/cibench/a.json": JSON.stringify(report),
  "local/b.json": JSON.stringify(local),
  "local/bench.json": JSON.stringify({ suite: "bench" }),
};
