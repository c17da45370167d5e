/** Edges of a tool that somebody read: where oracles and tests know nothing, only reading tells whether they are right. */
import { Verdict } from "@drift/corpora";
import { z } from "zod";

const Position = z.strictObject({
  file: z.string().min(1),
  line: z.int().positive(),
  /** From 1. */
  column: z.int().positive(),
  /** Of the call site, or of the function, as the tool says it. */
  kind: z.string(),
});

/** One edge that was drawn. */
export const ReadEdge = z.strictObject({
  /** The call, and its text up to 120 characters of its first line. */
  site: Position.extend({ text: z.string() }),
  /**
   * The function that it is said to enter. That of kind `implicit-constructor` is its class: the edge says that an object
   * of it is made, and that no constructor of the corpus is entered.
   */
  target: Position.extend({ name: z.string() }),
  probability: z.number().gt(0).max(1),
  verdict: Verdict,
  /** What in the source decides, with lines. */
  why: z.string().nullable(),
});
export type ReadEdge = z.infer<typeof ReadEdge>;

/** Edges drawn at random from all that a tool commits to in one corpus. */
export const Reading = z.strictObject({
  schemaVersion: z.literal(1),
  corpus: z.strictObject({ id: z.string(), version: z.string() }),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  /** Draws the same edges from the same version of the tool. */
  command: z.string(),
  seed: z.int(),
  /** Edges from which they were drawn: all to functions of the corpus, at sites in the files under measure. */
  from: z.int().nonnegative(),
  edges: z.array(ReadEdge),
});
export type Reading = z.infer<typeof Reading>;

const count = z.int().nonnegative();
const share = z.number().min(0).max(1).nullable();

/** What the readings of a folder say. */
export const ReadingOutput = z.strictObject({
  schemaVersion: z.literal(1),
  corpora: z.array(
    z.strictObject({
      id: z.string(),
      version: z.string(),
      from: count,
      right: count,
      wrong: count,
      undecided: count,
      unread: count,
      /** right / (right + wrong), with the 95 % interval of Clopper and Pearson; null where nothing was decided. */
      precision: share,
      low: share,
      high: share,
    }),
  ),
});
export type ReadingOutput = z.infer<typeof ReadingOutput>;
