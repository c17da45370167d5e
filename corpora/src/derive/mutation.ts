/**
 * Ground truth about what breaks: draws small changes of a corpus's own files, makes each in a scratch copy, type-checks
 * it where that is TypeScript, runs the test files that run the changed line three times in a sandbox, and compares with
 * the tests that pass five times as they are. Every change is kept in the cache, so that a run that was killed goes on.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import { APART } from "../manifest.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { type MutationItem, MutationTruth, type NewDiagnostic, Operator, pairsOf, setF1 } from "../truth/mutation.ts";
import { truthHead } from "../truth/head.ts";
import { cacheDirOf, type DeriveOptions, inputsOf, keyOf, step, type Work } from "./call-graph.ts";
import {
  type Baseline,
  changedLimit,
  type Coverage,
  measureBaseline,
  measureCoverage,
  probedLimit,
} from "./mutation/baseline.ts";
import { type Bench, withBench } from "./mutation/bench.ts";
import { chooseMutants } from "./mutation/choose.ts";
import { Importers } from "./mutation/importers.ts";
import { type Mutant, mutantsOf, mutated } from "./mutation/mutants.ts";
import type { FileOutcome } from "./mutation/outcome.ts";
import { withProbes } from "./mutation/probes.ts";
import { parsesAsPython, pythonMutantsOf } from "./mutation/python-mutants.ts";
import type { TypeCheck } from "./mutation/type-check.ts";
import { interpreterOf } from "./oracles.ts";
import { findSandbox } from "./sandbox.ts";
import { parseSource } from "./trace/parse-source.ts";

/** Grows with every change of what is recorded. */
export const MUTATION_VERSION = "2";
/** Runs of the tests with each change. */
export const REPEATS = 3;
/** Test files that are run for a change; of more that run its line these are drawn. */
export const MOST_FILES = 3;
/** Changes drawn for a corpus unless told otherwise. */
export const DEFAULT_WANTED = 120;

export interface MutationOptions extends DeriveOptions {
  /** What changes are drawn by. */
  seed: number;
  /** How many. */
  wanted: number;
}

/**
 * The truth about changes of a corpus.
 *
 * @throws CorpusError `CORPUS_TRUTH` when it brings no tests, they do not run, or there is no sandbox; else as fetching
 */
export async function deriveMutationTruth(fetched: FetchedCorpus, options: MutationOptions): Promise<MutationTruth> {
  const { spec } = fetched;
  if (spec.tests === null)
    throw new CorpusError("CORPUS_TRUTH", `${spec.id} brings no tests, so no change can be tried`);
  if (APART.has(spec.language)) {
    throw new CorpusError(
      "CORPUS_TRUTH",
      `no changes are made in ${spec.language} yet, only its calls are asked about`,
    );
  }
  const sandbox = await findSandbox(undefined, { unsafe: options.unsafe === true });
  if (sandbox === null) {
    throw new CorpusError("CORPUS_TRUTH", "neither bwrap nor unshare works on this computer", {
      hint: "A corpus's tests run in a sandbox only, or with --unsafe.",
    });
  }
  const work: Work = { fetched, ...(await inputsOf(fetched)), options, cacheDir: cacheDirOf(options) };
  const interpreter = await interpreterOf(spec, options.env);
  const key = await keyOf(work, SOURCES, sandbox.name, interpreter);
  const keep = async <T>(name: string, make: () => Promise<T>): Promise<T> =>
    step(work, `mutation-${key}-${name}`, async () => ({ value: await make(), keep: true }));
  const texts = await textsOf(fetched);
  const mutants = await allMutants(fetched, texts, options.env);
  const benchOptions = { ...options, cacheDir: work.cacheDir, sandbox };
  return withBench(fetched, benchOptions, async (bench) => {
    const progress = (phase: string) => (done: number, total: number) => options.onProgress?.({ phase, done, total });
    const unchanged = progress(`run the tests of ${spec.id} without a change`);
    const baseline = await keep("baseline", () => measureBaseline(bench, unchanged));
    if (Object.keys(baseline.stable).length === 0) {
      throw new CorpusError("CORPUS_TRUTH", `no test file of ${spec.id} passes here, so no change can be tried`);
    }
    const coverage = await keep("coverage", () => probedCoverage(bench, texts, baseline, unchanged));
    const executedBy = whoRuns(coverage);
    const executed = mutants.filter(({ probe }) => executedBy.has(probe));
    const chosen = chooseMutants(executed, options);
    const readable = await parsing(fetched, texts, chosen, options.env);
    const trial: Trial = { texts, baseline, coverage, executedBy, check: await typeCheckOf(work), seed: options.seed };
    const report = progress(`change ${spec.id}, and run its tests ${REPEATS} times`);
    const queue = chosen.filter(({ id }) => readable.has(id));
    const tried = new Map<string, Tried>();
    const inLane = async (lane: Bench): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const mutant = next;
        report(tried.size, readable.size);
        tried.set(mutant.id, await keep(nameOf(mutant, options.seed), () => tryMutant(mutant, lane, trial)));
      }
    };
    // Where tests wait rather than work, a second copy has something to do.
    await Promise.all([inLane(bench), withBench(fetched, benchOptions, inLane)]);
    report(readable.size, readable.size);
    const inOrder = chosen.flatMap(({ id }) => tried.get(id) ?? []);
    return assemble(work, { ...trial, mutants, executed, chosen, readable, tried: inOrder, interpreter });
  });
}

/** The sources whose change may change what becomes of a change. */
const SOURCES = [
  "src/derive/mutation.ts",
  "src/derive/mutation/**",
  "src/derive/compiler/program.ts",
  "src/derive/python/{mutants,runtime}/**",
  "src/derive/python/{interpreter,run-tests}.ts",
  "src/derive/sandbox.ts",
  "src/derive/sandbox/**",
  "src/derive/trace/{edits,parse-source,run-tests,tap,vitest}.ts",
];

// --- what can be changed ---------------------------------------------------------------------------------------------

/** The texts of the measured files. */
export async function textsOf({ root, files }: Pick<FetchedCorpus, "root" | "files">): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(path.join(root, file), "utf8"));
  return texts;
}

/** Every change of the measured files (of some of them only, where `texts` holds no more), each once. */
export async function allMutants(
  { spec, root }: Pick<FetchedCorpus, "spec" | "root">,
  texts: ReadonlyMap<string, string>,
  env?: Record<string, string | undefined>,
): Promise<Mutant[]> {
  const found =
    spec.language === "python"
      ? await pythonMutantsOf(root, [...texts.keys()], env)
      : [...texts].flatMap(([file, text]) => scriptMutants(file, text));
  return [...new Map(found.map((mutant) => [mutant.id, mutant])).values()];
}

function scriptMutants(file: string, text: string): Mutant[] {
  try {
    return mutantsOf(file, text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

/** Ids of the changes after which the file still parses. */
async function parsing(
  { spec }: FetchedCorpus,
  texts: ReadonlyMap<string, string>,
  mutants: readonly Mutant[],
  env?: Record<string, string | undefined>,
): Promise<Set<string>> {
  const changed = mutants.map((mutant) => mutated(texts.get(mutant.file) ?? "", mutant));
  const parses =
    spec.language === "python"
      ? await parsesAsPython(changed, env)
      : mutants.map(({ file }, at) => parsesAsScript(file, changed[at] ?? ""));
  return new Set(mutants.filter((_, at) => parses[at] === true).map(({ id }) => id));
}

function parsesAsScript(file: string, text: string): boolean {
  try {
    parseSource(file, text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

// --- what runs without a change --------------------------------------------------------------------------------------

async function probedCoverage(
  bench: Bench,
  texts: ReadonlyMap<string, string>,
  baseline: Baseline,
  onRun: (done: number, total: number) => void,
): Promise<Coverage> {
  await putProbes(bench, texts);
  const coverage = await measureCoverage(bench, baseline, onRun);
  await bench.restore();
  return coverage;
}

/** Puts probes into every file of JavaScript; Python gets its own as it is loaded. @returns places without one */
async function putProbes(bench: Bench, texts: ReadonlyMap<string, string>, change?: Mutant): Promise<Set<string>> {
  const without = new Set<string>();
  for (const [file, text] of texts) {
    const ours = change?.file === file ? change : undefined;
    if (/\.pyi?$/.test(file)) {
      if (ours !== undefined) await bench.write(file, mutated(text, ours));
      continue;
    }
    try {
      const probed = withProbes(file, text, ours);
      for (const place of probed.without) without.add(place);
      await bench.write(file, probed.text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // It is left as it is, and nothing is known about what runs in it.
    }
  }
  return without;
}

/** Test files by the places of statements that they run. */
function whoRuns({ runs }: Coverage): Map<string, string[]> {
  const executedBy = new Map<string, string[]>();
  for (const [test, places] of Object.entries(runs)) {
    for (const place of places) {
      const tests = executedBy.get(place);
      if (tests === undefined) executedBy.set(place, [test]);
      else tests.push(test);
    }
  }
  return executedBy;
}

async function typeCheckOf({ fetched, context }: Work): Promise<TypeCheck | null> {
  if (fetched.spec.language !== "typescript") return null;
  const { createTypeCheck } = await import("./mutation/type-check.ts");
  return createTypeCheck(fetched, context);
}

// --- one change ------------------------------------------------------------------------------------------------------

/** What changes are tried with. */
interface Trial {
  texts: ReadonlyMap<string, string>;
  baseline: Baseline;
  coverage: Coverage;
  executedBy: ReadonlyMap<string, readonly string[]>;
  check: TypeCheck | null;
  seed: number;
}

/** What became of a change. */
interface Tried {
  id: string;
  ran: string[];
  diagnostics: NewDiagnostic[];
  /** Broken tests by test file, in the order of files; the same in all runs. */
  broken: [string, string[]][];
  /** Test files that run other statements than before. */
  observed: string[];
  /** Why it is no item; null when it is one. */
  dropped: "disagreed" | "endless" | null;
}

async function tryMutant(mutant: Mutant, bench: Bench, trial: Trial): Promise<Tried> {
  const { texts, baseline, executedBy, check } = trial;
  const text = mutated(texts.get(mutant.file) ?? "", mutant);
  const none: Tried = { id: mutant.id, ran: [], diagnostics: [], broken: [], observed: [], dropped: null };
  const diagnostics = check?.newErrors(mutant.file, text) ?? [];
  if (diagnostics.length > 0) return { ...none, diagnostics };
  const ran = drawFiles(executedBy.get(mutant.probe) ?? [], `${trial.seed} ${mutant.id}`);
  try {
    await bench.write(mutant.file, text);
    const runs = await bench.repeat(ran, REPEATS, { limitSeconds: changedLimit(baseline.seconds) });
    const isComplete =
      runs.length === REPEATS && runs.every(({ problem, endless }) => problem === null && endless.length === 0);
    if (!isComplete) return { ...none, ran, dropped: "endless" };
    const [broken = [], ...others] = runs.map(({ outcomes }) => brokenIn(outcomes, ran, baseline));
    if (others.some((one) => JSON.stringify(one) !== JSON.stringify(broken)))
      return { ...none, ran, dropped: "disagreed" };
    const observed = broken.length > 0 ? [] : await observe(mutant, ran, bench, trial);
    return { ...none, ran, broken, observed };
  } finally {
    await bench.restore();
  }
}

/** Those of the test files that are run, sorted. */
function drawFiles(files: readonly string[], seed: string): string[] {
  const rank = (file: string): string => createHash("sha256").update(`${seed} ${file}`).digest("hex");
  const ranked = files.map((file) => ({ file, rank: rank(file) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked
    .slice(0, MOST_FILES)
    .map(({ file }) => file)
    .sort();
}

/**
 * By test file, the stable tests that did not pass; files without any are left out. Where a test ended the process, those
 * that had not begun by then are not among them: alone they might pass.
 */
export function brokenIn(
  outcomes: Record<string, Pick<FileOutcome, "passed" | "failed" | "endedEarly">>,
  ran: readonly string[],
  { stable }: Pick<Baseline, "stable">,
): [string, string[]][] {
  return ran.flatMap((file): [string, string[]][] => {
    const { passed = [], failed = [], endedEarly = false } = outcomes[file] ?? {};
    const [good, bad] = [new Set(passed), new Set(failed)];
    const broken = (stable[file] ?? []).filter((name) => (endedEarly ? bad.has(name) : !good.has(name)));
    return broken.length === 0 ? [] : [[file, broken]];
  });
}

/** Test files that run other statements with the change, and the same others in every run; none when a run differs. */
async function observe(mutant: Mutant, ran: readonly string[], bench: Bench, trial: Trial): Promise<string[]> {
  const { texts, baseline, coverage } = trial;
  await bench.restore();
  const without = await putProbes(bench, texts, mutant);
  let others: Map<string, string> | null = null;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const run = await bench.run(ran, { limitSeconds: probedLimit(baseline.seconds), probed: true });
    if (run.problem !== null || run.endless.length > 0) return [];
    const now = new Map(ran.map((file) => [file, otherStatements(file, run.hits[file] ?? [], coverage, without)]));
    const before: Map<string, string> = others ?? now;
    others = new Map([...now].filter(([file, said]) => said !== "" && before.get(file) === said));
    // Most changes show nothing, and once is enough to know.
    if (others.size === 0) return [];
  }
  return [...(others?.keys() ?? [])];
}

/** The statements that a test file runs now and not before, or before and not now, as one text; "" for none. */
function otherStatements(
  file: string,
  hits: readonly string[],
  coverage: Coverage,
  without: ReadonlySet<string>,
): string {
  const before = new Set(coverage.runs[file]);
  const ignored = new Set([...without, ...(coverage.wavers[file] ?? [])]);
  const differing = new Set(hits).symmetricDifference(before).difference(ignored);
  return [...differing].sort().join(" ");
}

// --- all of them -----------------------------------------------------------------------------------------------------

async function assemble(
  work: Work,
  all: Trial & {
    mutants: readonly Mutant[];
    executed: readonly Mutant[];
    chosen: readonly Mutant[];
    readable: ReadonlySet<string>;
    tried: readonly Tried[];
    interpreter: string | null;
  },
): Promise<MutationTruth> {
  const { fetched, inputsSha256, options } = work;
  const { spec, root } = fetched;
  const { chosen, tried, baseline, seed, readable } = all;
  const byId = new Map(chosen.map((mutant) => [mutant.id, mutant]));
  const kept = tried.filter(({ dropped }) => dropped === null);
  const importers = await Importers.of(root);
  const testFiles = Object.keys(baseline.stable).sort();
  const numberOf = new Map(testFiles.map((file, at) => [file, at]));
  const numbers = (files: readonly string[]): number[] =>
    files.flatMap((file) => numberOf.get(file) ?? []).sort((a, b) => a - b);
  const items = kept.map((one) => itemOf(one, byId.get(one.id) as Mutant, { ...all, importers, numbers, numberOf }));
  const tested = tried.filter(({ ran, dropped }) => ran.length > 0 && dropped !== "endless");
  const disagreed = idsOf(tried, "disagreed");
  return MutationTruth.parse({
    ...truthHead(spec, inputsSha256),
    oracle: {
      kind: "mutation",
      name: "changes, and the corpus's own tests",
      version: [MUTATION_VERSION, all.interpreter, all.check?.version].filter((one) => one != null).join(", "),
      sharesCodeWith: all.check === null ? [] : ["typescript", "tsserver", "typescript-language-server", "ts-morph"],
      command: `npm run --silent corpora -- derive ${spec.id} --kind mutation --seed ${seed} --mutants ${(options as MutationOptions).wanted} --fresh`,
      seed,
      repeats: REPEATS,
      agreement: tested.length === 0 ? 1 : 1 - disagreed.length / tested.length,
      notRun: null,
    },
    baseline: baseline.about,
    candidates: Operator.options.map((operator) => ({
      operator,
      found: all.mutants.filter((one) => one.operator === operator).length,
      executed: all.executed.filter((one) => one.operator === operator).length,
    })),
    wanted: (options as MutationOptions).wanted,
    dropped: {
      unreadable: chosen.filter(({ id }) => !readable.has(id)).map(({ id }) => id),
      disagreed,
      endless: idsOf(tried, "endless"),
    },
    tests: testFiles.map((file) => ({ file, names: baseline.stable[file] })),
    importers: [...new Set(items.map(({ file }) => file))].sort().map((file) => {
      const found = importers.all(file);
      return { file, sources: found.filter((one) => !numberOf.has(one)), tests: numbers(found) };
    }),
    items,
    pairs: pairsOf(items),
  });
}

function idsOf(tried: readonly Tried[], why: NonNullable<Tried["dropped"]>): string[] {
  return tried.filter(({ dropped }) => dropped === why).map(({ id }) => id);
}

function itemOf(
  { ran, diagnostics, broken, observed }: Tried,
  mutant: Mutant,
  about: Pick<Trial, "texts" | "baseline" | "executedBy"> & {
    importers: Importers;
    numbers: (files: readonly string[]) => number[];
    numberOf: ReadonlyMap<string, number>;
  },
): MutationItem {
  const { texts, baseline, executedBy, importers, numbers, numberOf } = about;
  const { id, operator, file, span, owner, probe } = mutant;
  const text = texts.get(file) ?? "";
  const predicted = importers.all(file);
  const control =
    diagnostics.length > 0
      ? setF1(
          new Set([file, ...predicted.filter((one) => !numberOf.has(one))]),
          new Set(diagnostics.map((one) => one.file)),
        )
      : setF1(new Set(predicted).intersection(new Set(ran)), new Set(broken.map(([test]) => test)));
  return {
    id,
    operator,
    file,
    span,
    owner,
    before: sha256(text),
    after: sha256(mutated(text, mutant)),
    executed: numbers(executedBy.get(probe) ?? []),
    ran: numbers(ran),
    effect:
      diagnostics.length > 0
        ? "compile-break"
        : broken.length > 0
          ? "test-break"
          : observed.length > 0
            ? "observable"
            : "no-effect-observed",
    diagnostics,
    broken: broken.map(([test, names]) => ({
      file: numberOf.get(test) ?? 0,
      tests: names.map((name) => (baseline.stable[test] ?? []).indexOf(name)),
    })),
    observed: numbers(observed),
    repeats: REPEATS,
    controlF1: Math.round(1e4 * control) / 1e4,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The name under which the result of a change is kept. */
function nameOf({ id }: Mutant, seed: number): string {
  return sha256(`${seed} ${id}`).slice(0, 20);
}
