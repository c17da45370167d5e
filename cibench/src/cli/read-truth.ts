/** Truth from a file, whichever kind it is, for who scores answers without a corpus. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import {
  CallGraphTruth,
  decodeTruth,
  LayeredFact,
  LayeredHeader,
  type LayeredTruth,
  MutationTruth,
  RuleTruth,
} from "@drift/corpora";
import { z } from "zod";
import type { LoadedCorpus } from "../category.ts";
import { CibenchError } from "../errors.ts";

/** What one file says about one corpus. */
export interface FileTruth {
  corpus: string;
  version: string;
  truth: Partial<Pick<LoadedCorpus, "truth" | "changes" | "rules" | "planted">>;
}

/** A compressed file may unpack to anything; this is far above any truth. */
const LARGEST_TRUTH = 2 ** 28;

/**
 * Reads truth about calls, changes or rules (JSON, or compressed as `corpora` stores it) or what was planted in a layered project
 * (its `truth.jsonl`). What a change replaces is not part of its truth, so that questions made from this have no texts.
 *
 * @param layeredId what answers call a layered project, whose truth does not say it
 * @throws CibenchError `TRUTH_UNREADABLE`
 */
export async function readTruth(path: string, layeredId: string): Promise<FileTruth> {
  try {
    const bytes = await readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = (isGzip ? gunzipSync(bytes, { maxOutputLength: LARGEST_TRUTH }) : bytes).toString("utf8");
    const [first = ""] = text.split("\n", 1);
    if (LayeredHeader.safeParse(jsonOf(first)).success) return planted(text, layeredId);
    const value: unknown = JSON.parse(text);
    const changes = MutationTruth.safeParse(value);
    if (changes.success) return about(changes.data, { changes: { truth: changes.data, texts: {} } });
    const rules = RuleTruth.safeParse(value);
    if (rules.success) return about(rules.data, { rules: rules.data });
    const calls = isGzip ? decodeTruth(bytes) : CallGraphTruth.parse(value);
    return about(calls, { truth: calls });
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new CibenchError("TRUTH_UNREADABLE", `${path} is no truth about calls, changes, rules or plants: ${why}`, {
      hint: 'Those of real corpora are "corpora/real/<id>/truth/{call-graph,mutation,rule}.json.gz".',
      cause,
    });
  }
}

/** Everything that several files say about one corpus each, by corpus; of two of one kind the last counts. */
export function mergeTruth(files: readonly FileTruth[]): FileTruth[] {
  const byCorpus = new Map<string, FileTruth>();
  for (const file of files) {
    const known = byCorpus.get(file.corpus);
    byCorpus.set(file.corpus, { ...file, truth: { ...known?.truth, ...file.truth } });
  }
  return [...byCorpus.values()];
}

function about(head: { corpus: string; corpusVersion: string }, truth: FileTruth["truth"]): FileTruth {
  return { corpus: head.corpus, version: head.corpusVersion, truth };
}

function planted(text: string, corpus: string): FileTruth {
  const [header, ...facts] = text.split("\n").filter((line) => line !== "");
  const { generatorVersion, seed } = LayeredHeader.parse(JSON.parse(header as string));
  const truth: LayeredTruth = {
    corpus,
    inputsSha256: "unknown",
    oracle: {
      kind: "generator",
      name: "drift layered generator",
      version: generatorVersion,
      sharesCodeWith: [],
      command: "npm run --silent corpora -- generate",
      seed,
      repeats: 1,
      agreement: 1,
      notRun: null,
    },
    facts: facts.map((line) => LayeredFact.parse(JSON.parse(line))),
  };
  return { corpus, version: generatorVersion, truth: { planted: truth } };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
