/**
 * A scratch copy of a corpus inside a sandbox, in which files are changed and test files run, each in a process (vitest:
 * a realm) of its own, so that what one of them says does not hang on which others run.
 */
import { copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readJson, withTemporaryFolder } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import { type FetchedCorpus, fetchTestDependencies } from "../../fetch.ts";
import type { CorpusTests } from "../../manifest.ts";
import { removeTree } from "../../remove.ts";
import { listFiles, selectFiles } from "../../tree.ts";
import { findPython, type Python, WANTED } from "../python/interpreter.ts";
import { pythonPath } from "../python/run-tests.ts";
import { writePackageInfo } from "../python.ts";
import { runSandboxed, type Sandbox } from "../sandbox.ts";
import { makeRealFolder, OWN_FOLDER } from "../sandbox/own-folder.ts";
import { linkDependencies } from "../trace/run-tests.ts";
import { literal } from "../trace/tap.ts";
import { testFilesOf } from "../trace/traced-tests.ts";
import { vitestCommand } from "../trace/vitest.ts";
import {
  type EndedFile,
  EndedFiles,
  fileOutcome,
  type FileOutcome,
  readPoints,
  readPythonReport,
  readVitestOutcomes,
  type Told,
} from "./outcome.ts";
import { readTape } from "./tape.ts";

/** A run of some test files. */
export interface Run {
  /** By test file; without those of which nothing is known. */
  outcomes: Record<string, FileOutcome>;
  /** Test files that were stopped because they took too long. */
  endless: string[];
  /** Places of the statements that ran, by test file; empty unless asked for. */
  hits: Record<string, string[]>;
  /** Why nothing at all is known; null when something is. */
  problem: string | null;
}

export interface Bench {
  /** Every test file of the corpus, relative, sorted. */
  testFiles: readonly string[];
  /** Puts another text in the place of a file of the corpus. */
  write(file: string, text: string): Promise<void>;
  /** Everything is as it was before, whatever was written by us or by tests. */
  restore(): Promise<void>;
  /**
   * Runs test files once.
   *
   * @param options `limitSeconds` for each of them; with `probed`, statements that run are noted
   */
  run(files: readonly string[], options: { limitSeconds: (file: string) => number; probed?: boolean }): Promise<Run>;
  /** The same several times; nothing more is run after a test file that does not end in time. */
  repeat(
    files: readonly string[],
    repeats: number,
    options: { limitSeconds: (file: string) => number },
  ): Promise<Run[]>;
}

/** Gives `use` a bench, which goes away afterwards. @throws CorpusError as fetching, `CORPUS_CLIENT` without a Python */
export async function withBench<T>(
  fetched: FetchedCorpus,
  options: { sandbox: Sandbox; cacheDir: string; offline?: boolean; env?: Record<string, string | undefined> },
  use: (bench: Bench) => Promise<T>,
): Promise<T> {
  const { spec } = fetched;
  const { tests } = spec;
  if (tests === null) throw new CorpusError("CORPUS_TRUTH", `${spec.id} brings no tests, so no change can be tried`);
  const dependencies = await fetchTestDependencies(spec, options);
  return withTemporaryFolder(path.join(options.cacheDir, "scratch"), spec.id, async (folder) => {
    await cp(fetched.root, folder, { recursive: true, verbatimSymlinks: true });
    const own = path.join(folder, OWN_FOLDER);
    await mkdir(own, { recursive: true });
    const place: Place = { fetched, folder, tests, sandbox: options.sandbox, dependencies };
    const runner = await (spec.language === "python" ? pythonRunner(place, options.env) : scriptRunner(place));
    const testFiles = await testFilesOf(folder, tests);
    const original = await fingerprints(folder);
    return use({
      testFiles,
      write: async (file, text) => {
        await clearPlace(folder, file);
        await writeFile(path.join(folder, file), text);
      },
      restore: async () => restore(fetched.root, folder, original),
      run: async (files, { limitSeconds, probed = false }) => {
        const hitsFolder = path.join(own, "hits");
        await removeTree(hitsFolder);
        await makeRealFolder(hitsFolder);
        const [run = NOTHING] = await runner(files, {
          limitSeconds,
          hitsFolder: probed ? hitsFolder : null,
          repeats: 1,
        });
        return { ...run, hits: probed ? await readHits(hitsFolder, folder) : {} };
      },
      repeat: async (files, repeats, { limitSeconds }) => {
        const runs = await runner(files, { limitSeconds, hitsFolder: null, repeats });
        return runs.map((run) => ({ ...run, hits: {} }));
      },
    });
  });
}

interface Place {
  fetched: FetchedCorpus;
  folder: string;
  tests: CorpusTests;
  sandbox: Sandbox;
  dependencies: string | null;
}

/** Runs test files; with a folder, under probes that write there. */
type Runner = (
  files: readonly string[],
  how: { limitSeconds: (file: string) => number; hitsFolder: string | null; repeats: number },
) => Promise<Ended[]>;

type Ended = Omit<Run, "hits">;
const NOTHING: Ended = { outcomes: {}, endless: [], problem: "nothing was run" };

/** A way to run one test file. */
interface FileRun {
  command: string[];
  env: Record<string, string>;
  /** What it says of its tests, in its output or a report of its own. */
  read: (ended: EndedFile) => Promise<Told>;
}

async function scriptRunner(place: Place): Promise<Runner> {
  const { fetched, folder, tests, dependencies } = place;
  const { source, id } = fetched.spec;
  await linkDependencies(folder, source.type === "npm" ? source.name : id, tests, dependencies);
  const runtime = path.join(folder, OWN_FOLDER, "hits.mts");
  await copyFile(fileURLToPath(new URL("./hits.mts", import.meta.url)), runtime);
  const probing = (hitsFolder: string | null): Record<string, string> =>
    hitsFolder === null
      ? {}
      : { DRIFT_PROBES_FOLDER: hitsFolder, NODE_OPTIONS: `--import ${pathToFileURL(runtime).href}` };
  const { runner } = tests;
  if (runner === "vitest") return vitestRunner(place, probing);
  if (runner !== "node" && runner !== "mocha" && runner !== "tape") {
    throw new CorpusError("CORPUS_TRUTH", `${runner} runs no tests of JavaScript`);
  }
  const conditions = tests.conditions.map((condition) => `--conditions=${condition}`);
  const skipped = (tests.skip ?? []).map(({ test }) => `--test-skip-pattern=/^${literal(test)}$/`);
  const program = {
    node: ["--test-reporter=tap", "--test-reporter-destination=stdout", ...skipped],
    mocha: [path.join(folder, "node_modules", "mocha", "bin", "mocha.js"), "--reporter=tap", "--timeout=120000"],
    tape: [],
  }[runner];
  return perFile(place, (file, _, hitsFolder) => ({
    command: [process.execPath, ...conditions, ...program, file],
    env: probing(hitsFolder),
    read: async ({ output, code }) => {
      if (runner !== "tape") return { points: readPoints(output, runner), endedEarly: false };
      // As it was: what tests put in its place is not followed.
      return readTape({ output, code, file, source: await readFile(path.join(fetched.root, file), "utf8") });
    },
  }));
}

function vitestRunner(
  { folder, tests, sandbox }: Place,
  probing: (folder: string | null) => Record<string, string>,
): Runner {
  const report = path.join(folder, OWN_FOLDER, "report");
  return async (files, { limitSeconds, hitsFolder, repeats }) => {
    const runs: Ended[] = [];
    while (runs.length < repeats && runs.every(({ endless }) => endless.length === 0)) {
      await removeTree(report);
      const run = await runSandboxed({
        sandbox,
        command: await vitestCommand({ scratch: folder, tests, files, report }),
        folder,
        env: probing(hitsFolder),
        timeoutMs: Math.ceil(1000 * (START_SECONDS + files.reduce((sum, file) => sum + limitSeconds(file), 0))),
      });
      const read = run.timedOut ? new Map<string, FileOutcome>() : readVitestOutcomes(await readJson(report));
      const outcomes = [...(read ?? [])].map(([file, outcome]): [string, FileOutcome] => [
        relative(folder, file),
        outcome,
      ]);
      runs.push({
        outcomes: Object.fromEntries(outcomes),
        endless: run.timedOut ? [...files] : [],
        problem: read === null ? `vitest ended with ${run.stopped ?? run.exitCode}: ${lastLine(run.tail)}` : null,
      });
    }
    return runs;
  };
}

async function pythonRunner(place: Place, env: Record<string, string | undefined> | undefined): Promise<Runner> {
  const { fetched, folder, tests, dependencies } = place;
  const found = await findPython(env);
  if (found === null) throw new CorpusError("CORPUS_CLIENT", WANTED.message, { hint: WANTED.hint });
  const python: Python = found;
  const own = path.join(folder, OWN_FOLDER);
  await cp(fileURLToPath(new URL("../python/runtime/", import.meta.url)), path.join(own, "python"), {
    recursive: true,
  });
  await writePackageInfo(folder, fetched);
  const { measure, context } = fetched.spec;
  const all = await listFiles(folder);
  const importable = [...selectFiles(all, measure), ...selectFiles(all, context)];
  const paths = pythonPath({ scratch: folder, importable, dependencies }).join(path.delimiter);
  const program = path.join(own, "python", "drift_run_tests.py");
  return perFile(place, async (file, index, hitsFolder) => {
    const [config, report] = [path.join(own, `config-${index}.json`), path.join(own, `report-${index}.json`)];
    await removeTree(report);
    await writeFile(
      config,
      JSON.stringify({
        root: folder,
        runner: tests.runner,
        tests: [file],
        measured: fetched.files,
        folder: hitsFolder,
      }),
    );
    return {
      command: [python.command, "-B", "-X", "utf8", program, config, report],
      env: {
        PYTHONPATH: paths,
        PYTHONHASHSEED: "0",
        PYTHONDONTWRITEBYTECODE: "1",
        ...(hitsFolder === null ? {} : { DRIFT_PROBES: config }),
      },
      read: async () => ({ points: readPythonReport(await readJson(report)) ?? [], endedEarly: false }),
    };
  });
}

/** For starting runners, beside what the tests may take. */
const START_SECONDS = 60;

/** A process for each test file, two at a time. */
function perFile(
  { folder, sandbox }: Place,
  runOf: (file: string, index: number, hitsFolder: string | null) => FileRun | Promise<FileRun>,
): Runner {
  const own = path.join(folder, OWN_FOLDER);
  const [program, list, report] = ["each-file.mts", "files.json", "report"].map((name) => path.join(own, name)) as [
    string,
    string,
    string,
  ];
  return async (files, { limitSeconds, hitsFolder, repeats }) => {
    const wanted: { file: string; repeat: number; run: FileRun; limitMs: number }[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      for (const file of files) {
        const run = await runOf(file, wanted.length, hitsFolder);
        wanted.push({ file, repeat, run, limitMs: Math.ceil(1000 * limitSeconds(file)) });
      }
    }
    await removeTree(report);
    await copyFile(fileURLToPath(new URL("./each-file.mts", import.meta.url)), program);
    const asked = wanted.map(({ file, limitMs, run: { command, env } }, id) => ({ id, file, command, env, limitMs }));
    await writeFile(list, JSON.stringify(asked));
    const run = await runSandboxed({
      sandbox,
      command: [process.execPath, program, list, report, ...(repeats > 1 ? ["--stop"] : [])],
      folder,
      env: {},
      timeoutMs: 1000 * START_SECONDS + asked.reduce((sum, { limitMs }) => sum + limitMs, 0),
    });
    const ended = EndedFiles.safeParse(await readJson(report));
    const problem = `the runner ended with ${run.stopped ?? run.exitCode} and no report: ${lastLine(run.tail)}`;
    if (!ended.success) return [{ ...NOTHING, problem }];
    const runs = Array.from({ length: repeats }, (): Ended => ({ outcomes: {}, endless: [], problem: null }));
    for (const one of ended.data) {
      const { file = "", repeat = 0, run: asked } = wanted[one.id] ?? {};
      if (asked === undefined) continue;
      if (one.timedOut) runs[repeat]?.endless.push(file);
      else if (runs[repeat] !== undefined) runs[repeat].outcomes[file] = fileOutcome(await asked.read(one), one);
    }
    return runs;
  };
}

/** What probes wrote: by test file, the places of statements, sorted. */
async function readHits(hitsFolder: string, scratch: string): Promise<Record<string, string[]>> {
  const hits = new Map<string, Set<string>>();
  for (const name of (await readdir(hitsFolder)).filter((file) => file.endsWith(".hits")).sort()) {
    let places = new Set<string>();
    for (const line of (await readFile(path.join(hitsFolder, name), "utf8")).split("\n")) {
      if (line.startsWith("@")) {
        const test = relative(scratch, line.slice(1));
        places = hits.get(test) ?? new Set();
        hits.set(test, places);
      } else if (line !== "") places.add(line);
    }
  }
  return Object.fromEntries([...hits].map(([test, places]) => [test, [...places].sort()]));
}

/** By file of the copy, what changes when it is written. */
async function fingerprints(folder: string): Promise<Map<string, string>> {
  const files = (await listFiles(folder)).filter((file) => !file.startsWith(`${OWN_FOLDER}/`));
  const found = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const { size, mtimeMs, ino } = await stat(path.join(folder, file));
      return [file, `${size} ${mtimeMs} ${ino}`];
    }),
  );
  return new Map(found);
}

/** Copies what was written again, and removes what was not there; `original` learns what the new copies look like. */
async function restore(root: string, folder: string, original: Map<string, string>): Promise<void> {
  const now = await fingerprints(folder);
  for (const file of now.keys()) if (!original.has(file)) await removeTree(path.join(folder, file));
  for (const [file, was] of original) {
    if (now.get(file) === was) continue;
    await clearPlace(folder, file);
    await copyFile(path.join(root, file), path.join(folder, file));
    const { size, mtimeMs, ino } = await stat(path.join(folder, file));
    original.set(file, `${size} ${mtimeMs} ${ino}`);
  }
}

/** Makes room for a file: tests may have put links in its place or above it, which lead out of the copy. */
async function clearPlace(folder: string, file: string): Promise<void> {
  let at = folder;
  for (const part of path.dirname(file).split("/")) {
    at = path.join(at, part);
    if (at !== folder) await makeRealFolder(at);
  }
  await removeTree(path.join(folder, file));
}

function relative(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join("/");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
