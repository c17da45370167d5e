/** `corpora derive --sample`: a random sample of the stored truth derived again. */
import { existsSync } from "node:fs";
import { z } from "zod";
import { deriveCallGraphTruth } from "../derive/call-graph.ts";
import { isStored } from "../derive/load.ts";
import { checkInputs, Recheck, recheckStatic, recheckTraced } from "../derive/recheck.ts";
import { recheckGenerated } from "../derive/recheck-generated.ts";
import { CorpusError, reasonOf } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { findCorpus } from "../manifest.ts";
import type { CallGraphTruth } from "../truth/schema.ts";
import { readStoredTruth, storedTruthFile } from "../truth/stored.ts";
import { bring, chosenIds, type CliWorld, type CommonFlags, fetchOptions, reporter } from "./world.ts";

/** The record of `corpora derive --sample --json`. */
export const SampleRecord = z.strictObject({
  schemaVersion: z.literal(1),
  seed: z.int().nonnegative(),
  rechecks: z.array(Recheck),
});
export type SampleRecord = z.infer<typeof SampleRecord>;

/** Asks every oracle of every corpus given, two at a time. */
export async function recheckSample(
  ids: readonly string[],
  flags: CommonFlags & { seed: number; unsafe?: boolean },
  world: CliWorld,
): Promise<SampleRecord> {
  const options = {
    ...fetchOptions(flags, world),
    seed: flags.seed,
    unsafe: flags.unsafe === true,
    onProgress: reporter(world),
  };
  const rechecks: Recheck[] = [];
  const ready: { fetched: FetchedCorpus; truth: CallGraphTruth }[] = [];
  for (const id of chosenIds(ids, world)) {
    try {
      const spec = findCorpus(id, world.manifestRoot);
      // Nothing is asked about a corpus without truth; `lint` and `stats` name it.
      if (isStored(spec) && !existsSync(storedTruthFile(id, world.manifestRoot))) continue;
      const fetched = await bring(id, flags, world);
      if (!isStored(fetched.spec)) {
        const truth = await deriveCallGraphTruth(fetched, options);
        rechecks.push(await recheckGenerated(fetched, truth, options));
        continue;
      }
      const truth = await readStoredTruth(id, world.manifestRoot);
      if (truth === null) throw new CorpusError("CORPUS_TRUTH", "no truth is stored");
      const differing = await checkInputs(fetched, truth);
      if (differing.length === 0) ready.push({ fetched, truth });
      else rechecks.push({ corpus: id, oracle: "compiler", items: 0, differing, notRun: null });
    } catch (error) {
      if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
      rechecks.push({ corpus: id, oracle: "compiler", items: 0, differing: [], notRun: reasonOf(error) });
    }
  }
  const recheck = async (
    { fetched, truth }: (typeof ready)[number],
    oracle: Recheck["oracle"],
    ask: typeof recheckTraced,
  ): Promise<void> => {
    try {
      const one = await ask(fetched, truth, options);
      if (one !== null) rechecks.push(one);
    } catch (error) {
      // What its tests need may not be at hand; the other corpora are asked all the same.
      if (!(error instanceof CorpusError)) throw error;
      rechecks.push({ corpus: fetched.spec.id, oracle, items: 0, differing: [], notRun: reasonOf(error) });
    }
  };
  // The largest first: what is taken last holds the end.
  const largestFirst = ready.toSorted((a, b) => b.truth.lines - a.truth.lines);
  const queue = [
    ...largestFirst.map((one) => () => recheck(one, "compiler", recheckStatic)),
    ...largestFirst.map((one) => () => recheck(one, "trace", recheckTraced)),
  ];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all([work(), work()]);
  rechecks.sort((a, b) => (`${a.corpus} ${a.oracle}` < `${b.corpus} ${b.oracle}` ? -1 : 1));
  return { schemaVersion: 1, seed: flags.seed, rechecks };
}

/** A line per oracle and corpus, then what differs. */
export function describeSample({ seed, rechecks }: SampleRecord): string[] {
  const differing = rechecks.flatMap((one) => one.differing);
  const items = rechecks.reduce((sum, one) => sum + one.items, 0);
  const notRun = rechecks.filter((one) => one.notRun !== null).length;
  return [
    ...rechecks.map(({ corpus, oracle, items: compared, differing: wrong, notRun }) =>
      notRun !== null
        ? `${corpus}, ${oracle}: not run (${notRun})`
        : `${corpus}, ${oracle}: ${compared} items derived again, ${wrong.length === 0 ? "as stored" : `${wrong.length} differ`}`,
    ),
    ...(differing.length === 0 ? [] : ["", "Not as stored:", ...differing.map((one) => `  ${one}`)]),
    "",
    `seed ${seed}: ${items} items derived again, ${differing.length} differ${notRun === 0 ? "" : `, ${notRun} oracles not run`}`,
  ];
}
