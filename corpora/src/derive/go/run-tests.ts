/** Compiles the tests of a Go corpus, and runs them in the sandbox, each file of them by itself. */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { runSandboxed } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { TestRun } from "../trace/run-tests.ts";
import type { Scratch } from "../trace/traced-tests.ts";
import { GO_ENV, type GoToolchain } from "./toolchain.ts";

/** A scratch copy of a module, and what its tests are. */
export interface GoScratch extends Scratch {
  go: GoToolchain;
  testFiles: readonly string[];
}

/** Compiles the tests of all packages that have any. @returns what is wrong, in a sentence; null when nothing is */
export async function compileGoTests({ go, folder, testFiles }: GoScratch): Promise<string | null> {
  for (const one of packagesOf(testFiles)) {
    const program = programOf(folder, one);
    await mkdir(path.dirname(program), { recursive: true });
    await rm(program, { force: true });
    const built = await execa(go.go, ["test", "-c", "-gcflags=-l", "-o", program, `./${one}`], {
      cwd: folder,
      env: GO_ENV,
      reject: false,
    });
    if (built.failed) return `the tests of ${one} do not compile: ${built.stderr.split("\n").slice(0, 2).join(" ")}`;
  }
  return null;
}

function packagesOf(testFiles: readonly string[]): string[] {
  return [...new Set(testFiles.map((file) => path.posix.dirname(file)))].sort();
}

function programOf(folder: string, one: string): string {
  return path.join(folder, OWN_FOLDER, "tests", `${one.replaceAll("/", "+")}.test`);
}

const TEST = /^func (Test\w*|Example\w*|Fuzz\w*)\(/gm;

/** Runs what each file declares; with `traceFolder`, traced into it. */
export async function runGoTests(
  { folder, sandbox, tests, testFiles }: GoScratch,
  { traceFolder, problem }: { traceFolder: string | null; problem: string | null },
): Promise<TestRun> {
  const all: TestRun = { passed: 0, failed: 0, failures: [], seconds: 0, problem };
  const started = performance.now();
  for (const [index, file] of testFiles.entries()) {
    if (all.problem !== null) break;
    const names = [...(await readFile(path.join(folder, file), "utf8")).matchAll(TEST)].map((match) => match[1] ?? "");
    const program = programOf(folder, path.posix.dirname(file));
    if (names.length === 0 || (await stat(program).catch(() => null)) === null) continue;
    const output = path.join(folder, OWN_FOLDER, "said");
    await writeFile(output, "");
    const traced: Record<string, string> =
      traceFolder === null
        ? {}
        : {
            DRIFT_TRACE_FILE: path.join(traceFolder, `${index}.jsonl`),
            DRIFT_TRACE_TEST: path.join(folder, file),
            DRIFT_TRACE_ROOT: folder,
          };
    const run = await runSandboxed({
      sandbox,
      command: [
        ...["sh", "-c", 'cd "$1" && said=$2 && shift 2 && exec "$@" > "$said" 2>&1', "sh"],
        ...[
          path.join(folder, path.posix.dirname(file)),
          output,
          program,
          "-test.v",
          "-test.short",
          `-test.run=^(?:${names.join("|")})$`,
        ],
      ],
      folder,
      env: traced,
      timeoutMs: tests.timeoutMs,
    });
    if (run.stopped !== null) all.problem = `the tests of ${file} were stopped: ${run.stopped}`;
    count(await readFile(output, "utf8").catch(() => ""), { file, exitCode: run.exitCode }, all);
  }
  return { ...all, seconds: (performance.now() - started) / 1000 };
}

/** Tests at the top only: those within them fail with them. */
function count(said: string, { file, exitCode }: { file: string; exitCode: number | null }, all: TestRun): void {
  const before = all.failed;
  for (const [, how, name] of said.matchAll(/^--- (PASS|FAIL): (\S+)/gm)) {
    if (how === "PASS") all.passed += 1;
    else {
      all.failed += 1;
      all.failures.push(`${file} ${name}`);
    }
  }
  if (exitCode !== 0 && all.failed === before) {
    all.failed += 1;
    all.failures.push(`${file} (ended with ${exitCode})`);
  }
}
