/** Cases measured on one side alone: values to look at or to store, and no verdict. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import * as z from "zod";
import { runCase } from "../runners/runner.ts";
import { CaseId, type Environment } from "../store/testbed-schema.ts";
import type { CaseConfig } from "./config.ts";
import { seriesName } from "./noise-profile.ts";
import { CaseMeasurement } from "./schema.ts";

export const RunReport = z.strictObject({
  schemaVersion: z.literal(1),
  measurements: z.array(CaseMeasurement),
  failed: z.array(z.strictObject({ caseId: CaseId, reason: z.string() })),
});
export type RunReport = z.infer<typeof RunReport>;

export interface RunOptions {
  folder: string;
  cases: readonly CaseConfig[];
  env: Record<string, string>;
  /** Processes of each case, in rounds over all of them. */
  processes: number;
  environment: Environment;
  commit: string | null;
}

/** @throws DriftError `NOTHING_MEASURED` when no case gave a value */
export async function measureCases(options: RunOptions): Promise<RunReport> {
  const { folder, cases, env, processes, environment, commit } = options;
  const measurements = new Map<string, CaseMeasurement>();
  const failed = new Map<string, string>();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "drift-run-"));
  try {
    for (let round = 0; round < processes; round++) {
      for (const one of cases.filter(({ id }) => !failed.has(id))) {
        try {
          for (const { value, ...key } of await runCase(one, { folder, env, scratch })) {
            const known = measurements.get(seriesName(key)) ?? { ...key, environment, commit, processes: [] };
            known.processes.push(value);
            measurements.set(seriesName(key), known);
          }
        } catch (error) {
          if (!(error instanceof DriftError)) throw error;
          failed.set(one.id, error.message);
        }
      }
    }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
  const reasons = [...failed].map(([caseId, reason]) => ({ caseId, reason }));
  if (measurements.size === 0)
    throw new DriftError(
      "NOTHING_MEASURED",
      `no case could be measured${reasons.map(({ caseId, reason }) => `\n  ${caseId}: ${reason}`).join("")}`,
      {
        hint: "Run the command of a case by hand to see all of it.",
      },
    );
  return { schemaVersion: 1, measurements: [...measurements.values()], failed: reasons };
}
