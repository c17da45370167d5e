/** `corpora list`: every corpus this checkout knows. */
import type { Command } from "commander";
import { describeSource } from "../../coordinate.ts";
import { type CorpusSpec, listCorpora, MANIFEST_ROOT } from "../../manifest.ts";
import { alignWords } from "../table.ts";
import { type CliWorld, type CommonFlags, jsonOption, print } from "../world.ts";

export function addListCommand(program: Command, world: CliWorld): void {
  program
    .command("list")
    .description("every corpus this checkout knows")
    .addOption(jsonOption())
    .action((flags: CommonFlags) => {
      const specs = listCorpora(world.manifestRoot ?? MANIFEST_ROOT);
      print(world, flags, specs, alignWords(specs.map(describeSpec)));
    });
}

function describeSpec(spec: CorpusSpec): string[] {
  const { id, version, kind, language, sizeClass, licence, split } = spec;
  return [id, version, kind, language, sizeClass, licence, split, describeSource(spec.source)];
}
