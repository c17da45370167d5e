/** One process of a suite: `node corpus-once.ts <case> <input>` prints the samples of one case in the documented JSON. */
import { resolve } from "node:path";
import { inScratch } from "../src/scratch.ts";
import { runTinybench } from "../src/runners/tinybench.ts";
import { BOUNDARY_CASES } from "./boundary.bench.ts";
import { ENGINE_CASES } from "./engine.bench.ts";
import { inputFolder } from "./inputs.ts";

const [id = "", input = ""] = process.argv.slice(2);
const found = [...ENGINE_CASES, ...BOUNDARY_CASES].find((one) => one.id === id);
if (found === undefined || input === "") {
  process.stderr.write(found === undefined ? `there is no case "${id}"\n` : "say which input\n");
  process.exit(2);
}
const root = await inputFolder(input, resolve("."), process.env["DRIFT_CACHE_DIR"]);
const { samples } = await inScratch((scratch) => runTinybench(found, { corpus: input, root, scratch }, "quick"));
process.stdout.write(`${JSON.stringify({ cases: [{ id: `${id}/${input}`, unit: "ns", samples }] })}\n`);
