/**
 * What people changed, in their own words: an entry of a changelog or the message of a commit, and the functions that are
 * not as they were before. The words stay where they are: an item says where to read them, and what they hash to.
 */
import { z } from "zod";
import { Language } from "../manifest.ts";
import { CANARY } from "./canary.ts";

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where changes come from: published versions of a package, or the commits of a git repository. */
export const ChangeKind = z.enum(["release-diff", "history"]);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** A function that is not as it was. */
export const ChangedFunction = z.strictObject({
  file: z.string(),
  /** For display, and where it stands within others, such as `Box.open`. */
  name: z.string(),
  /** Id of its definition in the older version; null when it is new. */
  before: z.string().nullable(),
  /** Id of its definition in the newer version; null when it is gone. */
  after: z.string().nullable(),
});
export type ChangedFunction = z.infer<typeof ChangedFunction>;

/**
 * Why words and functions belong together. The text names the function (`name`), an identifier that stands in the function
 * more or less often than before (`use`), an issue that the function's text mentions now and did not before (`issue`), the
 * class around it (`class`), or its file (`file`); it is the only entry about code of a release that changed
 * one function (`single`); or it is
 * the message of the commit that made the change (`commit`).
 */
export const Tie = z.strictObject({
  by: z.enum(["name", "use", "issue", "class", "file", "single", "commit"]),
  /** What the text names; empty for `single` and `commit`. */
  what: z.string(),
});
export type Tie = z.infer<typeof Tie>;

/** One thing that people said they changed. */
export const ChangeItem = z.strictObject({
  /** `<to>:<line>` of an entry, the id of a commit. */
  id: z.string(),
  /** The lines of a file of the newer version; of a commit's message, with `file` null. */
  text: z.strictObject({ file: z.string().nullable(), line: z.int().min(1), endLine: z.int().min(1), sha256 }),
  /** Positions in `functions` of the change: these were certainly changed for it. */
  must: z.array(count).min(1),
  ties: z.array(Tie).min(1),
  /** What searching for the names in the text scores: F1 of functions, those changed but not tied left out; in [0, 1]. */
  grep: z.number().min(0).max(1),
});
export type ChangeItem = z.infer<typeof ChangeItem>;

/** Why an entry or a commit became no item. */
export const Dropped = z.strictObject({ reason: z.string(), number: z.int().positive() });
export type Dropped = z.infer<typeof Dropped>;

/** What lies between two versions or between a commit and its parent. */
export const Change = z.strictObject({
  from: z.string(),
  to: z.string(),
  /**
   * Everything that changed. What is not in `must` of an item may have changed for it or not (*unknown*); a function that
   * is not listed at all did not change (*cannot*), unless its file is in `unreadable`.
   */
  functions: z.array(ChangedFunction),
  /** Files that could not be read in one of the two. */
  unreadable: z.array(z.string()),
  items: z.array(ChangeItem),
  dropped: z.array(Dropped),
});
export type Change = z.infer<typeof Change>;

export const ChangeTruth = z.strictObject({
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  kind: ChangeKind,
  corpus: z.string(),
  language: Language,
  /** sha256 over what decides what is compared: the pins of all versions and the globs of files, or the newest commit. */
  inputsSha256: sha256,
  /** What derived it: a name that grows with every change of the rule, and the command that derives it again. */
  deriver: z.strictObject({ name: z.string(), version: z.string(), command: z.string() }),
  /** Oldest first for versions, newest first for commits. */
  changes: z.array(Change),
  /** What was left out before anything was compared, such as merges. */
  dropped: z.array(Dropped),
});
export type ChangeTruth = z.infer<typeof ChangeTruth>;
