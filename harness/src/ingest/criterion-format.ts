/** criterion.rs: the folder below `CRITERION_HOME` or `target/criterion`, whose `new/sample.json` files hold raw samples. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import { badOutput, type IngestedCase, timed } from "./record.ts";

/** Iterations of each sample, and their time together in ns. */
const Sample = z.looseObject({
  iters: z.array(z.number().positive()).min(1),
  times: z.array(z.number().nonnegative()).min(1),
});
const Benchmark = z.looseObject({ full_id: z.string().min(1) });

/** Every benchmark below a folder, in the order of their paths. */
export function readCriterionFolder(folder: string): IngestedCase[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => file.replaceAll(path.sep, "/").endsWith("/new/sample.json"))
    .toSorted()
    .map((file) => {
      const { iters, times } = read(Sample, file);
      const { full_id: name } = read(Benchmark, path.join(path.dirname(file), "benchmark.json"));
      if (iters.length !== times.length)
        throw badOutput(file, 1, `${iters.length} counts of iterations and ${times.length} times`);
      return timed(
        name,
        times.map((time, i) => time / (iters[i] as number)),
      );
    });
}

function read<T>(schema: z.ZodType<T>, file: string): T {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  return readJsonAs({ text, name: file }, schema);
}
