/** Judges the judge: false alarms, power and calibration of the gate, on made-up machines and from real pools. */
import * as fs from "node:fs";
import * as path from "node:path";
import { GATE_DEFAULTS } from "../gate/gate.ts";
import type { GateSettings } from "../gate/schema.ts";
import { clopperPearson } from "@drift/corpora/clopper-pearson";
import { type CountedShare, formNullGates, formPlantedGates, statePower } from "./formed-gates.ts";
import type { NoiseKind } from "./noise.ts";
import { type Pool, poolDifferences, readPool } from "./pool.ts";
import type { FormedCondition, SimulatedKind } from "./schema.ts";
import { calibrate, pooledMannWhitney, simulateGates } from "./simulate.ts";

export interface SimulationSize {
  /** Gates of identical code. */
  gates: number;
  cases: number;
  /** Gates for each planted share. */
  plantedGates: number;
  sessions: number;
  controls: number;
}

export const FULL_SIMULATION: SimulationSize = {
  gates: 1000,
  cases: 50,
  plantedGates: 200,
  sessions: 5000,
  controls: 500,
};

export const SHARES: readonly number[] = [0.01, 0.02, 0.05, 0.1];

/** Everything about one kind of noise. The seed of each part is the caller's plus a number of its own. */
export function simulateKind(kind: NoiseKind, size: SimulationSize, seed: number): SimulatedKind {
  const rule = GATE_DEFAULTS;
  const { gates, cases, plantedGates, sessions, controls } = size;
  const same = simulateGates({ kind, gates, cases, seed, rule });
  const calibration = calibrate({ kind, sessions, pairs: rule.confirmPairs, seed: seed + 1, margin: rule.margin });
  const power = SHARES.map((share, i) => {
    const { found, planted } = simulateGates({
      ...{ kind, gates: plantedGates, cases, rule, seed: seed + 10 + i },
      slowdown: { share, planted: 3 },
    });
    return { share, found: counted(found, planted) };
  });
  const different = pooledMannWhitney({ kind, runs: controls, processes: 20, iterations: 20, seed: seed + 2 });
  return {
    kind,
    cases,
    falseRed: counted(same.falseRed, gates),
    falseImproved: counted(same.falseImproved, gates),
    power,
    uniformity: { sessions, ...calibration.uniformity },
    atMargin: calibration.atMargin.map(({ alpha, rejected }) => ({ alpha, rejected: counted(rejected, sessions) })),
    coverage: calibration.coverage.map(({ level, covered }) => ({ level, covered: counted(covered, sessions) })),
    pooledMannWhitney: counted(different, controls),
  };
}

/**
 * Gates from all pools of a folder: those of identical code, each with the planted ones of the same condition.
 *
 * @param gates how many are formed of each
 */
export function formConditions(folder: string, gates: number, settings: GateSettings): FormedCondition[] {
  const pools = readPools(folder);
  return pools
    .filter(({ header }) => header.planted === null)
    .map((same) => {
      const { condition, independentBuilds, environment, commit } = same.header;
      const differences = poolDifferences(same);
      const planted = pools.filter(
        ({ header }) =>
          header.planted !== null && header.condition === condition && header.environment.id === environment.id,
      );
      const names = [...differences.keys()];
      return {
        ...{ condition, independentBuilds, environment, commit },
        rounds: Math.min(...[...differences.values()].map(({ length }) => length)),
        cases: names.length,
        same: formNullGates({ same: differences, gates, settings }),
        planted: planted.map((pool) => ({
          ...(pool.header.planted as NonNullable<Pool["header"]["planted"]>),
          ...formPlantedGates({
            ...{ same: differences, planted: poolDifferences(pool), gates, settings },
            share: pool.header.planted?.share ?? 0,
          }),
        })),
        stated: names.map((name) => {
          const { caseId, sd, detectable } = statePower(
            name,
            differences.get(name) ?? [],
            names.length,
            0.05,
            settings,
          );
          return { caseId, sd, detectable };
        }),
      };
    });
}

function readPools(folder: string): Pool[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .flatMap((name) => readPool(path.join(folder, name)) ?? [])
    .filter(({ rows }) => rows.length > 0);
}

function counted(count: number, n: number): CountedShare {
  return { n, count, ...clopperPearson(count, n) };
}
