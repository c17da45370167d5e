/** What a tool says. */
import { z } from "zod";
import { ChoiceAnswer } from "./choice.ts";
import { ContextAnswer } from "./context.ts";
import { RefinementAnswer } from "./refinement.ts";

const line = z.int().min(1);
const probability = z.number().min(0).max(1);

/** A place in the corpus (anywhere in the header of the definition meant), or a name outside it. */
export const AnswerTarget = z.union([
  z.strictObject({ file: z.string(), line, column: line, probability }),
  z.strictObject({ external: z.string(), probability }),
]);
export type AnswerTarget = z.infer<typeof AnswerTarget>;

/** The answer to one call site. A site that is left out counts as unanswered, never as skipped. */
export const CallSiteAnswer = z.strictObject({
  itemId: z.string(),
  status: z.enum(["certain", "likely", "external", "unknown"]),
  /** Why it is unknown, in the tool's own words. */
  reason: z.string().optional(),
  targets: z.array(AnswerTarget).max(10_000),
});
export type CallSiteAnswer = z.infer<typeof CallSiteAnswer>;

/**
 * The answer to one change. A test file breaks when a test in it fails that passes without the change, a file of the package
 * itself when the compiler reports an error in it that it did not before; that a test file does not compile is neither right
 * nor wrong. Nothing listed means that nothing breaks, which is an answer; `unknown` is none.
 */
export const ChangeAnswer = z.strictObject({
  itemId: z.string(),
  status: z.enum(["certain", "likely", "unknown"]),
  reason: z.string().optional(),
  breaks: z.array(z.strictObject({ what: z.enum(["test", "compile"]), file: z.string(), probability })).max(10_000),
});
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;

/** The answer to one statement: how probable it is, or null, which abstains. */
export const PropositionAnswer = z.strictObject({
  itemId: z.string(),
  probability: probability.nullable(),
  /** Why it abstains, in the tool's own words. */
  reason: z.string().optional(),
});
export type PropositionAnswer = z.infer<typeof PropositionAnswer>;

/** The answer to one proposed change: whether a rule that the repository enforces rejects it, and which; `unknown` is none. */
export const ProposalAnswer = z.strictObject({
  itemId: z.string(),
  verdict: z.enum(["violates", "allowed", "unknown"]),
  /** Codes of the rules, as the checker that the repository chose names them. */
  rules: z.array(z.string()).max(10_000),
  reason: z.string().optional(),
});
export type ProposalAnswer = z.infer<typeof ProposalAnswer>;

/** The answer to one item of any category. */
export const ItemAnswer = z.union([
  CallSiteAnswer,
  ChangeAnswer,
  PropositionAnswer,
  ProposalAnswer,
  ChoiceAnswer,
  ContextAnswer,
  RefinementAnswer,
]);
export type ItemAnswer = z.infer<typeof ItemAnswer>;

/** What a tool says that answers took of a language model; what is absent it does not say. */
export const ModelUsage = z.strictObject({
  /** Tokens by the model's own tokenizer, both what it read and what it wrote. */
  tokens: z.int().nonnegative().max(1e12).optional(),
  /** US dollars at the price of the day. */
  costUsd: z.number().nonnegative().max(1e6).optional(),
});
export type ModelUsage = z.infer<typeof ModelUsage>;

/**
 * The most memory that a tool had at one time (peak resident set) while it was asked, as the system counted it.
 *
 * `tool`: its own processes, the sum of the peaks of all that live at a time; pages that they share are counted in each.
 * `process`: the process in which tool and benchmark run together, since the question was put. `process-so-far`: the same since
 * the process began, where the system cannot count anew.
 */
export const MemoryPeak = z.strictObject({
  peakBytes: z.int().nonnegative(),
  of: z.enum(["tool", "process", "process-so-far"]),
});
export type MemoryPeak = z.infer<typeof MemoryPeak>;

/** What the answer cost. */
export const Usage = z.strictObject({
  /** Preparing the corpus (parsing, indexing), wall clock. Categories that share one index all say what it took, so that it is not to be summed over them. */
  indexMs: z.number().nonnegative(),
  /** Answering all items after that, wall clock. */
  answerMs: z.number().nonnegative(),
  /** Of a language model, as far as the tool says them (`ModelUsage`). */
  tokens: z.int().nonnegative().optional(),
  costUsd: z.number().nonnegative().optional(),
  /** Absent where nobody measured it. */
  memory: MemoryPeak.optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Everything a tool says to a task about calls. */
export const Answer = z.strictObject({
  taskId: z.string(),
  items: z.array(CallSiteAnswer),
  usage: Usage,
});
export type Answer = z.infer<typeof Answer>;

/**
 * What is wrong with an item that cannot be used: no JSON (NaN is none), a line beyond every limit, an answer after its time was
 * over, one that took more tokens or money than an item may, a number out of its range, anything else that does not fit the schema.
 */
export const FaultKind = z.enum(["not-json", "too-long", "late", "over-limit", "out-of-range", "wrong-form"]);
export type FaultKind = z.infer<typeof FaultKind>;
/** The same to a task about changes. */
export const ChangesAnswer = z.strictObject({ ...Answer.shape, items: z.array(ChangeAnswer) });

/** The same to a task of statements. */
export const PropositionsAnswer = z.strictObject({ ...Answer.shape, items: z.array(PropositionAnswer) });
/** The same to a task with choices. */
export const ChoicesAnswer = z.strictObject({ ...Answer.shape, items: z.array(ChoiceAnswer) });

/** The same to a task of what has to be read. */
export const ContextsAnswer = z.strictObject({ ...Answer.shape, items: z.array(ContextAnswer) });

/** The same to a task of drafts. */
export const RefinementsAnswer = z.strictObject({ ...Answer.shape, items: z.array(RefinementAnswer) });

/** The same to a task about proposed changes. */
export const ProposalsAnswer = z.strictObject({ ...Answer.shape, items: z.array(ProposalAnswer) });

/** Everything a tool says to a task whose items are answered by `Said`. */
export interface AnswerOf<Said> {
  taskId: string;
  items: Said[];
  usage: Usage;
}

/** Faults in the form of an answer. Such items never help: each counts as unanswered, or as its first version. */
export const AnswerProblems = z.strictObject({
  /** Items that do not fit the schema (wrong types, NaN, probabilities outside [0, 1]). */
  malformed: z.int().nonnegative(),
  /** Items whose id was not asked about. */
  unasked: z.int().nonnegative(),
  /** Items answered again; the first answer counts. */
  repeated: z.int().nonnegative(),
  /** Items asked about and left out. */
  unanswered: z.int().nonnegative(),
  /** The malformed ones by what is wrong with them; absent when there are none. */
  kinds: z.partialRecord(FaultKind, z.int().positive()).optional(),
});
export type AnswerProblems = z.infer<typeof AnswerProblems>;
