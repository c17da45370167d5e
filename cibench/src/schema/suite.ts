/** External suites: call graphs that other authors labelled, and how a tool fares on them. */
import { z } from "zod";

/** Formats that can be read. Both keep one folder per case with sources and `callgraph.json`: caller to callees. */
export const SuiteFormat = z.enum(["pycg", "swarm-js"]);
export type SuiteFormat = z.infer<typeof SuiteFormat>;

/** `callgraph.json`: for each function, by its dotted name, what it calls. */
export const SuiteLabels = z.record(z.string(), z.array(z.string()));
export type SuiteLabels = z.infer<typeof SuiteLabels>;

const Edge = z.tuple([z.string(), z.string()]);

/** A label that an execution shows to be wrong. */
export const SuiteErratum = z.strictObject({
  /** `category/case` */
  case: z.string(),
  edge: Edge,
  /** `add` an edge that the execution has and the label lacks; `remove` a labelled edge that it shows not to happen. */
  decision: z.enum(["add", "remove"]),
  /** What the execution showed, as `cibench suite audit` says it. */
  observed: z.string().min(1),
  /** Why that makes the label wrong. */
  reason: z.string().min(1),
});
export type SuiteErratum = z.infer<typeof SuiteErratum>;

export const SuiteErrata = z.strictObject({
  schemaVersion: z.literal(2),
  suite: SuiteFormat,
  /** The version of the suite whose labels these are. */
  commit: z.string().min(1),
  /** Runs every case again and verifies each erratum; `<dir>` stands for the folder of the categories. */
  command: z.string().min(1),
  errata: z.array(SuiteErratum),
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

const Scored = z.strictObject({
  ...SuiteScore.shape,
  /** Without edges from or to what the language itself brings. */
  noBuiltins: SuiteScore,
  /** Cases on which the tool and these labels differ, built-ins left aside. */
  differences: z.array(z.strictObject({ case: z.string(), missing: z.array(Edge), extra: z.array(Edge) })),
});

/** `cibench suite run`: against the labels as published. */
export const SuiteOutput = z.strictObject({
  schemaVersion: z.literal(1),
  suite: SuiteFormat,
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  ...Scored.shape,
  /** With the errata applied; null without `--errata`. */
  audited: z.strictObject({ ...Scored.shape, errata: count }).nullable(),
});
export type SuiteOutput = z.infer<typeof SuiteOutput>;

/**
 * What an execution says about a labelled edge that it did not have. The first three show that it cannot happen:
 * - `no-such-function`: caller or callee is no function of the case;
 * - `entered-others`: the caller ran, each of its calls ran, and none entered the callee;
 * - `not-callable`: the same, but that a call ended the program because its callee is no function;
 * - `not-run`: the caller, or a call in it, did not run, and nothing follows.
 */
export const SuiteFinding = z.enum(["no-such-function", "entered-others", "not-callable", "not-run"]);
export type SuiteFinding = z.infer<typeof SuiteFinding>;

/** How a function was entered: by a call in the text, by what a call was given to, or without a call in the text. */
export const SuiteWitnessKind = z.enum(["call", "callback", "implicit"]);
export type SuiteWitnessKind = z.infer<typeof SuiteWitnessKind>;

const Audited = z.strictObject({
  /** Labelled, and the execution has them. */
  confirmed: z.array(z.strictObject({ edge: Edge, how: SuiteWitnessKind, observed: z.string() })),
  /** The execution has them, and the label does not. */
  unlabelled: z.array(z.strictObject({ edge: Edge, how: SuiteWitnessKind, observed: z.string() })),
  /** Labelled, and the execution does not have them. */
  unwitnessed: z.array(z.strictObject({ edge: Edge, finding: SuiteFinding, observed: z.string() })),
});

/** One case, run. */
export const SuiteCaseAudit = z.strictObject({
  case: z.string(),
  outcome: z.enum(["ended", "threw", "stopped", "not-run"]),
  /** How it ended, where that is not by itself. */
  message: z.string().nullable(),
  ...Audited.shape,
  /** The same for edges from or to what the language itself brings. */
  builtins: Audited,
});
export type SuiteCaseAudit = z.infer<typeof SuiteCaseAudit>;

/** `cibench suite audit`. */
export const SuiteAuditOutput = z.strictObject({
  schemaVersion: z.literal(1),
  suite: SuiteFormat,
  sandbox: z.string(),
  /** Over all cases, without built-ins. */
  totals: z.strictObject({
    cases: count,
    ended: count,
    threw: count,
    stopped: count,
    notRun: count,
    confirmed: count,
    unlabelled: count,
    unwitnessed: count,
  }),
  /** Of the witnessed edges between functions of the cases, how many are labelled, by how they came about. */
  conventions: z.record(SuiteWitnessKind, z.strictObject({ witnessed: count, labelled: count })),
  cases: z.array(SuiteCaseAudit),
  /** Null without `--errata`. */
  errata: z
    .strictObject({
      proven: count,
      /** Errata that this execution does not prove, and why. */
      unproven: z.array(
        z.strictObject({ ...SuiteErratum.pick({ case: true, edge: true, decision: true }).shape, problem: z.string() }),
      ),
      /** What this execution shows to be wrong and no erratum says. */
      uncovered: z.array(SuiteErratum.pick({ case: true, edge: true, decision: true, observed: true })),
    })
    .nullable(),
});
export type SuiteAuditOutput = z.infer<typeof SuiteAuditOutput>;
