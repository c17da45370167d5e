/** `cibench dispute`: whoever holds the truth about an item wrong has it derived again. */
import { type Dispute, disputeItem } from "@drift/corpora";
import type { Command } from "commander";
import { CibenchError } from "../../errors.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { jsonOption, offlineOption } from "../options.ts";

export function addDisputeCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("dispute")
    .description(
      "Derive what is stored about one item again: a change is made and tested as often as the first time, a call resolved and the test that witnessed it traced. Exit code 1 when something comes out otherwise.",
    )
    .argument(
      "<item>",
      "corpus/item, the item as questions about calls or changes name it; a category may stand before",
    )
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (name: string, flags: { offline: boolean; json: boolean }) => {
      const { corpus, item } = named(name, new Set(io.corpora.list().map(({ id }) => id)));
      const show = progressPrinter(io);
      const options = {
        offline: flags.offline,
        onProgress: ({ phase, done, total }: { phase: string; done: number; total: number }) =>
          show(phase, done, total),
      };
      const dispute = await disputeItem(await io.corpora.fetch(corpus, options), item, options);
      io.stdout(flags.json ? `${JSON.stringify(dispute, null, 2)}\n` : `${described(dispute).join("\n")}\n`);
      finish({ stands: EXIT.fine, contradicted: EXIT.no, "not-run": EXIT.nothingMeasured }[dispute.verdict]);
    });
}

/** @throws CibenchError `UNKNOWN_CORPUS` */
function named(name: string, known: ReadonlySet<string>): { corpus: string; item: string } {
  const parts = name.split("/");
  const at = parts.slice(0, 2).findIndex((part) => known.has(part));
  const corpus = parts[at];
  if (corpus !== undefined) return { corpus, item: parts.slice(at + 1).join("/") };
  throw new CibenchError("UNKNOWN_CORPUS", `"${name}" names no corpus`, {
    hint: 'An item is named behind its corpus: "qs/lib/formats.js:10:9-10:20 return-nothing".',
  });
}

const VERDICTS: Record<Dispute["verdict"], string> = {
  stands: "The truth stands: all came out as stored.",
  contradicted: "The truth is contradicted: an erratum (errata.json of the corpus) takes these lines as its evidence.",
  "not-run": "Nothing could be derived again on this computer.",
};

function described({ corpus, item, verdict, rechecks }: Dispute): string[] {
  return [
    `${corpus}, ${item}`,
    ...rechecks.flatMap(({ oracle, differing, notRun }) => [
      `  ${oracle}: ${notRun === null ? (differing.length === 0 ? "as stored" : "otherwise") : `not run (${notRun})`}`,
      ...differing.map((line) => `    ${line}`),
    ]),
    VERDICTS[verdict],
  ];
}
