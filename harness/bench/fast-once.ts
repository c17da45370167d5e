/**
 * One process of the fast suite: `node fast-once.ts <case>` prints the samples of one case in the documented JSON.
 *
 * `DRIFT_BENCH_PLANT` adds a known amount of work to each timed call, to see whether the gate finds it: `spin:<ns>`,
 * `allocate:<objects>` or `instructions:<steps>`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantOf } from "../src/prove/plant.ts";
import { timedLoop } from "../src/runners/timed-loop.ts";

const [id = ""] = process.argv.slice(2);
const cases = id.startsWith("engine/")
  ? (await import("./fast/engine-cases.ts")).ENGINE_CASES
  : (await import("./fast/tool-cases.ts")).TOOL_CASES;
const found = cases.find((one) => one.id === id);
if (found === undefined) {
  process.stderr.write(`there is no case "${id}"\n`);
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), "drift-fast-"));
try {
  const operation = await found.prepare(scratch);
  const plant = plantOf(process.env["DRIFT_BENCH_PLANT"]);
  const planted = plant === null ? () => operation.run() : plant.after(() => operation.run());
  const { samples, warmupCapped } = await timedLoop(planted, {
    warmupCapMs: 25,
    sampleMs: 30,
    leastSamples: 5,
    mostSamples: 30,
    clock: () => process.hrtime.bigint(),
  });
  await operation.close?.();
  process.stdout.write(`${JSON.stringify({ cases: [{ id, unit: "ns", samples, warmupCapped }] })}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
