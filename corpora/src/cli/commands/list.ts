/** `corpora list`: every corpus this checkout knows. */
import type { Command } from "commander";
import { type CorpusSource, type CorpusSpec, listCorpora, MANIFEST_ROOT } from "../../manifest.ts";
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

/** Where a corpus comes from, in the words of its ecosystem. */
export function describeSource(source: CorpusSource): string {
  switch (source.type) {
    case "npm":
    case "pypi":
    case "crates":
      return `${source.type} ${source.name}`;
    case "go":
      return `go ${source.module}`;
    case "maven":
      return `maven ${source.group}:${source.artifact}`;
    case "debian":
      return `debian ${source.package}`;
    case "git":
      return `git ${source.url} at ${source.commit.slice(0, 12)}`;
    case "folder":
      return `folder ${source.path}`;
    case "generator":
    default:
      return `seed ${source.seed}, ${source.files} files`;
  }
}
