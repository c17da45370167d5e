/** `corpora add`: writes the manifest of a package. */
import { type Command, Option } from "commander";
import { type Added, addCorpus, addRelease } from "../../add.ts";
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
  releaseOf?: string;
}

export function addAddCommand(program: Command, world: CliWorld): void {
  program
    .command("add <coordinate>")
    .description("fetch a package once and write its manifest, hashes and guesses included")
    .option("--id <id>", "small letters, digits and dashes (default: from the name)")
    .option("--family <name>", "shared by all versions, variants and forks of one code base (default: the id)")
    .addOption(
      new Option("--release-of <corpus>", "pin it as an older version of this corpus instead").conflicts([
        "id",
        "family",
      ]),
    )
    .addOption(jsonOption())
    .addOption(cacheDirOption())
    .addHelpText("after", `\nCoordinates:\n  ${COORDINATE_FORMS.join("\n  ")}`)
    .action(async (coordinate: string, flags: AddFlags) => {
      const address = parseCoordinate(coordinate, process.cwd());
      const options = { ...fetchOptions(flags, world), onProgress: reporter(world) };
      if (flags.releaseOf !== undefined) {
        const { file, version, releases } = await addRelease(address, flags.releaseOf, options);
        print(world, flags, { file, version, releases }, [
          `Wrote ${file}: ${version}, one of ${releases} older versions`,
        ]);
        return;
      }
      const added = await addCorpus(address, {
        ...options,
        ...(flags.id === undefined ? {} : { id: flags.id }),
        ...(flags.family === undefined ? {} : { family: flags.family }),
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
