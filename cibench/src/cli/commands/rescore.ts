/** `cibench rescore` and `verify-submission`: stored runs, scored again from their raw answers. */
import type { Command } from "commander";
import { ADAPTERS } from "../../adapters/all.ts";
import { readRecords, readReport } from "../../read-run.ts";
import { terminalReport } from "../../report.ts";
import { askedCorpora, compareRescored, mergeRuns, type RawRun, rescore } from "../../rescore.ts";
import type { Run } from "../../run.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import type { Report } from "../../schema/report.ts";
import { type RescoredRun, RescoreOutput, VerifyOutput } from "../../schema/rescore.ts";
import { rankings } from "../../scores/rank.ts";
import { writeRun } from "../../write-run.ts";
import { EXIT, type Io, isExpected } from "../io.ts";
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
  program
    .command("verify-submission")
    .description(
      "Check a run that somebody hands in: form, evidence, names, and that its scores follow from its answers.",
    )
    .argument("<run>", "<runId>.json, with its items beside it; nothing in it is trusted")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (file: string, flags: RescoreFlags) => {
      const checks = await verify(file, flags, io);
      const output = VerifyOutput.parse({ schemaVersion: 1, verified: checks.every(({ passed }) => passed), checks });
      const lines = checks.map(({ check, passed, detail }) => `${passed ? "ok  " : "FAIL"}  ${check}: ${detail}\n`);
      io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : lines.join(""));
      finish(output.verified ? EXIT.fine : EXIT.no);
    });
}

async function again(file: string, flags: RescoreFlags, io: Io): Promise<{ stored: Report; now: Run }> {
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

/** Each check needs the one before it, so the first that fails is the last. */
async function verify(file: string, flags: RescoreFlags, io: Io): Promise<VerifyOutput["checks"]> {
  const checks: VerifyOutput["checks"] = [];
  const add = (check: string, passed: boolean, detail: string): boolean => {
    checks.push({ check, passed, detail });
    return passed;
  };
  try {
    const report = await readReport(file);
    add("form", true, `a report of schema ${report.schemaVersion}`);
    const records = await readRecords(file, report);
    add("evidence", true, `${records.length} items with the hash that the report states`);
    const { name, role } = report.subject;
    const isOurs = Object.hasOwn(ADAPTERS, name);
    const isNamed = role === "contestant" && !isOurs;
    if (!add("name", isNamed, isOurs ? `"${name}" is a tool of this repository` : `"${name}", a ${role}`))
      return checks;
    const fit = report.corpora.filter(({ split }) => split === "fit").map(({ id }) => id);
    const corpora =
      fit.length === 0 ? "all of split report" : `scores of split fit are not published: ${fit.join(", ")}`;
    if (!add("corpora", fit.length === 0, corpora)) return checks;
    const { stored, now } = await again(file, flags, io);
    const { state, moved } = compareRescored(stored, now.report);
    const scores = moved.map((one) => `${one.category} ${one.kind} ${one.stored ?? "none"} is ${one.now ?? "none"}`);
    const detail = state === "same" ? "the same bit for bit" : [`${state} when scored here`, ...scores].join("; ");
    add("scores", state === "same", detail);
  } catch (error) {
    if (!isExpected(error)) throw error;
    add("readable", false, error.message);
  }
  return checks;
}
