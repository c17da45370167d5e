/** How far a table of probabilities holds for a corpus that it was not fitted on. Pure. */
import type { Evidence, FittedTable } from "../schema/calibration.ts";
import { brierParts, type Forecast } from "./brier.ts";
import { type CorpusEdges, type Edge, knownEdges } from "./edges.ts";
import { fitTable } from "./fit.ts";

/** Edges that a table which did not see their corpus gave a probability. */
export interface LeftOut {
  /** Corpora, or a kind of evidence. */
  name: string;
  edges: number;
  /** Share of right edges. */
  right: number;
  /** Brier score in [0, 1]; every edge weighs the same. */
  brier: number;
}

/** What leaving out each corpus in turn shows. */
export interface LeaveOneOut {
  corpora: LeftOut[];
  evidence: LeftOut[];
  /** The mean over corpora, all weighing the same. */
  mean: number;
}

/** The probability that a table gives an edge, in (0, 1). */
function tableProbability(table: FittedTable, { evidence, among }: Pick<Edge, "evidence" | "among">): number {
  const bucket = table.evidence[evidence].findLast(({ from }) => from <= among);
  return (bucket ?? table.evidence[evidence][0])?.probability ?? Number.NaN;
}

/**
 * Fits a table without each corpus in turn and scores it on that corpus (leave-one-group-out cross-validation): ways of fitting
 * are compared on corpora that they did not see, without those of split `report`.
 *
 * @param corpora at least two with a labelled edge; those without one are left out
 */
export function leaveOneOut(corpora: readonly CorpusEdges[]): LeaveOneOut {
  const used = knownEdges(corpora).filter(({ edges }) => edges.length > 0);
  const scored = used.map(({ id, edges }) => {
    const table = fitTable(
      used.filter((other) => other.id !== id),
      "leave-one-out",
    );
    const forecasts = edges.map((edge): Forecast & { evidence: Evidence } => ({
      evidence: edge.evidence,
      probability: tableProbability(table, edge),
      right: edge.right,
      weight: 1,
    }));
    return { id, forecasts };
  });
  const byEvidence = Map.groupBy(
    scored.flatMap(({ forecasts }) => forecasts),
    ({ evidence }) => evidence,
  );
  const perCorpus = scored.map(({ id, forecasts }) => leftOut(id, forecasts));
  return {
    corpora: perCorpus,
    evidence: [...byEvidence].map(([name, forecasts]) => leftOut(name, forecasts)),
    mean: perCorpus.reduce((sum, { brier }) => sum + brier, 0) / perCorpus.length,
  };
}

function leftOut(name: string, forecasts: readonly Forecast[]): LeftOut {
  const right = forecasts.filter((forecast) => forecast.right).length;
  return { name, edges: forecasts.length, right: right / forecasts.length, brier: brierParts(forecasts).brier };
}
