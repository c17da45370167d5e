/** `cibench validate`: whether a file of answers has the form that it should have; nothing is scored. */
import type { Command } from "commander";
import { predictionsAdapter } from "../../adapters/predictions.ts";
import { DEFINITIONS } from "../../categories/all.ts";
import { drawTable } from "../../draw-table.ts";
import type { AnswerProblems } from "../../schema/answer.ts";
import { ValidateOutput } from "../../schema/validate.ts";
import { EXIT, type Io } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { corpusOption, jsonOption, offlineOption } from "../options.ts";

interface ValidateFlags {
  corpus: string;
  offline: boolean;
  json: boolean;
}

export function addValidateCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("validate")
    .description("Say what is wrong with the form of a file of answers, by kind; exit 1 if anything is.")
    .argument("<answers>", "one prediction a line, as for run --predictions")
    .addOption(corpusOption("all"))
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (file: string, flags: ValidateFlags) => {
      const output = ValidateOutput.parse({ schemaVersion: 1, corpora: await validate(file, flags, io) });
      io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : describe(output));
      finish(output.corpora.every(isClean) ? EXIT.fine : EXIT.no);
    });
}

type Validated = ValidateOutput["corpora"][number];

async function validate(file: string, { corpus, offline }: ValidateFlags, io: Io): Promise<Validated[]> {
  const adapter = predictionsAdapter({ name: "answers", file, version: "unknown" });
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: io.clock };
  const validated: Validated[] = [];
  const corpora = await loadCorpora(corpus, offline, io);
  for (const prepared of DEFINITIONS.flatMap(({ prepare }) => corpora.flatMap((one) => prepare(one) ?? []))) {
    const { category, task } = prepared;
    const asked = await prepared.ask(adapter, context, TEN_MINUTES_MS);
    if (asked.state === "unsupported") continue;
    validated.push({
      category,
      corpus: task.corpus,
      items: task.items.length,
      problems: asked.state === "answered" ? asked.problems : null,
      notRun: asked.state === "answered" ? null : asked.reason,
    });
  }
  return validated;
}

const TEN_MINUTES_MS = 600_000;

/** To leave an item out is to be silent, which is a matter of score and not of form. */
function isClean({ problems }: Validated): boolean {
  return problems !== null && problems.malformed + problems.unasked + problems.repeated === 0;
}

function describe({ corpora }: ValidateOutput): string {
  const kindsOf = ({ kinds = {} }: AnswerProblems) =>
    Object.entries(kinds)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(", ");
  const rows = corpora.map(({ category, corpus, items, problems, notRun }) =>
    problems === null
      ? [category, corpus, items, "–", "–", "–", "–", notRun ?? ""]
      : [
          category,
          corpus,
          items,
          problems.unanswered,
          problems.unasked,
          problems.repeated,
          problems.malformed,
          kindsOf(problems),
        ],
  );
  const header = ["category", "corpus", "items", "left out", "not asked", "repeated", "malformed", "which are"];
  return `${drawTable(header, rows)}\n`;
}
