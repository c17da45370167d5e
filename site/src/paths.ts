/** Addresses on the site. Every link goes through here, so that ids from the store can never shape a path. */
import { createHash } from "node:crypto";

/** Longest part of an address made from one id; the file name limit of common systems is 255 bytes. */
const LONGEST_SEGMENT = 100;

/**
 * One path segment for an id: the id itself when it is already safe, else its safe characters followed by
 * eight hex digits of its sha256, so that two ids never share an address.
 */
export function segmentOf(id: string): string {
  if (
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id) &&
    !id.endsWith(".html") &&
    id.length <= LONGEST_SEGMENT &&
    !id.includes("..")
  )
    return id;
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 8);
  const readable = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  return readable === "" ? digest : `${readable}-${digest}`;
}

/** The page of one run. */
export const runPath = (runId: string): string => `/runs/${segmentOf(runId)}/`;

/** The page of a tool, and of all of them. */
export const TOOLS_PATH = "/tools/";
export const toolPath = (tool: string): string => `${TOOLS_PATH}${segmentOf(tool)}/`;

/** A small picture of a tool's total, to link to. */
export const badgePath = (tool: string): string => `/badges/${segmentOf(tool)}.svg`;

/** The picture that is shown where the page of a tool, or any page without one of its own, is linked to. */
export const cardName = (tool: string | null): string => (tool === null ? "site" : `tool-${segmentOf(tool)}`);
export const cardPath = (tool: string | null): string => `/cards/${cardName(tool)}.png`;

/** The page of a corpus. */
export const corpusPath = (corpusId: string): string => `/corpora/${segmentOf(corpusId)}/`;

/** Items of a corpus with the answers of all tools side by side. */
export const corpusItemsPath = (corpusId: string): string => `${corpusPath(corpusId)}items/`;

/** One category of the leaderboard. */
export const LEADERBOARD_PATH = "/leaderboard/";
export const categoryPath = (category: string): string => `${LEADERBOARD_PATH}${segmentOf(category)}/`;

/** Two tools side by side; `a` is the one that stands first. */
export const COMPARE_PATH = "/compare/";
export const comparePath = (a: string, b: string): string => `${COMPARE_PATH}${segmentOf(a)}-vs-${segmentOf(b)}/`;

/** The evidence of one run on one corpus: its counts by outcome and kind of site. */
export const evidencePath = (runId: string, corpusId: string): string => `${runPath(runId)}${segmentOf(corpusId)}/`;

/** One page of a list of items; `list` is `all` or the key of a filter, pages count from 1. */
export const itemListPath = (runId: string, corpusId: string, list: string, page = 1): string =>
  `${evidencePath(runId, corpusId)}${segmentOf(list)}/${page}/`;

/** Everything the store says about a run but its items and samples, for download. */
export const runDataPath = (runId: string): string => `/data/runs/${segmentOf(runId)}/run.json`;

/** Every item of a run, one JSON record per line, compressed. */
export const itemsDataPath = (runId: string): string => `/data/runs/${segmentOf(runId)}/items.jsonl.gz`;

/** Every timing of a bench run, for download. */
export const samplesDataPath = (runId: string): string => `/data/runs/${segmentOf(runId)}/samples.json`;

/** Performance over commits: series, changes of level, alerts. */
export const HISTORY_PATH = "/performance/history/";

/** How often the gate is red without a change, and what it finds. */
export const GATE_RECORD_PATH = "/performance/gate/";

/** The performance over commits as JSON, with every point. */
export const HISTORY_DATA_PATH = "/data/history.json";
