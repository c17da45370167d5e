/**
 * Ground truth about what breaks: small changes of a corpus's own files, each made, type-checked and tested, with what
 * happened. Positions are 1-based, columns count UTF-16 units, ends are exclusive; paths are relative to the corpus root.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { writeWhole } from "../cache.ts";
import { CorpusError, isCode } from "../errors.ts";
import { MANIFEST_ROOT } from "../manifest.ts";
import { TRUTH_HEAD } from "./head.ts";
import { Span } from "./schema.ts";

const count = z.int().nonnegative();
const index = z.int().nonnegative();
const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How a file is changed. `change-type` is for TypeScript alone; what each does in a language stands beside its code. */
export const Operator = z.enum([
  "remove-export",
  "rename-export",
  "add-parameter",
  "change-type",
  "return-nothing",
  "negate-condition",
  "shift-boundary",
  "drop-await",
  "throw-at-entry",
  "change-constant",
  "remove-statement",
]);
export type Operator = z.infer<typeof Operator>;

/**
 * What a change did, the first that holds: the compiler says something new (`compile-break`; the tests are not run then);
 * a test that always passed never passes (`test-break`); all pass, but they run other statements than before
 * (`observable`); nothing was seen, although the tests ran the changed line (`no-effect-observed`, which is not a proof).
 */
export const Effect = z.enum(["compile-break", "test-break", "observable", "no-effect-observed"]);
export type Effect = z.infer<typeof Effect>;

/**
 * An error of the compiler that was not there before, in a file of the package itself: test files are not checked. Its place
 * is one in the changed text.
 */
export const NewDiagnostic = z.strictObject({ file: z.string(), line: index, column: index, code: z.int() });
export type NewDiagnostic = z.infer<typeof NewDiagnostic>;

/** Tests of one file, by their numbers in {@link MutationTruth} `tests`. */
export const BrokenTests = z.strictObject({ file: index, tests: z.array(index).min(1) });
export type BrokenTests = z.infer<typeof BrokenTests>;

/** One change and what it did. */
export const MutationItem = z.strictObject({
  /** `file:line:column-endLine:endColumn operator` of the text that is replaced; an insertion ends where it starts. */
  id: z.string(),
  operator: Operator,
  file: z.string(),
  span: Span,
  /** Where the function starts in which the change lies, `file:line:column`; null outside of functions. */
  owner: z.string().nullable(),
  /** sha256 of the text of the file as it is, and with the change. */
  before: sha256,
  after: sha256,
  /** Test files that run the changed line of the unchanged program, as numbers. */
  executed: z.array(index),
  /** Those of them that were run with the change. Empty for what does not compile. */
  ran: z.array(index),
  effect: Effect,
  diagnostics: z.array(NewDiagnostic),
  /**
   * By file: the tests that pass without the change in every run, and with it in none; of a file whose process a test ended,
   * that test and the file as a whole, but none that had not begun by then.
   */
  broken: z.array(BrokenTests),
  /** Test files that pass and run other statements than before. */
  observed: z.array(index),
  repeats: z.int().min(1),
  /**
   * F1 of the answer that needs no understanding: every file that imports the changed one, however indirectly. Against the files
   * with new diagnostics, else against the test files with broken tests among those that were run; 1 when both are empty.
   */
  controlF1: share,
});
export type MutationItem = z.infer<typeof MutationItem>;

/** Two changes of one function, or else of one file, of which one breaks a test and the other, tested as well, does not. */
export const ContrastivePair = z.strictObject({
  breaks: z.string(),
  holds: z.string(),
  within: z.enum(["function", "file"]),
});
export type ContrastivePair = z.infer<typeof ContrastivePair>;

/** All truth about changes of one corpus. */
export const MutationTruth = z.strictObject({
  ...TRUTH_HEAD,
  oracle: z.strictObject({
    kind: z.literal("mutation"),
    name: z.string(),
    version: z.string(),
    sharesCodeWith: z.array(z.string()),
    command: z.string(),
    seed: z.int().nonnegative(),
    /** Runs of the tests with each change. */
    repeats: z.int().min(1),
    /** Share of the tested changes with the same broken tests in all runs, in [0, 1]; only those are items. */
    agreement: share,
    /** What could not be run, in a sentence; null when all was. */
    notRun: z.string().nullable(),
  }),
  /** The tests without a change, each file in a process of its own. */
  baseline: z.strictObject({
    repeats: z.int().min(1),
    testFiles: count,
    /** Tests that passed every time: the ones that are asked about. */
    stable: count,
    /** Tests that never passed. */
    failing: count,
    /** Tests that passed only sometimes, as `file: name`; they are left out. */
    flaky: z.array(z.string()),
    /** Test files that take too long, or pass nothing. */
    left: z.array(z.string()),
  }),
  /** Possible changes by operator, and those whose line a test file runs, from which `wanted` were drawn. */
  candidates: z.array(z.strictObject({ operator: Operator, found: count, executed: count })),
  wanted: count,
  /** Changes that were drawn and are no items, by id. */
  dropped: z.strictObject({
    /** The changed text does not parse. */
    unreadable: z.array(z.string()),
    /** The runs broke different tests. */
    disagreed: z.array(z.string()),
    /** Tests did not come to their end in time, or the runner did not say how they ended. */
    endless: z.array(z.string()),
  }),
  /** The test files that were used, and the names of their stable tests. */
  tests: z.array(z.strictObject({ file: z.string(), names: z.array(z.string()) })),
  /** For each changed file, who imports it, however indirectly: sources by path, test files by number. */
  importers: z.array(z.strictObject({ file: z.string(), sources: z.array(z.string()), tests: z.array(index) })),
  items: z.array(MutationItem),
  pairs: z.array(ContrastivePair),
});
export type MutationTruth = z.infer<typeof MutationTruth>;

/** F1 of two sets, in [0, 1]; 1 when both are empty. */
export function setF1<T>(predicted: ReadonlySet<T>, actual: ReadonlySet<T>): number {
  if (predicted.size + actual.size === 0) return 1;
  return (2 * predicted.intersection(actual).size) / (predicted.size + actual.size);
}

/**
 * Pairs a change that breaks a test with one that was tested and breaks none, both in one function where that is
 * possible, else in one file. No change stands in two pairs; the order of `items` decides who is paired with whom.
 */
export function pairsOf(items: readonly MutationItem[]): ContrastivePair[] {
  return contrast(items, ["test-break"], ["no-effect-observed", "observable"]);
}

/** The same of changes that do not compile with changes that do. */
export function compilePairsOf(items: readonly MutationItem[]): ContrastivePair[] {
  return contrast(items, ["compile-break"], ["test-break", "no-effect-observed", "observable"]);
}

function contrast(
  items: readonly MutationItem[],
  breaks: readonly Effect[],
  holds: readonly Effect[],
): ContrastivePair[] {
  const pairs: ContrastivePair[] = [];
  const paired = new Set<string>();
  for (const within of ["function", "file"] as const) {
    const placed = items.filter(({ id, owner }) => !paired.has(id) && (within === "file" || owner !== null));
    for (const group of Map.groupBy(placed, ({ owner, file }) => (within === "file" ? file : owner)).values()) {
      const breaking = group.filter(({ effect }) => breaks.includes(effect));
      const holding = group.filter(({ effect }) => holds.includes(effect));
      for (const [at, { id }] of breaking.slice(0, holding.length).entries()) {
        const other = holding[at]?.id ?? "";
        pairs.push({ breaks: id, holds: other, within });
        paired.add(id).add(other);
      }
    }
  }
  return pairs;
}

/** Where the truth about changes of a real corpus is stored, beside that about its calls. */
export function storedMutationsFile(id: string, root: string = MANIFEST_ROOT): string {
  return path.join(root, "real", id, "truth", "mutation.json.gz");
}

/** The JSON that is stored: a line for each item, so that compressed or not it can be read by people. */
export function encodeMutations(truth: MutationTruth): Buffer {
  const head = JSON.stringify({ ...truth, items: undefined });
  const lines = truth.items.map((item) => JSON.stringify(item)).join(",\n");
  return gzipSync(`${head.slice(0, -1)},"items":[\n${lines}\n]}\n`, { level: 9 });
}

const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/**
 * What is stored about the changes of a corpus; null when nothing is.
 *
 * @throws CorpusError `CORPUS_TRUTH` when the file is damaged
 */
export async function readStoredMutations(id: string, root: string = MANIFEST_ROOT): Promise<MutationTruth | null> {
  try {
    const bytes = await readFile(storedMutationsFile(id, root));
    const text = gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }).toString("utf8");
    const truth = MutationTruth.parse(JSON.parse(text));
    if (truth.corpus !== id) throw new Error(`it is about ${truth.corpus}`);
    return truth;
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return null;
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const why = issue === undefined ? String(cause) : `${issue.path.join(".")}: ${issue.message}`;
    throw new CorpusError("CORPUS_TRUTH", `the stored truth about changes of ${id} cannot be read (${why})`, {
      hint: `Run "npm run corpora -- derive ${id} --kind mutation --write", which runs the corpus's tests in a sandbox.`,
      cause,
    });
  }
}

/** Stores truth; the next reader sees all of it or what was there before. */
export async function writeStoredMutations(truth: MutationTruth, root: string = MANIFEST_ROOT): Promise<void> {
  await writeWhole(storedMutationsFile(truth.corpus, root), encodeMutations(truth));
}
