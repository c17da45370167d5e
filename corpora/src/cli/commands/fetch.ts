/** `corpora fetch`: brings corpora onto this computer. */
import type { Command } from "commander";
import { CorpusError } from "../../errors.ts";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  describeError,
  EXIT,
  type Finish,
  forEachCorpus,
  IDS,
  jsonOption,
  offlineOption,
  print,
} from "../world.ts";

export function addFetchCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command(`fetch ${IDS}`)
    .description("bring corpora onto this computer, verified by hash (default: all)")
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .addHelpText(
      "after",
      "\nExit code: 0 all are here, 3 at least one could not be had; the others are here all the same.",
    )
    .action(async (ids: string[], flags: CommonFlags) => {
      const fetched = await forEachCorpus(ids, world, async (id) =>
        bring(id, flags, world).catch((error: unknown) => {
          // One corpus that cannot be had must not keep the others waiting.
          if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
          world.stderr(describeError(error));
          finish(EXIT.missing);
          return null;
        }),
      );
      const here = fetched.filter((one) => one !== null);
      const records = here.map(({ spec, root, files }) => ({
        id: spec.id,
        version: spec.version,
        root,
        files: files.length,
      }));
      const lines = records.map((r) => `${r.id} ${r.version}  ${r.files} files under measure  ${r.root}`);
      print(world, flags, records, lines);
    });
}
