/** Truth about changes in a line each: who wants to know what a test says sees all of it. */
import { CANARY, type ChangeTruth, type MutationItem, type MutationTruth } from "@drift/corpora";

/** A change, by what it breaks: numbers are test files; `compile` lists files with new errors. */
export interface TinyChange {
  file?: string;
  operator?: MutationItem["operator"];
  /** Test files that run the changed line, and those of them that were run with the change (all, unless said). */
  executed?: number[];
  ran?: number[];
  broken?: number[];
  compile?: string[];
}

const NONE = "0".repeat(64);

/** @param pairs indices of changes: one that breaks, and one that holds */
export function tinyChanges(
  changes: readonly TinyChange[],
  pairs: readonly [number, number][] = [],
  { tests = 3, corpus = "tiny" }: { tests?: number; corpus?: string } = {},
): ChangeTruth {
  const items = changes.map((change, index): MutationItem => {
    const { file = "a.ts", operator = "negate-condition", executed = [], broken = [], compile = [] } = change;
    const line = index + 1;
    return {
      id: `${file}:${line}:1-${line}:9 ${operator}`,
      operator,
      file,
      span: { line, column: 1, endLine: line, endColumn: 9 },
      owner: null,
      before: NONE,
      after: NONE,
      executed,
      ran: compile.length > 0 ? [] : (change.ran ?? executed),
      effect: compile.length > 0 ? "compile-break" : broken.length > 0 ? "test-break" : "no-effect-observed",
      diagnostics: compile.map((one) => ({ file: one, line: 1, column: 1, code: 2322 })),
      broken: broken.map((test) => ({ file: test, tests: [0] })),
      observed: [],
      repeats: 3,
      controlF1: 1,
    };
  });
  const idOf = (index: number): string => items[index]?.id ?? "";
  const truth: MutationTruth = {
    schemaVersion: 1,
    canary: CANARY,
    corpus,
    corpusVersion: "1.0.0",
    language: "typescript",
    manifestSha256: NONE,
    inputsSha256: NONE,
    oracle: {
      kind: "mutation",
      name: "changes, and the corpus's own tests",
      version: "1",
      sharesCodeWith: [],
      command: "npm run --silent corpora -- derive tiny --kind mutation",
      seed: 1,
      repeats: 3,
      agreement: 1,
      notRun: null,
    },
    baseline: { repeats: 5, testFiles: tests, stable: tests, failing: 0, flaky: [], left: [] },
    candidates: [],
    wanted: items.length,
    dropped: { unreadable: [], disagreed: [], endless: [] },
    tests: Array.from({ length: tests }, (_, index) => ({ file: `test/${index}.test.ts`, names: ["works"] })),
    importers: [],
    items,
    pairs: pairs.map(([breaks, holds]) => ({ breaks: idOf(breaks), holds: idOf(holds), within: "file" })),
  };
  return { truth, texts: Object.fromEntries(items.map(({ id }) => [id, { before: "a > b()", after: "!(a > b())" }])) };
}
