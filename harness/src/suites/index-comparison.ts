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
import { type CountedCall, countedCalls, neverMatchingScan } from "./ast-grep.ts";

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
 * The share of call and `new` expressions, as an independent parser finds them, that Drift stores as call sites: equal
 * in file, start and end. The second ratio is what Drift stores beyond them, over the same count.
 */
async function completeness({ folder, label }: ComparisonOptions): Promise<Ratio[]> {
  const project = await open(folder, { indexPath: null });
  await project.index();
  const { callSites } = await project.callGraph();
  await project.close();
  const stored = new Set(callSites.filter(({ kind }) => EXPRESSION_KINDS.has(kind)).map(spanKey));
  const columns = createColumnReader(folder);
  let counted = 0;
  let found = 0;
  for await (const call of countedCalls(folder)) {
    counted += 1;
    if (stored.has(columns.keyOf(call))) found += 1;
  }
  if (counted === 0) {
    throw new DriftError("NOTHING_TO_INDEX", "the folder holds no call in JavaScript or TypeScript", {
      hint: "Give another folder.",
    });
  }
  const ratio = (name: string, numeratorLabel: string, numerator: number): Ratio => ({
    name: `index/${name}/${label}`,
    numeratorLabel,
    numerator,
    denominatorLabel: "call and new expressions by ast-grep",
    denominator: counted,
    unit: "count",
    value: numerator / counted,
    low: null,
    high: null,
    n: counted,
  });
  return [
    ratio("completeness", "of them stored as call sites", found),
    ratio("beyond", "call sites stored beyond them", stored.size - found),
  ];
}

function spanKey(site: { file: string; line: number; column: number; endLine: number; endColumn: number }): string {
  return `${site.file}:${site.line}:${site.column}-${site.endLine}:${site.endColumn}`;
}

/** Turns 0-based columns in code points into 1-based ones in UTF-16 units, reading a file only when it matters. */
function createColumnReader(folder: string): { keyOf(call: CountedCall): string } {
  const lines = new Map<string, string[] | null>();
  const linesOf = (file: string): string[] | null => {
    const known = lines.get(file);
    if (known !== undefined) return known;
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    // eslint-disable-next-line no-control-regex -- the question is exactly whether all is ASCII.
    const wide = /[\u{10000}-\u{10FFFF}]/u.test(text) ? text.split("\n") : null;
    lines.set(file, wide);
    return wide;
  };
  const column = (file: string, point: { line: number; column: number }): number => {
    const text = linesOf(file)?.[point.line];
    if (text === undefined) return point.column + 1;
    return [...text].slice(0, point.column).join("").length + 1;
  };
  return {
    keyOf: ({ file, start, end }) =>
      spanKey({
        file,
        line: start.line + 1,
        column: column(file, start),
        endLine: end.line + 1,
        endColumn: column(file, end),
      }),
  };
}

function emptyFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
}

function medianOf(samples: number[]): number {
  return ratioOfMedians(samples, [1], { seed: 0 }).value;
}
