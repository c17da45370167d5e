/** How well a run's answers in the uncertainty category tell right from wrong: from the reports published beside the store. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DriftError } from "../errors.ts";

const Figure = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });

const Sides = z.object({
  lines: z.number(),
  correct: z.number(),
  ece: Figure,
  auroc: Figure,
  riskCoverage: Figure,
  risk: z.array(z.object({ coverage: z.number(), risk: z.number() })),
});

const Score = z.object({
  category: z.string(),
  kind: z.string().optional(),
  calibration: z.object({ sides: Sides, abstained: z.number() }).optional(),
});
const Published = z.object({ id: z.string(), report: z.object({ scores: z.array(Score) }) });

/** The more probable side of each statement, by how probable the tool said it is. */
export interface CategoryCalibration extends z.infer<typeof Sides> {
  category: string;
  kind: string;
  /** Share of statements without a probability. */
  abstained: number;
}

let read: { folder: string; byRun: Map<string, CategoryCalibration[]> } | undefined;

/**
 * Of the run with this id, real code first; empty where its report is not published or states no probabilities.
 *
 * @throws DriftError `REPORT_UNREADABLE` when a published report is none
 */
export function calibrationOfRun(dbFile: string, runId: string): CategoryCalibration[] {
  const folder = path.join(path.dirname(dbFile), "published", "cibench");
  // All reports are read once in a build, as a file's name does not say which run it is of.
  if (read?.folder !== folder) read = { folder, byRun: readReports(folder) };
  return read.byRun.get(runId) ?? [];
}

function readReports(folder: string): Map<string, CategoryCalibration[]> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return new Map(); // Nothing is published.
  }
  return new Map(
    names.map((name) => {
      const { id, report } = parse(path.join(folder, name));
      const found = report.scores.flatMap(({ category, kind, calibration }) =>
        kind === undefined || calibration === undefined
          ? []
          : [{ category, kind, abstained: calibration.abstained, ...calibration.sides }],
      );
      return [id, found.toSorted((a, b) => a.kind.localeCompare(b.kind))];
    }),
  );
}

function parse(file: string): z.infer<typeof Published> {
  try {
    return Published.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new DriftError("REPORT_UNREADABLE", `the published report ${path.basename(file)} cannot be read`, {
      hint: "Restore it from git.",
      cause,
    });
  }
}
