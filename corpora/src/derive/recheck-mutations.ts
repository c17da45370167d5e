/** Makes one stored change again and looks whether it does what is stored: for a sample in a few seconds, for a dispute in full. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { FetchedCorpus } from "../fetch.ts";
import type { MutationItem, MutationTruth } from "../truth/mutation.ts";
import { inRandomOrder } from "../truth/sample.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import { cacheDirOf, inputsOf } from "./call-graph.ts";
import { allMutants, brokenIn } from "./mutation.ts";
import { withBench } from "./mutation/bench.ts";
import { mutated } from "./mutation/mutants.ts";
import type { Recheck, RecheckOptions } from "./recheck.ts";
import { findSandbox } from "./sandbox.ts";

const LIMIT_SECONDS = 120;

/**
 * Finds a random item's change again in its file, with the stored hashes. Where it broke the compiler the new errors must be those
 * stored. Where it was tested, one of the test files that were run, one with broken tests if there are any, must break the
 * stored tests and no others; of an item that is named all of them, as often as when it was derived.
 */
export async function recheckMutations(
  fetched: FetchedCorpus,
  truth: MutationTruth,
  options: RecheckOptions,
): Promise<Recheck> {
  const about = { corpus: truth.corpus, oracle: "mutation" as const };
  const { inputsSha256, context } = await inputsOf(fetched);
  const differing = [
    ...(truth.manifestSha256 === truthManifestSha256(fetched.spec) ? [] : ["the manifest changed since"]),
    ...(truth.inputsSha256 === inputsSha256 ? [] : ["it is about other files"]),
  ];
  if (differing.length > 0) return { ...about, items: 0, differing, notRun: null };
  const asked = options.item === undefined ? truth.items : truth.items.filter(({ id }) => id === options.item);
  const [item] = inRandomOrder(asked, options.seed);
  if (item === undefined) return { ...about, items: 0, differing, notRun: "it has no items" };
  const sandbox = await findSandbox(undefined, { unsafe: options.unsafe === true });
  if (sandbox === null) return { ...about, items: 0, differing, notRun: "no sandbox works on this computer" };
  const original = await readFile(path.join(fetched.root, item.file), "utf8");
  const mutants = await allMutants(fetched, new Map([[item.file, original]]), options.env);
  const mutant = mutants.find(({ id }) => id === item.id);
  if (mutant === undefined)
    return { ...about, items: 1, differing: [`${item.id}: no such change any more`], notRun: null };
  const text = mutated(original, mutant);
  if (sha256(original) !== item.before || sha256(text) !== item.after) differing.push(`${item.id}: another text`);
  if (item.effect === "compile-break") {
    const { createTypeCheck } = await import("./mutation/type-check.ts");
    const errors = createTypeCheck(fetched, context).newErrors(item.file, text);
    if (JSON.stringify(errors) !== JSON.stringify(item.diagnostics)) {
      differing.push(`${item.id}: the compiler says something else`);
    }
  } else differing.push(...(await runAgain(fetched, { item, text, truth }, { ...options, sandbox })));
  return { ...about, items: 1, differing, notRun: null };
}

async function runAgain(
  fetched: FetchedCorpus,
  { item, text, truth }: { item: MutationItem; text: string; truth: MutationTruth },
  options: RecheckOptions & { sandbox: NonNullable<Awaited<ReturnType<typeof findSandbox>>> },
): Promise<string[]> {
  const breaking = item.broken.map(({ file }) => file);
  const [drawn] = inRandomOrder(
    (breaking.length > 0 ? breaking : item.ran).map((number) => ({ id: String(number), number })),
    options.seed,
  );
  if (drawn === undefined) return [`${item.id}: it names no test file`];
  const [numbers, repeats] = options.item === undefined ? [[drawn.number], 1] : [item.ran, item.repeats];
  const names = new Map(numbers.map((number) => [truth.tests[number]?.file ?? "", truth.tests[number]?.names ?? []]));
  const files = [...names.keys()];
  const runs = await withBench(fetched, { ...options, cacheDir: cacheDirOf(options) }, async (bench) => {
    await bench.write(item.file, text);
    return bench.repeat(files, repeats, { limitSeconds: () => LIMIT_SECONDS });
  });
  const differing = runs.flatMap((run) => {
    if (run.problem !== null || run.endless.length > 0) {
      const [file] = run.endless.length > 0 ? run.endless : files;
      return [`${item.id}: ${file} does not come to its end (${run.problem ?? "it takes too long"})`];
    }
    const broken = new Map(brokenIn(run.outcomes, files, { stable: Object.fromEntries(names) }));
    return numbers.flatMap((number) => {
      const { file, names: tests } = truth.tests[number] ?? { file: "", names: [] };
      const stored = item.broken.find((one) => one.file === number)?.tests.map((test) => tests[test]) ?? [];
      const now = broken.get(file) ?? [];
      const same = JSON.stringify(now) === JSON.stringify(stored);
      return same ? [] : [`${item.id}: ${file} breaks ${now.length} tests, not the ${stored.length} that are stored`];
    });
  });
  return [...new Set(differing)];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
