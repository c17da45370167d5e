/** `corpora derive --sample`: a random sample of the stored truth derived again. */
import { existsSync } from "node:fs";
import { z } from "zod";
import { deriveCallGraphTruth } from "../derive/call-graph.ts";
import { isStored } from "../derive/load.ts";
import { checkInputs, Recheck, recheckStatic, recheckTraced } from "../derive/recheck.ts";
import { drawChanges, recheckReleaseDiff } from "../derive/recheck-changes.ts";
import { recheckStoredDeletion } from "../derive/recheck-deletion.ts";
import { layeredSource } from "../derive/load-layered.ts";
import { recheckGenerated, recheckLayered } from "../derive/recheck-generated.ts";
import { recheckMutations } from "../derive/recheck-mutations.ts";
import { recheckRules } from "../derive/rule.ts";
import { missingToolchain } from "../derive/oracles.ts";
import { CorpusError, reasonOf } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { APART, findCorpus } from "../manifest.ts";
import { storedDeletionFile } from "../truth/deletion-schema.ts";
import { readStoredMutations, storedMutationsFile } from "../truth/mutation.ts";
import { readStoredRules, storedRulesFile } from "../truth/rule-schema.ts";
import { inRandomOrder } from "../truth/sample.ts";
import type { CallGraphTruth } from "../truth/schema.ts";
import { readStoredTruth, storedTruthFile } from "../truth/stored.ts";
import { bring, chosenIds, type CliWorld, type CommonFlags, fetchOptions, reporter } from "./world.ts";

/** The record of `corpora derive --sample --json`. */
export const SampleRecord = z.strictObject({
  schemaVersion: z.literal(2),
  seed: z.int().nonnegative(),
  /** From start to end, fetching included; what takes longest is to be known before it takes too long. */
  seconds: z.number().nonnegative(),
  rechecks: z.array(z.strictObject({ ...Recheck.shape, seconds: z.number().nonnegative() })),
});
export type SampleRecord = z.infer<typeof SampleRecord>;

type Sampled = SampleRecord["rechecks"][number];
type Options = Parameters<typeof recheckStatic>[2];

/** What truth is about. */
export const KINDS = ["call-graph", "mutation", "release-diff", "history", "deletion", "rule"] as const;
export type Kind = (typeof KINDS)[number];

/**
 * Asks every oracle of every corpus given, or those of one kind of truth, two at a time: static oracles mostly work within
 * this process and traces outside of it, so one works through those from the front while the other takes these from the
 * back.
 */
export async function recheckSample(
  ids: readonly string[],
  flags: CommonFlags & { seed: number; unsafe?: boolean; kind?: Kind },
  world: CliWorld,
): Promise<SampleRecord> {
  const options = {
    ...fetchOptions(flags, world),
    seed: flags.seed,
    unsafe: flags.unsafe === true,
    onProgress: reporter(world),
  };
  const started = performance.now();
  const rechecks: Sampled[] = [];
  const ask = async (corpus: string, oracle: Recheck["oracle"], recheck: () => Promise<Recheck | null>) => {
    const one = await timed(() => recheck().catch((error: unknown) => notRun(corpus, oracle, error)));
    if (one === null) return;
    rechecks.push(one);
    world.stderr(`${describeRecheck(one)}, ${one.seconds.toFixed(1)} s\n`);
  };
  const ready: { fetched: FetchedCorpus; truth: CallGraphTruth }[] = [];
  const generated: FetchedCorpus[] = [];
  const isAsked = (kind: Kind): boolean => flags.kind === undefined || flags.kind === kind;
  for (const id of drawApart(chosenIds(ids, world), ids.length > 0, flags.seed, world)) {
    if (!isAsked("call-graph")) continue;
    const spec = findCorpus(id, world.manifestRoot);
    // Nothing is asked about a corpus without truth; `lint` and `stats` name it.
    if (isStored(spec) && !existsSync(storedTruthFile(id, world.manifestRoot))) continue;
    const lacking = await missingToolchain(spec);
    if (lacking !== null) {
      const nothing = { corpus: id, items: 0, differing: [], notRun: lacking, lacksToolchain: true };
      for (const oracle of ["compiler", "trace"] as const) await ask(id, oracle, async () => ({ ...nothing, oracle }));
      continue;
    }
    const had = await get(id, flags, world).catch((error: unknown) => ({
      ...notRun(id, "compiler", error),
      // What fetches it is not installed, which is a part of what its language needs.
      ...(APART.has(spec.language) && error instanceof CorpusError && error.code === "CORPUS_CLIENT"
        ? { lacksToolchain: true }
        : {}),
    }));
    if ("oracle" in had) await ask(id, had.oracle, async () => had);
    else if (had.truth === null) generated.push(had.fetched);
    else ready.push({ fetched: had.fetched, truth: had.truth });
  }
  const mutated = isAsked("mutation") ? chosenIds(ids, world).filter((id) => hasMutations(id, world)) : [];
  const drawn = inRandomOrder(
    mutated.map((id) => ({ id })),
    flags.seed,
  );
  // The largest first at both ends: what is taken last holds the end.
  const largestFirst = ready.toSorted((a, b) => b.truth.lines - a.truth.lines);
  const queue = [
    ...largestFirst.map(
      ({ fetched, truth }) =>
        () =>
          ask(truth.corpus, "compiler", () => recheckStatic(fetched, truth, options)),
    ),
    ...drawn.slice(0, MUTATED_CORPORA).map(
      ({ id }) =>
        () =>
          ask(id, "mutation", () => recheckOneChange(id, flags, world, options)),
    ),
    ...generated.map((fetched) => () => ask(fetched.spec.id, "generator", () => recheckPlanted(fetched, options))),
    ...drawChanges(
      (isAsked("release-diff") ? chosenIds(ids, world) : []).map((id) => findCorpus(id, world.manifestRoot)),
      flags.seed,
    ).map((spec) => () => ask(spec.id, "release-diff", () => recheckReleaseDiff(spec, options))),
    ...inRandomOrder(
      (isAsked("deletion") ? chosenIds(ids, world) : []).filter((id) => hasDeletion(id, world)).map((id) => ({ id })),
      flags.seed,
    )
      .slice(0, DELETED_CORPORA)
      .map(
        ({ id }) =>
          () =>
            ask(id, "deletion", async () => recheckStoredDeletion(await bring(id, flags, world), options)),
      ),
    ...inRandomOrder(
      (isAsked("rule") ? chosenIds(ids, world) : []).filter((id) => hasRules(id, world)).map((id) => ({ id })),
      flags.seed,
    )
      .slice(0, RULED_CORPORA)
      .map(
        ({ id }) =>
          () =>
            ask(id, "rule", () => recheckStoredRules(id, flags, world, options)),
      ),
    ...largestFirst.toReversed().map(
      ({ fetched, truth }) =>
        () =>
          ask(truth.corpus, "trace", () => recheckTraced(fetched, truth, options)),
    ),
  ];
  const work = async (take: () => (() => Promise<void>) | undefined): Promise<void> => {
    for (let next = take(); next !== undefined; next = take()) await next();
  };
  await Promise.all([work(() => queue.shift()), work(() => queue.pop())]);
  rechecks.sort((a, b) => (`${a.corpus} ${a.oracle}` < `${b.corpus} ${b.oracle}` ? -1 : 1));
  return { schemaVersion: 2, seed: flags.seed, seconds: secondsSince(started), rechecks };
}

/** Of the languages that stand apart one corpus each, unless they were asked for by name: compilers take their time. */
function drawApart(all: readonly string[], isNamed: boolean, seed: number, world: CliWorld): string[] {
  const specs = all.map((id) => findCorpus(id, world.manifestRoot));
  const isApart = ({ kind, language }: (typeof specs)[number]): boolean => kind === "real" && APART.has(language);
  if (isNamed) return [...all];
  const drawn = [...Map.groupBy(specs.filter(isApart), ({ language }) => language).values()].flatMap((these) =>
    inRandomOrder(these, seed).slice(0, 1),
  );
  return specs.filter((spec) => !isApart(spec) || drawn.includes(spec)).map(({ id }) => id);
}

/** A corpus with its stored truth, null for a generated one; or what is wrong with that truth before anything is asked. */
async function get(
  id: string,
  flags: CommonFlags,
  world: CliWorld,
): Promise<{ fetched: FetchedCorpus; truth: CallGraphTruth | null } | Recheck> {
  const fetched = await bring(id, flags, world);
  if (!isStored(fetched.spec)) return { fetched, truth: null };
  const truth = await readStoredTruth(id, world.manifestRoot);
  if (truth === null) throw new CorpusError("CORPUS_TRUTH", "no truth is stored");
  const differing = await checkInputs(fetched, truth);
  return differing.length === 0
    ? { fetched, truth }
    : { corpus: id, oracle: "compiler", items: 0, differing, notRun: null };
}

async function recheckPlanted(fetched: FetchedCorpus, options: Options): Promise<Recheck> {
  if (layeredSource(fetched.spec) !== null) return recheckLayered(fetched);
  return recheckGenerated(fetched, await deriveCallGraphTruth(fetched, options), options);
}

/** Corpora of which one change is made again. */
const MUTATED_CORPORA = 4;

/** Corpora of whose dead code something is asked again. */
const DELETED_CORPORA = 1;

/** Corpora whose rules are asked about again. */
const RULED_CORPORA = 2;

function hasRules(id: string, world: CliWorld): boolean {
  return existsSync(storedRulesFile(id, world.manifestRoot));
}

async function recheckStoredRules(id: string, flags: CommonFlags, world: CliWorld, options: Options): Promise<Recheck> {
  const truth = await readStoredRules(id, world.manifestRoot);
  if (truth === null) throw new CorpusError("CORPUS_TRUTH", "no truth is stored");
  return recheckRules(await bring(id, flags, world), truth, options);
}

function hasDeletion(id: string, world: CliWorld): boolean {
  return existsSync(storedDeletionFile(id, world.manifestRoot));
}

function hasMutations(id: string, world: CliWorld): boolean {
  return existsSync(storedMutationsFile(id, world.manifestRoot));
}

async function recheckOneChange(id: string, flags: CommonFlags, world: CliWorld, options: Options): Promise<Recheck> {
  const truth = await readStoredMutations(id, world.manifestRoot);
  if (truth === null) throw new CorpusError("CORPUS_TRUTH", "no truth is stored");
  return recheckMutations(await bring(id, flags, world), truth, options);
}

/** One that cannot be asked, as what its tests need is not at hand: the others are asked all the same. */
function notRun(corpus: string, oracle: Recheck["oracle"], error: unknown): Recheck {
  if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
  return { corpus, oracle, items: 0, differing: [], notRun: reasonOf(error) };
}

async function timed(recheck: () => Promise<Recheck | null>): Promise<Sampled | null> {
  const started = performance.now();
  const one = await recheck();
  return one === null ? null : { ...one, seconds: secondsSince(started) };
}

/** To a thousandth. */
function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}

/** A line per oracle and corpus, then what differs. */
export function describeSample({ seed, seconds, rechecks }: SampleRecord): string[] {
  const differing = rechecks.flatMap((one) => one.differing);
  const items = rechecks.reduce((sum, one) => sum + one.items, 0);
  const missed = rechecks.filter((one) => one.notRun !== null).length;
  return [
    ...rechecks.map(describeRecheck),
    ...(differing.length === 0 ? [] : ["", "Not as stored:", ...differing.map((one) => `  ${one}`)]),
    "",
    `seed ${seed}: ${items} items derived again in ${seconds.toFixed(0)} s, ${differing.length} differ${missed === 0 ? "" : `, ${missed} oracles not run`}`,
  ];
}

function describeRecheck({ corpus, oracle, items, differing, notRun: why }: Recheck): string {
  if (why !== null) return `${corpus}, ${oracle}: not run (${why})`;
  return `${corpus}, ${oracle}: ${items} items derived again, ${differing.length === 0 ? "as stored" : `${differing.length} differ`}`;
}
