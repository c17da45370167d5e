/** `corpora verify`: whether the cache holds what the manifests pin. */
import type { Command } from "commander";
import { findCorpus } from "../../manifest.ts";
import { verifyCorpus } from "../../verify.ts";
import {
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  EXIT,
  fetchOptions,
  type Finish,
  forEachCorpus,
  IDS,
  jsonOption,
  print,
} from "../world.ts";

export function addVerifyCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command(`verify ${IDS}`)
    .description("say whether the cache holds what the manifests pin; nothing is fetched (default: all)")
    .addOption(jsonOption())
    .addOption(cacheDirOption())
    .addHelpText("after", "\nExit code: 0 all is well, 1 something is wrong, 3 something is not in the cache.")
    .action(async (ids: string[], flags: CommonFlags) => {
      const options = fetchOptions(flags, world);
      const verified = await forEachCorpus(ids, world, async (id) =>
        verifyCorpus(findCorpus(id, world.manifestRoot), options),
      );
      const lines = verified.map(({ id, state, problems }) =>
        [`${id}  ${state}`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
      );
      print(world, flags, verified, lines);
      if (verified.some(({ state }) => state === "wrong")) finish(EXIT.no);
      else if (verified.some(({ state }) => state === "absent")) finish(EXIT.missing);
    });
}
