/** How well a run's answers in the uncertainty category tell right from wrong: from the run files beside the store. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { ReliabilityBin } from "../charts/reliability.ts";
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

const Band = z.object({ low: z.number(), high: z.number() });

const Bin = z.object({
  low: z.number(),
  high: z.number(),
  statements: z.number(),
  correct: z.number(),
  stated: z.number(),
  observed: z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() }),
  band: Band,
});

const Score = z.object({
  category: z.string(),
  kind: z.string().optional(),
  calibration: z.object({ sides: Sides, abstained: z.number(), reliability: z.array(Bin).optional() }).optional(),
});
const RunFile = z.object({ id: z.string(), report: z.object({ scores: z.array(Score) }) });
const Suite = z.object({ suite: z.string() });

/** The more probable side of each statement, by how probable the tool said it is. */
export interface CategoryCalibration extends z.infer<typeof Sides> {
  category: string;
  kind: string;
  /** Share of statements without a probability. */
  abstained: number;
  /** Bins of the statements that were given one; empty where none was, null in reports from before there were bins. */
  reliability: ReliabilityBin[] | null;
}

let read: { folder: string; byRun: Map<string, CategoryCalibration[]> } | undefined;

/**
 * Of the run with this id, real code first; empty where it has no file beside the store or was not asked for probabilities.
 *
 * @throws DriftError `REPORT_UNREADABLE` when a run file is none
 */
export function calibrationOfRun(dbFile: string, runId: string): CategoryCalibration[] {
  const folder = path.dirname(dbFile);
  // All reports are read once in a build, as a file's name does not say which run it is of.
  if (read?.folder !== folder) read = { folder, byRun: readReports(folder) };
  return read.byRun.get(runId) ?? [];
}

function readReports(folder: string): Map<string, CategoryCalibration[]> {
  const files = [
    ...jsonFiles(path.join(folder, "published", "cibench")),
    ...jsonFiles(path.join(folder, "local")).filter((file) => suiteOf(file) === "cibench"),
  ];
  return new Map(
    files.map((file) => {
      const { id, report } = parse(file, RunFile);
      const found = report.scores.flatMap(({ category, kind, calibration }) => {
        if (kind === undefined || calibration === undefined) return [];
        const { sides, abstained, reliability } = calibration;
        const bins = reliability?.map(({ statements, ...bin }) => ({ ...bin, count: statements })) ?? null;
        return [{ category, kind, abstained, reliability: bins, ...sides }];
      });
      return [id, found.toSorted((a, b) => a.kind.localeCompare(b.kind))];
    }),
  );
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => path.join(folder, name));
  } catch {
    return []; // There are none.
  }
}

function suiteOf(file: string): string {
  return parse(file, Suite).suite;
}

function parse<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new DriftError("REPORT_UNREADABLE", `the run file ${path.basename(file)} cannot be read`, {
      hint: "Restore it from git, or remove it where it is one of this computer.",
      cause,
    });
  }
}
