/** `cibench calibration`: probabilities of Drift's edges, fitted on some corpora and measured on others. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { listingFinder } from "../../adapters/drift-propositions.ts";
import { driftGraph, driftVersion } from "../../adapters/drift.ts";
import { collectConformance, collectEdges } from "../../calibration/collect.ts";
import {
  calibrationMarkdown,
  describeCalibration,
  describeFit,
  describeLeaveOneOut,
} from "../../calibration/describe.ts";
import { type CorpusEdges, knownEdges } from "../../calibration/edges.ts";
import { fitTable } from "../../calibration/fit.ts";
import { leaveOneOut } from "../../calibration/leave-one-out.ts";
import { type ListedCorpus, unlistedTable } from "../../calibration/unlisted.ts";
import { measureCalibration } from "../../calibration/measure.ts";
import { CibenchError } from "../../errors.ts";
import { drawTable } from "../../draw-table.ts";
import { CalibrationOutput, FittedTable, UnlistedTable } from "../../schema/calibration.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { corpusOption, jsonOption, offlineOption, seedOption } from "../options.ts";
import { measureFile } from "./calibration-lines.ts";
import { writeOutput, writeReadme } from "../output.ts";

interface FitFlags {
  out?: string;
  offline: boolean;
  json: boolean;
}

interface ShowFlags extends FitFlags {
  corpus: string;
  seed: number;
  table: string;
  readme?: string;
}

const COMMAND = "npm run --silent cibench -- calibration";

export function addCalibrationCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const calibration = program
    .command("calibration")
    .description(
      "Calibration: of confidences from a file, or of Drift's edges, fitted on given corpora, measured on others.",
    )
    .option("--in <file>", 'measure lines of {"confidence", "correct", "cluster"}')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async ({ in: file, ...flags }: { in?: string; seed: number; json: boolean }, command: Command) => {
      if (file === undefined) command.error("error: give --in <file>, fit or show");
      else finish(await measureFile(file, flags, io));
    });
  calibration
    .command("fit")
    .description("Fit them on the corpora of split fit and on the conformance programs, all of which have to be there.")
    .option("--out <file>", "write the table here as well: the engine reads crates/drift-graph/src/fitted.json")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (flags: FitFlags) => {
      finish(await fit(flags, io));
    });
  calibration
    .command("leave-one-out")
    .description("Fit them without each corpus in turn, and say how far they hold for that one.")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (flags: Omit<FitFlags, "out">) => {
      finish(await leaveEachOut(flags, io));
    });
  calibration
    .command("unlisted")
    .description("Count on the corpora of split fit how often a call reaches what Drift does not list there.")
    .option("--out <file>", "write the table here as well: the adapter reads cibench/src/adapters/drift-unlisted.json")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (flags: FitFlags) => {
      finish(await countUnlisted(flags, io));
    });
  calibration
    .command("show")
    .description("Brier score and reliability of what the engine states, on corpora of split report.")
    .addOption(corpusOption("all"))
    .option("--table <file>", "the table that the engine was built with", "crates/drift-graph/src/fitted.json")
    .option("--out <file>", "write the record here as well")
    .option("--readme <file>", "write table and figures between the markers of this file")
    .addOption(seedOption())
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (flags: ShowFlags) => {
      finish(await show(flags, io));
    });
  for (const command of calibration.commands) command.copyInheritedSettings(program);
}

/** @throws CibenchError `NO_CORPORA` */
function fitIds(io: Io): string[] {
  const ids = io.corpora
    .list()
    .filter(({ split }) => split === "fit")
    .map(({ id }) => id);
  if (ids.length === 0) throw new CibenchError("NO_CORPORA", 'there is no corpus of split "fit"');
  return ids;
}

async function fit(flags: FitFlags, io: Io): Promise<number> {
  const corpora = await collect(await loadCorpora(fitIds(io).join(","), flags.offline, io), io);
  const conformance = await collectConformance();
  const command = `${COMMAND} fit --out ${flags.out ?? "<file>"}`;
  const table = FittedTable.parse(fitTable([...corpora, conformance], command));
  const text = `${JSON.stringify(table, null, 2)}\n`;
  if (flags.out !== undefined) await writeOutput(flags.out, text);
  io.stdout(flags.json ? text : describeFit(table));
  return EXIT.fine;
}

async function leaveEachOut({ offline, json }: Omit<FitFlags, "out">, io: Io): Promise<number> {
  const corpora = await collect(await loadCorpora(fitIds(io).join(","), offline, io), io);
  const found = leaveOneOut([...corpora, await collectConformance()]);
  io.stdout(json ? `${JSON.stringify(found, null, 2)}\n` : describeLeaveOneOut(found));
  return EXIT.fine;
}

async function countUnlisted(flags: FitFlags, io: Io): Promise<number> {
  const corpora: ListedCorpus[] = [];
  for (const { fetched, truth } of await loadCorpora(fitIds(io).join(","), flags.offline, io)) {
    if (truth !== null) corpora.push({ truth, listingOf: listingFinder(await driftGraph(fetched.root)) });
  }
  const table = UnlistedTable.parse(unlistedTable(corpora, `${COMMAND} unlisted --out ${flags.out ?? "<file>"}`));
  const text = `${JSON.stringify(table, null, 2)}\n`;
  if (flags.out !== undefined) await writeOutput(flags.out, text);
  io.stdout(flags.json ? text : describeUnlisted(table));
  return EXIT.fine;
}

function describeUnlisted({ answered }: UnlistedTable): string {
  const rows = Object.entries(answered).map(([status, { statements, correct, probability }]) => [
    status,
    statements,
    correct,
    probability.toFixed(4),
  ]);
  return `${drawTable(["site answered", "not listed", "reached all the same", "probability"], rows)}\n`;
}

async function show(flags: ShowFlags, io: Io): Promise<number> {
  const table = await readTable(flags.table);
  const loaded = await loadCorpora(flags.corpus, flags.offline, io);
  const given = loaded.find(({ fetched }) => fetched.spec.split === "fit");
  if (given !== undefined) {
    throw new CibenchError("UNKNOWN_CORPUS", `${given.fetched.spec.id} is of split "fit": the table was fitted on it`, {
      hint: "Name corpora of split report.",
    });
  }
  const corpora = await collect(loaded, io);
  if (!knownEdges(corpora).some(({ kind, edges }) => kind === "real" && edges.length > 0)) {
    throw new CibenchError("NO_CORPORA", "none of these corpora is real and has an edge with a label");
  }
  const output = CalibrationOutput.parse({
    schemaVersion: 1,
    tool: { name: "drift", version: await driftVersion() },
    command: `${COMMAND} show`,
    ...measureCalibration(corpora, fitShareOf(table), flags.seed),
  });
  const text = `${JSON.stringify(output, null, 2)}\n`;
  if (flags.out !== undefined) await writeOutput(flags.out, text);
  if (flags.readme !== undefined) await writeReadme(flags.readme, "calibration", calibrationMarkdown(table, output));
  io.stdout(flags.json ? text : describeCalibration(output));
  return EXIT.fine;
}

async function collect(loaded: Awaited<ReturnType<typeof loadCorpora>>, io: Io): Promise<CorpusEdges[]> {
  const progress = progressPrinter(io);
  const corpora: CorpusEdges[] = [];
  const aboutCalls = loaded.filter(({ truth }) => truth !== null);
  for (const [index, corpus] of aboutCalls.entries()) {
    progress("asking drift", index, aboutCalls.length);
    const collected = await collectEdges(corpus);
    corpora.push(collected);
    if (collected.edges.length === 0) io.stderr(`note: without ${collected.id}: no edge of it has a label\n`);
  }
  progress("asking drift", aboutCalls.length, aboutCalls.length);
  return corpora;
}

/** Corpora weigh the same, as in the table. */
function fitShareOf({ corpora }: FittedTable): number {
  const shares = corpora.map(({ closed, ran, right }) => right / (closed + ran));
  return shares.reduce((sum, one) => sum + one, 0) / shares.length;
}

async function readTable(path: string): Promise<FittedTable> {
  try {
    return FittedTable.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new CibenchError("TABLE_UNREADABLE", `${path} is not a table of probabilities: ${why}`, {
      hint: `Make one with "${COMMAND} fit --out <file>".`,
      cause,
    });
  }
}
