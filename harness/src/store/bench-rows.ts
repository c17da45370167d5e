/** A bench report as rows. */
import type { Store } from "./open.ts";
import { insert, linesOf } from "./rows.ts";
import { type BenchReport, Measurement } from "./schema.ts";

/** Every row of a bench report; samples only when its raw lines are on this machine. */
export function insertBench(db: Store, runId: string, report: BenchReport, rawText: string | null): void {
  const samples = new Map<string, number[]>();
  for (const line of linesOf(rawText)) {
    const measurement = Measurement.parse(JSON.parse(line));
    samples.set(measurementKey(measurement), measurement.samples);
  }
  for (const measurement of report.measurements) {
    const id = insert(db, "measurement", {
      run_id: runId,
      case_id: measurement.caseId,
      tool: measurement.tool,
      runner: measurement.runner,
      metric: measurement.metric,
      unit: measurement.unit,
      sample_count: measurement.sampleCount,
      median: measurement.median,
      median_low: measurement.medianLow,
      median_high: measurement.medianHigh,
      mad: measurement.mad,
      minimum: measurement.minimum,
      maximum: measurement.maximum,
    });
    for (const [ordinal, value] of (samples.get(measurementKey(measurement)) ?? []).entries()) {
      insert(db, "sample", { measurement_id: id, ordinal, value });
    }
  }
  for (const ratio of report.ratios) {
    insert(db, "ratio", {
      run_id: runId,
      name: ratio.name,
      numerator_label: ratio.numeratorLabel,
      numerator: ratio.numerator,
      denominator_label: ratio.denominatorLabel,
      denominator: ratio.denominator,
      unit: ratio.unit,
      value: ratio.value,
      low: ratio.low,
      high: ratio.high,
      n: ratio.n,
    });
  }
  for (const { runner, reason } of report.notRun) insert(db, "not_run", { run_id: runId, runner, reason });
}

function measurementKey({ caseId, tool, metric }: Pick<Measurement, "caseId" | "tool" | "metric">): string {
  return `${caseId} ${tool} ${metric}`;
}
