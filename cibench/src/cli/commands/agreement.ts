/** `cibench agreement`: scores against human judgement. */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { z } from "zod";
import { drawTable } from "../../draw-table.ts";
import { CibenchError } from "../../errors.ts";
import { aboutAgreement, COEFFICIENTS, coefficientRows } from "../../report-agreement.ts";
import { AgreementOutput } from "../../schema/rating.ts";
import { readCodeSearchNet, readCosqa } from "../../validation/external.ts";
import { type HumanData, ratedStudy } from "../../validation/human-data.ts";
import { measureAgreement } from "../../validation/measure.ts";
import { readRatings, readScores, readStudy } from "../../validation/ratings-file.ts";
import { EXIT, type Io } from "../io.ts";
import { countArgument, jsonOption, seedOption } from "../options.ts";

const FORMATS = ["cibench", "cosqa", "codesearchnet"] as const;

interface AgreementFlags {
  ratings: string[];
  scores: string;
  format: (typeof FORMATS)[number];
  study?: string;
  pool?: number;
  language?: string;
  seed: number;
  json: boolean;
}

export function addAgreementCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("agreement")
    .description("Hold scores against what people say, beside how far people agree; exit 3 where there is no data.")
    .requiredOption("--ratings <files...>", "what people said")
    .requiredOption("--scores <file>", 'a line of {"itemId": "...", "score": 0.7} each')
    .addOption(new Option("--format <name>", "whose form the ratings have").choices(FORMATS).default("cibench"))
    .option("--study <file>", "what was rated; for ratings of cibench rate")
    .option("--pool <n>", "functions in the pool of cosqa, each a candidate for every query", countArgument)
    .option("--language <name>", "of codesearchnet: only pairs in this language")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: AgreementFlags) => {
      const data = await humanData(flags);
      const output = AgreementOutput.parse(measureAgreement(data, await readScores(flags.scores), flags.seed));
      io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : describe(output));
      finish(output.state === "measured" ? EXIT.fine : EXIT.nothingMeasured);
    });
}

async function humanData({ ratings: files, format, study, pool, language }: AgreementFlags): Promise<HumanData> {
  if (format === "cibench") {
    if (study === undefined) {
      throw new CibenchError("RATINGS_UNREADABLE", "ratings say nothing without their study", {
        hint: "Give the study that was rated as --study <file>.",
      });
    }
    const ratings = await Promise.all(files.map(readRatings));
    return ratedStudy(await readStudy(study), ratings.flat());
  }
  const [file = ""] = files;
  try {
    const text = await readFile(file, "utf8");
    return format === "cosqa" ? readCosqa(text, pool ?? null) : readCodeSearchNet(text, language ?? null);
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new CibenchError("RATINGS_UNREADABLE", `${file} does not have the form of ${format}: ${why}`, {
      hint: "The README says which form is read.",
      cause,
    });
  }
}

function describe(output: AgreementOutput): string {
  const rows = coefficientRows(output);
  const table = rows.length === 0 ? [] : [drawTable(COEFFICIENTS, rows)];
  return [...aboutAgreement(output), ...table, ""].join("\n");
}
