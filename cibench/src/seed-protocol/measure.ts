/** Scores two runs by the protocol: the same tasks with a tool and without. Pure. */
import { CibenchError } from "../errors.ts";
import type { StoredRun } from "../read-run.ts";
import type { ProtocolResult, ProtocolSide, ProtocolTask, SeedProtocolOutput } from "../schema/seed-protocol.ts";
import { estimate, mapResampled } from "../scores/bootstrap.ts";
import { type JudgedCorpus, rawWithTail } from "../scores/category-score.ts";
import { macroF1Of } from "../scores/edge-table.ts";
import { normalise } from "../scores/floor.ts";
import { PROTOCOL_TASKS, RUBRIC } from "./tasks.ts";

/** @throws CibenchError `NOT_COMPARABLE` when the runs were judged on different suites */
export function measureProtocol(
  runs: { with: StoredRun; without: StoredRun },
  seed: number,
): Omit<SeedProtocolOutput, "schemaVersion" | "command"> {
  const [a, b] = [runs.with.report, runs.without.report];
  if (a.suite.hash !== b.suite.hash) {
    throw new CibenchError("NOT_COMPARABLE", `${a.runId} and ${b.runId} were judged on different suites`, {
      hint: "Run both tools on the same corpora.",
    });
  }
  const tasks = PROTOCOL_TASKS.map((task): ProtocolTask => {
    const kinds = ["real", "synthetic"] as const;
    return { ...task, results: kinds.flatMap((kind) => resultOf(task, kind, { ...runs, seed }) ?? []) };
  });
  const of = (side: "with" | "without"): number | null => {
    const points = tasks.map(
      ({ counts, results }) => results.find(({ kind }) => kind === counts)?.[side].points ?? null,
    );
    return points.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0 as number | null);
  };
  return {
    suiteHash: a.suite.hash,
    with: { tool: a.subject.name, runId: a.runId },
    without: { tool: b.subject.name, runId: b.runId },
    seed,
    rubric: RUBRIC,
    tasks,
    points: { with: of("with"), without: of("without"), of: 2 * tasks.length },
  };
}

type Task = (typeof PROTOCOL_TASKS)[number];
type Kind = ProtocolResult["kind"];

/** Null where no corpus of this kind has such items. */
function resultOf(
  task: Task,
  kind: Kind,
  given: { with: StoredRun; without: StoredRun; seed: number },
): ProtocolResult | null {
  const sides = [given.with, given.without].map((run) => ({ run, judged: judgedOf(task, kind, run) }));
  const asked = sides.find(({ judged }) => judged.length > 0)?.judged;
  if (asked === undefined) return null;
  const [of, without] = sides.map(({ run, judged }) => sideOf(task, kind, { run, judged, seed: given.seed }));
  return {
    kind,
    corpora: asked.map(({ id }) => id),
    items: asked.reduce((sum, { outcomes }) => sum + outcomes.length, 0),
    with: of as ProtocolSide,
    without: without as ProtocolSide,
  };
}

/** The items of a task, of corpora in which truth says something about them. */
function judgedOf({ category, strata }: Task, kind: Kind, { report, items }: StoredRun): JudgedCorpus[] {
  const ids = report.corpora
    .filter((corpus) => corpus.category === category && corpus.kind === kind)
    .map(({ id }) => id);
  return ids
    .map((id) => ({
      ...{ id, kind },
      outcomes: items.filter(
        (item) => item.category === category && item.corpus === id && strata.includes(item.stratum),
      ),
    }))
    .filter(({ outcomes }) => !Number.isNaN(macroF1Of(outcomes)));
}

function sideOf(
  { category }: Task,
  kind: Kind,
  { run, judged, seed }: { run: StoredRun; judged: readonly JudgedCorpus[]; seed: number },
): ProtocolSide {
  const found = run.report.scores.find(
    (one) => one.category === category && (one.state === "unsupported" || ("kind" in one && one.kind === kind)),
  );
  if (found?.state === "unsupported") return { score: null, points: 0, state: "unsupported" };
  if (found?.state !== "scored" || judged.length === 0) return { score: null, points: null, state: "not-run" };
  const { raw, tail } = rawWithTail(category, judged, { seed });
  const score = estimate(
    mapResampled(raw, (value) => normalise(value, found.floor)),
    tail,
  );
  return { score, points: pointsOf(score.value ?? 0), state: "scored" };
}

/** 2, 1 or 0. */
export function pointsOf(score: number): number {
  return Number(score >= RUBRIC.full) + Number(score >= RUBRIC.partial);
}
