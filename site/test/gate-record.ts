/** A record of the gate for tests: figures are made up but fixed. */
import type { CountedShare, FormedGates, GateRecord, PlantedGates } from "../src/data/gate-record.ts";

const counted = (count: number, n: number): CountedShare => {
  const half = n === 0 ? 1 : 1 / Math.sqrt(n);
  return { n, count, low: Math.max(0, count / n - half), high: Math.min(1, count / n + half) };
};

/** A case with the standard deviation of its pairs; the first is the one that tests name. */
const CASES: readonly [string, number][] = [
  ["engine/callers", 0.021],
  ["harness/store-open", 0.2],
  ["engine/index-ts", 0.034],
  ["engine/index-py", 0.041],
  ["engine/reopen", 0.062],
  ["engine/call-graph", 0.018],
  ["engine/symbols", 0.027],
  ["engine/callees", 0.022],
  ["corpora/generate", 0.039],
  ["corpora/truth", 0.031],
  ["cibench/judge", 0.016],
  ["harness/change-points", 0.011],
  ["cibench/brier", 0.013],
  ["cibench/canonical-json", 0.029],
  ["cibench/grep", 0.047],
  ["cibench/draw-table", 0.024],
  ["harness/signed-rank-ties", 0.012],
  ["harness/interval", 0.019],
  ["harness/bootstrap", 0.015],
  ["harness/relabel", 0.055],
];
const PLANTS = [
  ["allocate", 0.05],
  ["instructions", 0.05],
  ["spin", 0.1],
  ["spin", 0.02],
  ["spin", 0.05],
] as const;

/** How often a case finds a slowdown, by how far it lies above the margin. */
const power = (share: number, sd: number): number =>
  Math.round(1000 / (1 + Math.exp(-(share - 0.02 - 0.9 * sd) / (0.2 * sd)))) / 1000;

function planted(kind: string, share: number, cases: readonly [string, number][]): PlantedGates {
  const found = cases.map(([, sd], index) => counted(Math.round(97 * power(share, sd)), 100 - (index % 3)));
  const total = (some: readonly CountedShare[]): CountedShare =>
    counted(
      some.reduce((sum, { count }) => sum + count, 0),
      some.reduce((sum, { n }) => sum + n, 0),
    );
  return {
    ...{ kind, share, gates: 1000, falseRed: kind === "spin" ? 2 : 1 },
    found: total(found),
    foundWhereSeen: total(found.filter((_, index) => (cases[index]?.[1] ?? 1) < 0.028)),
    cases: cases.map(([caseId, sd], index) => ({
      caseId,
      predicted: power(share, 1.05 * sd),
      found: found[index] as CountedShare,
    })),
  };
}

/** @param noise how much more than on an idle computer pairs differ */
function formed(condition: FormedGates["condition"], caseId: string, noise: number): FormedGates {
  const cases = CASES.map(([id, sd], index): [string, number] => [index === 0 ? caseId : id, noise * sd]);
  return {
    condition,
    independentBuilds: false,
    environment: { id: "e1", cpuModel: "AMD EPYC 7763", cores: 2 },
    commit: "0123456789abcdef",
    rounds: 300,
    cases: cases.length,
    same:
      condition === "idle"
        ? { gates: 1000, red: 3, disjoint: 11, low: 0, high: 0.0091 }
        : { gates: 1000, red: 0, disjoint: 9, low: 0, high: 0.3363 },
    planted: PLANTS.map(([kind, share]) => planted(kind, share, cases)),
    stated: cases.map(([id, sd]) => ({ caseId: id, sd, detectable: sd > 0.15 ? null : 0.02 + sd })),
  };
}

/** @param caseId stands in for what a configuration of somebody else names a case */
export function gateRecord(caseId = "engine/callers"): GateRecord {
  const live = { verdict: "unchanged", red: [], cases: 20, measuredMs: 93_000 };
  return {
    schemaVersion: 1,
    settings: { margin: 0.02, q: 0.05, unchangedWithin: 0.05 },
    commands: ["npm run --silent drift-bench -- prove gates --gates 1000 --seed 1 --save"],
    simulated: [
      {
        ...{ kind: "bursts", cases: 50, falseRed: counted(1, 1000), pooledMannWhitney: counted(249, 500) },
        power: [{ share: 0.05, found: counted(399, 600) }],
        coverage: [{ level: 0.95, covered: counted(4750, 5000) }],
      },
    ],
    formed: [formed("loaded", caseId, 1.8), formed("idle", caseId, 1)],
    live: [
      { condition: "idle", at: "2026-11-24T01:00:00.000Z", seed: 1, ...live },
      { condition: "idle", at: "2026-11-24T01:02:00.000Z", seed: 2, ...live, measuredMs: 104_400 },
      {
        ...{ condition: "idle", at: "2026-11-24T01:04:00.000Z", seed: 3, cases: 20, measuredMs: 121_000 },
        ...{ verdict: "regressed", red: [caseId] },
      },
    ],
  };
}
