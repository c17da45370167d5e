/** `cibench corpus init`: makes a repository of one's own something to measure on. */
import { InitReport } from "@drift/corpora";
import type { Command } from "commander";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { jsonOption, offlineOption } from "../options.ts";

export function addCorpusCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const corpus = program.command("corpus").description("Measure on a repository of your own.");
  corpus
    .command("init")
    .description(
      "Find language, tests and history of a folder, derive the truth about its calls, and say what could not be done.",
    )
    .argument("<dir>", "the folder; only <dir>/.cibench/corpus.json is written")
    .option("--fresh", "derive again even when the cache has it, as after installing packages", false)
    .addOption(offlineOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExit code: 0 there is something to measure by, 3 there is nothing.")
    .action(async (dir: string, { offline, fresh, json }: { offline: boolean; fresh: boolean; json: boolean }) => {
      const show = progressPrinter(io);
      const report = await io.corpora.init(dir, {
        offline,
        fresh,
        onProgress: ({ phase, done, total }) => show(phase, done, total),
      });
      io.stdout(json ? `${JSON.stringify(InitReport.parse(report), null, 2)}\n` : inWords(report));
      finish((report.truth?.sites ?? 0) > 0 ? EXIT.fine : EXIT.nothingMeasured);
    });
}

function inWords({ manifest, found, couldNot, next }: InitReport): string {
  const part = (title: string, sentences: readonly string[]): string[] =>
    sentences.length === 0 ? [] : ["", title, ...sentences.map((sentence) => `  - ${printable(sentence)}`)];
  const head = manifest === null ? "Nothing was written." : `Wrote ${manifest}`;
  return `${[head, ...part("Found", found), ...part("Could not", couldNot), ...part("Next", next)].join("\n")}\n`;
}

/** Names of files and tests come from the folder, and a terminal obeys what some of them hold. */
function printable(sentence: string): string {
  return sentence.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
