/** Runs as the benchmark and the benches would hand them over, small and made up: only their form matters here. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CategoryScore, type ItemOutcome, ItemRecord, Report } from "@drift/cibench";
import { onTestFinished } from "vitest";
import { benchReport } from "../src/bench-run.ts";
import { fingerprint } from "../src/environment.ts";
import {
  completeRun,
  type CompleteRun,
  type ResultPaths,
  resultPaths,
  type RunDraft,
  sha256,
} from "../src/store/run-file.ts";
import type { Measurement } from "../src/store/schema.ts";

export const MACHINE = {
  cpuModel: "Example CPU",
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  architecture: "x64",
  platform: "linux",
  distribution: "Example Linux 1",
  kernel: "6.1.0-builder-of-somebody",
  nodeVersion: "24.0.0",
  rustcVersion: "1.95.0",
  governor: null,
};

export const NOW = new Date("2026-11-23T12:00:00.000Z");

/** An empty results folder that goes away with the test. */
export function temporaryResults(): ResultPaths {
  return resultPaths(join(temporaryFolder(), "results"));
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "drift-harness-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface RunFeatures {
  tool?: string;
  startedAt?: string;
  commit?: string | null;
  dirty?: boolean;
  suiteHash?: string;
  /** How many of the ten items of each of six files it gets right. */
  right?: number;
  inputs?: string;
  notRun?: boolean;
  split?: "fit" | "report";
  /** What a bench run indexed. */
  label?: string;
  /** `new`: a report of version 2 with a second interval, levels, languages, memory and what a model took. Version 1 by default. */
  report?: "new";
}

/** A run of CIBench on one real corpus of six files with ten items each. */
export function cibenchRun(features: RunFeatures = {}): CompleteRun {
  const {
    tool = "drift",
    startedAt = NOW.toISOString(),
    right = 8,
    suiteHash = "a".repeat(64),
    notRun = false,
  } = features;
  const items = notRun ? [] : itemsOf(right);
  const rawText = items.map((item) => `${JSON.stringify(item)}\n`).join("");
  const isNew = features.report === "new";
  const report = Report.parse({
    ...(isNew ? { schemaVersion: 2, limits: null, intervals: "expanded", levels: LEVELS } : { schemaVersion: 1 }),
    runId: `${tool}-${sha256(rawText).slice(0, 12)}`,
    suite: { name: "cibench", version: "0.1.0", hash: suiteHash },
    subject: {
      name: tool,
      version: "1.0.0",
      role: tool === "gold" ? "self-check" : "contestant",
      command: `cibench run --tool ${tool}`,
      ...(isNew ? { languages: ["typescript"] } : {}),
    },
    seed: 1,
    startedAt,
    endedAt: startedAt,
    corpora: [{ ...corpusManifest(notRun), split: features.split ?? "report" }, ...(isNew ? NEW_TASKS : [])],
    scores: [
      notRun
        ? { state: "not-run", category: "call-graph", kind: "real", reason: "tiny: it crashed", corpora: [] }
        : { ...scored(right / 10), ...(isNew ? BESIDE_SCORE : {}) },
      { state: "not-measured", category: "data-flow", reason: "the suite has no task for it yet" },
      { state: "unsupported", category: "token-efficiency", reason: "it answers no questions" },
    ],
    measuredWeight: notRun ? 0 : 10,
    notMeasured: [
      { category: "data-flow", weight: 10 },
      { category: "human-agreement", weight: 10 },
    ],
    itemsSha256: sha256(rawText),
    reproduce: `npm run --silent cibench -- run --tool ${tool}`,
  });
  return completeRun({ suite: "cibench", report, ...draftRest(features) }, rawText);
}

const LEVELS: NonNullable<Report["levels"]> = [
  {
    ...{ level: 1, weight: 30, measuredWeight: 10, score: { value: 0.7, low: 0.6, high: 0.8, n: 1 } },
    newCorpora: { value: 0.65, low: 0.2, high: 1.1, corpora: 5, reason: null },
  },
  {
    ...{ level: null, weight: 100, measuredWeight: 10, score: { value: -0.2, low: null, high: null, n: 1 } },
    newCorpora: { value: null, low: null, high: null, corpora: 5, reason: "too few corpora (call graph)" },
  },
];

const BESIDE_SCORE = {
  newCorpora: { value: 0.65, low: 0.2, high: 1.1, corpora: 5, reason: null },
  inLanguagesRead: {
    corpora: ["tiny"],
    raw: { value: 0.9, low: 0.8, high: 1, n: 1 },
    ...{ floor: 0.2, floorBy: "constant", score: { value: 0.875, low: 0.75, high: 1, n: 1 } },
  },
};

const task = corpusManifest(false);
/** A second task about the same corpus, and one about another; a third that the tool does not support. */
const NEW_TASKS: Report["corpora"] = [
  {
    ...{ ...task, category: "data-flow", taskId: "data-flow/tiny", items: 7 },
    usage: {
      ...{ indexMs: 9, answerMs: 2, tokens: 30, costUsd: 0.25 },
      memory: { peakBytes: 2_000, of: "tool" },
    },
  },
  {
    ...{ ...task, id: "made", kind: "synthetic", category: "data-flow", taskId: "data-flow/made", items: 3 },
    usage: { indexMs: 4, answerMs: 8, tokens: 12, memory: { peakBytes: 5_000, of: "process" } },
  },
  {
    ...{
      ...task,
      id: "made",
      kind: "synthetic",
      category: "token-efficiency",
      taskId: "token-efficiency/made",
      items: 11,
    },
    ...{ usage: null, problems: null },
  },
];

/** A bench run with two tools and a ratio. */
export function benchRun(features: RunFeatures = {}): CompleteRun {
  const startedAt = new Date(features.startedAt ?? NOW);
  const measurements: Measurement[] = [
    {
      caseId: `index/whole/${features.label ?? "tiny"}`,
      tool: "drift",
      runner: "process",
      metric: "wall",
      unit: "ns",
      samples: [3e6, 1e6, 2e6],
    },
    {
      caseId: `index/whole/${features.label ?? "tiny"}`,
      tool: "ast-grep",
      runner: "process",
      metric: "wall",
      unit: "ns",
      samples: [6e6, 2e6, 4e6],
    },
  ];
  const { report, rawText } = benchReport({
    measurements,
    ratios: [
      {
        name: "index/wall/tiny",
        ...{ numeratorLabel: "drift index", numerator: 2e6, denominatorLabel: "ast-grep scan", denominator: 4e6 },
        ...{ unit: "ns", value: 0.5, low: 0.4, high: 0.6, n: 3 },
      },
    ],
    notRun: features.notRun === true ? [{ runner: "criterion", reason: "no compiler" }] : [],
    seed: 1,
    startedAt,
    now: () => startedAt,
    engineVersion: "0.1.0",
    reproduce: "npm run bench -- index <folder>",
  });
  return completeRun({ suite: "bench", report, ...draftRest(features) }, rawText);
}

export function draftRest(
  features: RunFeatures,
): Pick<RunDraft, "environment" | "commit" | "engineVersion" | "loadAverage" | "inputSha256"> {
  const { commit = "c".repeat(40), dirty = false, inputs = "inputs" } = features;
  return {
    environment: fingerprint(MACHINE),
    commit: {
      hash: commit,
      dirty: commit === null ? null : dirty,
      committedAt: commit === null ? null : "2026-11-23T11:00:00+00:00",
    },
    engineVersion: "0.1.0",
    loadAverage: 0.5,
    inputSha256: sha256(inputs),
  };
}

function corpusManifest(notRun: boolean): Report["corpora"][number] {
  return {
    id: "tiny",
    category: "call-graph",
    version: "1.0.0",
    kind: "real",
    split: "report",
    inputsSha256: "1".repeat(64),
    truthSha256: "2".repeat(64),
    oracles: [
      {
        ...{ kind: "compiler", name: "typescript", version: "6.0.3", sharesCodeWith: ["tsc"], seed: null, repeats: 1 },
        ...{ command: "npm run corpora -- derive tiny", agreement: 1, notRun: null },
      },
    ],
    taskId: "call-graph/tiny",
    items: 60,
    usage: notRun ? null : { indexMs: 5, answerMs: 1, memory: null },
    problems: notRun ? null : { malformed: 0, unasked: 0, repeated: 0, unanswered: 3 },
    notRun: notRun ? "it crashed" : null,
  };
}

function scored(value: number): CategoryScore {
  const estimate = { value, low: Math.max(0, value - 0.1), high: Math.min(1, value + 0.1), n: 60 };
  const counts = {
    truePositives: Math.round(value * 60),
    falsePositives: 2,
    falseNegatives: 60 - Math.round(value * 60),
    onUnknown: 4,
  };
  return {
    state: "scored",
    category: "call-graph",
    kind: "real",
    raw: estimate,
    floor: 0.1,
    floorBy: "constant",
    baselines: [{ name: "constant", raw: 0.1 }],
    score: { ...estimate, value: (value - 0.1) / 0.9 },
    corpora: [
      {
        ...{
          corpus: "tiny",
          kind: "real",
          counts,
          precision: estimate,
          recall: estimate,
          f1: estimate,
          macroF1: estimate,
        },
        ...{ traceRecall: null, unknownShare: 0.25, sites: 60, files: 6 },
        strata: [{ stratum: "direct", sites: 60, counts, precision: value, recall: value, f1: value }],
      },
    ],
  };
}

function itemsOf(right: number): ItemRecord[] {
  return Array.from({ length: 6 }, (_, file) =>
    Array.from({ length: 10 }, (__, index) => itemOf(file, index, index < right)),
  ).flat();
}

function itemOf(file: number, index: number, isRight: boolean): ItemRecord {
  const itemId = `src/${file}.ts:${index + 1}:1-${index + 1}:9`;
  const outcome: ItemOutcome = {
    ...{
      category: "call-graph",
      itemId,
      corpus: "tiny",
      file: `src/${file}.ts`,
      line: index + 1,
      column: 1,
      callee: "f",
      syntax: "call",
      stratum: "direct",
    },
    truth: "known",
    outcome: isRight ? "right" : "abstained",
    counts: { truePositives: Number(isRight), falsePositives: 0, falseNegatives: Number(!isRight), onUnknown: 0 },
    traced: { edges: 0, found: 0 },
    status: isRight ? "certain" : "unanswered",
    predicted: isRight ? [`f (src/${file}.ts:1)`] : [],
    must: [`f (src/${file}.ts:1)`],
    may: [],
    by: ["compiler"],
  };
  const target = { file: `src/${file}.ts`, line: 1, column: 1, probability: 1 };
  return ItemRecord.parse({ outcome, answer: isRight ? { itemId, status: "certain", targets: [target] } : null });
}
