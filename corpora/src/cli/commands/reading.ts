/** `corpora reading`: items of derived truth that somebody reads, and what was found. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Command, Option } from "commander";
import { writeWhole } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import { betweenMarkers } from "../../markdown.ts";
import { Reading, ReadKind } from "../../readings/schema.ts";
import { keyOf, stockOf } from "../../readings/stock.ts";
import { readingRows, readingsMarkdown, summarizeReadings } from "../../readings/summary.ts";
import { drawByHash, keepVerdicts } from "../../readings/verdict.ts";
import { CANARY } from "../../truth/canary.ts";
import { drawTable } from "../table.ts";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  fetchOptions,
  jsonOption,
  offlineOption,
  print,
  wholeNumber,
} from "../world.ts";

interface DrawFlags extends CommonFlags {
  kind: ReadKind;
  count: number;
  seed: number;
  out?: string;
}

export function addReadingCommand(program: Command, world: CliWorld): void {
  const reading = program
    .command("reading")
    .description("items of derived truth that are read by hand: draw them, show how many are wrong");
  reading
    .command("draw")
    .description("draw items of one deriver at random; every verdict is null until somebody reads it")
    .addOption(new Option("--kind <deriver>", "whose items").choices(ReadKind.options).makeOptionMandatory())
    .addOption(new Option("--count <n>", "how many").argParser(wholeNumber(1, 100_000)).default(100))
    .addOption(new Option("--seed <n>", "what they are drawn by").argParser(wholeNumber(0, 2 ** 31 - 1)).default(1))
    .option(
      "--out <file>",
      "write them here instead of to standard output; verdicts of items that are as they were stay",
    )
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .action(async (flags: DrawFlags) => draw(flags, world));
  reading
    .command("show")
    .description("how many items were right and wrong, and the share that is wrong with its interval")
    .argument("[folder]", "where the readings are, one file each", "corpora/readings")
    .option("--readme <file>", "write the table between the markers of this file")
    .addOption(jsonOption())
    .action(async (folder: string, flags: CommonFlags & { readme?: string }) => {
      const record = summarizeReadings(await readReadings(folder));
      if (flags.readme !== undefined) await writeTable(flags.readme, readingsMarkdown(record));
      const { header, rows } = readingRows(record);
      print(world, flags, record, [drawTable(header, rows)]);
    });
  for (const command of reading.commands) command.copyInheritedSettings(program);
}

async function draw({ kind, count, seed, out, ...common }: DrawFlags, world: CliWorld): Promise<void> {
  const { env, manifestRoot } = fetchOptions(common, world);
  const stock = await stockOf(kind, {
    env,
    ...(manifestRoot === undefined ? {} : { manifestRoot }),
    bring: async (id) => bring(id, common, world),
  });
  if (stock.length === 0) {
    throw new CorpusError("CORPUS_TRUTH", `there are no items of ${kind}`, {
      hint: `"corpora stats --completeness" says what there is; "corpora derive" makes it.`,
    });
  }
  const before = out !== undefined && existsSync(out) ? (await readReading(out)).items : [];
  const items = keepVerdicts(drawByHash(stock, keyOf, { count, seed }), before, ({ hash }) => hash);
  const command = `npm run --silent corpora -- reading draw --kind ${kind} --count ${count} --seed ${seed}`;
  const record: Reading = { schemaVersion: 1, canary: CANARY, kind, command, seed, from: stock.length, items };
  const text = `${JSON.stringify(record, null, 2)}\n`;
  if (out === undefined) world.stdout(text);
  else await writeWhole(path.resolve(out), text);
}

/** By file name. @throws CorpusError `CORPUS_READING` */
async function readReadings(folder: string): Promise<Reading[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new CorpusError("CORPUS_READING", `there is no folder ${folder}`, {
      hint: "Name the folder that holds the readings.",
      cause,
    });
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  return await Promise.all(files.map((name) => readReading(path.join(folder, name))));
}

/** @throws CorpusError `CORPUS_READING` naming the file */
async function readReading(file: string): Promise<Reading> {
  try {
    return Reading.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new CorpusError("CORPUS_READING", `${file} is no reading`, {
      hint: 'Make one with "corpora reading draw --out <file>"; corpora/src/readings/schema.ts says its form.',
      cause,
    });
  }
}

/** @throws CorpusError `CORPUS_READING` when the file cannot be read or has no markers */
async function writeTable(file: string, table: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => "");
  const readme = betweenMarkers(text, "readings", table);
  if (readme === null) {
    throw new CorpusError("CORPUS_READING", `${file} has no markers for the table`, {
      hint: 'It needs "<!-- readings: generated by … -->" and "<!-- readings: end -->".',
    });
  }
  await writeWhole(path.resolve(file), readme);
}
