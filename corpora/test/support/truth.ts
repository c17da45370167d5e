import { CANARY } from "../../src/truth/canary.ts";
import type { MergedTruth } from "../../src/truth/merge.ts";
import type { CallGraphTruth, SiteTruth } from "../../src/truth/schema.ts";

/** What oracles said, as the truth of a corpus on which trivial answers were not tried. */
export function truthWith({ contradictions, dropped, definitions, sites }: MergedTruth): CallGraphTruth {
  const unscored = { baselines: { grep: null, importGraph: null, constant: null }, easy: false };
  return {
    ...blankTruth(),
    contradictions,
    dropped,
    definitions,
    sites: sites.map((one) => ({ ...one, ...unscored })),
  };
}

/** The truth of a corpus without calls. */
export function blankTruth(changes: Partial<CallGraphTruth> = {}): CallGraphTruth {
  return {
    schemaVersion: 2,
    canary: CANARY,
    corpus: "tiny",
    corpusVersion: "1.0.0",
    language: "javascript",
    manifestSha256: "0".repeat(64),
    inputsSha256: "0".repeat(64),
    oracles: [],
    tracing: null,
    contradictions: [],
    dropped: [],
    files: ["a.ts"],
    lines: 10,
    sampled: null,
    definitions: [],
    sites: [],
    ...changes,
  };
}

/** A call at `line` of `a.ts`, judged unless `changes` say otherwise. */
export function siteTruth(line: number, changes: Partial<SiteTruth> = {}): SiteTruth {
  const file = changes.file ?? "a.ts";
  return {
    id: `${file}:${line}:1-${line}:4`,
    file,
    span: { line, column: 1, endLine: line, endColumn: 4 },
    callee: { name: "f", line, column: 1 },
    syntax: "call",
    stratum: "direct",
    must: [],
    may: [],
    closed: true,
    by: ["compiler"],
    traced: [],
    callbacks: [],
    witness: null,
    baselines: { grep: null, importGraph: null, constant: null },
    easy: false,
    unknownReason: null,
    ...changes,
  };
}
