/** `cibench rescore` and `merge`: stored runs, scored again from their raw answers. */
import type { Command } from "commander";
import { readRecords, readReport } from "../../read-run.ts";
import { terminalReport } from "../../report.ts";
import { askedCorpora, compareRescored, mergeRuns, type RawRun, rescore } from "../../rescore.ts";
import type { Run } from "../../run.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import type { Report } from "../../schema/report.ts";
import { type RescoredRun, RescoreOutput } from "../../schema/rescore.ts";
import { rankings } from "../../scores/rank.ts";
import { writeRun } from "../../write-run.ts";
import { EXIT, type Io } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { jsonOption, offlineOption } from "../options.ts";

interface RescoreFlags {
  out?: string;
  corpus?: string;
  offline: boolean;
  json: boolean;
}

export function addRescoreCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("rescore")
    .description("Score stored runs again from their raw answers; exit 1 where the report is not the same bit for bit.")
    .argument("<runs...>", "<runId>.json files, with their items beside them")
    .option("--out <dir>", "write the reports as they are now here")
    .option("--corpus <ids>", "where the corpora are, if their ids do not say it (folders of your own)")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (files: string[], flags: RescoreFlags) => {
      const runs: RescoredRun[] = [];
      for (const file of files) {
        const { stored, now } = await again(file, flags, io);
        runs.push({ file, runId: stored.runId, ...compareRescored(stored, now.report) });
        if (flags.out !== undefined) io.stderr(`wrote ${await writeRun(flags.out, now)}\n`);
      }
      const output = RescoreOutput.parse({ schemaVersion: 1, runs });
      io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : runs.map(describeRun).join(""));
      finish(runs.every(({ state }) => state === "same") ? EXIT.fine : EXIT.no);
    });
  program
    .command("merge")
    .description("Put together runs of one tool on different corpora, as run --shard writes them.")
    .argument("<runs...>", "<runId>.json files, with their items beside them")
    .option("--out <dir>", "folder for <runId>.json and its items", ".drift/cibench")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (files: string[], flags: RescoreFlags & { out: string }) => {
      finish(await merge(files, flags, io));
    });
}

/** A stored run, and what its answers are worth now. */
export async function again(
  file: string,
  flags: Pick<RescoreFlags, "corpus" | "offline">,
  io: Io,
): Promise<{ stored: Report; now: Run }> {
  const stored = await readReport(file);
  const records = await readRecords(file, stored);
  const corpora = await loadCorpora(flags.corpus ?? askedCorpora(stored).join(","), flags.offline, io);
  return { stored, now: await rescore(stored, records, corpora) };
}

async function merge(files: readonly string[], flags: RescoreFlags & { out: string }, io: Io): Promise<number> {
  const runs: RawRun[] = [];
  for (const file of files) {
    const report = await readReport(file);
    runs.push({ report, records: await readRecords(file, report) });
  }
  const known = io.corpora.list().map(({ id }) => id);
  const ids = new Set(runs.flatMap(({ report }) => report.corpora.map(({ id }) => id)));
  // As one run would have had them.
  const order = [...ids].toSorted((a, b) => known.indexOf(a) - known.indexOf(b));
  const whole = await mergeRuns(runs, await loadCorpora(order.join(","), flags.offline, io));
  const path = await writeRun(flags.out, whole);
  io.stderr(`wrote ${path}\n`);
  const output = {
    schemaVersion: 1,
    reports: [whole.report],
    rankings: rankings([whole], whole.report.seed),
    files: [path],
  };
  io.stdout(
    flags.json
      ? `${JSON.stringify(RunOutput.parse(output), null, 2)}\n`
      : terminalReport(output.reports, output.rankings),
  );
  return EXIT.fine;
}

function describeRun({ runId, state, moved }: RescoredRun): string {
  const figure = (value: number | null) => value?.toFixed(4) ?? "none";
  const states = { same: "the same", "another-suite": "judged by other truth or rules now", differs: "NOT THE SAME" };
  const lines = moved.map((one) => `  ${one.category}, ${one.kind}: ${figure(one.stored)} is ${figure(one.now)} now\n`);
  return `${runId}: ${states[state]}\n${lines.join("")}`;
}
