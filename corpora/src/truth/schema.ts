/**
 * Ground truth about who calls whom, as derived by machines. Every position is 1-based, columns count
 * UTF-16 units, ends are exclusive; every path is relative to the corpus root with "/" separators.
 */
import { z } from "zod";
import { Language } from "../manifest.ts";
import { CANARY } from "./canary.ts";

const line = z.int().min(1);

/** A stretch of one file. */
export const Span = z.strictObject({ line, column: line, endLine: line, endColumn: line });
export type Span = z.infer<typeof Span>;

/** A point in one file. */
export const Position = z.strictObject({ line, column: line });
export type Position = z.infer<typeof Position>;

/**
 * A definition that a call can enter: a function, method, accessor, constructor with a body, or a class
 * without a constructor of its own (entered by `new` as its implicit constructor).
 */
export const Definition = z.strictObject({
  /** `file:line:column` of its first character, modifiers and decorators included. */
  id: z.string(),
  file: z.string(),
  span: Span,
  /** Where its body starts. The header `[span start, body)` is what a tool may point at to name it. */
  body: Position,
  /** For display only; never compared. */
  name: z.string(),
  /**
   * Of a constructor: where the class starts that declares it, and where that class's body does. To call the class is
   * to enter the constructor, so who points at the header of the class means the constructor.
   */
  classHeader: z.strictObject({ ...Position.shape, body: Position }).optional(),
});
export type Definition = z.infer<typeof Definition>;

/** Where a call can end up: a definition of this corpus, or something outside it. */
export const Target = z.union([z.strictObject({ definition: z.string() }), z.strictObject({ external: z.string() })]);
export type Target = z.infer<typeof Target>;

/** How the call is written. Imports, JSX, decorators and accessors are not asked about yet. */
export const SiteSyntax = z.enum(["call", "new", "optional-call", "tagged-template", "super-call"]);
export type SiteSyntax = z.infer<typeof SiteSyntax>;

/** What makes the site easy or hard; scores are macro-averaged over these (design 3.2). */
export const Stratum = z.enum([
  "direct", // identifier bound to a function of the same file
  "imported", // identifier or namespace member bound to a function of another file
  "method", // member call on a class instance, class, or object literal with a known body
  "interface", // member call whose declared target is an interface, type literal or abstract member
  "callback", // the callee is a parameter
  "stored-value", // the callee is a variable, field or call result that holds a function
  "computed", // the callee is an element access
  "external", // the target lies outside the corpus
]);
export type Stratum = z.infer<typeof Stratum>;

/** Who says so. Design 3.2 lists more; these are the ones derived today. */
export const ProvenanceKind = z.enum(["generator", "compiler", "trace"]);
export type ProvenanceKind = z.infer<typeof ProvenanceKind>;

const share = z.number().min(0).max(1);

/** What a tool that understands nothing scores on an item: F1 of its edges, in [0, 1]; null when it is not judged. */
export const ItemBaselines = z.strictObject({
  /** Definitions of the callee's name, anywhere. */
  grep: share.nullable(),
  /** Definitions of the callee's name in the same file, else in files that it imports. */
  importGraph: share.nullable(),
  /** The one answer that is best everywhere, chosen on split `fit`. */
  constant: share.nullable(),
});
export type ItemBaselines = z.infer<typeof ItemBaselines>;

/** One call site and what is known about its targets. */
export const SiteTruth = z.strictObject({
  /** `file:line:column-endLine:endColumn` of the whole call expression. */
  id: z.string(),
  file: z.string(),
  span: Span,
  /** The last name of the callee (`c` in `a.b.c()`), or null when it has none (`f()()`). */
  callee: z.strictObject({ name: z.string(), line, column: line }).nullable(),
  syntax: SiteSyntax,
  stratum: Stratum,
  /** Targets the call certainly has: traced, or the one concrete target of a binding that cannot be reassigned. */
  must: z.array(Target),
  /** Targets that an oracle allows without proving them; a prediction that falls on one is counted as unknown. */
  may: z.array(Target),
  /**
   * True when everything outside `must` and `may` is excluded (*cannot*): the compiler closed the set and its
   * stratum in this corpus is contradicted by traces in at most 1 % of the traced sites.
   */
  closed: z.boolean(),
  /** Oracles that speak about this site; empty when none could. */
  by: z.array(ProvenanceKind),
  /** The subset of `must` that a trace witnessed; the trace-only column is scored on it. */
  traced: z.array(Target),
  /**
   * Definitions that something outside, called here, entered in turn: the function given to `map`, a key function. A
   * prediction that falls on one is neither right nor wrong.
   */
  callbacks: z.array(z.string()),
  /** A test file that witnessed the traced targets; null when there are none. */
  witness: z.string().nullable(),
  baselines: ItemBaselines,
  /** True when grep or the import graph answers it fully. */
  easy: z.boolean(),
  /** Why nothing is known, e.g. `any-receiver`, `no-implementation-found`; null when something is. */
  unknownReason: z.string().nullable(),
});
export type SiteTruth = z.infer<typeof SiteTruth>;

/**
 * The one oracle that an item rests on, or null when several speak about it (or none does). Tools that share code with
 * that oracle are not ranked on the item; a trace-only item has `["trace"]` in `by`.
 */
export function restsOn(site: Pick<SiteTruth, "by">): ProvenanceKind | null {
  return site.by.length === 1 ? (site.by[0] as ProvenanceKind) : null;
}

/** An oracle and everything needed to run it again. */
export const Oracle = z.strictObject({
  kind: ProvenanceKind,
  name: z.string(),
  version: z.string(),
  /** Tools that are not ranked on items resting only on this oracle. */
  sharesCodeWith: z.array(z.string()),
  /** The command that derives its part again. */
  command: z.string(),
  seed: z.int().nullable(),
  repeats: z.int().min(1),
  /** Share of the answers on which all repeats agreed, in [0, 1]. */
  agreement: z.number().min(0).max(1),
  /** What it could not do in this run, if anything, in one sentence; e.g. the sandbox was missing. */
  notRun: z.string().nullable(),
});
export type Oracle = z.infer<typeof Oracle>;

/** What tracing cost, and what it could not tell. */
export const Tracing = z.strictObject({
  /** Of the tests as they are. */
  plainSeconds: z.number().nonnegative(),
  /** Of one run with instrumented sources, on average. */
  tracedSeconds: z.number().nonnegative(),
  /** `tracedSeconds / plainSeconds`; null when nothing was run. */
  overhead: z.number().nonnegative().nullable(),
  /** Sites that ran and entered a function which the tracer cannot name. */
  lostSites: z.int().nonnegative(),
});
export type Tracing = z.infer<typeof Tracing>;

/** How far traces contradict the compiler's sets, per stratum: the licence for calling something *cannot*. */
export const Contradiction = z.strictObject({
  stratum: Stratum,
  /** Traced sites for which the compiler gave a closed set. */
  checked: z.int().nonnegative(),
  /** Those with a traced target outside that set; these items are dropped from truth and listed in `dropped`. */
  contradicted: z.int().nonnegative(),
});
export type Contradiction = z.infer<typeof Contradiction>;

/** All truth about the calls of one corpus. */
export const CallGraphTruth = z.strictObject({
  schemaVersion: z.literal(2),
  canary: z.literal(CANARY),
  corpus: z.string(),
  corpusVersion: z.string(),
  language: Language,
  /** sha256 over what the manifest says that can change the truth. */
  manifestSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** sha256 over the sorted (path, content) pairs of the files under measure. */
  inputsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  oracles: z.array(Oracle),
  /** Null where no tests are traced. */
  tracing: Tracing.nullable(),
  contradictions: z.array(Contradiction),
  /** Sites dropped because oracles contradict each other, by id. */
  dropped: z.array(z.string()),
  /** Files under measure: calls in them are asked about. Sorted. */
  files: z.array(z.string()),
  /** Lines of the files under measure and of those around them that calls may enter. */
  lines: z.int().nonnegative(),
  /** How `sites` were drawn, from how many, and how many of those were unknown or easy; null when they are all. */
  sampled: z
    .strictObject({
      seed: z.int().nonnegative(),
      from: z.int().nonnegative(),
      unknown: z.int().nonnegative(),
      easy: z.int().nonnegative(),
    })
    .nullable(),
  definitions: z.array(Definition),
  sites: z.array(SiteTruth),
});
export type CallGraphTruth = z.infer<typeof CallGraphTruth>;
