/** `corpora fetch`: brings corpora onto this computer. */
import type { Command } from "commander";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  forEachCorpus,
  IDS,
  jsonOption,
  offlineOption,
  print,
} from "../world.ts";

export function addFetchCommand(program: Command, world: CliWorld): void {
  program
    .command(`fetch ${IDS}`)
    .description("bring corpora onto this computer, verified by hash (default: all)")
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .action(async (ids: string[], flags: CommonFlags) => {
      const fetched = await forEachCorpus(ids, world, async (id) => bring(id, flags, world));
      const records = fetched.map(({ spec, root, files }) => ({
        id: spec.id,
        version: spec.version,
        root,
        files: files.length,
      }));
      const lines = records.map((r) => `${r.id} ${r.version}  ${r.files} files under measure  ${r.root}`);
      print(world, flags, records, lines);
    });
}
