/** `corpora lint`: whether manifests, stored truth and errata are whole and right about their files. */
import type { Command } from "commander";
import { findCorpus } from "../../manifest.ts";
import { lintCorpora, type LintRecord } from "../../lint/lint.ts";
import {
  cacheDirOption,
  chosenIds,
  type CliWorld,
  type CommonFlags,
  EXIT,
  fetchOptions,
  type Finish,
  IDS,
  jsonOption,
  offlineOption,
  print,
  reporter,
} from "../world.ts";

export function addLintCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command(`lint ${IDS}`)
    .description("check that every position exists and every item is whole, and that nothing gives answers away")
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .addHelpText("after", "\nExit code: 0 no findings, 1 findings, 3 no corpus has truth.")
    .action(async (ids: string[], flags: CommonFlags) => {
      for (const id of ids) findCorpus(id, world.manifestRoot);
      const options = { ...fetchOptions(flags, world), onProgress: reporter(world) };
      const record = await lintCorpora(chosenIds(ids, world), options);
      print(world, flags, record, describe(record));
      if (record.findings.length > 0) finish(EXIT.no);
      else if (record.checked.corpora === 0) finish(EXIT.missing);
    });
}

function describe({ findings, without, notChecked, checked }: LintRecord): string[] {
  const { corpora, sites, definitions, errata } = checked;
  return [
    ...findings.map(({ corpus, rule, at, message }) => `${corpus === "" ? "all" : corpus} ${rule}: ${at}: ${message}`),
    ...without.map((corpus) => `${corpus}: no truth is stored, so nothing is asked about it`),
    ...notChecked.map(({ corpus, reason }) => `${corpus}: its files were not looked at (${reason})`),
    `${corpora} corpora, ${sites} sites, ${definitions} definitions, ${errata} errata: ${findings.length} findings`,
  ];
}
