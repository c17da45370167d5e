/** `corpora add`: writes the manifest of a package. */
import type { Command } from "commander";
import { type Added, addCorpus } from "../../add.ts";
import { COORDINATE_FORMS, parseCoordinate } from "../../coordinate.ts";
import {
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  fetchOptions,
  jsonOption,
  print,
  reporter,
} from "../world.ts";

interface AddFlags extends CommonFlags {
  id?: string;
  family?: string;
}

export function addAddCommand(program: Command, world: CliWorld): void {
  program
    .command("add <coordinate>")
    .description("fetch a package once and write its manifest, hashes and guesses included")
    .option("--id <id>", "small letters, digits and dashes (default: from the name)")
    .option("--family <name>", "shared by all versions, variants and forks of one code base (default: the id)")
    .addOption(jsonOption())
    .addOption(cacheDirOption())
    .addHelpText("after", `\nCoordinates:\n  ${COORDINATE_FORMS.join("\n  ")}`)
    .action(async (coordinate: string, flags: AddFlags) => {
      const added = await addCorpus(parseCoordinate(coordinate, process.cwd()), {
        ...fetchOptions(flags, world),
        ...(flags.id === undefined ? {} : { id: flags.id }),
        ...(flags.family === undefined ? {} : { family: flags.family }),
        onProgress: reporter(world),
      });
      print(world, flags, added, [report(added)]);
    });
}

function report({ file, found, couldNot, next }: Added): string {
  return [
    `Wrote ${file}`,
    ...[...found, ...couldNot].map((note) => `  ${note}`),
    "Still to decide:",
    ...next.map((step) => `  - ${step}`),
  ].join("\n");
}
