/** One process of a comparison of checkouts: runs every case quickly and prints the measurements as JSON. */
import { z } from "zod";
import { ENGINE_CASES } from "../../bench/engine.bench.ts";
import { inScratch } from "../scratch.ts";
import { runTinybench } from "./tinybench.ts";

const Input = z.array(z.strictObject({ corpus: z.string(), root: z.string() }));

const measurements = [];
for (const corpus of Input.parse(JSON.parse(process.argv[2] ?? "[]"))) {
  for (const benchCase of ENGINE_CASES) {
    measurements.push(await inScratch((scratch) => runTinybench(benchCase, { ...corpus, scratch }, "quick")));
  }
}
process.stdout.write(JSON.stringify(measurements));
