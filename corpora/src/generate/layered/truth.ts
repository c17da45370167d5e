/**
 * What is known about a generated project because it was planted. The truth is a file of JSON lines beside the project:
 * a header, then facts, each about one place. Positions as everywhere: 1-based, columns in UTF-16 units, ends exclusive.
 */
import { z } from "zod";
import { CANARY } from "../../truth/canary.ts";
import { Definition, Position, SiteSyntax, Span, Stratum, Target } from "../../truth/schema.ts";
import { Split } from "../../truth/split.ts";
import { LayeredLanguage } from "./language.ts";

/** A stretch of a file. */
export const Place = z.strictObject({ file: z.string(), span: Span });
export type Place = z.infer<typeof Place>;

/** What every fact has: the trait that planted it, and the split of that trait (sha256 of its name, as for families). */
const planted = { trait: z.string(), split: Split };

/** A function, method, constructor or class that calls can enter; `entered` by a test or the start of the program. */
const DefinitionFact = z.strictObject({
  fact: z.literal("definition"),
  definition: Definition,
  layer: z.enum(["core", "repository", "service", "routes", "server", "logic"]),
  exported: z.boolean(),
  entered: z.boolean(),
});

/**
 * A call. `must` are all targets that the tests enter (in every environment that is planted) or the language fixes;
 * there are no others. `executed` false: no run reaches it; null: it belongs to how this language is written, and nobody
 * looked.
 */
const CallFact = z.strictObject({
  fact: z.literal("call"),
  id: z.string(),
  file: z.string(),
  span: Span,
  callee: z.strictObject({ name: z.string(), ...Position.shape }).nullable(),
  syntax: SiteSyntax,
  stratum: Stratum,
  must: z.array(Target),
  executed: z.boolean().nullable(),
});

const EntryFact = z.strictObject({
  fact: z.literal("entry-point"),
  ...planted,
  type: z.enum(["http-handler", "cron-job", "main"]),
  definition: z.string(),
  /** The path of a handler, the name of a job; null for the program's start. */
  trigger: z.string().nullable(),
});

/**
 * A route, and whether a request without a known token gets through. `open` routes are meant to be: their domain lists
 * them. What gets through and is not open lacks its check.
 */
const RouteFact = z.strictObject({
  fact: z.literal("route"),
  ...planted,
  path: z.string(),
  handler: z.string(),
  /** Where the route is added. */
  place: Place,
  checked: z.boolean(),
  open: z.boolean(),
  /** What checks it: around the handler, on its router, where that router is mounted, in the handler; null for nothing. */
  by: z.enum(["route", "router", "mount", "handler"]).nullable(),
  /** The function that refuses who is not known, wherever it is set; null where nothing checks. */
  check: z.string().nullable(),
});

/** A place where a convention of the project is kept, or broken: an outlier. */
const PatternFact = z.strictObject({
  fact: z.literal("pattern"),
  ...planted,
  pattern: z.string(),
  category: z.enum(["api", "auth", "data-access", "logging", "structural", "validation"]),
  rule: z.string(),
  place: Place,
  outlier: z.boolean(),
});

/** Data on its way from a source to a sink; `safe` says whether what arrives can do harm there. */
const FlowFact = z.strictObject({
  fact: z.literal("flow"),
  ...planted,
  source: z.strictObject({ type: z.enum(["user-input", "credentials"]), ...Place.shape }),
  sink: z.strictObject({ type: z.enum(["query", "log"]), ...Place.shape }),
  /** Calls that it goes through, in their order. */
  path: z.array(Place),
  /** Whether the value, or a part of it, arrives at all. */
  reaches: z.boolean(),
  safe: z.boolean(),
  by: z.enum(["parameter", "quoted", "masked", "replaced"]).nullable(),
});

/** A definition that nothing needs, or one that looks so and is needed. */
const LivenessFact = z.strictObject({
  fact: z.literal("liveness"),
  ...planted,
  definition: z.string(),
  state: z.enum(["dead", "alive", "test-only"]),
  why: z.enum([
    "unreferenced",
    "only-from-dead-code",
    "only-from-tests",
    "registry",
    "callback",
    "interface",
    "computed-name",
  ]),
  /** A definition much like it, of the other state. */
  lookAlike: z.string().nullable(),
});

/** Something that a light reading takes for something else. */
const TrapFact = z.strictObject({
  fact: z.literal("trap"),
  ...planted,
  type: z.enum([
    "red-herring",
    "dead-code",
    "copy-paste-variation",
    "framework-magic",
    "dynamic-dispatch",
    "circular-dependency",
    "generated-code",
    "test-vs-production",
  ]),
  place: Place,
  taken: z.string(),
  really: z.string(),
  /** Other places that belong to it. */
  beside: z.array(Place),
});

/**
 * A statement about a run that nothing in the project decides: what is set outside does. Each of the two runs of the
 * test was planned through, and they differ.
 */
const UndecidableFact = z.strictObject({
  fact: z.literal("undecidable"),
  ...planted,
  /** The call whose target is in question. */
  call: z.string(),
  definition: z.string(),
  runs: z.array(z.strictObject({ env: z.record(z.string(), z.string()), reaches: z.boolean() })).length(2),
});

/** A design decision that the code shows in several places. */
const DecisionFact = z.strictObject({
  fact: z.literal("decision"),
  ...planted,
  topic: z.enum(["deletion", "reads", "writes"]),
  choice: z.string(),
  gained: z.string(),
  given: z.string(),
  places: z.array(Place).min(1),
});

/** A file that is not to be edited, or a check that checks nothing, and the file or definition to be used instead. */
const AvoidFact = z.strictObject({
  fact: z.literal("avoid"),
  ...planted,
  place: Place,
  reason: z.enum(["generated", "unchecked-twin"]),
  instead: z.string(),
});

export const LayeredFact = z.discriminatedUnion("fact", [
  DefinitionFact,
  CallFact,
  EntryFact,
  RouteFact,
  PatternFact,
  FlowFact,
  LivenessFact,
  TrapFact,
  UndecidableFact,
  DecisionFact,
  AvoidFact,
]);
export type LayeredFact = z.infer<typeof LayeredFact>;

/** A fact that a plan states, without what {@link planted} adds. */
export type Stated = LayeredFact extends infer Fact
  ? Fact extends { trait: string }
    ? Omit<Fact, "trait" | "split">
    : never
  : never;

/** The first line of the truth. */
export const LayeredHeader = z.strictObject({
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  generator: z.literal("layered"),
  generatorVersion: z.string(),
  language: LayeredLanguage,
  seed: z.int().nonnegative(),
  files: z.int(),
  /** Traits of the other split are neither planted nor told; null: all are. */
  split: Split.nullable(),
  traits: z.array(z.strictObject({ trait: z.string(), split: Split })),
});
export type LayeredHeader = z.infer<typeof LayeredHeader>;
