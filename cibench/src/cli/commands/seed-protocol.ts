/** `cibench seed-protocol`: eight tasks, 0 to 2 points each, with a tool and without it. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { CibenchError } from "../../errors.ts";
import { newestRun } from "../../newest-run.ts";
import { readRun } from "../../read-run.ts";
import { SeedProtocolOutput } from "../../schema/seed-protocol.ts";
import { protocolMarkdown, protocolText } from "../../seed-protocol/describe.ts";
import { measureProtocol } from "../../seed-protocol/measure.ts";
import { EXIT, type Io } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";
import { writeOutput, writeReadme } from "../output.ts";

interface ProtocolFlags {
  with: string;
  without: string;
  published: string;
  out?: string;
  seed: number;
  json: boolean;
}

export function addSeedProtocolCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const protocol = program
    .command("seed-protocol")
    .description("Eight tasks of 0 to 2 points, with a tool and without it, from stored runs (SEED-PROTOCOL.md).")
    .option("--with <run>", "a tool, whose newest stored run is taken, or a <runId>.json", "drift")
    .option("--without <run>", "the same of what one has without it", "grep")
    .option("--published <dir>", "where runs are stored", "results/published/cibench")
    .option("--out <file>", "write the record here, too")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: ProtocolFlags) => {
      const [of, without] = await Promise.all(
        [flags.with, flags.without].map(async (one) => readRun(await newestRun(one, flags.published))),
      );
      if (of === undefined || without === undefined) throw new Error("two runs were asked for");
      const output = SeedProtocolOutput.parse({
        schemaVersion: 1,
        command: `npm run --silent cibench -- seed-protocol --with ${flags.with} --without ${flags.without} --seed ${flags.seed}`,
        ...measureProtocol({ with: of, without }, flags.seed),
      });
      const text = `${JSON.stringify(output, null, 2)}\n`;
      if (flags.out !== undefined) await writeOutput(flags.out, text);
      io.stdout(flags.json ? text : protocolText(output));
      finish(output.points.with === null || output.points.without === null ? EXIT.nothingMeasured : EXIT.fine);
    });
  protocol
    .command("show")
    .description("The table of a record that --out wrote.")
    .argument("[file]", "the record", "results/long/seed-protocol.json")
    .option("--readme <file>", "write the table between the markers of this file")
    .action(async (file: string, { readme }: { readme?: string }) => {
      const output = await readProtocol(file);
      if (readme !== undefined) await writeReadme(readme, "seed protocol", protocolMarkdown(output));
      io.stdout(protocolText(output));
      finish(EXIT.fine);
    });
}

/** @throws CibenchError `REPORT_UNREADABLE` */
async function readProtocol(file: string): Promise<SeedProtocolOutput> {
  try {
    return SeedProtocolOutput.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new CibenchError("REPORT_UNREADABLE", `${file} is no record of the protocol`, {
      hint: 'Make one with "cibench seed-protocol --out <file>".',
      cause,
    });
  }
}
