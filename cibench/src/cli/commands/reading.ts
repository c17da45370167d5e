/** `cibench reading`: edges that somebody reads, and what was read. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { keepVerdicts } from "@drift/corpora";
import type { Command } from "commander";
import { driftGraph, driftVersion } from "../../adapters/drift.ts";
import { drawTable } from "../../draw-table.ts";
import { CibenchError } from "../../errors.ts";
import { readingRows, readingsMarkdown } from "../../readings/describe.ts";
import { drawEdges, edgeKey } from "../../readings/draw.ts";
import { summarizeReadings } from "../../readings/summary.ts";
import { Reading, ReadingOutput } from "../../schema/reading.ts";
import { EXIT, type Io } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { countArgument, jsonOption, offlineOption, seedOption } from "../options.ts";
import { writeOutput, writeReadme } from "../output.ts";

interface DrawFlags {
  corpus: string;
  count: number;
  seed: number;
  out?: string;
  offline: boolean;
}

export function addReadingCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const reading = program
    .command("reading")
    .description(
      "Edges of Drift read by hand, where neither compilers nor tests know: draw them, show what was found.",
    );
  reading
    .command("draw")
    .description("Draw edges to functions of the corpus at random; every verdict is null until somebody reads it.")
    .requiredOption("--corpus <id>", "one corpus")
    .option("--count <n>", "how many", countArgument, 100)
    .addOption(seedOption())
    .option("--out <file>", "write them here instead of to standard output; verdicts that are there stay")
    .addOption(offlineOption())
    .action(async (flags: DrawFlags) => {
      await draw(flags, io);
      finish(EXIT.fine);
    });
  reading
    .command("show")
    .description("Precision of what was read, with its interval.")
    .argument("[folder]", "where the readings are, one file each", "cibench/readings")
    .option("--readme <file>", "write the table between the markers of this file")
    .addOption(jsonOption())
    .action(async (folder: string, { readme, json }: { readme?: string; json: boolean }) => {
      const output = ReadingOutput.parse(summarizeReadings(await readReadings(folder)));
      if (readme !== undefined) await writeReadme(readme, "readings", readingsMarkdown(output));
      io.stdout(
        json
          ? `${JSON.stringify(output, null, 2)}\n`
          : `${drawTable(readingRows(output).header, readingRows(output).rows)}\n`,
      );
      finish(EXIT.fine);
    });
  for (const command of reading.commands) command.copyInheritedSettings(program);
}

async function draw({ corpus, count, seed, out, offline }: DrawFlags, io: Io): Promise<void> {
  const [loaded] = await loadCorpora(corpus, offline, io);
  if (loaded === undefined) return;
  const { fetched, truth } = loaded;
  if (truth === null) {
    throw new CibenchError("NO_CORPORA", `${fetched.spec.id} is not asked about calls`, {
      hint: "Edges are read of corpora with truth about calls.",
    });
  }
  const graph = await driftGraph(fetched.root);
  const linesOf = (file: string): string[] => readFileSync(join(fetched.root, file), "utf8").split(/\r\n|[\n\r]/);
  const { from, edges } = drawEdges({ graph, files: new Set(truth.files), count, seed, linesOf });
  const before = out !== undefined && existsSync(out) ? (await readReading(out)).edges : [];
  const record = Reading.parse({
    schemaVersion: 1,
    corpus: { id: fetched.spec.id, version: fetched.spec.version },
    tool: { name: "drift", version: await driftVersion() },
    command: `npm run --silent cibench -- reading draw --corpus ${corpus} --count ${count} --seed ${seed}`,
    seed,
    from,
    edges: keepVerdicts(edges, before, edgeKey),
  });
  const text = `${JSON.stringify(record, null, 2)}\n`;
  if (out === undefined) io.stdout(text);
  else await writeOutput(out, text);
}

/** @throws CibenchError `READINGS_UNREADABLE` */
async function readReadings(folder: string): Promise<Reading[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new CibenchError("READINGS_UNREADABLE", `there is no folder ${folder}`, {
      hint: "Name the folder that holds the readings.",
      cause,
    });
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  return await Promise.all(files.map((name) => readReading(join(folder, name))));
}

/** @throws CibenchError `READINGS_UNREADABLE` naming the file */
async function readReading(file: string): Promise<Reading> {
  try {
    return Reading.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new CibenchError("READINGS_UNREADABLE", `${file} is no reading`, {
      hint: 'Make one with "cibench reading draw --out <file>"; src/schema/json/reading.schema.json says its form.',
      cause,
    });
  }
}
