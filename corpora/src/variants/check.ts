/** Whether a variant is what it says: the same program under other names, of which the same is true. */
import { defaultCacheDir } from "../cache.ts";
import type { CompilerTruth } from "../derive/compiler.ts";
import { contextFiles, isResolvable, resolveStatically, trace } from "../derive/oracles.ts";
import { findSandbox, type Sandbox } from "../derive/sandbox.ts";
import type { TracedSite, TraceTruth } from "../derive/trace/traced-tests.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { LAYERED_OPTIONS } from "../generate/layered/printers/ecmascript.ts";
import type { CorpusSpec, CorpusTests } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import type { Target } from "../truth/schema.ts";
import { listFiles, selectFiles } from "../tree.ts";
import { readProjects } from "./make.ts";
import type { SourceNames } from "./names.ts";
import { RenamedPlaces } from "./renamed-places.ts";
import type { VariantTable } from "./schema.ts";

/** Things that were compared, and those that are not the same, by name. */
export interface Compared {
  items: number;
  differing: string[];
}

/** What came of checking a variant. */
export interface VariantCheck {
  /** Files whose syntax trees are the same but for names and comments. */
  trees: Compared;
  /** Files in which names are bound as before. */
  bindings: Compared;
  /** Errors of the TypeScript compiler, in the corpus and in the variant; null where it compiles nothing. */
  errors: { before: number; after: number } | null;
  /** Tests that pass and fail; null, with the reason in `notRun`, where they were not run to their end. */
  tests: { before: TestCounts; after: TestCounts } | null;
  /** Why tests were not run; null where they were. */
  notRun: string | null;
  /**
   * Call sites of which the static oracle says the same; null where none reads the language. It may know all targets of a call because
   * nothing in the project, texts included, has the callee's name, so that it is silent about some in one of the two: `inOneAlone`.
   */
  static: (Compared & { inOneAlone: string[] }) | null;
  /** Call sites that the tests entered in either, and that enter the same; null where tests were not run. */
  traced: Compared | null;
}

interface TestCounts {
  passed: number;
  failed: number;
}

export interface CheckOptions {
  cacheDir?: string;
  offline?: boolean;
  /** What the tests run in; by default the one that works here. */
  sandbox?: Sandbox | null;
  env?: Record<string, string | undefined>;
  onProgress?: OnProgress;
}

/** Whether everything that was compared is the same. */
export function isSame({ trees, bindings, errors, tests, static: resolved, traced }: VariantCheck): boolean {
  const compared = [trees, bindings, resolved, traced].every((one) => one === null || one.differing.length === 0);
  const areTests =
    tests === null || (tests.before.passed === tests.after.passed && tests.before.failed === tests.after.failed);
  return compared && areTests && (errors === null || errors.before === errors.after);
}

/**
 * Reads both again, compiles both, runs the tests of both in the sandbox, once as they are and twice traced, and compares. Corpus code
 * is run.
 *
 * @param corpus and `variant` have the same manifest and files
 */
export async function checkVariant(
  corpus: FetchedCorpus,
  variant: FetchedCorpus,
  table: VariantTable,
  options: CheckOptions = {},
): Promise<VariantCheck> {
  const [before, after] = [await testable(corpus), await testable(variant)];
  const context = await contextFiles(before);
  const structure = await compareStructure(corpus.root, variant.root, options.env);
  const places = await RenamedPlaces.read(corpus.root, variant.root, table.changed);
  const [resolvedBefore, resolvedAfter] = isResolvable(before.spec)
    ? [await resolved(before, context, options), await resolved(after, context, options)]
    : [null, null];
  const sandbox = options.sandbox === undefined ? await findSandbox() : options.sandbox;
  const [tracedBefore, tracedAfter] = [
    await traced(before, context, sandbox, options),
    await traced(after, context, sandbox, options),
  ];
  const notRun = [tracedBefore, tracedAfter].find(({ plain }) => plain === null)?.notRun ?? null;
  const { plain: testsBefore } = tracedBefore;
  const { plain: testsAfter } = tracedAfter;
  const areRun = testsBefore !== null && testsAfter !== null;
  return {
    ...structure,
    errors: isCompiled(before.spec) ? await errorsOf(before, after, context) : null,
    tests: areRun ? { before: countsOf(testsBefore), after: countsOf(testsAfter) } : null,
    notRun: areRun ? null : notRun,
    static: resolvedBefore && resolvedAfter ? compareStatic(resolvedBefore, resolvedAfter, places) : null,
    traced: areRun ? compareTraced(tracedBefore.sites, tracedAfter.sites) : null,
  };
}

/** How the tests of layered projects are run; their manifests say nothing of it, since their truth needs no run. */
const LAYERED_TESTS: Partial<Record<CorpusSpec["language"], Pick<CorpusTests, "runner" | "include">>> = {
  typescript: { runner: "node", include: ["test/*.test.ts"] },
  javascript: { runner: "node", include: ["test/*.test.js"] },
  python: { runner: "unittest", include: ["tests/test_*.py"] },
};
const LAYERED_TIMEOUT_MS = 600_000;

/** A corpus with its measured files, and with tests and compiler options where it is a layered one. */
async function testable({ spec, root }: FetchedCorpus): Promise<FetchedCorpus> {
  const files = selectFiles(await listFiles(root), spec.measure);
  const isLayered = spec.source.type === "generator" && spec.source.trait === "layered";
  const how = isLayered ? LAYERED_TESTS[spec.language] : undefined;
  if (how === undefined) return { spec, root, files };
  const tests: CorpusTests = {
    ...how,
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [],
    timeoutMs: LAYERED_TIMEOUT_MS,
  };
  const isScript = spec.language !== "python";
  const compilerOptions = isScript
    ? { ...LAYERED_OPTIONS, ...(spec.language === "javascript" && { allowJs: true }) }
    : {};
  return { spec: { ...spec, tests, compilerOptions }, root, files };
}

async function compareStructure(
  before: string,
  after: string,
  env: CheckOptions["env"],
): Promise<Pick<VariantCheck, "trees" | "bindings">> {
  const read = async (root: string): Promise<Map<string, SourceNames>> => {
    const projects = await readProjects(root, await listFiles(root), env);
    return new Map(projects.flatMap(({ files }) => files.map((one) => [one.file, one] as const)));
  };
  const [was, is] = [await read(before), await read(after)];
  const files = [...new Set([...was.keys(), ...is.keys()])].sort();
  const differing = (shapeOf: (source: SourceNames | undefined) => string | undefined): string[] =>
    files.filter((file) => shapeOf(was.get(file)) !== shapeOf(is.get(file)));
  return {
    trees: { items: files.length, differing: differing((source) => source?.tree) },
    bindings: { items: files.length, differing: differing((source) => source && boundOf(source)) },
  };
}

/** What the names of a file are bound to, each binding and each other name by the order in which it comes first. */
function boundOf({ uses }: SourceNames): string {
  const order = new Map<string, number>();
  return uses
    .map(({ of, bound, name }) => {
      const kind = bound !== null ? "binding" : of === "free" ? "free" : "shared";
      const key = `${kind} ${bound ?? name}`;
      const number = order.get(key) ?? order.size;
      order.set(key, number);
      return `${kind} ${number}`;
    })
    .join("\n");
}

function isCompiled({ language }: CorpusSpec): boolean {
  return language === "typescript" || language === "mixed";
}

async function errorsOf(
  before: FetchedCorpus,
  after: FetchedCorpus,
  context: readonly string[],
): Promise<NonNullable<VariantCheck["errors"]>> {
  const { createTypeCheck } = await import("../derive/mutation/type-check.ts");
  return { before: createTypeCheck(before, context).known, after: createTypeCheck(after, context).known };
}

function resolved(fetched: FetchedCorpus, context: readonly string[], options: CheckOptions): Promise<CompilerTruth> {
  return resolveStatically({ ...options, fetched, measured: fetched.files, context });
}

async function traced(
  fetched: FetchedCorpus,
  context: readonly string[],
  sandbox: Sandbox | null,
  options: CheckOptions,
): Promise<TraceTruth> {
  return trace(fetched, {
    ...options,
    cacheDir: options.cacheDir ?? defaultCacheDir(options.env ?? process.env),
    context,
    sandbox,
  });
}

function countsOf({ passed, failed }: TestCounts): TestCounts {
  return { passed, failed };
}

function compareStatic(before: CompilerTruth, after: CompilerTruth, places: RenamedPlaces): VariantCheck["static"] {
  const said = ({ sites }: CompilerTruth, rename: (file: string, callee: Callee) => Callee): Map<string, StaticSite> =>
    new Map(sites.map((site) => [site.id, { ...site, callee: rename(site.file, site.callee) }]));
  const was = said(before, (file, callee) => places.callee(file, callee));
  const is = said(after, (_, callee) => callee);
  const inOneAlone = [...was].flatMap(([id, { complete }]) => (is.get(id)?.complete === !complete ? [id] : []));
  const open = new Set(inOneAlone);
  const shown = (sites: ReadonlyMap<string, StaticSite>): Map<string, string> =>
    new Map(
      [...sites].map(([id, { callee, syntax, stratum, must, may }]) => [
        id,
        JSON.stringify([callee, syntax, ...(open.has(id) ? [] : [stratum, sorted(must), sorted(may)])]),
      ]),
    );
  return { ...compare(shown(was), shown(is)), inOneAlone };
}

type StaticSite = CompilerTruth["sites"][number];
type Callee = CompilerTruth["sites"][number]["callee"];

/** Targets outside are compared by being there, not by what they are called. */
function sorted(targets: readonly Target[]): string[] {
  return [...new Set(targets.map((target) => ("definition" in target ? target.definition : "outside")))].sort();
}

function compareTraced(before: ReadonlyMap<string, TracedSite>, after: ReadonlyMap<string, TracedSite>): Compared {
  const said = (sites: ReadonlyMap<string, TracedSite>): Map<string, string> =>
    new Map(
      [...sites].map(([id, { definitions, externals, outside, callbacks }]) => [
        id,
        JSON.stringify([definitions, externals.length > 0 || outside, callbacks]),
      ]),
    );
  return compare(said(before), said(after));
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Compared {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return { items: ids.length, differing: ids.filter((id) => before.get(id) !== after.get(id)) };
}
