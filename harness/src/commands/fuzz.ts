/** `npm run long:fuzz`: goes on fuzzing where the last call ended, and adds what came of it to `results/long/fuzz.json`. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CASES } from "@drift/corpora/conformance";
import { PYTHON_CASES } from "@drift/corpora/conformance/python";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { inScratch } from "../scratch.ts";
import { cargoProgram } from "../cargo-program.ts";
import {
  addFuzzRun,
  FuzzRecord,
  FuzzRun,
  type FuzzStanding,
  fuzzStanding,
  FuzzTarget,
  readLongFile,
  writeLongFile,
} from "../store/long-file.ts";
import { type CommandContext, print } from "./context.ts";

export interface FuzzFlags {
  /** Processor time in minutes, for each target. */
  minutes: number;
  target?: FuzzTarget;
  seed: number;
  json: boolean;
}

/** After so many seconds of work the record is written, so that a killed run loses no more than these. */
const STRETCH_SECONDS = 60;

/** @throws DriftError `FUZZER_NOT_BUILT`, `FUZZER_FAILED`, `FUZZ_FINDINGS` */
export async function fuzzCommand(flags: FuzzFlags, context: CommandContext): Promise<void> {
  const folder = path.dirname(context.results.db);
  const program = await buildFuzzer(context);
  const targets = flags.target === undefined ? FuzzTarget.options : [flags.target];
  const found = await inScratch(async (scratch) => {
    const seeds = path.join(scratch, "seeds.json");
    fs.writeFileSync(seeds, JSON.stringify(conformancePrograms()));
    const names: string[] = [];
    for (const target of targets) names.push(...(await fuzzTarget(target, seeds, program, flags, context)));
    return names;
  });
  const record = readLongFile(folder, "fuzz", FuzzRecord) ?? { schemaVersion: 1, runs: [] };
  const standings = FuzzTarget.options.map((target) => fuzzStanding(record, target));
  print(context, flags.json, standings, () => standings.map(renderStanding).join("\n"));
  if (found.length > 0) {
    throw new DriftError("FUZZ_FINDINGS", `${found.length} findings: ${found.join(", ")}`, {
      hint: "They are in crates/drift-fuzz/corpus/, and `cargo test -p drift-fuzz` fails until they are mended.",
    });
  }
}

/** Programs of each language to start mutations from. */
export function conformancePrograms(): { path: string; text: string }[][] {
  const isRead = /\.(?:[cm]?[jt]sx?|py|ipynb)$|(?:^|\/)(?:package|tsconfig[^/]*)\.json$/;
  return [...CASES, ...PYTHON_CASES].map(({ files }) =>
    Object.entries(files)
      .filter(([file]) => isRead.test(file))
      .map(([file, text]) => ({ path: file, text }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

async function buildFuzzer({ root, stderr }: CommandContext): Promise<string> {
  const executable = await cargoProgram(root, "drift-fuzz", ["-p", "drift-fuzz"]);
  if (executable === null) {
    throw new DriftError("FUZZER_NOT_BUILT", "cargo could not build drift-fuzz", {
      hint: "The lines above say why; `npm test` says what a machine needs.",
    });
  }
  stderr.write("drift-fuzz is built\n");
  return executable;
}

async function fuzzTarget(
  target: FuzzTarget,
  seeds: string,
  program: string,
  { minutes, seed }: FuzzFlags,
  { root, results, stderr }: CommandContext,
): Promise<string[]> {
  const folder = path.dirname(results.db);
  const findings: string[] = [];
  for (let spentMs = 0; spentMs < minutes * 60_000;) {
    const record = readLongFile(folder, "fuzz", FuzzRecord) ?? { schemaVersion: 1, runs: [] };
    const { next } = fuzzStanding(record, target);
    const seconds = Math.max(1, Math.min(STRETCH_SECONDS, Math.ceil(minutes * 60 - spentMs / 1000)));
    const run = await oneStretch(program, [
      `--target=${target}`,
      `--seed=${seed}`,
      `--first=${next}`,
      `--cpu-seconds=${seconds}`,
      `--seeds=${seeds}`,
      `--corpus=${path.join(root, "crates/drift-fuzz/corpus")}`,
    ]);
    const added = addFuzzRun(record, run);
    writeLongFile(folder, "fuzz", added);
    findings.push(...run.findings);
    spentMs += Math.max(run.cpuMs, 1000);
    stderr.write(`${renderStanding(fuzzStanding(added, target))}\n`);
    if (run.findings.length > 0) break;
  }
  return findings;
}

async function oneStretch(program: string, options: readonly string[]): Promise<FuzzRun> {
  const { stdout, exitCode } = await execa(program, ["run", ...options], { reject: false, stderr: "inherit" });
  try {
    return FuzzRun.parse(JSON.parse(stdout ?? ""));
  } catch (cause) {
    throw new DriftError("FUZZER_FAILED", `drift-fuzz ended with ${exitCode} and told nothing`, { cause });
  }
}

export function renderStanding(standing: FuzzStanding): string {
  const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
  const { target, executions, cpuMs, cleanCpuMs, cleanOfNewestMs, findings, next } = standing;
  return (
    `${target}: ${executions} cases in ${minutes(cpuMs)} CPU minutes, ${findings} findings; ` +
    `without one since ${minutes(cleanCpuMs)} minutes, ${minutes(cleanOfNewestMs)} of these with the newest engine; ` +
    `next is case ${next}`
  );
}
