/**
 * The engine's answers. Positions are 1-based, columns count UTF-16 units, ends are exclusive; paths are
 * relative to the project root with "/" separators.
 */

/**
 * How a call is written. `jsx`, `decorator`, `accessor` and `iteration` run code without a call expression. A property
 * access is a site of kind `accessor` where it can reach a getter or setter of the project; its position is that of `a.b`,
 * or of the property in a destructuring pattern. What iterates (`for … of`, spread, destructuring, `yield*`) is one of kind
 * `iteration` where it can reach an iterator of the project; its position is that of the iterable, or of the pattern.
 * Likewise an `operator` (also a subscript or a `with` statement) where it can reach a method of the project, and a
 * `raise` of a class where that has a constructor.
 */
export type CallSiteKind =
  | "call"
  | "new"
  | "optional-call"
  | "tagged-template"
  | "super-call"
  | "dynamic-import"
  | "require"
  | "jsx"
  | "decorator"
  | "accessor"
  | "iteration"
  | "operator"
  | "raise";

/** A function, method, accessor, constructor, or class without a constructor of its own. */
export interface FunctionSymbol {
  /** `path#Qualified.name`, with `~n` behind a name that its scope holds more than once. No line numbers. */
  id: string;
  name: string;
  kind: "function" | "arrow" | "method" | "constructor" | "getter" | "setter" | "implicit-constructor" | "static-block";
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/**
 * Where a call can go: `id` names a function of the project, or as `path#<module>` the top level of a file that is
 * loaded; `external` names something outside the project.
 */
export interface CallTarget {
  id?: string;
  external?: string;
  /**
   * In (0, 1): how often an edge that is one of as many (`among`), found in the same way (`evidence`), was right where
   * truth is known (the README has the table and how well it holds elsewhere). Of `external` it is that of leaving the
   * project.
   */
  probability: number;
  /**
   * How it was found. Of the project: everything that can be called, on the best way to it, was `tracked`; the same,
   * while something that is not known can be called as well (`open`); or it has the `name` that is called. Outside of
   * it, the same three (`outside`, `outside-open`, `outside-name`) where nothing of the project was found, and `beside`
   * where something was. Of the project as well: nothing was tracked, and a declared type, a hint or the class around a
   * method is what `suggested` it; or it is of the `family` of members that fit the part of a name that is known
   * (`"visit_" + kind`).
   */
  evidence:
    "tracked" | "open" | "name" | "outside" | "outside-open" | "outside-name" | "beside" | "suggested" | "family";
  /**
   * Of how many it is one, itself included: of the project those that came with it on the best way from where it was
   * made to where it is called, which can be fewer than are listed; outside of it the names, or for `beside` the
   * functions that are listed.
   */
  among: number;
}

/** A place where code is called. */
export interface CallSite {
  kind: CallSiteKind;
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** The function that contains the call, or `path#<module>` at top level. */
  caller: string;
  status: "certain" | "likely" | "external" | "unknown";
  /**
   * What the targets rest on: everything that can be called was `tracked` to the site; the same, but something that is
   * not known can be called there as well (`open`); or nothing was, and they have the `name` that is called. Absent
   * when the site is unknown.
   */
  basis?: "tracked" | "open" | "name";
  /** Why it is unknown, e.g. `dynamic-property`, `unresolved-import`; absent otherwise. */
  reason?: string;
  targets: CallTarget[];
}

/** A file that was not analysed, or only in part, and why. */
export interface SkippedFile {
  file: string;
  reason: string;
}

/** Counts over the whole index. */
export interface IndexStats {
  files: number;
  bytes: number;
  lines: number;
  functions: number;
  callSites: number;
  certain: number;
  likely: number;
  external: number;
  unknown: number;
  skipped: number;
}

/** The whole answer for a folder: what `npm run callgraph -- <dir> --json` prints. */
export interface CallGraph {
  schemaVersion: 1;
  tool: { name: "drift"; version: string };
  functions: FunctionSymbol[];
  callSites: CallSite[];
  skipped: SkippedFile[];
  stats: IndexStats;
}

/** Which functions to list; absent fields do not narrow. */
export interface SymbolQuery {
  /** The function's name (`parse`), or its qualified name (`Parser.parse`), exactly. */
  name?: string;
  /** The file's path, exactly. */
  file?: string;
  /** At most so many. */
  limit?: number;
}

/** A function, or `path#<module>`, that calls lead to or from. */
export interface ReachedFunction {
  id: string;
  /** The fewest calls on the way there, from 1. */
  depth: number;
}

/** A stretch of a file, or a point where no end is given. Lines and columns from 1, columns in UTF-16 units, ends exclusive. */
export interface FlowPlace {
  /** Relative to the root, with "/" separators. */
  file: string;
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
}

/** A call on the way of a value. */
export interface FlowStep {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** What is called as far as it is written in names: `db.query`; may be empty. */
  callee: string;
}

/** An argument in which a value arrives. */
export interface FlowSink {
  /** The call, of a function of the project or of anything else. */
  call: FlowStep;
  /** Place of the argument among those that are written, from 0. */
  argument: number;
  /** Its name, where it is given by one. */
  name?: string;
  /** As itself or what functions made of it, as a part of a text that was put together, or inside of the argument (an element, a field). */
  arrives: "whole" | "text" | "inside";
  /** What was done to it on the way; empty: nothing that is known. */
  effects: ("quoted" | "encoded" | "hashed" | "number")[];
  /** Another argument is a text with a place for a value in it (`?`, `$1`, `:name`, `%s`), as that of a query with parameters. */
  bound: boolean;
  /** That all calls on the way go where they are taken to go, in (0, 1]. */
  probability: number;
  /** Calls that it came through, in their order. */
  through: FlowStep[];
}

/** Where a value arrives. */
export interface FlowAnswer {
  /** By file, then position; the same argument may come several times, as different things were done to the value on different ways. */
  sinks: FlowSink[];
  /** Whether nothing was left out for want of room. */
  complete: boolean;
}

/** How far indexing is. */
export interface IndexProgress {
  phase: "scan" | "parse" | "resolve" | "store";
  /** Steps done: files in `parse`, else 0 or 1. */
  done: number;
  total: number;
}

/** What indexing did. */
export interface IndexSummary {
  /** Files read anew. */
  parsed: number;
  /** Files whose facts were at hand. */
  reused: number;
  /** Files that were in the index and are no longer in the project. */
  removed: number;
  /** Whether anything that bears on the answer is not as the index had it before. */
  changed: boolean;
  stats: IndexStats;
  /** What the user should know, as sentences: an index that was replaced, or could not be saved. */
  warnings: string[];
}
