/** A short real measurement of identical work: how noisy this machine is now, and what a gate could see in some minutes. */
import { detectableEffect, standardDeviation } from "../gate/detectable.ts";
import type { GateSettings } from "../gate/schema.ts";
import { runCommand } from "../runners/command.ts";
import { parseDrift } from "../ingest/drift-format.ts";
import { median } from "simple-statistics";

/** How long one process works, and what a case of a suite that is like it costs with starting up. */
const SAMPLES = 25;

/** A process that sorts, hashes and concatenates, and prints what each round took. */
const WORKER = `
const samples = [];
for (let i = 0; i < ${SAMPLES + 10}; i++) {
  const start = process.hrtime.bigint();
  const values = Array.from({ length: 4000 }, (_, k) => (k * 2654435761) % 4096);
  values.sort((a, b) => a - b);
  let text = "";
  for (const value of values) text += value.toString(36);
  const words = new Map();
  for (const part of text.match(/.{1,5}/g)) words.set(part, (words.get(part) ?? 0) + 1);
  if (words.size === 0) throw new Error("nothing was done");
  if (i >= 10) samples.push(Number(process.hrtime.bigint() - start));
}
console.log(JSON.stringify({ cases: [{ id: "work", unit: "ns", samples }] }));
`;

export interface NoiseReport {
  pairs: number;
  /** Log ratios of identical work, process by process. */
  differences: number[];
  /** Their standard deviation, as a share, robustly. */
  sd: number;
  /** What one pair of such processes costs. */
  pairMs: number;
  /** Smallest slowdown that a gate of `cases` such cases would see, by minutes of measuring; null: none. */
  visible: { minutes: number; pairs: number; effect: number | null }[];
}

export interface NoiseOptions {
  /** Time for the measurement. */
  budgetMs: number;
  /** Cases of the suite that is thought of. */
  cases: number;
  settings: GateSettings;
  clock: () => number;
  folder: string;
  env: Record<string, string>;
}

export const MINUTES: readonly number[] = [1, 3, 10];

/** @throws DriftError `PROCESS_FAILED` */
export async function measureNoise(options: NoiseOptions): Promise<NoiseReport> {
  const { budgetMs, clock, folder, env } = options;
  const work = async (): Promise<number> => {
    const command = [process.execPath, "-e", WORKER];
    const { stdout } = await runCommand({ command, folder, env, timeoutMs: 60_000, keepOutput: true });
    return median(parseDrift({ text: stdout, name: "the doctor's work" })[0]?.samples ?? []);
  };
  const differences: number[] = [];
  const start = clock();
  while (differences.length < FEWEST || clock() - start < budgetMs) {
    const first = await work();
    const second = await work();
    // Both are the same work: which one is called the head changes nothing but the sign.
    differences.push(Math.log(differences.length % 2 === 0 ? second / first : first / second));
  }
  const pairMs = (clock() - start) / differences.length;
  return foretell(differences, pairMs, options);
}

const FEWEST = 12;

/** What gates of some minutes would see, given the noise and the cost of a pair. */
export function foretell(
  differences: readonly number[],
  pairMs: number,
  { cases, settings }: Pick<NoiseOptions, "cases" | "settings">,
): NoiseReport {
  const visible = MINUTES.map((minutes) => {
    // A suspect is screened with all others and confirmed alone, and the screening has the larger part of the time.
    const screenPairs = Math.min(settings.mostPairs, Math.floor((0.6 * minutes * 60_000) / (pairMs * cases)));
    const confirmPairs = Math.min(settings.mostPairs, Math.floor((0.4 * minutes * 60_000) / pairMs));
    const margin = Math.log1p(settings.margin);
    const enough = screenPairs >= 5 && confirmPairs >= 5;
    const effect = enough
      ? detectableEffect(differences, "this-run", { ...settings, family: cases, screenPairs, confirmPairs, margin })
          .effect
      : null;
    return { minutes, pairs: screenPairs, effect };
  });
  return {
    pairs: differences.length,
    differences: [...differences],
    sd: standardDeviation(differences) ?? 0,
    pairMs,
    visible,
  };
}
