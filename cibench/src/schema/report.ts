/** One tool, one suite, one run: everything needed to trust, repeat and re-score it. */
import { Language } from "@drift/corpora/manifest";
import { Oracle } from "@drift/corpora/truth";
import { z } from "zod";
import { AnswerProblems, MemoryPeak, Usage } from "./answer.ts";
import { RunLimits } from "./limits.ts";
import { CategoryScore, LevelScore } from "./score.ts";
import { Category } from "./task.ts";

/** Who says what is true, whatever kind of oracle it is. */
export const ReportedOracle = Oracle.extend({ kind: z.string() });
export type ReportedOracle = z.infer<typeof ReportedOracle>;

/** What an answer cost, as it is stored. */
export const RecordedUsage = Usage.extend({
  /** Null where it was not measured, as in all reports of version 1. */
  memory: MemoryPeak.nullable(),
});
export type RecordedUsage = z.infer<typeof RecordedUsage>;

/** What was asked about one corpus in one category. */
export const CorpusManifest = z.strictObject({
  id: z.string(),
  /** Reports from before there was a second category do not say it. */
  category: Category.default("call-graph"),
  version: z.string(),
  kind: z.enum(["real", "synthetic"]),
  split: z.enum(["fit", "report"]),
  inputsSha256: z.string(),
  truthSha256: z.string(),
  oracles: z.array(ReportedOracle),
  taskId: z.string(),
  items: z.int().nonnegative(),
  /** What the answer cost; null when the tool did not run. */
  usage: RecordedUsage.nullable(),
  /** What was wrong with the answer's form; null when the tool did not run. */
  problems: AnswerProblems.nullable(),
  /** Why there is no answer, in one sentence; null when there is one, or when the tool does not support the category. */
  notRun: z.string().nullable(),
});
export type CorpusManifest = z.infer<typeof CorpusManifest>;

/** How much is asked: all items, or a sample of those of each corpus and category. */
export const Profile = z.enum(["full", "quick"]);
export type Profile = z.infer<typeof Profile>;

/** `self-reported`: only who handed the run in has seen these answers; `re-run by us`: repeated here, with the same answers. */
export const Badge = z.enum(["self-reported", "re-run by us"]);
export type Badge = z.infer<typeof Badge>;

/** `percentile`: 2.5 and 97.5 of the resamples. `expanded`: further out where corpora have few files, so that 95 % stay 95 %. */
export const Intervals = z.enum(["percentile", "expanded"]);
export type Intervals = z.infer<typeof Intervals>;

const ReportNow = z.strictObject({
  schemaVersion: z.literal(2),
  /** `<tool>-<first 12 hex digits of the sha256 of suite hash, subject, seed, itemsSha256>`. */
  runId: z.string(),
  suite: z.strictObject({
    name: z.literal("cibench"),
    version: z.string(),
    /** sha256 over tasks, truth and scorer version: runs are comparable only when it is the same. */
    hash: z.string(),
  }),
  subject: z.strictObject({
    name: z.string(),
    version: z.string(),
    /** Self-checks (null, gold …) are shown on the board but never ranked. */
    role: z.enum(["contestant", "self-check"]),
    command: z.string(),
    /** The languages that it says it reads; absent where it says nothing, as in reports from before tools could. */
    languages: z.array(Language).optional(),
  }),
  seed: z.int(),
  /** Suites of different profiles have different hashes. Reports from before there were profiles are full ones. */
  profile: Profile.default("full"),
  /** Null in reports of version 1, which do not say them, and where runs were merged that had different ones. */
  limits: RunLimits.nullable(),
  /** When it was begun first, where it was interrupted and went on. */
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** One per category and corpus that were asked about. */
  corpora: z.array(CorpusManifest),
  /** One per category and, where scored, per kind of corpus: real and synthetic are never mixed. */
  scores: z.array(CategoryScore),
  /**
   * How the intervals of `raw` and `score` on these corpora are made. Reports from before there was a choice have percentiles; of these `rescore`
   * makes percentiles again.
   */
  intervals: Intervals.default("percentile"),
  /** Levels that have a measured category, then the total. Absent where intervals are percentiles. */
  levels: z.array(LevelScore).optional(),
  /** Weight in points of 100 of what was measured: on real corpora, or on generated ones where truth can only be planted. */
  measuredWeight: z.number(),
  notMeasured: z.array(z.strictObject({ category: Category, weight: z.number() })),
  /** sha256 of the uncompressed JSON-lines file with one ItemOutcome and one raw answer per item; it names that file. */
  itemsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The public command that makes this run again. */
  reproduce: z.string(),
  /** Who ran the tool. Absent in what `run` writes: who publishes a run says it (SUBMITTING.md). */
  badge: Badge.optional(),
});

/** A report of this version or of one before, as one of this version. */
export const Report = z.preprocess(migrateReport, ReportNow);
export type Report = z.infer<typeof Report>;

/** Version 1 knew neither limits nor memory. What is no report stays what it is: the schema says what is wrong with it. */
function migrateReport(value: unknown): unknown {
  const old = ReportOfVersion1.safeParse(value);
  if (!old.success) return value;
  const corpora = old.data.corpora.map(({ usage, ...rest }) => ({
    ...rest,
    usage: isObject(usage) ? { ...usage, memory: null } : usage,
  }));
  return { ...old.data, schemaVersion: 2, limits: null, corpora };
}

const ReportOfVersion1 = z.looseObject({
  schemaVersion: z.literal(1),
  corpora: z.array(z.looseObject({ usage: z.unknown() })),
});

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
