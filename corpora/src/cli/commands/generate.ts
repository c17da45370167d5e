/** `corpora generate`: a layered project of any size, and its truth beside it. */
import path from "node:path";
import { type Command, Option } from "commander";
import { type Checked, checkProject } from "../../generate/layered/check.ts";
import { LayeredLanguage } from "../../generate/layered/language.ts";
import { PROJECT_FOLDER, TRUTH_FILE, writeLayered } from "../../generate/layered/write.ts";
import { Split } from "../../truth/split.ts";
import { type CliWorld, EXIT, type Finish, jsonOption, print, reporter, wholeNumber } from "../world.ts";

interface Flags {
  language: LayeredLanguage;
  files: number;
  seed: number;
  out: string;
  split?: Split;
  check?: boolean;
  json?: boolean;
}

export function addGenerateCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command("generate")
    .description("write a project of layered services in which facts are planted, and what is true of it beside it")
    .addOption(
      new Option("--language <language>", "what it is written in")
        .choices(LayeredLanguage.options)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--files <number>", "source files, tests included: 10 to 100000")
        .argParser(wholeNumber(10, 100_000))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--seed <number>", "the same seed gives the same bytes on every computer")
        .argParser(wholeNumber(0, 2 ** 31 - 1))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--out <folder>", `new or empty; it gets ${PROJECT_FOLDER}/ and ${TRUTH_FILE}`).makeOptionMandatory(),
    )
    .addOption(new Option("--split <split>", "plant only what belongs to this side").choices(Split.options))
    .addOption(new Option("--check", "build it, run its tests and start it, with the tools of its language"))
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nNothing needs to be installed beside Node, Python, Go or Java itself.\n\n" +
        "Exit code: 0 it is written (and passes --check), 1 a check failed, 3 its tools are missing.",
    )
    .action(async (flags: Flags) => {
      const { language, files, seed, split = null } = flags;
      const out = path.resolve(flags.out);
      const written = await writeLayered(out, { language, files, seed, split }, reporter(world));
      const facts = Object.entries(written.facts).sort(([a], [b]) => (a < b ? -1 : 1));
      const checked =
        flags.check === true
          ? await checkProject(language, path.join(out, PROJECT_FOLDER), { scratch: out, env: world.env })
          : null;
      print(world, flags, { schemaVersion: 1, out, ...written, checked }, [
        `${written.files} files in ${path.join(out, PROJECT_FOLDER)}`,
        ...facts.map(([fact, count]) => `  ${fact}: ${count}`),
        ...(checked === null ? [] : describe(checked)),
      ]);
      if (checked !== null && checked.missing !== null) finish(EXIT.missing);
      else if (checked?.steps.some(({ passed }) => !passed) === true) finish(EXIT.no);
    });
}

function describe({ missing, steps }: Checked): string[] {
  if (missing !== null) return [`not checked: ${missing}`];
  return steps.flatMap(({ command, seconds, passed, tail }) => [
    `${passed ? "passed" : "FAILED"} in ${seconds.toFixed(1)} s: ${command}`,
    ...(passed ? [] : [tail]),
  ]);
}
