/** External suites: call graphs that other authors labelled, and how a tool fares on them. */
import { z } from "zod";

/** Formats that can be read. Both keep one folder per case with sources and `callgraph.json`: caller to callees. */
export const SuiteFormat = z.enum(["pycg", "swarm-js"]);
export type SuiteFormat = z.infer<typeof SuiteFormat>;

/** `callgraph.json`: for each function, by its dotted name, what it calls. */
export const SuiteLabels = z.record(z.string(), z.array(z.string()));
export type SuiteLabels = z.infer<typeof SuiteLabels>;

const Edge = z.tuple([z.string(), z.string()]);

/** Labels that an execution shows to be wrong. */
export const SuiteErrata = z.strictObject({
  schemaVersion: z.literal(1),
  suite: SuiteFormat,
  errata: z.array(
    z.strictObject({
      /** `category/case` */
      case: z.string(),
      /** Labelled edges that no execution has. */
      remove: z.array(Edge),
      /** Edges that an execution has and the label lacks. */
      add: z.array(Edge),
      reason: z.string().min(1),
      /** What was run, and what it showed. */
      evidence: z.strictObject({ command: z.string().min(1), observed: z.string().min(1) }),
    }),
  ),
});
export type SuiteErrata = z.infer<typeof SuiteErrata>;

const count = z.int().nonnegative();
const share = z.number().min(0).max(1).nullable();

/** Edges pooled over cases. Shares are null where their denominator is 0. */
export const EdgeScore = z.strictObject({
  cases: count,
  /** Labelled edges. */
  edges: count,
  truePositives: count,
  falsePositives: count,
  falseNegatives: count,
  /** TP / (TP + FP) */
  precision: share,
  /** TP / (TP + FN) */
  recall: share,
  /** 2TP / (2TP + FP + FN) */
  f1: share,
  /** Cases without a wrong edge. */
  complete: count,
  /** Cases without a missing edge. */
  sound: count,
});
export type EdgeScore = z.infer<typeof EdgeScore>;

/** The same as a whole and by category. */
export const SuiteScore = z.strictObject({ ...EdgeScore.shape, categories: z.record(z.string(), EdgeScore) });
export type SuiteScore = z.infer<typeof SuiteScore>;

/** `cibench suite run`. */
export const SuiteOutput = z.strictObject({
  schemaVersion: z.literal(1),
  suite: SuiteFormat,
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  ...SuiteScore.shape,
  /** Without edges from or to what the language itself brings. */
  noBuiltins: SuiteScore,
  /** With the errata applied; null without `--errata`. */
  audited: z.strictObject({ ...SuiteScore.shape, noBuiltins: SuiteScore, errata: count }).nullable(),
  /** Cases on which the tool and the labels as published differ, built-ins left aside. */
  differences: z.array(z.strictObject({ case: z.string(), missing: z.array(Edge), extra: z.array(Edge) })),
});
export type SuiteOutput = z.infer<typeof SuiteOutput>;
