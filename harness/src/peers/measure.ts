/** Tools side by side on one folder: in alternating rounds, so that what else the computer does meets all of them. */
import { DriftError } from "@drift/engine";
import { median } from "simple-statistics";
import { z } from "zod";
import { peakMemoryOf, runProcess } from "../runners/process.ts";
import type { Pass, Peer } from "./tools.ts";

const Samples = z.strictObject({ median: z.number(), samples: z.array(z.number()).min(1) });

/** One way to run a tool, measured. */
export const PeerPass = z.strictObject({
  name: z.enum(["cold", "unchanged"]),
  wallMs: Samples,
  /** User and system time, of all its processes. Null where this system does not tell. */
  cpuMs: Samples.nullable(),
  /** Of its largest process, from a run of its own. Null where this system does not tell. */
  peakBytes: z.number().nullable(),
  /** To the cold pass of `@ast-grep/cli` in the same rounds, medians; null where that was not measured. */
  ratio: z.strictObject({ wall: z.number(), cpu: z.number().nullable() }).nullable(),
});
export type PeerPass = z.infer<typeof PeerPass>;

export const PeerResult = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("measured"),
    tool: z.string(),
    version: z.string(),
    does: z.string(),
    /** How much it says it did. */
    counts: z.record(z.string(), z.number()),
    passes: z.array(PeerPass).min(1),
  }),
  z.strictObject({ status: z.literal("not measured"), tool: z.string(), version: z.string(), reason: z.string() }),
]);
export type PeerResult = z.infer<typeof PeerResult>;

export const PeersReport = z.strictObject({
  schemaVersion: z.literal(1),
  /** The last part of the folder's path. */
  folder: z.string(),
  environment: z.string(),
  rounds: z.int().positive(),
  tools: z.array(PeerResult),
});
export type PeersReport = z.infer<typeof PeersReport>;

export const RATIO_TO = "@ast-grep/cli";

/** A tool to run, or why it cannot be. */
export type Candidate = Peer | { tool: string; version: string; reason: string };

interface Cost {
  wall: number[];
  cpu: (number | null)[];
  peak: number | null;
  stdout: string;
}

/** One round that is not counted, then `rounds`, then one for memory. A tool that fails is left out from there on. */
export async function measurePeers(
  candidates: readonly Candidate[],
  { rounds, onRound }: { rounds: number; onRound: (done: number, total: number, what: string) => void },
): Promise<PeerResult[]> {
  const failed = new Map<string, string>();
  const costs = new Map<Pass, Cost>();
  const peers = candidates.filter((candidate) => "passes" in candidate);
  for (const { passes } of peers) {
    for (const pass of passes) costs.set(pass, { wall: [], cpu: [], peak: null, stdout: "" });
  }
  for (let round = 0; round <= rounds + 1; round += 1) {
    for (const { tool, passes } of round % 2 === 0 ? peers : peers.toReversed()) {
      if (failed.has(tool)) continue;
      onRound(round, rounds + 2, tool);
      try {
        for (const pass of passes) await once(pass, costs.get(pass), round === 0, round === rounds + 1);
      } catch (error) {
        if (!(error instanceof DriftError)) throw error;
        failed.set(tool, error.message);
      }
    }
  }
  const base = peers.find(({ tool }) => tool === RATIO_TO && !failed.has(tool))?.passes[0];
  const relative = base === undefined ? undefined : costs.get(base);
  return candidates.map((candidate): PeerResult => {
    const { tool, version } = candidate;
    const reason = "reason" in candidate ? candidate.reason : failed.get(tool);
    if (reason !== undefined || !("passes" in candidate)) {
      return { status: "not measured", tool, version, reason: reason ?? "unknown" };
    }
    const measured = candidate.passes.map((pass) => ({ pass, cost: costs.get(pass) }));
    return {
      status: "measured",
      ...{ tool, version, does: candidate.does },
      counts: candidate.counts(measured[0]?.cost?.stdout ?? ""),
      passes: measured.flatMap(({ pass, cost }) => (cost === undefined ? [] : [passResult(pass, cost, relative)])),
    };
  });
}

async function once(pass: Pass, cost: Cost | undefined, isWarmUp: boolean, isForMemory: boolean): Promise<void> {
  pass.forget?.();
  if (cost === undefined) return;
  if (isForMemory) {
    cost.peak = await peakMemoryOf(pass.command);
    return;
  }
  const { wallNs, cpuNs, stdout } = await runProcess(pass.command);
  cost.stdout = stdout;
  if (isWarmUp) return;
  cost.wall.push(wallNs / 1e6);
  cost.cpu.push(cpuNs === null ? null : cpuNs / 1e6);
}

function passResult({ name }: Pass, cost: Cost, relative: Cost | undefined): PeerPass {
  const cpuMs = samples(cost.cpu);
  const [wall, cpu] = relative === undefined ? [] : [median(relative.wall), samples(relative.cpu)?.median];
  const wallMs = { median: median(cost.wall), samples: cost.wall };
  const ratio =
    wall === undefined
      ? null
      : {
          wall: wallMs.median / wall,
          cpu: cpuMs === null || cpu === undefined || cpu === 0 ? null : cpuMs.median / cpu,
        };
  return { name, wallMs, cpuMs, peakBytes: cost.peak, ratio };
}

function samples(values: readonly (number | null)[]): { median: number; samples: number[] } | null {
  const told = values.filter((value) => value !== null);
  return told.length === 0 || told.length < values.length ? null : { median: median(told), samples: told };
}

/** One line for each pass, the fastest cold one first. */
export function renderPeers({ folder, rounds, tools }: PeersReport): string {
  const seconds = (ms: number | undefined): string => (ms === undefined ? "" : (ms / 1000).toFixed(3));
  const rows = tools
    .flatMap((tool) => (tool.status === "measured" ? tool.passes.map((pass) => ({ tool, pass })) : []))
    .toSorted((a, b) => a.pass.wallMs.median - b.pass.wallMs.median)
    .map(({ tool, pass }) => [
      `${tool.tool} ${tool.version}`,
      pass.name,
      seconds(pass.wallMs.median),
      seconds(pass.cpuMs?.median),
      pass.peakBytes === null ? "" : (pass.peakBytes / 2 ** 20).toFixed(0),
      pass.ratio?.wall.toFixed(2) ?? "",
      Object.entries(tool.counts)
        .map(([what, count]) => `${count} ${what}`)
        .join(", "),
    ]);
  const header = ["tool", "pass", "wall s", "CPU s", "peak MiB", "x ast-grep", "counts"];
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const missing = tools.flatMap((tool) =>
    tool.status === "not measured" ? [`not measured: ${tool.tool} ${tool.version}: ${tool.reason}`] : [],
  );
  return [`${folder}, medians of ${rounds} rounds`, ...lines, ...missing].join("\n");
}
