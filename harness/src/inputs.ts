/** What goes into a run, as one hash: when it is the same, measuring again can only repeat the stored answer. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { CallGraphTruth, ChangeTruth, LayeredTruth, RuleTruth } from "@drift/corpora";
import type { Commit } from "./store/schema.ts";

/** Parts of the checkout that decide what a run says: engine binary, its TypeScript, the benchmark, this package. */
const CODE_FOLDERS = ["engine/native", "engine/src", "cibench/src", "harness/src", "harness/bench", "corpora/src"];

/** sha256 over the path and content of every file that decides a result. */
export function codeHash(root: string): string {
  const hash = createHash("sha256");
  for (const folder of CODE_FOLDERS) {
    for (const file of filesBelow(path.join(root, folder))) {
      hash
        .update(`${path.relative(root, file).replaceAll(path.sep, "/")}\0`)
        .update(fs.readFileSync(file))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

/** What a run depends on. */
export interface RunInputs {
  suite: "cibench" | "bench";
  subject: string;
  code: string;
  commit: Commit;
  seed: number;
  /** One hash per corpus, in the order given. */
  corpora: readonly string[];
  /** What else decides the result, e.g. the testbed and the effort of a bench. */
  more?: readonly string[];
}

export function inputHash(inputs: RunInputs): string {
  const { suite, subject, code, commit, seed, corpora, more = [] } = inputs;
  return createHash("sha256")
    .update(JSON.stringify([suite, subject, code, commit.hash, commit.dirty, seed, corpora, more]))
    .digest("hex");
}

/** The same for equal truth, whatever the order of its keys: fresh from an oracle or out of the cache. */
export function truthHash(truth: CallGraphTruth | ChangeTruth | LayeredTruth | RuleTruth): string {
  return createHash("sha256").update(JSON.stringify(truth, sortedKeys)).digest("hex");
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
