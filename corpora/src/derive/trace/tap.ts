/** Tests whose runners speak TAP: node's own for all files at once, mocha and tape with a process for each file. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CorpusTests } from "../../manifest.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { Counts } from "./report.ts";

/** What a command line is made of. */
export interface Wanted {
  /** The scratch copy, absolute. */
  scratch: string;
  tests: CorpusTests;
  /** The test files, relative: those that the corpus brought, not what tests have written since. */
  files: readonly string[];
  /** The file that the runner reports into, absolute. */
  report: string;
}

export async function nodeCommand({ tests, files, report }: Wanted): Promise<string[]> {
  const conditions = tests.conditions.map((condition) => `--conditions=${condition}`);
  const reporting = ["--test-reporter=tap", `--test-reporter-destination=${report}`];
  const limits = ["--test-concurrency=2", `--test-timeout=${PATIENCE_MS}`];
  const skipped = (tests.skip ?? []).map(({ test }) => `--test-skip-pattern=/^${literal(test)}$/`);
  return [process.execPath, "--test", ...limits, ...skipped, ...conditions, ...reporting, ...files];
}

/** A text as a regular expression that matches nothing else. */
export function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** For a test, and for a file of tests: one that waits for what never comes must not end the others. */
const PATIENCE_MS = 240_000;

/** Runs the program of each test file in turn, two at a time, and puts together what they report. */
export async function perFileCommand({ scratch, tests, files, report }: Wanted): Promise<string[]> {
  const conditions = tests.conditions.map((condition) => `--conditions=${condition}`);
  const mocha = path.join(scratch, "node_modules", "mocha", "bin", "mocha.js");
  const program = tests.runner === "mocha" ? [mocha, "--reporter=tap", "--timeout=120000"] : [];
  const runs = files.map((file) => ({ file, command: [process.execPath, ...conditions, ...program, file] }));
  const own = path.join(scratch, OWN_FOLDER);
  await writeFile(path.join(own, "files.json"), JSON.stringify(runs));
  await copyFile(fileURLToPath(new URL("./each.mts", import.meta.url)), path.join(own, "each.mts"));
  return [process.execPath, path.join(own, "each.mts"), path.join(own, "files.json"), report];
}

export async function readTapReport(file: string): Promise<Counts | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  const count = (what: string): number | undefined => {
    const found = new RegExp(`^# ${what} (\\d+)$`, "m").exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [passed, failed] = [count("pass"), count("fail")];
  if (passed === undefined || failed === undefined) return null;
  const failures = [...text.matchAll(/^not ok \d+ (?:- )?(.*)$/gm)].map((match) => match[1] ?? "");
  return { passed, failed, failures };
}
