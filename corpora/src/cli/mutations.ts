/** `corpora derive --kind mutation`, and the part of `corpora stats` about changes. */
import { isStored } from "../derive/load.ts";
import { DEFAULT_WANTED, deriveMutationTruth } from "../derive/mutation.ts";
import { CorpusError, reasonOf } from "../errors.ts";
import { findCorpus } from "../manifest.ts";
import { Effect, type MutationTruth, readStoredMutations, writeStoredMutations } from "../truth/mutation.ts";
import { type MutationStats, mutationStatsOf, type MutationTotals } from "../truth/mutation-stats.ts";
import { drawTable } from "./table.ts";
import {
  bring,
  chosenIds,
  type CliWorld,
  type CommonFlags,
  EXIT,
  fetchOptions,
  forEachCorpus,
  print,
  reporter,
} from "./world.ts";

interface Flags extends CommonFlags {
  seed: number;
  mutants?: number;
  unsafe?: boolean;
  fresh?: boolean;
  write?: boolean;
}

/**
 * Derives the truth about changes of the corpora given; without any, of those that have it already. What differs from
 * what is stored is listed, and stored with `--write`.
 *
 * @returns the exit code: 0 as stored, 1 something differs, 3 a corpus could not be had
 */
export async function deriveMutationsOf(ids: readonly string[], flags: Flags, world: CliWorld): Promise<number> {
  const chosen = ids.length > 0 ? ids : await withStored(world);
  const derived = await forEachCorpus(chosen, world, async (id) => {
    const one = await deriveOne(id, flags, world);
    world.stderr(`${one.lines.join("\n")}\n`);
    return one;
  });
  print(
    world,
    flags,
    derived.flatMap(({ truth }) => truth ?? []),
    derived.flatMap(({ lines }) => lines),
  );
  if (derived.some(({ differs }) => differs)) return EXIT.no;
  return derived.length === 0 || derived.some(({ truth }) => truth === null) ? EXIT.missing : EXIT.fine;
}

async function withStored(world: CliWorld): Promise<string[]> {
  const ids: string[] = [];
  for (const id of chosenIds([], world)) {
    if (isStored(findCorpus(id, world.manifestRoot)) && (await stored(id, world)) !== null) ids.push(id);
  }
  return ids;
}

/** A damaged file is as good as none: it is written anew. */
async function stored(id: string, world: CliWorld): Promise<MutationTruth | null> {
  return readStoredMutations(id, world.manifestRoot).catch((error: unknown) => {
    if (error instanceof CorpusError && error.code === "CORPUS_TRUTH") return null;
    throw error;
  });
}

async function deriveOne(
  id: string,
  flags: Flags,
  world: CliWorld,
): Promise<{ truth: MutationTruth | null; differs: boolean; lines: string[] }> {
  try {
    const fetched = await bring(id, flags, world);
    const before = isStored(fetched.spec) ? await stored(id, world) : null;
    const truth = await deriveMutationTruth(fetched, {
      ...fetchOptions(flags, world),
      seed: flags.seed,
      wanted: flags.mutants ?? before?.wanted ?? DEFAULT_WANTED,
      fresh: flags.fresh === true,
      unsafe: flags.unsafe === true,
      onProgress: reporter(world),
    });
    const lines = [summary(truth)];
    if (!isStored(fetched.spec)) return { truth, differs: false, lines };
    const differences = differencesOf(before, truth);
    if (differences.length === 0) return { truth, differs: false, lines: [...lines, `${id}: as stored`] };
    lines.push(...differences);
    if (flags.write === true) {
      await writeStoredMutations(truth, world.manifestRoot);
      lines.push("  stored");
    } else lines.push(`  nothing was written; "derive ${id} --kind mutation --write" stores it`);
    return { truth, differs: flags.write !== true, lines };
  } catch (error) {
    if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
    return { truth: null, differs: false, lines: [`${id}: not run (${error.code}: ${reasonOf(error)})`] };
  }
}

const SHOWN = 5;

/** Parts beside the changes whose difference is one of the truth; which version of a tool spoke is none. */
const PARTS = [
  "corpusVersion",
  "manifestSha256",
  "inputsSha256",
  "baseline",
  "candidates",
  "wanted",
  "dropped",
  "tests",
  "importers",
  "pairs",
] as const;

/** What is new, gone or other, in a line and the first few of each. */
function differencesOf(before: MutationTruth | null, after: MutationTruth): string[] {
  if (before === null) return [`${after.corpus}: nothing was stored, ${after.items.length} changes are new`];
  const old = new Map(before.items.map((item) => [item.id, JSON.stringify(item)]));
  const now = new Set(after.items.map(({ id }) => id));
  const gained = after.items.filter(({ id }) => !old.has(id)).map(({ id }) => `  + ${id}`);
  const lost = before.items.filter(({ id }) => !now.has(id)).map(({ id }) => `  - ${id}`);
  const changed = after.items
    .filter((item) => old.has(item.id) && old.get(item.id) !== JSON.stringify(item))
    .map(({ id }) => `  ~ ${id}`);
  const parts = PARTS.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
  if (gained.length + lost.length + changed.length + parts.length === 0) return [];
  const head = `${after.corpus}: ${gained.length} changes gained, ${lost.length} lost, ${changed.length} with another effect`;
  return [
    parts.length === 0 ? head : `${head}; also different: ${parts.join(", ")}`,
    ...[gained, lost, changed].flatMap((lines) => lines.slice(0, SHOWN)),
  ];
}

function summary(truth: MutationTruth): string {
  const { items, effects, pairs, dropped, tests } = mutationStatsOf(truth);
  const said = Effect.options.map((effect) => `${effect} ${effects[effect]}`).join(", ");
  const lost = `${dropped.unreadable} unreadable, ${dropped.disagreed} disagreed, ${dropped.endless} endless`;
  return `${truth.corpus}: ${items} changes (${said}), ${pairs.function + pairs.file} pairs, dropped ${lost}; ${tests.flaky} flaky tests left out`;
}

/** Tables by corpus and by operator, and the aims when all corpora were asked about. */
export function reportMutations(
  { corpora, total }: { corpora: readonly MutationStats[]; total: MutationTotals },
  ofAll: boolean,
): string {
  const kinds = Effect.options;
  return [
    "Changes of the corpora's own files, and what they did (pairs: of one function + of one file; hard: the import graph",
    "has F1 < 0.8; dropped: unreadable / runs disagreed / endless; flaky: tests left out)",
    drawTable(
      ["corpus", "changes", ...kinds, "pairs", "hard", "dropped", "tests", "flaky"],
      corpora.map(({ corpus, items, effects, pairs, hard, dropped, tests }) => [
        corpus,
        items,
        ...kinds.map((kind) => effects[kind]),
        `${pairs.function} + ${pairs.file}`,
        hard,
        `${dropped.unreadable} / ${dropped.disagreed} / ${dropped.endless}`,
        tests.stable,
        tests.flaky,
      ]),
    ),
    drawTable(
      ["operator", "changes", ...kinds],
      total.operators
        .filter(({ items }) => items > 0)
        .map(({ operator, items, effects }) => [operator, items, ...kinds.map((kind) => effects[kind])]),
    ),
    `Together: ${total.corpora} corpora, ${total.items} changes, ${total.pairs.function + total.pairs.file} contrastive pairs, ${total.hardTestBreaks} of ${total.effects["test-break"]} test breaks hard`,
    ...(ofAll ? total.aims.map(({ aim, value, holds }) => `  ${holds ? "yes" : "NO "}  ${aim}: ${value}`) : []),
  ].join("\n");
}
