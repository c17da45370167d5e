/**
 * A report that untrusted code made: data that is checked, cut down to measurements, and judged anew. Nothing of what it
 * says about verdicts, settings or commits is believed.
 */
import { readFileSync, statSync } from "node:fs";
import { DriftError } from "@drift/engine";
import type * as z from "zod";
import { decideGate, overallVerdict } from "../gate/decide.ts";
import { GateReport, type GateSettings } from "../gate/schema.ts";
import { decideScores } from "../gate/scores/decide-scores.ts";

/** Larger artefacts are not read. */
export const LARGEST_ARTEFACT_BYTES = 64 * 1024 ** 2;
const MOST_CASES = 2_000;
const MOST_PAIRS = 1_000;
const MOST_SCORES = 50;
const LONGEST_TEXT = 300;

export interface TrustedFacts {
  /** What red means is the publisher's to say, not the artefact's. */
  settings: GateSettings;
  /** From the event, never from the artefact. */
  headCommit: string;
  reproduce: string;
}

/**
 * Reads the artefact and decides again from its pairs.
 *
 * @throws DriftError `ARTEFACT_INVALID` saying what is wrong, without repeating what stands in it
 */
export function readHostileReport(path: string, trusted: TrustedFacts): GateReport {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw invalid("it is not there");
  if (size > LARGEST_ARTEFACT_BYTES) throw invalid(`it is larger than ${LARGEST_ARTEFACT_BYTES / 1024 ** 2} MB`);
  return judgeAnew(parse(readFileSync(path, "utf8")), trusted);
}

function parse(text: string): GateReport {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid("it is not JSON");
  }
  const parsed = GateReport.safeParse(content);
  if (!parsed.success) throw invalid(`it is no report of a gate (at ${placeOf(parsed.error)})`);
  const { samples, notCompared, scores } = parsed.data;
  if (samples.length > MOST_CASES || scores.length > MOST_SCORES || notCompared.length > MOST_CASES)
    throw invalid(`it has more than ${MOST_CASES} cases`);
  if (samples.some(({ pairs }) => pairs.length > MOST_PAIRS)) throw invalid(`a case has more than ${MOST_PAIRS} pairs`);
  const names = samples.map(({ caseId, metric }) => `${caseId} ${metric}`);
  if (new Set(scores.map(({ id }) => id)).size !== scores.length) throw invalid("an entry of scores is there twice");
  if (new Set(names).size !== names.length) throw invalid("a case is there twice");
  return parsed.data;
}

function judgeAnew(said: GateReport, { settings, headCommit, reproduce }: TrustedFacts): GateReport {
  const cases = decideGate(said.samples, settings, new Map());
  const decisions = decideScores(said.scores, settings);
  const scores = said.scores.map((one, i) => ({ ...one, decision: decisions[i] as (typeof decisions)[number] }));
  return {
    ...said,
    verdict: overallVerdict(cases, scores),
    cases,
    scores,
    settings,
    head: { ref: headCommit, commit: headCommit },
    base: { ref: short(said.base.ref), commit: said.base.commit },
    notCompared: said.notCompared.map((one) => ({ ...one, reason: short(one.reason) })),
    environment: shortened(said.environment),
    falseAlarms: null,
    reproduce,
  };
}

function shortened<T extends object>(record: T): T {
  const entries = Object.entries(record).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "string" ? short(value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

function short(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

/** Only names that the schema knows, and numbers. */
function placeOf(error: z.ZodError): string {
  const path = error.issues[0]?.path ?? [];
  return (
    path
      .map((one) => (typeof one === "number" || /^[A-Za-z]{1,30}$/.test(String(one)) ? String(one) : "?"))
      .join(".") || "its root"
  );
}

function invalid(what: string): DriftError {
  return new DriftError("ARTEFACT_INVALID", `the measured report cannot be used: ${what}`, {
    hint: "Look at the log of the measuring job.",
  });
}
