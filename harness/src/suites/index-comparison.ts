/**
 * Indexing a whole folder beside a peer that only parses it: `drift` (read, parse, resolve, save) and `ast-grep scan`
 * with a rule that never matches, in interleaved rounds on the same files; then how many of the calls that the peer's
 * parser finds are in Drift's index. Read `indexComparison` first.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { type CallSite, DriftError, open } from "@drift/engine";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Command, peakMemoryOf, runProcess } from "../runners/process.ts";
import { ratioOfMedians } from "../stats/summary.ts";
import type { Measurement, Ratio } from "../store/schema.ts";
import { countCalls, neverMatchingScan } from "./ast-grep.ts";

export interface ComparisonOptions {
  /** The folder to index, chosen by the user. */
  folder: string;
  /** How the folder is named in results: never its path. */
  label: string;
  rounds: number;
  seed: number;
  /** An empty folder for indexes; they are removed. */
  scratch: string;
  onRound: (done: number, total: number, what: string) => void;
}

export interface Comparison {
  measurements: Measurement[];
  ratios: Ratio[];
}

/**
 * One warm-up round that is not counted, `rounds` timed ones with the order drawn per round, three for memory, and the
 * count of calls.
 *
 * @throws DriftError `FOLDER_MISSING`, `NOTHING_TO_INDEX`, `PROCESS_FAILED`, `PEER_MISSING`
 */
export async function indexComparison(options: ComparisonOptions): Promise<Comparison> {
  if (!fs.statSync(options.folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DriftError("FOLDER_MISSING", "the folder to index does not exist", {
      hint: "Give the path of a checked-out project.",
    });
  }
  const tools = [driftIndex(options), neverMatchingScan(options.folder)];
  const costs = await timedRounds(tools, options);
  const memory = await memoryRounds(tools, options);
  const measurements = tools.flatMap(({ tool }) => [
    ...toMeasurement(options, tool, "wall", "ns", costs.get(tool)?.wall ?? []),
    ...toMeasurement(options, tool, "cpu", "ns", costs.get(tool)?.cpu ?? []),
    ...toMeasurement(options, tool, "peak-memory", "bytes", memory.get(tool) ?? []),
  ]);
  const ratios = (["wall", "cpu", "peak-memory"] as const).flatMap((metric) => ratioOf(options, metric, measurements));
  return { measurements, ratios: [...ratios, ...(await completeness(options))] };
}

function driftIndex({ folder, scratch }: ComparisonOptions): Command {
  const script = fileURLToPath(new URL("../runners/index-once.ts", import.meta.url));
  // The index file is replaced before each run, so every run begins with nothing.
  return {
    tool: "drift",
    file: process.execPath,
    args: [script, path.resolve(folder), path.join(scratch, "index.db")],
    cwd: scratch,
  };
}

const MEMORY_ROUNDS = 3;

async function timedRounds(
  tools: Command[],
  { rounds, seed, scratch, onRound }: ComparisonOptions,
): Promise<Map<string, { wall: number[]; cpu: number[] }>> {
  const random = xoroshiro128plus(seed);
  const costs = new Map(tools.map(({ tool }) => [tool, { wall: [] as number[], cpu: [] as number[] }]));
  for (let round = 0; round <= rounds; round++) {
    onRound(round, rounds + MEMORY_ROUNDS + 1, round === 0 ? "warm-up round" : "timed round");
    const order = uniformInt(random, 0, 1) === 0 ? tools : tools.toReversed();
    for (const command of order) {
      emptyFolder(scratch);
      const cost = await runProcess(command);
      if (round === 0) continue;
      costs.get(command.tool)?.wall.push(cost.wallNs);
      if (cost.cpuNs !== null) costs.get(command.tool)?.cpu.push(cost.cpuNs);
    }
  }
  return costs;
}

async function memoryRounds(
  tools: Command[],
  { rounds, scratch, onRound }: ComparisonOptions,
): Promise<Map<string, number[]>> {
  const peaks = new Map(tools.map(({ tool }) => [tool, [] as number[]]));
  for (let round = 0; round < MEMORY_ROUNDS; round++) {
    onRound(rounds + 1 + round, rounds + MEMORY_ROUNDS + 1, "memory round");
    for (const command of tools) {
      emptyFolder(scratch);
      const bytes = await peakMemoryOf(command);
      if (bytes !== null) peaks.get(command.tool)?.push(bytes);
    }
  }
  emptyFolder(scratch);
  return peaks;
}

function toMeasurement(
  { label }: ComparisonOptions,
  tool: string,
  metric: Measurement["metric"],
  unit: Measurement["unit"],
  samples: number[],
): Measurement[] {
  return samples.length === 0
    ? []
    : [{ caseId: `index/whole/${label}`, tool, runner: "process", metric, unit, samples }];
}

function ratioOf(
  { label, seed }: ComparisonOptions,
  metric: Measurement["metric"],
  measurements: Measurement[],
): Ratio[] {
  const [drift, peer] = ["drift", "ast-grep"].map((tool) =>
    measurements.find((m) => m.tool === tool && m.metric === metric),
  );
  if (drift === undefined || peer === undefined) return [];
  // Processor time below the kernel's tick reads 0: there is no ratio to a figure that was not seen.
  if (peer.samples.some((sample) => sample === 0)) return [];
  const { value, low, high } = ratioOfMedians(drift.samples, peer.samples, { seed });
  return [
    {
      name: `index/${metric}/${label}`,
      numeratorLabel: "drift index",
      numerator: medianOf(drift.samples),
      denominatorLabel: "ast-grep scan",
      denominator: medianOf(peer.samples),
      unit: drift.unit,
      value,
      low,
      high,
      n: drift.samples.length,
    },
  ];
}

/** Kinds of site that are a call or `new` expression in the source; the others run code without one. */
const EXPRESSION_KINDS: ReadonlySet<CallSite["kind"]> = new Set<CallSite["kind"]>([
  "call",
  "new",
  "optional-call",
  "tagged-template",
  "super-call",
  "dynamic-import",
  "require",
]);

/**
 * How much of what an independent parser finds is stored. Three ratios: call and `new` expressions stored as call sites,
 * what is stored beyond them, and files read by both.
 *
 * A call is the same when file and end are: no two calls end at one place, while the peer's grammar begins
 * `await f<T>()` at the `await`.
 *
 * @throws DriftError `NOTHING_TO_INDEX`, `PROCESS_FAILED`
 */
async function completeness({ folder, label }: ComparisonOptions): Promise<Ratio[]> {
  const project = await open(folder, { indexPath: null });
  await project.index();
  const { callSites, stats } = await project.callGraph();
  await project.close();
  const stored = new Set(
    callSites
      .filter(({ kind }) => EXPRESSION_KINDS.has(kind))
      .map((site) => `${site.file}:${site.endLine}:${site.endColumn}`),
  );
  const columnOf = createColumnReader(folder);
  let found = 0;
  const counted = await countCalls(folder, ({ file, end }) => {
    if (stored.has(`${file}:${end.line + 1}:${columnOf(file, end)}`)) found += 1;
  });
  if (counted.calls === 0) {
    throw new DriftError("NOTHING_TO_INDEX", "the folder holds no call in JavaScript or TypeScript", {
      hint: "Give another folder.",
    });
  }
  const ratio = (name: string, [numeratorLabel, numerator]: Part, [denominatorLabel, denominator]: Part): Ratio => ({
    ...{ name: `index/${name}/${label}`, numeratorLabel, numerator, denominatorLabel, denominator },
    ...{ unit: "count", value: numerator / denominator, low: null, high: null, n: denominator },
  });
  const all: Part = ["call and new expressions by ast-grep", counted.calls];
  return [
    ratio("completeness", ["of them stored as call sites", found], all),
    ratio("beyond", ["call sites stored beyond them", stored.size - found], all),
    ratio("files", ["files read by drift", stats.files], ["files read by ast-grep", counted.files]),
  ];
}

type Part = [label: string, count: number];

/**
 * Turns a 0-based column in code points into a 1-based one in UTF-16 units. They differ only behind characters beyond the
 * basic plane, so a file is kept only when it has some.
 */
function createColumnReader(folder: string): (file: string, point: { line: number; column: number }) => number {
  const kept = new Map<string, string[] | null>();
  const linesOf = (file: string): string[] | null => {
    const known = kept.get(file);
    if (known !== undefined) return known;
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    const lines = /[\u{10000}-\u{10FFFF}]/u.test(text) ? text.split("\n") : null;
    kept.set(file, lines);
    return lines;
  };
  return (file, { line, column }) => {
    const text = linesOf(file)?.[line];
    return text === undefined ? column + 1 : [...text].slice(0, column).join("").length + 1;
  };
}

function emptyFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
}

function medianOf(samples: number[]): number {
  return ratioOfMedians(samples, [1], { seed: 0 }).value;
}
