/** Mistakes in derived truth that somebody found, as data beside the truth: applied whenever it is read. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CorpusError, isCode } from "../errors.ts";
import { CANARY } from "./canary.ts";
import { type CallGraphTruth, type SiteTruth, Target } from "./schema.ts";

/** What becomes of the item. */
export const ErratumDecision = z.discriminatedUnion("type", [
  /** It is asked no more. */
  z.strictObject({ type: z.literal("drop") }),
  /** These are its targets, proven by the evidence. */
  z.strictObject({ type: z.literal("must"), targets: z.array(Target).min(1) }),
  /** Other targets than those known are possible: nothing is excluded. */
  z.strictObject({ type: z.literal("open") }),
]);
export type ErratumDecision = z.infer<typeof ErratumDecision>;

export const Erratum = z.strictObject({
  /** Id of the site. */
  site: z.string(),
  /** What was wrong, in one sentence. */
  wrong: z.string().min(1),
  decision: ErratumDecision,
  /** What shows it: a small program with its output, the lines of a trace, or the text that gives the answer away. */
  evidence: z.strictObject({ kind: z.enum(["program", "trace", "source"]), text: z.string().min(1) }),
});
export type Erratum = z.infer<typeof Erratum>;

/** `real/<id>/errata.json`. */
export const Errata = z.strictObject({
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  corpus: z.string(),
  errata: z.array(Erratum),
});
export type Errata = z.infer<typeof Errata>;

/**
 * The errata in a file; none when there is no such file.
 *
 * @throws CorpusError `CORPUS_TRUTH` when it does not fit the schema
 */
export async function readErrata(file: string): Promise<readonly Erratum[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
  try {
    return Errata.parse(JSON.parse(text)).errata;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new CorpusError("CORPUS_TRUTH", `${file} does not hold errata: ${why}`, { cause });
  }
}

/** The truth with its mistakes mended. An erratum about a site that is not there changes nothing; `lint` finds it. */
export function applyErrata(truth: CallGraphTruth, errata: readonly Erratum[]): CallGraphTruth {
  if (errata.length === 0) return truth;
  const bySite = new Map(errata.map((erratum) => [erratum.site, erratum]));
  const sites = truth.sites.flatMap((site) => {
    const erratum = bySite.get(site.id);
    return erratum === undefined ? [site] : mend(site, erratum.decision);
  });
  return { ...truth, sites };
}

function mend(site: SiteTruth, decision: ErratumDecision): SiteTruth[] {
  if (decision.type === "drop") return [];
  // What trivial answers score was computed against the mistake.
  const unscored = { baselines: { grep: null, importGraph: null, constant: null }, easy: false };
  if (decision.type === "open") return [{ ...site, closed: false, ...unscored }];
  const known = new Set(decision.targets.map((target) => JSON.stringify(target)));
  const isNew = (target: Target): boolean => !known.has(JSON.stringify(target));
  return [
    {
      ...site,
      must: decision.targets,
      may: site.may.filter(isNew),
      traced: site.traced.filter((target) => !isNew(target)),
      unknownReason: null,
      ...unscored,
    },
  ];
}
