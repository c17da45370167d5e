/** Small truths, written down by hand or drawn at random. */
import {
  type CallGraphTruth,
  CANARY,
  type Definition,
  type SiteTruth,
  type Stratum,
  type Target,
} from "@drift/corpora";
import fc from "fast-check";
import type { CallSiteAnswer } from "../../src/schema/answer.ts";

export interface TinySite {
  file?: string;
  stratum?: Stratum;
  /** Indexes of definitions, or "out" for the outside. */
  must?: (number | "out")[];
  may?: (number | "out")[];
  closed?: boolean;
  traced?: (number | "out")[];
  callbacks?: number[];
  syntax?: SiteTruth["syntax"];
  callee?: string | null;
}

/** What sites have that scoring does not look at. */
export const UNSCORED = {
  witness: null,
  baselines: { grep: null, importGraph: null, constant: null },
  easy: false,
} as const;

/** Definition `i` of a file spans lines 10i+1 to 10i+5; its header is the first line up to column 20. */
export function tinyDefinition(index: number, file = "a.ts"): Definition {
  const line = 10 * index + 1;
  return {
    id: `${file}:${line}:1`,
    file,
    span: { line, column: 1, endLine: line + 4, endColumn: 2 },
    body: { line, column: 20 },
    name: `f${index}`,
  };
}

/** @param files the file of each definition */
export function tinyTruth(
  sites: readonly TinySite[],
  files: readonly string[] = ["a.ts", "a.ts", "b.ts"],
  corpus = "tiny",
): CallGraphTruth {
  const definitions = files.map((file, index) => tinyDefinition(index, file));
  const target = (which: number | "out"): Target =>
    which === "out" ? { external: "outside" } : { definition: (definitions[which] as Definition).id };
  return {
    schemaVersion: 2,
    canary: CANARY,
    corpus,
    corpusVersion: "1.0.0",
    language: "typescript",
    manifestSha256: "0".repeat(64),
    inputsSha256: "0".repeat(64),
    oracles: [
      {
        kind: "generator",
        name: "by hand",
        version: "1",
        sharesCodeWith: [],
        command: "none",
        seed: null,
        repeats: 1,
        agreement: 1,
        notRun: null,
      },
    ],
    tracing: null,
    contradictions: [],
    dropped: [],
    files: [...new Set([...files, ...sites.map((site) => site.file ?? "a.ts")])].sort(),
    lines: 0,
    sampled: null,
    definitions,
    sites: sites.map((site, index): SiteTruth => {
      const file = site.file ?? "a.ts";
      const line = 1000 + index;
      const known = (site.must ?? []).length > 0 || (site.closed ?? true);
      return {
        id: `${file}:${line}:3-${line}:9`,
        file,
        span: { line, column: 3, endLine: line, endColumn: 9 },
        callee: site.callee === null ? null : { name: site.callee ?? `f${index}`, line, column: 3 },
        syntax: site.syntax ?? "call",
        stratum: site.stratum ?? "direct",
        must: (site.must ?? []).map(target),
        may: (site.may ?? []).map(target),
        closed: site.closed ?? true,
        by: known ? ["generator"] : [],
        traced: (site.traced ?? []).map(target),
        callbacks: (site.callbacks ?? []).map((which) => (definitions[which] as Definition).id),
        ...UNSCORED,
        unknownReason: known ? null : "nobody-knows",
      };
    }),
  };
}

/**
 * An answer that points at definitions by index, at the outside, at nothing (`"nowhere"`), or into a file of which the truth
 * knows no definition (`"elsewhere"`).
 */
export function tinyAnswer(
  truth: CallGraphTruth,
  site: number,
  targets: readonly (number | "out" | "nowhere" | "elsewhere")[],
  more: { status?: CallSiteAnswer["status"]; probability?: number } = {},
): CallSiteAnswer {
  const { status = "certain", probability = 1 } = more;
  return {
    itemId: (truth.sites[site] as SiteTruth).id,
    status,
    targets: targets.map((which, index) => {
      if (which === "out") return { external: "somewhere", probability };
      if (which === "nowhere") return { file: "a.ts", line: 900, column: 1, probability };
      if (which === "elsewhere") return { file: "a.test.ts", line: 1 + index, column: 1, probability };
      const { file, span } = truth.definitions[which] as Definition;
      return { file, line: span.line, column: span.column, probability };
    }),
  };
}

const FILES = ["a.ts", "b.ts", "c.ts", "d.ts", "e.ts"];
const STRATA = ["direct", "imported", "method", "external"] as const;

/** Truths of up to 40 sites over five files, six definitions and four strata; at least one site is known. */
export const anyTruth: fc.Arbitrary<CallGraphTruth> = fc
  .array(
    fc.record({
      file: fc.constantFrom(...FILES),
      stratum: fc.constantFrom(...STRATA),
      must: fc.uniqueArray(fc.constantFrom<number | "out">(0, 1, 2, 3, 4, 5, "out"), { maxLength: 3 }),
      may: fc.uniqueArray(fc.constantFrom<number | "out">(0, 1, 2, 3), { maxLength: 2 }),
      closed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((sites) =>
    tinyTruth(
      [{ must: [0] }, ...sites.map((site) => ({ ...site, may: site.may.filter((one) => !site.must.includes(one)) }))],
      ["a.ts", "a.ts", "b.ts", "c.ts", "d.ts", "e.ts"],
    ),
  );

/** Any answers to a truth: some items left out, any status, targets right, wrong and nowhere. */
export function anyAnswers(truth: CallGraphTruth): fc.Arbitrary<CallSiteAnswer[]> {
  const one = fc.record({
    status: fc.constantFrom("certain", "likely", "external", "unknown" as const),
    targets: fc.array(fc.constantFrom<number | "out" | "nowhere">(0, 1, 2, 3, 4, 5, "out", "nowhere"), {
      maxLength: 4,
    }),
    probability: fc.constantFrom(0, 0.2, 0.5, 1),
    given: fc.boolean(),
  });
  return fc
    .array(one, { minLength: truth.sites.length, maxLength: truth.sites.length })
    .map((drafts) =>
      drafts.flatMap(({ status, targets, probability, given }, site) =>
        given ? [tinyAnswer(truth, site, targets, { status, probability })] : [],
      ),
    );
}
