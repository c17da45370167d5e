/** The languages whose features are shown by conformance cases, with what the engine gets wrong of each. */
import { CASES, type ConformanceCase } from "@drift/corpora/conformance";
import { PYTHON_CASES } from "@drift/corpora/conformance/python";
import javascript from "./known-gaps.json" with { type: "json" };
import python from "./known-gaps-python.json" with { type: "json" };
import type { KnownGap } from "./known-gaps.ts";

export interface Language {
  /** As `--language` and the markers of the README name it. */
  name: "javascript" | "python";
  cases: readonly ConformanceCase[];
  /** A case that passes has to leave this list, and no other may fail; both are tested. */
  gaps: readonly KnownGap[];
  /** Where `gaps` stands, beside this file. */
  gapsFile: string;
}

export const LANGUAGES: readonly Language[] = [
  { name: "javascript", cases: CASES, gaps: javascript, gapsFile: "known-gaps.json" },
  { name: "python", cases: PYTHON_CASES, gaps: python, gapsFile: "known-gaps-python.json" },
];
