/** How well forecasts are calibrated, as a table of a report. */
import type { RenderTable, Shown } from "./report.ts";
import type { CalibrationFigure } from "./schema/calibration-lines.ts";
import type { Report } from "./schema/report.ts";
import type { ForecastCalibration } from "./schema/score.ts";
import { figure, showEstimate } from "./show.ts";

/** Only where probabilities are what is asked for. */
export function calibrationTable(
  scores: readonly { report: Report; score: Shown }[],
  kind: "real" | "synthetic",
  table: RenderTable,
): string[] {
  const rows = scores.flatMap(({ report, score }) => {
    const calibration = score.state === "scored" ? score.calibration : undefined;
    return calibration === undefined ? [] : [[report.subject.name, ...calibrationCells(calibration)]];
  });
  return rows.length === 0 ? [] : [table(`Calibration, ${kind}`, ["tool", ...CALIBRATION_HEADER], rows)];
}

const CALIBRATION_HEADER = [
  "Brier = MCB − DSC + UNC",
  "smooth ECE (floor)",
  "ECE-15 (floor)",
  "MCE (floor)",
  "AUROC",
  "overconfidence",
  "AURC (floor)",
  "abstained",
] as const;

function calibrationCells({ forecasts, sides, abstained }: ForecastCalibration): string[] {
  const { brier, miscalibration, discrimination, uncertainty } = forecasts;
  const withFloor = ({ floor, reason, ...own }: CalibrationFigure): string =>
    reason ?? `${showEstimate(own)} (${floor === null ? "–" : figure(floor)})`;
  return [
    `${showEstimate(brier)} = ${figure(miscalibration)} − ${figure(discrimination)} + ${figure(uncertainty)}`,
    withFloor(forecasts.smoothEce),
    withFloor(forecasts.ece),
    withFloor(forecasts.mce),
    forecasts.auroc.reason ?? showEstimate(forecasts.auroc),
    showEstimate(sides.bias),
    withFloor(sides.riskCoverage),
    `${(abstained * 100).toFixed(1)} %`,
  ];
}
