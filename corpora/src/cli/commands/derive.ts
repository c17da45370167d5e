/** `corpora derive`: the truth about every call. */
import type { Command } from "commander";
import { deriveCallGraphTruth } from "../../derive/call-graph.ts";
import type { CallGraphTruth } from "../../truth/schema.ts";
import { statsOf, type TruthStats } from "../../truth/stats.ts";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  fetchOptions,
  forEachCorpus,
  IDS,
  jsonOption,
  offlineOption,
  print,
  reporter,
} from "../world.ts";

export interface DeriveFlags extends CommonFlags {
  fresh?: boolean;
}

export function addDeriveCommand(program: Command, world: CliWorld): void {
  program
    .command(`derive ${IDS}`)
    .description("derive the truth about every call, or read it from the cache (default: all)")
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .option("--fresh", "derive again even when the cache has it")
    .action(async (ids: string[], flags: DeriveFlags) => {
      const truths = await forEachCorpus(ids, world, async (id) => deriveOne(id, flags, world));
      const lines = truths.map((truth) => summary(statsOf(truth)));
      print(world, flags, truths, lines);
    });
}

/** Fetches a corpus and derives, or reads, its truth as the flags say. */
export async function deriveOne(id: string, flags: DeriveFlags, world: CliWorld): Promise<CallGraphTruth> {
  return deriveCallGraphTruth(await bring(id, flags, world), {
    ...fetchOptions(flags, world),
    fresh: flags.fresh === true,
    onProgress: reporter(world),
  });
}

/** A corpus's truth in one line, and a line for each oracle that did not do everything. */
export function summary(stats: TruthStats): string {
  const { all } = stats;
  const notes = stats.oracles.flatMap(({ name, notRun }) => (notRun === null ? [] : [`\n  ${name}: ${notRun}`]));
  const unknown = `${(100 * stats.unknownShare).toFixed(1)} %`;
  return `${stats.corpus}: ${all.sites} calls, must ${all.must}, closed ${all.closed}, traced ${all.traced}, unknown ${unknown}${notes.join("")}`;
}
