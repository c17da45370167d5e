/** A record of the gate for tests: figures are made up but fixed. */
import type { CountedShare, FormedGates, GateRecord } from "../src/data/gate-record.ts";

const counted = (count: number, n: number): CountedShare => ({
  n,
  count,
  low: count / n / 2,
  high: (1 + count / n) / 2,
});

function formed(condition: FormedGates["condition"], caseId: string): FormedGates {
  return {
    condition,
    independentBuilds: false,
    environment: { id: "e1", cpuModel: "AMD EPYC 7763", cores: 2 },
    commit: "0123456789abcdef",
    rounds: 300,
    cases: 2,
    same: { gates: 1000, red: 3, disjoint: 11, low: 0, high: 0.0091 },
    planted: [
      {
        ...{
          kind: "spin",
          share: 0.05,
          gates: 1000,
          falseRed: 2,
          found: counted(1500, 2000),
          foundWhereSeen: counted(970, 1000),
        },
        cases: [
          { caseId, predicted: 0.98, found: counted(970, 1000) },
          { caseId: "harness/store-open", predicted: 0.5, found: counted(530, 1000) },
        ],
      },
    ],
    stated: [
      { caseId, sd: 0.021, detectable: 0.042 },
      { caseId: "harness/store-open", sd: 0.2, detectable: null },
    ],
  };
}

/** @param caseId stands in for what a configuration of somebody else names a case */
export function gateRecord(caseId = "engine/callers"): GateRecord {
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
    formed: [formed("idle", caseId), formed("loaded", caseId)],
    live: [
      { condition: "idle", verdict: "unchanged", red: [], cases: 20, measuredMs: 93_000 },
      { condition: "idle", verdict: "regressed", red: [caseId], cases: 20, measuredMs: 121_000 },
    ],
  };
}
