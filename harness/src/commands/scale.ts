/** `npm run long:scale`: projects of up to 100,000 files; adds to `results/long/scale.json` row by row. */
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { inScratch } from "../scratch.ts";
import { createProgress } from "../progress.ts";
import { readLongFile, ScaleRecord, writeLongFile } from "../store/long-file.ts";
import { excessOf, measureScale, renderScale, type Shape } from "../suites/scale.ts";
import { type CommandContext, print } from "./context.ts";

export interface ScaleFlags {
  sizes: readonly number[];
  packages: number;
  seed: number;
  json: boolean;
}

/** How much more a file may cost in a large project than in a small one. */
const MOST_EXCESS = 0.15;

/** @throws DriftError `BAD_SIZES`, `GROWS_TOO_FAST` */
export async function scaleCommand(
  { sizes, packages, seed, json }: ScaleFlags,
  context: CommandContext,
): Promise<void> {
  if (sizes.length === 0 || sizes.some((size) => size < 10)) {
    throw new DriftError("BAD_SIZES", "scale needs sizes of at least 10 files", { hint: "Use --sizes 1000,50000." });
  }
  const folder = path.dirname(context.results.db);
  const { environment, commit } = await context.testbed();
  const head = {
    environment: `${environment.cpuModel}, ${environment.cores} cores, ${environment.os}, Node ${environment.nodeVersion}`,
    commit: commit.hash + (commit.dirty ? "+" : ""),
    seed,
  };
  const wanted: [Shape, number][] = sizes.flatMap((size): [Shape, number][] => [
    ["one", size],
    ["mixed", size],
  ]);
  if (packages > 0) wanted.push(["packages", packages]);
  const kept = readLongFile(folder, "scale", ScaleRecord);
  // What was measured with the same code and seed is not measured again: a call that was killed goes on.
  const rows = kept?.commit === head.commit && kept.seed === seed ? [...kept.rows] : [];
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin("scale");
  for (const [at, [shape, size]] of wanted.entries()) {
    if (rows.some((row) => row.shape === shape && row.size === size)) continue;
    phase.at(at, wanted.length, `${shape}, ${size}`);
    rows.push(await inScratch((scratch) => measureScale(shape, size, { seed, scratch })));
    writeLongFile(folder, "scale", ScaleRecord.parse({ schemaVersion: 1, ...head, rows }));
  }
  phase.end(`${rows.length} projects`);
  print(context, json, { schemaVersion: 1, ...head, rows }, () => renderScale(rows));
  const excess = Math.max(
    excessOf(rows, ({ cpuSeconds }) => cpuSeconds),
    excessOf(rows, ({ peakBytes }) => peakBytes),
  );
  if (excess > MOST_EXCESS) {
    throw new DriftError(
      "GROWS_TOO_FAST",
      `a file costs up to ${(100 * excess).toFixed(0)} % more in a larger project`,
    );
  }
}
