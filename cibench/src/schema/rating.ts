/**
 * What people say about answers: a study (what is rated, and by which rubric), ratings, and what is held against them. Files are JSON
 * (a study) or JSON lines (the rest).
 */
import { z } from "zod";
import { Estimate } from "./estimate.ts";

const id = z.string().min(1).max(300);

/** One step of the scale, and when it is to be chosen. */
export const RubricStep = z.strictObject({ value: z.int(), label: z.string().min(1), means: z.string().min(1) });
export type RubricStep = z.infer<typeof RubricStep>;

/** Something that is rated. It does not say which tool it comes from. */
export const StudyItem = z.strictObject({
  id,
  /** What is compared with each other and resampled as one: a query with its candidates, or the file that is asked about. */
  group: id,
  /** What was asked, and what was answered. */
  question: z.string(),
  answer: z.string(),
});
export type StudyItem = z.infer<typeof StudyItem>;

/** What people are asked to rate. The rubric is fixed before the first rating: another one is another study. */
export const Study = z.strictObject({
  schemaVersion: z.literal(1),
  study: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  title: z.string(),
  /** `binary` has the values 0 and 1. */
  kind: z.enum(["graded", "binary"]),
  /** From the lowest value to the highest. */
  rubric: z.array(RubricStep).min(2),
  items: z.array(StudyItem).min(1),
});
export type Study = z.infer<typeof Study>;

/** One person about one item. Of several by one rater about one item the last counts. */
export const Rating = z.strictObject({
  study: z.string(),
  itemId: id,
  /** A pseudonym. */
  rater: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  /** One of the rubric; null: this person could not tell. */
  value: z.int().nullable(),
  note: z.string().max(2000).optional(),
  at: z.iso.datetime(),
});
export type Rating = z.infer<typeof Rating>;

/** What a tool, or the scorer, says an item is worth; only the order of scores counts, save for Pearson. */
export const ItemScore = z.strictObject({ itemId: id, score: z.number() });
export type ItemScore = z.infer<typeof ItemScore>;

/** A coefficient within groups, and what it is beside the agreement of people among themselves. */
export const Correlation = z.strictObject({
  /** Mean over groups of the coefficient between scores and mean ratings; groups are resampled. */
  raw: Estimate,
  /** The same between each rater and the mean of the others, as a mean over raters; null with fewer than two raters. */
  ceiling: z.number().nullable(),
  /** raw / ceiling, 1 at most; null without a positive ceiling. */
  normalized: Estimate.nullable(),
  /** The quotient was above 1. */
  isCapped: z.boolean(),
  /** Over all items, whatever their group; null where one side is constant. */
  pooled: z.number().nullable(),
  /** Groups in which it is defined: at least three items, and neither side constant. */
  groups: z.int().nonnegative(),
});
export type Correlation = z.infer<typeof Correlation>;

const count = z.int().nonnegative();

/** `cibench agreement`. */
export const AgreementOutput = z.strictObject({
  schemaVersion: z.literal(1),
  study: z.string(),
  /** Released data of others is `external human data`, never validation by people of ours. */
  source: z.enum(["own study", "external human data"]),
  kind: z.enum(["graded", "binary"]),
  state: z.enum(["measured", "not-measured"]),
  /** Why it is not measured; null when it is. */
  reason: z.string().nullable(),
  items: count,
  groups: count,
  raters: count,
  /** Ratings with a value, and those that could not tell. */
  ratings: count,
  undecided: count,
  /** Items with a rating but no score, which count as scored below all others. */
  unscored: count,
  seed: z.int(),
  /** Krippendorff's alpha of all ratings: ordinal, or nominal for binary data; null with fewer than two ratings of any item. */
  alpha: z.number().nullable(),
  graded: z.strictObject({ spearman: Correlation, kendall: Correlation, pearson: Correlation }).nullable(),
  binary: z
    .strictObject({
      /** Mean over groups of 1 / rank of the first relevant item, ties in expectation. */
      mrr: Estimate,
      /** Chance that a relevant item has a higher score than one that is not, over all items; null where all are alike. */
      auroc: z.number().nullable(),
    })
    .nullable(),
});
export type AgreementOutput = z.infer<typeof AgreementOutput>;
