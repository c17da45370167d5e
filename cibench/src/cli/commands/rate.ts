/** `cibench study` and `rate`: people judge answers, blind. */
import { type Command, InvalidArgumentError } from "commander";
import { serveRating } from "../../rating/server.ts";
import { readRun } from "../../read-run.ts";
import { Study } from "../../schema/rating.ts";
import { drawStudy } from "../../validation/draw-study.ts";
import { readStudy } from "../../validation/ratings-file.ts";
import { EXIT, type Io } from "../io.ts";
import { countArgument, seedOption } from "../options.ts";
import { writeOutput } from "../output.ts";

interface StudyFlags {
  count: number;
  name: string;
  out: string;
  key: string;
  seed: number;
}

interface RateFlags {
  study: string;
  rater: string;
  out: string;
  port: number;
}

export function addRateCommands(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("study")
    .description(
      "Draw answers of stored runs for people to rate; the tools, and what the scorer thinks, go into the key alone.",
    )
    .argument("<runs...>", "<runId>.json files, with their items beside them")
    .requiredOption("--out <file>", "the study, for raters")
    .requiredOption("--key <file>", "scores and tools of its items, for cibench agreement --scores")
    .option("--count <n>", "answers at most, categories in turn", countArgument, 60)
    .option("--name <name>", "what the study is called", studyName, "answers")
    .addOption(seedOption())
    .action(async (files: string[], { count, name, out, key: keyFile, seed }: StudyFlags) => {
      const drawn = drawStudy(await Promise.all(files.map(readRun)), { count, name, seed });
      await writeOutput(out, `${JSON.stringify(Study.parse(drawn.study), null, 2)}\n`);
      await writeOutput(keyFile, drawn.key.map((line) => `${JSON.stringify(line)}\n`).join(""));
      io.stdout(`${drawn.study.items.length} answers in ${out}; keep ${keyFile} from who rates them\n`);
      finish(EXIT.fine);
    });
  program
    .command("rate")
    .description("Serve a page on this computer in which one person rates a study; it goes on where it was left.")
    .requiredOption("--study <file>", "what is rated, as cibench study writes it")
    .requiredOption("--rater <name>", "a pseudonym: small letters, digits and dashes", raterName)
    .requiredOption("--out <file>", "ratings, a line each; new ones are added")
    .option("--port <n>", "0 takes any free one", portArgument, 0)
    .action(async ({ study, rater, out, port }: RateFlags) => {
      const server = await serveRating({ study: await readStudy(study), file: out, rater, port, now: io.now });
      io.stderr(`${server.url} is open for ${rater}; Ctrl-C ends it, and every rating is in ${out} by then\n`);
      await io.interrupted();
      await server.close();
      finish(EXIT.fine);
    });
}

function studyName(text: string): string {
  if (!Study.shape.study.safeParse(text).success) {
    throw new InvalidArgumentError("It must be small letters, digits and dashes, 60 at most.");
  }
  return text;
}

function raterName(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) {
    throw new InvalidArgumentError("It must be small letters, digits and dashes, 40 at most.");
  }
  return text;
}

function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("It must be a port, 0 to 65535.");
  return port;
}
