/** Items of derived truth that somebody reads: machines derive it, and only reading tells how often they are wrong. */
import { z } from "zod";
import { CANARY } from "../truth/canary.ts";
import { Verdict } from "./verdict.ts";

/** What is drawn from: a deriver of `derive --kind`, of `call-graph` by language, or the generator's planted data flows. */
export const ReadKind = z.enum([
  "call-graph-java",
  "call-graph-go",
  "mutation",
  "deletion",
  "history",
  "release-diff",
  "rule",
  "flow",
]);
export type ReadKind = z.infer<typeof ReadKind>;

/** One item that was drawn. */
export const ReadItem = z.strictObject({
  corpus: z.string(),
  /** Of the corpus; `from..to` where the item lies between two versions. */
  version: z.string(),
  /** Unique within the corpus and version. */
  id: z.string(),
  /** sha256 over all that the truth says about it: another one is another item, whose verdict was not given. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  question: z.string(),
  /** What is stored, in short. */
  truth: z.string(),
  /** `file:line` of each place to look at, within the corpus, what is asked about first; of a rule, the files that declare it, too. */
  source: z.string(),
  verdict: Verdict,
  /** What in the source decides, with lines; empty until it was read. */
  why: z.string(),
});
export type ReadItem = z.infer<typeof ReadItem>;

/** Items drawn at random from all that one deriver says. */
export const Reading = z.strictObject({
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  kind: ReadKind,
  /** Draws the same items from the same truth. */
  command: z.string(),
  seed: z.int().nonnegative(),
  /** Items in stock from which they were drawn. */
  from: z.int().nonnegative(),
  items: z.array(ReadItem),
});
export type Reading = z.infer<typeof Reading>;

const count = z.int().nonnegative();
const share = z.number().min(0).max(1).nullable();

/** The record of `corpora reading show --json`. */
export const ReadingRecord = z.strictObject({
  schemaVersion: z.literal(1),
  derivers: z.array(
    z.strictObject({
      kind: ReadKind,
      from: count,
      drawn: count,
      right: count,
      wrong: count,
      undecided: count,
      unread: count,
      /** wrong / (right + wrong), with the 95 % interval of Clopper and Pearson; null where nothing was decided. */
      share,
      low: share,
      high: share,
    }),
  ),
});
export type ReadingRecord = z.infer<typeof ReadingRecord>;
