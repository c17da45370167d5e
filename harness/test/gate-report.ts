/** Reports of gates, decided from made-up pairs by the real rule. */
import { fingerprint } from "../src/environment.ts";
import { decideGate, overallVerdict } from "../src/gate/decide.ts";
import { GATE_DEFAULTS } from "../src/gate/gate.ts";
import { GateReport, type PairedSamples } from "../src/gate/schema.ts";
import { decideScores } from "../src/gate/scores/decide-scores.ts";
import type { ScoreComparison, ScoreEvidence, ScoreRun } from "../src/gate/scores/schema.ts";
import { MACHINE } from "./fixtures.ts";

/** Pairs of one case whose head is `ratio` times its base, with half a percent of noise; screened and confirmed. */
export function pairsOf(caseId: string, ratio: number): PairedSamples {
  const one = (value: number) => ({ value, samples: [value, value * 1.01], warmupCapped: false });
  return {
    caseId,
    metric: "time",
    unit: "ns",
    direction: "lower",
    pairs: Array.from({ length: 32 }, (_, i) => ({
      stage: i < 12 ? ("screen" as const) : ("confirm" as const),
      round: i,
      headFirst: (i * 5) % 3 === 0,
      base: one(1_000_000 * (1 + ((i * 7) % 11) / 2000)),
      head: one(1_000_000 * ratio * (1 + ((i * 5) % 13) / 2000)),
    })),
  };
}

/** @param ratios head over base, by case */
export function gateReport(
  ratios: Readonly<Record<string, number>>,
  about: { head?: string; failed?: string[]; reproduce?: string } = {},
): GateReport {
  const samples = Object.entries(ratios).map(([caseId, ratio]) => pairsOf(caseId, ratio));
  const cases = decideGate(samples, GATE_DEFAULTS, new Map());
  return GateReport.parse({
    schemaVersion: 1,
    verdict: overallVerdict(cases),
    base: { ref: "main", commit: "b".repeat(40) },
    head: { ref: "HEAD", commit: about.head ?? "a".repeat(40) },
    environment: fingerprint(MACHINE),
    loadAverage: 0.3,
    settings: GATE_DEFAULTS,
    startedAt: "2026-11-23T12:00:00.000Z",
    endedAt: "2026-11-23T12:01:00.000Z",
    measuredMs: 60_000,
    cases,
    samples,
    notCompared: (about.failed ?? []).map((caseId) => ({ caseId, state: "failed", reason: "it ended with 1" })),
    falseAlarms: null,
    reproduce: about.reproduce ?? "npm run --silent drift-bench -- gate --base main --head HEAD --seed 1",
  });
}

/** The first case of a report as often as there are ids. */
export function withCases(report: GateReport, caseIds: readonly string[]): GateReport {
  const [one] = report.cases;
  return { ...report, cases: caseIds.flatMap((caseId) => (one === undefined ? [] : [{ ...one, caseId }])) };
}

/** One run of a side; runs with the same letter are identical. */
export const scoreRunOf = (score: number, items: string): ScoreRun => ({
  subject: "drift 0.1.0",
  suite: "5".repeat(64),
  items: items.repeat(64),
  categories: [{ category: "call-graph/real", corpora: [{ corpus: "zod", score, judged: score }] }],
});

/** An entry whose subject is deterministic. */
export function scored(
  id: string,
  [base, head]: readonly [number, number],
  more: Partial<ScoreEvidence> = {},
): ScoreEvidence {
  const lost = { count: base > head ? 1 : 0, listed: base > head ? [{ item: "zod:a`|b", base: 1, head: 0 }] : [] };
  return {
    ...{ id, compared: 100, lost, won: { count: 0, listed: [] }, lostKept: [], accepted: [] },
    base: [scoreRunOf(base, "a"), scoreRunOf(base, "a")],
    head: [scoreRunOf(head, "b"), scoreRunOf(head, "b")],
    ...more,
  };
}

export function withScores(report: GateReport, evidence: readonly ScoreEvidence[]): GateReport {
  const decisions = decideScores(evidence, report.settings);
  const scores = evidence.map((one, i) => ({ ...one, decision: decisions[i] as ScoreComparison["decision"] }));
  return GateReport.parse({ ...report, scores, verdict: overallVerdict(report.cases, scores) });
}
