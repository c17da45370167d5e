/**
 * Truth about dead code: functions that no test enters and nothing refers to are deleted one by one in a scratch copy, and
 * are dead when the checker and three runs of all tests say what they said before. Functions that look unused and were
 * entered all the same are kept beside them, with the test file that entered them.
 */
import { createHash } from "node:crypto";
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { withTemporaryFolder } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import { type FetchedCorpus, fetchTestDependencies } from "../fetch.ts";
import { type DeletionItem, type DeletionTruth } from "../truth/deletion-schema.ts";
import { inRandomOrder } from "../truth/sample.ts";
import { truthHead } from "../truth/head.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import { cacheDirOf, type DeriveOptions, inputsOf } from "./call-graph.ts";
import { errorsOf, type NamedFunction, namedFunctions, withoutFunction } from "./deletion/script-functions.ts";
import { keyOfStep, kept } from "./kept.ts";
import { counted } from "./release-diff.ts";
import { findSandbox, type Sandbox } from "./sandbox.ts";
import { isOwnFile, OWN_FOLDER } from "./sandbox/own-folder.ts";
import { instrument, Registry } from "./trace/instrument.ts";
import { linkDependencies, runTests, type TestRun } from "./trace/run-tests.ts";
import { testFilesOf } from "./trace/traced-tests.ts";

/** Grows with every change of what becomes an item, and of what it says. */
export const DELETION_VERSION = "2";
/** Runs of all tests before anything is deleted, and after each deletion. */
const REPEATS = 3;
/** Functions that look unused and are not are kept up to this number, drawn by a seed. */
const MOST_LIVE = 60;
/** Of more candidates these many are deleted, drawn by the same seed: each takes three runs of all tests. */
const MOST_TRIED = 16;
const SEED = 1;
const SOURCES = [
  "src/derive/deletion.ts",
  "src/derive/deletion/**",
  "src/derive/compiler/{positions,program}.ts",
  "src/derive/sandbox.ts",
  "src/derive/sandbox/**",
  "src/derive/trace/{edits,instrument,markers,parse-source,run-tests,tap,vitest}.ts",
];

/**
 * @throws CorpusError `CORPUS_TRUTH` when the corpus is not in JavaScript or TypeScript, brings no tests, these do not say
 *   the same three times, or there is no sandbox; else as fetching
 */
export async function deriveDeletion(fetched: FetchedCorpus, options: DeriveOptions = {}): Promise<DeletionTruth> {
  const { spec } = fetched;
  const place = await placeOf(fetched, options);
  const entered = await place.keep("entered", z.array(z.tuple([z.string(), z.string()])), () =>
    enteredFunctions(place),
  );
  const functions = await functionsOf(place);
  const known = new Map(entered);
  const neverEntered = functions.filter((one) => one.isDeletable && !known.has(one.id) && !isAround(one, known));
  // A call on something without a type may mean any member of that name.
  const unreferenced = neverEntered.filter(
    ({ references, isMember, mentions }) => references === 0 && !(isMember && mentions > 0),
  );
  const notPublic = unreferenced.filter(({ isPublic }) => !isPublic);
  const candidates = notPublic.filter(({ isDeprecated }) => !isDeprecated);
  const drawn = inRandomOrder(candidates, SEED).slice(0, MOST_TRIED);
  const { before, tried } = await tryAll(place, drawn);
  const live = inRandomOrder(
    functions.filter((one) => known.has(one.id) && (one.references === 0 || one.mentions === 0)),
    SEED,
  ).slice(0, MOST_LIVE);
  const items: DeletionItem[] = [
    ...tried.flatMap(({ one, outcome }) =>
      outcome === "wavers"
        ? []
        : [itemOf(one, { label: outcome === "dead" ? "dead" : "live", by: "deletion", witness: null })],
    ),
    ...live.map((one) => itemOf(one, { label: "live", by: "trace", witness: known.get(one.id) ?? null })),
  ];
  return {
    ...truthHead(spec, place.inputsSha256),
    oracle: {
      name: "deleted, checked and tested",
      version: DELETION_VERSION,
      sharesCodeWith: ["typescript", "tsserver", "typescript-language-server", "ts-morph"],
      command: `npm run --silent corpora -- derive ${spec.id} --kind deletion --fresh`,
      repeats: REPEATS,
    },
    baseline: { repeats: REPEATS, testFiles: place.testFiles, passed: before.passed, failed: before.failures.length },
    functions: {
      named: functions.length,
      neverEntered: neverEntered.length,
      unreferenced: unreferenced.length,
      notPublic: notPublic.length,
    },
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
    dropped: counted([
      ...notPublic.slice(candidates.length).map(() => "it is deprecated, and may be there for callers outside"),
      ...candidates.slice(drawn.length).map(() => `beyond the ${MOST_TRIED} that are tried`),
      ...tried.flatMap(({ outcome }) => (outcome === "wavers" ? ["the runs after its deletion differ"] : [])),
    ]),
  };
}

/** Everything that the steps share. */
interface Place {
  fetched: FetchedCorpus;
  context: string[];
  inputsSha256: string;
  sandbox: Sandbox;
  dependencies: string | null;
  cacheDir: string;
  testFiles: number;
  options: DeriveOptions;
  keep: <T>(name: string, schema: z.ZodType<T>, make: () => Promise<T>) => Promise<T>;
}

const SCRIPTS: ReadonlySet<string> = new Set(["typescript", "javascript", "mixed"]);

async function placeOf(fetched: FetchedCorpus, options: DeriveOptions): Promise<Place> {
  const { spec, root } = fetched;
  if (spec.tests === null || !SCRIPTS.has(spec.language) || ["pytest", "unittest"].includes(spec.tests.runner)) {
    throw new CorpusError(
      "CORPUS_TRUTH",
      `dead code is looked for in JavaScript and TypeScript with tests, not in ${spec.id}`,
    );
  }
  const sandbox = await findSandbox(undefined, { unsafe: options.unsafe === true });
  if (sandbox === null) {
    throw new CorpusError("CORPUS_TRUTH", "neither bwrap nor unshare works on this computer", {
      hint: "A corpus's tests run in a sandbox only, or with --unsafe.",
    });
  }
  const { context, inputsSha256 } = await inputsOf(fetched);
  const cacheDir = cacheDirOf(options);
  const key = await keyOfStep(SOURCES, [inputsSha256, truthManifestSha256(spec), sandbox.name]);
  const keep: Place["keep"] = async (name, schema, make) =>
    kept(schema, { cacheDir, name: `${spec.id}-deletion-${key}-${name}`, fresh: options.fresh === true }, make);
  const dependencies = await fetchTestDependencies(spec, options);
  const testFiles = (await testFilesOf(root, spec.tests)).length;
  return { fetched, context, inputsSha256, sandbox, dependencies, cacheDir, testFiles, options, keep };
}

/** Gives `use` a scratch copy whose tests can be run. */
async function withCopy<T>(
  { fetched, sandbox, dependencies, cacheDir }: Place,
  use: (folder: string, run: (only?: readonly string[], traceFolder?: string) => Promise<TestRun>) => Promise<T>,
): Promise<T> {
  const { spec, root } = fetched;
  const { tests, source } = spec;
  if (tests === null) throw new TypeError("there are tests");
  return withTemporaryFolder(path.join(cacheDir, "scratch"), spec.id, async (folder) => {
    await cp(root, folder, { recursive: true, verbatimSymlinks: true });
    await mkdir(path.join(folder, OWN_FOLDER), { recursive: true });
    await linkDependencies(folder, source.type === "npm" ? source.name : spec.id, tests, dependencies);
    const all = await testFilesOf(folder, tests);
    return use(folder, async (only, traceFolder) =>
      runTests({ scratch: folder, tests, files: only ?? all, sandbox, traceFolder: traceFolder ?? null }),
    );
  });
}

// --- who is entered --------------------------------------------------------------------------------------------------

/** Ids of the definitions that the tests enter, each with the first test file that did. */
async function enteredFunctions(place: Place, only?: readonly string[]): Promise<[string, string][]> {
  const { fetched, context, options } = place;
  options.onProgress?.({ phase: `see what the tests of ${fetched.spec.id} enter`, done: 0, total: 1 });
  return withCopy(place, async (folder, run) => {
    const registry = new Registry();
    for (const file of [...new Set([...fetched.files, ...context])].sort()) {
      const text = await readFile(path.join(folder, file), "utf8");
      try {
        await writeFile(path.join(folder, file), instrument({ file, text, registry, withSites: false }));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    const own = path.join(folder, OWN_FOLDER);
    await copyFile(fileURLToPath(new URL("./deletion/entered.mts", import.meta.url)), path.join(own, "runtime.mts"));
    const traceFolder = path.join(own, "entered");
    await mkdir(traceFolder);
    const ended = await run(only, traceFolder);
    if (ended.problem !== null) throw new CorpusError("CORPUS_TRUTH", ended.problem);
    options.onProgress?.({ phase: `see what the tests of ${fetched.spec.id} enter`, done: 1, total: 1 });
    return readEntered(traceFolder, registry, folder);
  });
}

async function readEntered(traceFolder: string, registry: Registry, scratch: string): Promise<[string, string][]> {
  const witnesses = new Map<string, string>();
  for (const name of (await readdir(traceFolder)).filter((one) => one.endsWith(".entered")).sort()) {
    const file = path.join(traceFolder, name);
    if (!(await isOwnFile(scratch, path.relative(scratch, file)))) continue;
    let test = "";
    for (const line of (await readFile(file, "utf8")).split("\n")) {
      if (line.startsWith("@")) test = path.relative(scratch, line.slice(1)).split(path.sep).join("/");
      const id = /^\d+$/.test(line) ? registry.definitions[Number(line)] : undefined;
      if (id === undefined) continue;
      const known = witnesses.get(id);
      if (known === undefined || test < known) witnesses.set(id, test);
    }
  }
  return [...witnesses].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a function holds one that was entered, as one whose start the tracer does not see does. */
function isAround({ file, span }: NamedFunction, entered: ReadonlyMap<string, string>): boolean {
  return [...entered.keys()].some((id) => {
    const [, where, line] = /^(.*):(\d+):\d+$/.exec(id) ?? [];
    return where === file && Number(line) >= span.line && Number(line) <= span.endLine;
  });
}

// --- who is referred to ----------------------------------------------------------------------------------------------

interface Mentioned extends NamedFunction {
  /** How often its name stands in the sources as a word, its definition left out. */
  mentions: number;
}

async function functionsOf({ fetched, context }: Pick<Place, "fetched" | "context">): Promise<Mentioned[]> {
  const { root, files } = fetched;
  const functions = namedFunctions(fetched, context, await entryFilesOf(fetched));
  const words = new Map<string, number>();
  for (const file of [...new Set([...files, ...context])]) {
    const text = await readFile(path.join(root, file), "utf8");
    for (const [word] of text.matchAll(/[\w$]+/g)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return functions.map((one) => ({ ...one, mentions: Math.max(0, (words.get(one.word) ?? 0) - one.namings) }));
}

const Manifest = z.object({
  main: z.string().optional(),
  module: z.string().optional(),
  exports: z.unknown().optional(),
  bin: z.unknown().optional(),
});

/**
 * Where users of the package come in: what its manifest names, as far as it is measured; of what is built, the index of
 * the sources. Empty when nobody can tell.
 */
async function entryFilesOf({ root, files }: Pick<FetchedCorpus, "root" | "files">): Promise<Set<string>> {
  const text = await readFile(path.join(root, "package.json"), "utf8").catch(() => "{}");
  const manifest = Manifest.safeParse(jsonOf(text)).data ?? {};
  const named = [manifest.main ?? "index.js", manifest.module, manifest.exports, manifest.bin].flatMap(stringsIn);
  const measured = new Set(files);
  const found = named
    .map((file) => path.posix.normalize(file))
    .flatMap((file) => [file, `${file}.js`, `${file}/index.js`].filter((one) => measured.has(one)));
  return new Set(found.length > 0 ? found : files.filter((file) => /^(?:src\/|lib\/)?index\.[cm]?[jt]sx?$/.test(file)));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

// --- who is missed ---------------------------------------------------------------------------------------------------

const Outcome = z.enum(["dead", "does not compile", "tests differ", "wavers"]);
type Outcome = z.infer<typeof Outcome>;
const Ended = z.object({ passed: z.int(), failures: z.array(z.string()) });
type Ended = z.infer<typeof Ended>;

async function tryAll(
  place: Place,
  candidates: readonly Mentioned[],
): Promise<{ before: Ended; tried: { one: Mentioned; outcome: Outcome }[] }> {
  const { fetched, context, options, keep } = place;
  const { spec } = fetched;
  return withCopy(place, async (folder, run) => {
    const inCopy = { ...fetched, root: folder };
    const before = await keep("baseline", Ended, () => agreeing(run, spec.id));
    const errors = errorsOf(inCopy, context);
    const tried: { one: Mentioned; outcome: Outcome }[] = [];
    for (const [done, one] of candidates.entries()) {
      options.onProgress?.({ phase: `delete functions of ${spec.id}`, done, total: candidates.length });
      const name = createHash("sha256").update(one.id).digest("hex").slice(0, 16);
      const outcome = await keep(name, Outcome, async () => {
        const text = await readFile(path.join(fetched.root, one.file), "utf8");
        await put(folder, one.file, withoutFunction(text, one));
        try {
          return await outcomeOf(run, before, () => hasNone(errorsOf(inCopy, context), errors));
        } finally {
          await put(folder, one.file, text);
        }
      });
      tried.push({ one, outcome });
    }
    return { before, tried };
  });
}

/** Three runs of all tests, which must end in the same way. @throws CorpusError `CORPUS_TRUTH` when they do not */
async function agreeing(run: () => Promise<TestRun>, id: string): Promise<Ended> {
  const runs: Ended[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const ended = await run();
    if (ended.problem !== null) throw new CorpusError("CORPUS_TRUTH", ended.problem);
    runs.push(endOf(ended));
  }
  const [first] = runs;
  if (first === undefined || first.passed === 0 || new Set(runs.map((one) => JSON.stringify(one))).size > 1) {
    throw new CorpusError("CORPUS_TRUTH", `the tests of ${id} do not end in the same way ${REPEATS} times`);
  }
  return first;
}

async function outcomeOf(run: () => Promise<TestRun>, before: Ended, compiles: () => boolean): Promise<Outcome> {
  if (!compiles()) return "does not compile";
  const same: boolean[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const ended = await run();
    same.push(ended.problem === null && JSON.stringify(endOf(ended)) === JSON.stringify(before));
  }
  return same.every(Boolean) ? "dead" : same.some(Boolean) ? "wavers" : "tests differ";
}

function endOf({ passed, failures }: TestRun): Ended {
  return { passed, failures: failures.toSorted() };
}

/** Tests may have put something else in the place of a file. */
async function put(folder: string, file: string, text: string): Promise<void> {
  if (!(await isOwnFile(folder, file))) {
    throw new CorpusError("CORPUS_TRUTH", `the tests replaced ${file}, so nothing can be deleted from it`);
  }
  await writeFile(path.join(folder, file), text);
}

/** Whether there is no error that was not there before; those within what was deleted are gone. */
function hasNone(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): boolean {
  return [...after].every(([key, times]) => times <= (before.get(key) ?? 0));
}

function itemOf(
  { id, file, name, span, references, mentions, isPublic }: Mentioned,
  { label, by, witness }: Pick<DeletionItem, "label" | "by" | "witness">,
): DeletionItem {
  return { id, file, name, span, label, by, references, mentions, isPublic, witness };
}

// --- again -----------------------------------------------------------------------------------------------------------

/**
 * What is not as stored, in a line each: places, references and mentions of all items, and whether one random witness
 * still enters what it is the witness of.
 */
export async function recheckDeletion(
  fetched: FetchedCorpus,
  truth: DeletionTruth,
  options: DeriveOptions & { seed: number },
): Promise<string[]> {
  const place = await placeOf(fetched, options);
  if (truth.inputsSha256 !== place.inputsSha256 || truth.manifestSha256 !== truthManifestSha256(fetched.spec)) {
    return [`${truth.corpus}: it is about other files or another manifest`];
  }
  const now = new Map((await functionsOf(place)).map((one) => [one.id, one]));
  const differing = truth.items.flatMap((item) => {
    const one = now.get(item.id);
    const isStored = one !== undefined && JSON.stringify(itemOf(one, item)) === JSON.stringify(item);
    return isStored ? [] : [`${item.id}: its place, references or mentions are not as stored`];
  });
  const [drawn] = inRandomOrder(
    truth.items.filter(({ witness }) => witness !== null && witness !== ""),
    options.seed,
  );
  if (drawn?.witness == null) return differing;
  const seen = new Map(await enteredFunctions(place, [drawn.witness]));
  const missed = truth.items.filter(({ id, witness }) => witness === drawn.witness && !seen.has(id));
  return [...differing, ...missed.map(({ id, witness }) => `${id}: ${witness} does not enter it`)];
}
