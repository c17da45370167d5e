/** A command that measures itself (criterion, tinybench, any format that can be read): each of its benchmarks is a case. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import type { OutputCase } from "../gate/config.ts";
import { readOutput } from "../ingest/read.ts";
import { runCommand } from "./command.ts";
import { type Place, type Reading, valueOf } from "./reading.ts";

/**
 * Runs the command and reads what it wrote. What an earlier run left at that place is removed first.
 *
 * @throws DriftError `PROCESS_FAILED`, `INPUT_INVALID`
 */
export async function runOutput(config: OutputCase, { folder, env, scratch }: Place): Promise<Reading[]> {
  const { id, command, timeoutSeconds, output } = config;
  const isCriterion = output.format === "criterion";
  const written = isCriterion
    ? path.join(scratch, "criterion")
    : output.file === undefined
      ? null
      : insideOf(folder, output.file);
  if (written !== null) fs.rmSync(written, { recursive: true, force: true });
  const { stdout } = await runCommand({
    command,
    folder,
    env: isCriterion ? { ...env, CRITERION_HOME: written as string } : env,
    timeoutMs: timeoutSeconds * 1000,
    keepOutput: written === null,
  });
  const cases = readOutput(
    output.format,
    written === null ? { text: stdout, name: `output of ${id}` } : { path: written },
  );
  return cases.map(({ caseId, metric, unit, direction, samples, warmupCapped }) => ({
    ...{ caseId: caseId === id ? id : `${id}/${caseId}`, metric, unit, direction },
    value: valueOf(samples, { warmupCapped: warmupCapped === true }),
  }));
}

function insideOf(folder: string, file: string): string {
  const whole = path.resolve(folder, file);
  if (path.relative(folder, whole).startsWith(".."))
    throw new DriftError("CONFIG_INVALID", `the output "${file}" lies outside the work tree`, {
      hint: "Let the benchmark write inside it.",
    });
  return whole;
}
