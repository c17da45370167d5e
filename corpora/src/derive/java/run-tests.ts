/** Compiles a Java corpus and its tests in a scratch copy, inside the sandbox, and runs them with JUnit. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { listFiles } from "../../tree.ts";
import { runSandboxed } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { TestRun } from "../trace/run-tests.ts";
import type { Scratch } from "../trace/traced-tests.ts";
import { type Jdk, SHORT_LIVED } from "./jdk.ts";

/** A scratch copy of a Java corpus, and what it is compiled with. */
export interface JavaScratch extends Scratch {
  jdk: Jdk;
  /** Files that are measured, and those around them; relative, sorted. */
  sources: readonly string[];
  testFiles: readonly string[];
  /** The version of the language; null for that of the kit. */
  release: string | null;
  /** The folder of our compiled reader of sources. */
  reader: string;
  /** The folder of the jars that tests need. */
  jars: string | null;
}

const MINUTES_MS = 60_000;
const COMPILE_MS = 10 * MINUTES_MS;

/** Compiles sources and tests. @returns what is wrong, in a sentence; null when nothing is */
export async function compileCorpus(scratch: JavaScratch): Promise<string | null> {
  const classes = path.join(scratch.folder, OWN_FOLDER, "classes");
  await rm(classes, { recursive: true, force: true });
  await mkdir(classes, { recursive: true });
  return (await javac(scratch, "sources", scratch.sources, [])) ?? compileTests(scratch);
}

/** Tests, and of the files beside them those that they need. */
async function compileTests(scratch: JavaScratch): Promise<string | null> {
  const folders = await sourceFolders(scratch);
  return javac(scratch, "tests", scratch.testFiles, ["-sourcepath", folders.join(":")]);
}

/**
 * Writes the plan, compiles the sources that it rewrote, puts the tracer into their classes, and compiles the tests again.
 *
 * @returns what went wrong, in a sentence; null when nothing did
 */
export async function instrumentCorpus(scratch: JavaScratch): Promise<string | null> {
  const own = path.join(scratch.folder, OWN_FOLDER);
  const classes = path.join(own, "classes");
  const java = async (name: string, args: readonly string[]): Promise<string | null> =>
    run(scratch, [scratch.jdk.java, ...args], `${name} of calls`);
  await rm(classes, { recursive: true, force: true });
  await mkdir(classes, { recursive: true });
  const classPath = [path.join(own, "trace"), ...(await jarsOf(scratch))].join(":");
  const [plan, table] = [path.join(own, "plan"), path.join(own, "table")];
  return (
    (await java("the reader", ["-cp", scratch.reader, "drift.Main", path.join(own, "request")])) ??
    (await javac(scratch, "rewritten sources", scratch.sources, ["-g"])) ??
    (await java("the rewriter", ["-cp", classPath, "drift.trace.Instrument", plan, classes, table])) ??
    compileTests(scratch)
  );
}

async function javac(
  scratch: JavaScratch,
  name: string,
  files: readonly string[],
  more: readonly string[],
): Promise<string | null> {
  const { jdk, folder, release } = scratch;
  const own = path.join(folder, OWN_FOLDER);
  const list = path.join(own, "files");
  const classes = path.join(own, "classes");
  await writeFile(list, files.map((file) => `"${path.join(folder, file)}"`).join("\n"));
  const options = [
    ...SHORT_LIVED.map((option) => `-J${option}`),
    "-nowarn",
    "-proc:none",
    "-encoding",
    "UTF-8",
    ...(release === null ? [] : ["--release", release]),
  ];
  const classPath = [classes, ...(await jarsOf(scratch))].join(":");
  return run(
    scratch,
    [jdk.javac, ...options, ...more, "-cp", classPath, "-d", classes, `@${list}`],
    `compiling the ${name}`,
  );
}

async function run(scratch: JavaScratch, command: readonly string[], what: string): Promise<string | null> {
  const { sandbox, folder } = scratch;
  const done = await runSandboxed({ sandbox, command, folder, env: {}, timeoutMs: COMPILE_MS });
  if (done.exitCode === 0) return null;
  const said = done.tail.split("\n").find((line) => /error|exception/i.test(line)) ?? "";
  return `${what} ended with ${done.stopped ?? done.exitCode}: ${said.trim()}`;
}

async function jarsOf({ jars }: JavaScratch): Promise<string[]> {
  if (jars === null) return [];
  return (await readdir(jars)).sort().map((name) => path.join(jars, name));
}

/** The folders at the top that hold sources or tests: resources lie there, too. */
async function sourceFolders({ folder }: JavaScratch): Promise<string[]> {
  const tops = new Set(
    (await listFiles(folder)).filter((file) => file.endsWith(".java")).map((file) => file.split("/")[0] ?? ""),
  );
  return [...tops].sort().map((top) => path.join(folder, top));
}

/** Runs all test files, one after the other in one process; with `traceFolder`, traced into it. */
export async function runJavaTests(
  scratch: JavaScratch,
  { traceFolder, problem }: { traceFolder: string | null; problem: string | null },
): Promise<TestRun> {
  const { jdk, folder, sandbox, tests, testFiles } = scratch;
  const none = { passed: 0, failed: 0, failures: [], seconds: 0 };
  if (problem !== null) return { ...none, problem };
  const own = path.join(folder, OWN_FOLDER);
  const [list, report] = [path.join(own, "tests"), path.join(own, "report")];
  await writeFile(list, testFiles.join("\n"));
  await rm(report, { force: true });
  const classPath = [
    path.join(own, "classes"),
    ...(await sourceFolders(scratch)),
    path.join(own, "trace"),
    ...(await jarsOf(scratch)),
  ];
  const traced =
    traceFolder === null ? [] : [`-Ddrift.trace=${traceFolder}`, `-Ddrift.table=${path.join(own, "table")}`];
  const started = performance.now();
  const done = await runSandboxed({
    sandbox,
    command: [
      ...[jdk.java, "-Xmx2g", "-Djava.awt.headless=true", "-Duser.language=en", "-Duser.country=US", ...traced],
      ...["-cp", classPath.join(":"), "drift.trace.RunTests", list, report, traceFolder === null ? "plain" : "traced"],
    ],
    folder,
    env: {},
    timeoutMs: tests.timeoutMs,
  });
  const seconds = (performance.now() - started) / 1000;
  if (done.timedOut) return { ...none, seconds, problem: `the tests did not end within ${tests.timeoutMs / 1000} s` };
  const text = await readFile(report, "utf8").catch(() => null);
  if (text === null) {
    const said = done.tail.trim().split("\n").at(-1) ?? "";
    return {
      ...none,
      seconds,
      problem: `the test runner ended with ${done.stopped ?? done.exitCode} and no report: ${said}`,
    };
  }
  const [passed = "0", ...failures] = text.trimEnd().split("\n");
  return { passed: Number(passed), failed: failures.length, failures, seconds, problem: null };
}
