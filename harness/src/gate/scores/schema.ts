/** The records of gated scores: what runs of a benchmark said of base and head, and what was decided from it. */
import * as z from "zod";
import { CaseId } from "../../store/testbed-schema.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Above the floor 0, perfect 1; signed, since one may be worse than a trivial answer. */
const Score = z.number().max(1);
const Credit = z.number().min(0).max(1);
const Share = z.number().min(0).max(1);
const Name = z.string().min(1).max(500);

/** Most items that a report lists one by one; the counts are always whole. */
export const MOST_LISTED = 2_000;

/** One category in one run. */
export const CategoryRun = z.strictObject({
  /** Category and kind of corpora, like `call-graph/real`: the kinds are never mixed. */
  category: z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/),
  /** The category's score is the mean over these. */
  corpora: z
    .array(
      z.strictObject({
        corpus: Name,
        score: Score,
        /** The same, had the items whose loss is accepted been answered as by the base: what is judged. */
        judged: Score,
      }),
    )
    .min(1)
    .max(500),
});
export type CategoryRun = z.infer<typeof CategoryRun>;

/** One run of one side. */
export const ScoreRun = z.strictObject({
  /** Name and version of what was scored. */
  subject: Name,
  /** Over questions, truth and rules: scores are comparable when it is the same. */
  suite: Sha256,
  /** Over every item and every answer: equal hashes are identical runs. */
  items: Sha256,
  categories: z.array(CategoryRun).max(100),
});
export type ScoreRun = z.infer<typeof ScoreRun>;

/** An item that all runs of one side answered better than any run of the other; credits are means over runs. */
export const ChangedItem = z.strictObject({ item: Name, base: Credit, head: Credit });
export type ChangedItem = z.infer<typeof ChangedItem>;

const ItemList = z.strictObject({ count: z.int().nonnegative(), listed: z.array(ChangedItem).max(MOST_LISTED) });

/** All that was measured for one entry of `scores`; with the settings it gives the decision again. */
export const ScoreEvidence = z.strictObject({
  id: CaseId,
  base: z.array(ScoreRun).min(1).max(50),
  head: z.array(ScoreRun).min(1).max(50),
  /** Items that both sides were asked and whose truth is the same on both. */
  compared: z.int().nonnegative(),
  /** By how much was lost, the most first. */
  lost: ItemList,
  won: ItemList,
  /** Items of the keep list that every run of the base got right and none of the head; accepted ones are not among them. */
  lostKept: z.array(Name).max(MOST_LISTED),
  /** Lost items that somebody accepted, with the reason. */
  accepted: z.array(z.strictObject({ item: Name, reason: Name })).max(MOST_LISTED),
});
export type ScoreEvidence = z.infer<typeof ScoreEvidence>;

const Verdict = z.enum(["regressed", "improved", "unchanged", "inconclusive"]);

export const CategoryVerdict = z.strictObject({
  category: z.string(),
  verdict: Verdict,
  /** Why it is inconclusive; null otherwise. */
  reason: z.string().nullable(),
  base: Score,
  /** As measured; accepted losses are in it. */
  head: Score,
  /** Judged head minus base. */
  change: z.number(),
  /** Of `change`, by relabelling; null where nothing is drawn or too few runs give none. */
  interval: z.strictObject({ low: z.number(), high: z.number(), level: Share }).nullable(),
  /** One-sided, corrected over all categories of stochastic subjects; null where nothing is tested. */
  adjustedP: Share.nullable(),
  adjustedImprovementP: Share.nullable(),
  /** The fall that would have been seen. */
  detectable: z.number().nonnegative().nullable(),
});
export type CategoryVerdict = z.infer<typeof CategoryVerdict>;

export const ScoreDecision = z.strictObject({
  verdict: Verdict,
  /** Of the entry as a whole: items of the keep list that are lost, or why nothing can be told. */
  reason: z.string().nullable(),
  /** `deterministic`: two runs of each side were identical, so that any difference is one of the code. */
  subject: z.enum(["deterministic", "stochastic"]),
  categories: z.array(CategoryVerdict),
});
export type ScoreDecision = z.infer<typeof ScoreDecision>;

export const ScoreComparison = ScoreEvidence.extend({ decision: ScoreDecision });
export type ScoreComparison = z.infer<typeof ScoreComparison>;
