/** `cibench free-text`: answers in words against concepts, and how far their scorer can be trusted. */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { z } from "zod";
import { embedTexts } from "../../adapters/embedder.ts";
import { drawTable } from "../../draw-table.ts";
import { CibenchError } from "../../errors.ts";
import { PHRASINGS } from "../../probes/free-text/phrasings.ts";
import { breakQuestions, callQuestions } from "../../probes/free-text/questions.ts";
import { paraphraseBy } from "../../probes/free-text/paraphrase.ts";
import { type Paraphrase, scoreFreeText } from "../../probes/free-text/score.ts";
import { measureStudy, scoreStudy } from "../../probes/free-text/study.ts";
import { type ReadAnswer, readComposed, validateFreeText } from "../../probes/free-text/validate.ts";
import {
  FreeTextAnswer,
  type FreeTextAgreement,
  FreeTextOutput,
  FreeTextRubric,
  type FreeTextScore,
  FreeTextValidation,
} from "../../schema/free-text.ts";
import { FreeTextStudy } from "../../schema/free-text-study.ts";
import { EXIT, type Io } from "../io.ts";
import { addFreeTextDrawCommand } from "./free-text-draw.ts";
import { countArgument, jsonOption, seedOption } from "../options.ts";
import { writeReadme } from "../output.ts";
import { readTruth } from "../read-truth.ts";

interface ScoreFlags {
  rubrics: string;
  answers: string;
  embedder?: string;
  json: boolean;
}

interface ValidateFlags {
  truth: string[];
  count: number;
  seed: number;
  study?: string;
  embedder?: string;
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
    .addOption(embedderOption())
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
    .option(
      "--study <file>",
      "real answers with two labels each, as free-text-study says: cibench/free-text/study.json",
    )
    .addOption(embedderOption())
    .option("--readme <file>", "put the tables into this file")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: ValidateFlags) => {
      const output = await validate(flags);
      if (flags.readme !== undefined) {
        const section = output.embedder === null ? "free text" : "free text embedded";
        await writeReadme(flags.readme, section, validationMarkdown(output));
      }
      io.stdout(
        flags.json
          ? `${JSON.stringify(output, null, 2)}\n`
          : `${drawTable(HEADER, [...output.parts, ...(output.study?.parts ?? [])].map(rowOf))}\n`,
      );
      finish(EXIT.fine);
    });
  addFreeTextDrawCommand(freeText, io, finish);
  for (const command of freeText.commands) command.copyInheritedSettings(program);
}

function embedderOption(): Option {
  return new Option(
    "--embedder <command>",
    'a local embedding model, asked where no word decides: a program that reads lines of {"text": ...}, writes {"vector": [...]} for each',
  );
}

/** Asks the embedder about all that scoring wants to know; without one words alone decide. */
async function paraphraseOf(
  command: string | undefined,
  scoring: (paraphrase: Paraphrase) => unknown,
): Promise<Paraphrase | undefined> {
  if (command === undefined) return undefined;
  return paraphraseBy((texts) => embedTexts(texts, { command, timeoutMs: 600_000 }), scoring);
}

async function score({ rubrics: rubricFile, answers: answerFile, embedder }: ScoreFlags): Promise<FreeTextOutput> {
  const rubrics = await linesOf(rubricFile, FreeTextRubric);
  const texts = new Map<string, string>();
  for (const { itemId, text } of await linesOf(answerFile, FreeTextAnswer)) {
    if (!texts.has(itemId)) texts.set(itemId, text);
  }
  const scoreAll = (paraphrase?: Paraphrase): FreeTextScore[] =>
    rubrics.map((rubric) => scoreFreeText(rubric, texts.get(rubric.itemId) ?? "", paraphrase));
  const items = scoreAll(await paraphraseOf(embedder, scoreAll));
  const total = items.reduce((sum, one) => sum + one.score, 0);
  return FreeTextOutput.parse({ schemaVersion: 1, embedder: embedder ?? null, score: total / items.length, items });
}

async function validate({
  truth: files,
  count,
  seed,
  study: studyFile,
  embedder,
}: ValidateFlags): Promise<FreeTextValidation> {
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
  const answered = studyFile === undefined ? null : await readStudy(studyFile);
  const strictly = (paraphrase: Paraphrase): ReadAnswer[] => {
    if (answered !== null) scoreStudy(answered, true, paraphrase);
    return readComposed(questions, PHRASINGS, { isStrict: true, paraphrase });
  };
  const paraphrase = await paraphraseOf(embedder, strictly);
  const embedded = paraphrase === undefined ? null : strictly(paraphrase);
  const study = answered === null ? null : measureStudy(answered, seed, paraphrase);
  const composed = validateFreeText(questions, { read, strict, embedded }, seed);
  return FreeTextValidation.parse({ schemaVersion: 1, seed, embedder: embedder ?? null, ...composed, study });
}

/** @throws CibenchError `LINES_UNREADABLE` */
async function readStudy(path: string): Promise<FreeTextStudy> {
  try {
    return FreeTextStudy.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new CibenchError("LINES_UNREADABLE", `${path} cannot be read: ${why}`, {
      hint: "Its form is free-text-study below src/schema/json/.",
      cause,
    });
  }
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

/** With an embedding model only what it is asked about: rubrics that list what has to be said. */
function validationMarkdown({ embedder, items, corpora, parts, study }: FreeTextValidation): string {
  const table = (rows: readonly FreeTextAgreement[]): string[] =>
    [HEADER, HEADER.map(() => "---"), ...rows.map(rowOf)].map((cells) => `| ${cells.join(" | ")} |`);
  if (embedder !== null) {
    const strict = [...parts, ...(study?.parts ?? [])].filter(({ part }) => part.includes("strict"));
    return table(strict).join("\n");
  }
  const real =
    study === null
      ? []
      : [
          "",
          `Real answers to ${study.questions} questions about ${study.corpora.join(", ")}:`,
          "",
          ...table(study.parts),
        ];
  return [`${items} questions about ${corpora.join(", ")}.`, "", ...table(parts), ...real].join("\n");
}
