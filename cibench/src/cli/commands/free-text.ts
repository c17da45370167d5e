/** `cibench free-text`: answers in words against concepts, and how far their scorer can be trusted. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { drawTable } from "../../draw-table.ts";
import { CibenchError } from "../../errors.ts";
import { PHRASINGS } from "../../probes/free-text/phrasings.ts";
import { breakQuestions, callQuestions } from "../../probes/free-text/questions.ts";
import { scoreFreeText } from "../../probes/free-text/score.ts";
import { type ReadAnswer, readComposed, validateFreeText } from "../../probes/free-text/validate.ts";
import {
  FreeTextAnswer,
  type FreeTextAgreement,
  FreeTextOutput,
  FreeTextRubric,
  FreeTextValidation,
} from "../../schema/free-text.ts";
import { EXIT, type Io } from "../io.ts";
import { countArgument, jsonOption, seedOption } from "../options.ts";
import { writeReadme } from "../output.ts";
import { readTruth } from "../read-truth.ts";

interface ScoreFlags {
  rubrics: string;
  answers: string;
  json: boolean;
}

interface ValidateFlags {
  truth: string[];
  count: number;
  seed: number;
  readme?: string;
  json: boolean;
}

export function addFreeTextCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const freeText = program.command("free-text").description("Answers in words: what they affirm, deny and leave out.");
  freeText
    .command("score")
    .description("Score answers by required, expected and wrong concepts; what is not answered is worth 0.")
    .requiredOption("--rubrics <file>", "a line of JSON for each question: free-text-rubric below src/schema/json/")
    .requiredOption("--answers <file>", 'a line of {"itemId": "...", "text": "..."} each; of several the first counts')
    .addOption(jsonOption())
    .action(async (flags: ScoreFlags) => {
      const output = await score(flags);
      const rows = output.items.map(({ itemId, verdict, score: worth, concepts }) => {
        const states = concepts.map(({ id, role, state }) => `${role} ${id}: ${state}`).join(", ");
        return [itemId, verdict, worth.toFixed(3), states];
      });
      const table = drawTable(["item", "verdict", "score", "concepts"], rows);
      io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : `${table}\nmean ${output.score.toFixed(3)}\n`);
      finish(EXIT.fine);
    });
  freeText
    .command("validate")
    .description(
      "Let the scorer read answers composed of true, false, denied and hedged statements about what was executed.",
    )
    .requiredOption("--truth <files...>", "truth about calls or changes, as corpora stores it; of split fit")
    .option("--count <n>", "questions of each file", countArgument, 8)
    .option("--readme <file>", "put the table into this file")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: ValidateFlags) => {
      const output = await validate(flags);
      if (flags.readme !== undefined) await writeReadme(flags.readme, "free text", validationMarkdown(output));
      io.stdout(
        flags.json ? `${JSON.stringify(output, null, 2)}\n` : `${drawTable(HEADER, output.parts.map(rowOf))}\n`,
      );
      finish(EXIT.fine);
    });
  for (const command of freeText.commands) command.copyInheritedSettings(program);
}

async function score({ rubrics: rubricFile, answers: answerFile }: ScoreFlags): Promise<FreeTextOutput> {
  const rubrics = await linesOf(rubricFile, FreeTextRubric);
  const texts = new Map<string, string>();
  for (const { itemId, text } of await linesOf(answerFile, FreeTextAnswer)) {
    if (!texts.has(itemId)) texts.set(itemId, text);
  }
  const items = rubrics.map((rubric) => scoreFreeText(rubric, texts.get(rubric.itemId) ?? ""));
  const total = items.reduce((sum, one) => sum + one.score, 0);
  return FreeTextOutput.parse({ schemaVersion: 1, score: total / items.length, items });
}

async function validate({ truth: files, count, seed }: ValidateFlags): Promise<FreeTextValidation> {
  const truths = await Promise.all(files.map((file) => readTruth(file, "layered")));
  const questions = truths.flatMap(({ truth: { truth, changes } }) => [
    ...(truth == null ? [] : callQuestions(truth, count)),
    ...(changes == null ? [] : breakQuestions(changes.truth, count)),
  ]);
  if (questions.length === 0) {
    throw new CibenchError("NO_CORPORA", "nothing in these files was executed and has one answer", {
      hint: 'Give "corpora/real/<id>/truth/call-graph.json.gz" of a corpus whose tests were traced.',
    });
  }
  const [read, strict] = [false, true].map((isStrict) => readComposed(questions, PHRASINGS, { isStrict })) as [
    ReadAnswer[],
    ReadAnswer[],
  ];
  return FreeTextValidation.parse(validateFreeText(questions, { read, strict }, seed));
}

/** @throws CibenchError `LINES_UNREADABLE` */
async function linesOf<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  try {
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) throw new Error("there is no line in it");
    return lines.map((line) => schema.parse(JSON.parse(line)));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new CibenchError("LINES_UNREADABLE", `${path} cannot be read: ${why}`, {
      hint: "Their forms are free-text-rubric and free-text-answer below src/schema/json/.",
      cause,
    });
  }
}

const HEADER = ["answers", "number", "agree", "kappa, right or not", "95 % interval", "kappa, states"];

function rowOf(part: FreeTextAgreement): string[] {
  const { answers, agreement, kappa, kappaLow, kappaHigh, stateKappa } = part;
  const figure = (value: number | null) => value?.toFixed(3) ?? "–";
  return [
    part.part,
    `${answers}`,
    agreement === null ? "–" : `${(100 * agreement).toFixed(1)} %`,
    figure(kappa),
    kappaLow === null ? "–" : `${figure(kappaLow)} to ${figure(kappaHigh)}`,
    figure(stateKappa),
  ];
}

function validationMarkdown({ items, corpora, parts }: FreeTextValidation): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...parts.map(rowOf)].map((cells) => `| ${cells.join(" | ")} |`);
  return [`${items} questions about ${corpora.join(", ")}.`, "", ...rows].join("\n");
}
