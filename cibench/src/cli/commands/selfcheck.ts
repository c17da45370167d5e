/** `cibench selfcheck`: the scorer under attack. */
import type { Command } from "commander";
import { drawTable } from "../../draw-table.ts";
import { SelfCheckResult } from "../../schema/self-check.ts";
import { selfCheck } from "../../self-check.ts";
import { EXIT, type Io } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { corpusOption, jsonOption, offlineOption, seedOption } from "../options.ts";

interface SelfCheckFlags {
  corpus: string;
  seed: number;
  offline: boolean;
  json: boolean;
}

export function addSelfCheckCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("selfcheck")
    .description("Check that gold reaches 1, nothing reaches 0 and trivial answers reach their floor; exit 1 if not.")
    .addOption(corpusOption("synthetic"))
    .addOption(seedOption())
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async ({ corpus, seed, offline, json }: SelfCheckFlags) => {
      const corpora = await loadCorpora(corpus, offline, io);
      const result = SelfCheckResult.parse(await selfCheck({ corpora, seed }));
      io.stdout(json ? `${JSON.stringify(result, null, 2)}\n` : table(result));
      finish(result.passed ? EXIT.fine : EXIT.no);
    });
}

function table({ entries, passed }: SelfCheckResult): string {
  const figure = (value: number | null) => value?.toFixed(4) ?? "–";
  const rows = entries.map((entry) => [
    entry.category,
    entry.kind,
    entry.baseline,
    figure(entry.raw),
    figure(entry.expected),
    figure(entry.floor),
    figure(entry.score),
    entry.passed ? "ok" : "VIOLATED",
  ]);
  const header = ["category", "corpora", "answer", "raw", "expected", "floor", "score", "verdict"];
  return `${drawTable(header, rows)}\n${passed ? "The scorer holds." : "The scorer is broken: do not publish."}\n`;
}
