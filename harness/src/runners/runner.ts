/** The one interface of all runners: a case and a work tree in, what its process said out. */
import type { CaseConfig } from "../gate/config.ts";
import { runCounts } from "./counts.ts";
import { runOutput } from "./output.ts";
import type { Place, Reading } from "./reading.ts";
import { runWhole } from "./whole.ts";

/**
 * Runs a case once.
 *
 * @throws DriftError `PROCESS_FAILED`, `INPUT_INVALID` (output that can't be read), `TOOL_MISSING`
 */
export function runCase(config: CaseConfig, place: Place): Promise<Reading[]> {
  if ("output" in config) return runOutput(config, place);
  if ("counts" in config) return runCounts(config, place);
  return runWhole(config, place);
}
