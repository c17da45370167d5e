/** `corpora derive`: the truth about every call, compared with what is stored, or a sample of it derived again. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { deriveCompletely } from "../../derive/call-graph.ts";
import { isStored } from "../../derive/load.ts";
import { CorpusError, reasonOf } from "../../errors.ts";
import { describeDiff, diffTruth, isDifferent, type TruthDiff } from "../../truth/diff.ts";
import { sampledTruth } from "../../truth/sample.ts";
import type { CallGraphTruth } from "../../truth/schema.ts";
import { statsOf } from "../../truth/stats.ts";
import { readStoredTruth, writeStoredTruth } from "../../truth/stored.ts";
import { shortened } from "../remarks.ts";
import { deriveReleaseDiffs, deriveRepositoryHistory } from "../derive-changes.ts";
import { deriveDeletions } from "../deletions.ts";
import { deriveMutationsOf } from "../mutations.ts";
import { deriveRulesOf } from "../rules.ts";
import { describeSample, type Kind, KINDS, recheckSample } from "../sample.ts";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  EXIT,
  fetchOptions,
  type Finish,
  forEachCorpus,
  IDS,
  jsonOption,
  offlineOption,
  print,
  reporter,
} from "../world.ts";

interface DeriveFlags extends CommonFlags {
  kind?: Kind;
  corpus: string[];
  mutants?: number;
  repo?: string;
  most: number;
  all?: boolean;
  sample?: boolean;
  seed: number;
  unsafe?: boolean;
  fresh?: boolean;
  write?: boolean;
}

/** What became of one corpus. */
interface Derived {
  truth: CallGraphTruth | null;
  diff: TruthDiff | null;
  lines: string[];
}

export function addDeriveCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command(`derive ${IDS}`)
    .description(
      "derive truth (about every call, unless told otherwise) and compare it with what is stored (default: all)",
    )
    .addOption(
      new Option(
        "--kind <kind>",
        "truth about calls (the default), what small changes break, dead code, what its own rules forbid, or what people changed: from one release to the next, or in their commits; for --sample all but that",
      ).choices(KINDS),
    )
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .option("--corpus <id>", "a corpus, as without the option", (id: string, before: string[]) => [...before, id], [])
    .option("--repo <folder>", "for --kind history: a git repository on this computer")
    .option("--most <n>", "how many of its commits are looked at, the newest first", parseCount, 1_000)
    .option(
      "--mutants <n>",
      "for --kind mutation: changes drawn for each corpus (default: as stored, else 120)",
      parseCount,
    )
    .option("--all", "every site of every corpus given, as without any option")
    .option("--fresh", "derive again even when the cache has it")
    .option("--write", "store what differs; without it nothing is changed")
    .option("--unsafe", "run the tests of corpora without a sandbox where none works: only code that you trust")
    .addOption(
      new Option("--sample", "derive a random sample of what is stored again, and compare item by item").conflicts([
        "all",
        "fresh",
        "write",
      ]),
    )
    .option("--seed <n>", "what the sample, or the changes of --kind mutation, are drawn by", parseSeed, 1)
    .addHelpText(
      "after",
      "\nExit code: 0 as stored, 1 something differs, 3 nothing could be compared or a corpus could not be had.",
    )
    .action(async (named: string[], flags: DeriveFlags) => {
      const ids = [...named, ...flags.corpus];
      if (flags.sample === true) {
        const record = await recheckSample(ids, flags, world);
        print(world, flags, record, describeSample(record));
        if (record.rechecks.some(({ differing }) => differing.length > 0)) finish(EXIT.no);
        else if (record.rechecks.every(({ items }) => items === 0)) finish(EXIT.missing);
        return;
      }
      if (flags.kind === "release-diff") {
        await deriveReleaseDiffs(ids, flags, world, finish);
        return;
      }
      if (flags.kind === "mutation") {
        finish(await deriveMutationsOf(ids, flags, world));
        return;
      }
      if (flags.kind === "deletion") {
        finish(await deriveDeletions(ids, flags, world));
        return;
      }
      if (flags.kind === "rule") {
        finish(await deriveRulesOf(ids, flags, world));
        return;
      }
      if (flags.kind === "history") {
        if (flags.repo === undefined || ids.length > 0) {
          program.error("error: --kind history needs --repo <folder> and no corpus");
        }
        await deriveRepositoryHistory(flags.repo, flags, world, finish);
        return;
      }
      const derived = await forEachCorpus(ids, world, async (id) => {
        const one = await deriveOne(id, flags, world);
        // A long run says what is done before it ends.
        world.stderr(`${one.lines.join("\n")}\n`);
        return one;
      });
      print(
        world,
        flags,
        derived.flatMap(({ truth }) => truth ?? []),
        derived.flatMap(({ lines }) => lines),
      );
      if (flags.write !== true && derived.some(({ diff }) => diff !== null && isDifferent(diff))) finish(EXIT.no);
      else if (derived.some(({ truth }) => truth === null)) finish(EXIT.missing);
    });
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("A whole number from 1 to a few million is needed.");
  return Number(text);
}

function parseSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("A whole number below a thousand million is needed.");
  return Number(text);
}

async function deriveOne(id: string, flags: DeriveFlags, world: CliWorld): Promise<Derived> {
  try {
    const fetched = await bring(id, flags, world);
    const options = {
      ...fetchOptions(flags, world),
      fresh: flags.fresh === true,
      unsafe: flags.unsafe === true,
      onProgress: reporter(world),
    };
    const { truth, incomplete } = await deriveCompletely(fetched, options);
    if (!isStored(fetched.spec)) return { truth, diff: null, lines: [summary(truth)] };
    const stored = sampledTruth(truth);
    const diff = diffTruth(await readStoredTruth(id, world.manifestRoot).catch(damaged), stored);
    return { truth, diff, lines: [summary(truth), await settle(diff, stored, incomplete, flags, world)] };
  } catch (error) {
    // One corpus that cannot be had must not keep the others waiting.
    if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
    return { truth: null, diff: null, lines: [`${id}: not run (${error.code}: ${reasonOf(error)})`] };
  }
}

/** Stores what differs if that was asked for, and says so. */
async function settle(
  diff: TruthDiff,
  stored: CallGraphTruth,
  incomplete: string | null,
  flags: DeriveFlags,
  world: CliWorld,
): Promise<string> {
  const said = describeDiff(diff);
  if (!isDifferent(diff)) return said;
  if (flags.write !== true) return `${said}\n  nothing was written; "derive ${diff.corpus} --write" stores it`;
  if (incomplete !== null) {
    throw new CorpusError("CORPUS_TRUTH", `the truth of ${diff.corpus} is not complete: ${incomplete}`);
  }
  await writeStoredTruth(stored, world.manifestRoot);
  return `${said}\n  stored`;
}

/** A damaged file is as good as none: it is written anew. */
function damaged(error: unknown): null {
  if (error instanceof CorpusError && error.code === "CORPUS_TRUTH") return null;
  throw error;
}

/** A corpus's truth in one line, and a line for each oracle that did not do everything. */
function summary(truth: CallGraphTruth): string {
  const { all, corpus, unknownShare, oracles } = statsOf(truth);
  const notes = oracles.flatMap(({ name, notRun }) => (notRun === null ? [] : [`\n  ${name}: ${shortened(notRun)}`]));
  const unknown = `${(100 * unknownShare).toFixed(1)} %`;
  return `${corpus}: ${all.sites} calls, must ${all.must}, closed ${all.closed}, traced ${all.traced}, unknown ${unknown}${notes.join("")}`;
}
