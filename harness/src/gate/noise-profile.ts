/** What is known of a case's noise on one testbed: differences of identical code, and which cases are too noisy to judge. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import * as z from "zod";
import { clopperPearson } from "@drift/corpora/clopper-pearson";
import { writeFileAtomically } from "../store/atomic-file.ts";
import { detectableEffect, type DetectionOptions } from "./detectable.ts";
import { Metric, type SeriesKey } from "./schema.ts";

/** Pairs of identical code that are kept of a series: the newest. */
const MOST_DIFFERENCES = 600;
/** A/A runs that are remembered, and how many clean ones in a row end a quarantine. */
const MOST_RUNS = 200;
const RELEASING_RUNS = 10;
/** A case whose smallest visible effect is above this is reported and can't fail. */
const LARGEST_DETECTABLE = 0.1;

export const SeriesNoise = z.strictObject({
  caseId: z.string(),
  metric: Metric,
  /** Log ratios (worse is above 0) of pairs of identical code, in the order taken. */
  differences: z.array(z.number()).max(MOST_DIFFERENCES),
  /** Whole gates of identical code, oldest first: true where the case was red. */
  runs: z.array(z.boolean()).max(MOST_RUNS),
});
export type SeriesNoise = z.infer<typeof SeriesNoise>;

/** The noise of one testbed. */
export const NoiseProfile = z.strictObject({
  schemaVersion: z.literal(1),
  environmentId: z.string(),
  series: z.array(SeriesNoise),
});
export type NoiseProfile = z.infer<typeof NoiseProfile>;

export function seriesName({ caseId, metric }: Pick<SeriesKey, "caseId" | "metric">): string {
  return `${caseId} ${metric}`;
}

/**
 * Why a case may not fail a gate; null when it may. Red in more than 10 % of its A/A runs for certain (the lower 95 % bound
 * of the share), unless the last ten were clean; or too noisy to see 10 %.
 */
export function quarantineReason(
  noise: SeriesNoise | undefined,
  options: Omit<DetectionOptions, "screenPairs"> & { screenPairs: number },
): string | null {
  if (noise === undefined) return null;
  const { runs, differences } = noise;
  const red = runs.filter(Boolean).length;
  const released = runs.length >= RELEASING_RUNS && !runs.slice(-RELEASING_RUNS).includes(true);
  if (red > 0 && !released && clopperPearson(red, runs.length).low > 2 * options.q)
    return `quarantined: red in ${red} of ${runs.length} runs of identical code`;
  if (differences.length < 20) return null;
  const { effect } = detectableEffect(differences, "profile", options);
  if (effect !== null && effect <= LARGEST_DETECTABLE) return null;
  return `quarantined: identical code differs so much that ${effect === null ? "nothing" : `less than ${(100 * effect).toFixed(0)} %`} could be seen`;
}

/** Adds the pairs and the outcome of one gate of identical code. */
export function addRun(
  profile: NoiseProfile,
  run: readonly { key: Pick<SeriesKey, "caseId" | "metric">; differences: readonly number[]; red: boolean }[],
): NoiseProfile {
  const series = new Map(profile.series.map((one) => [seriesName(one), one]));
  for (const { key, differences, red } of run) {
    const { caseId, metric } = key;
    const known = series.get(seriesName(key)) ?? { caseId, metric, differences: [], runs: [] };
    series.set(seriesName(key), {
      ...known,
      differences: [...known.differences, ...differences].slice(-MOST_DIFFERENCES),
      runs: [...known.runs, red].slice(-MOST_RUNS),
    });
  }
  return { ...profile, series: [...series.values()] };
}

/** The profile of a testbed in a folder of profiles; an empty one when none was measured. @throws DriftError `INPUT_INVALID` */
export function readNoiseProfile(folder: string, environmentId: string): NoiseProfile {
  const file = profileFile(folder, environmentId);
  if (!fs.existsSync(file)) return { schemaVersion: 1, environmentId, series: [] };
  try {
    return NoiseProfile.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (cause) {
    throw new DriftError("INPUT_INVALID", `${file} is no noise profile`, {
      hint: "Remove it; gates of identical commits write it anew.",
      cause,
    });
  }
}

export function writeNoiseProfile(folder: string, profile: NoiseProfile): void {
  writeFileAtomically(profileFile(folder, profile.environmentId), `${JSON.stringify(profile)}\n`);
}

function profileFile(folder: string, environmentId: string): string {
  return path.join(folder, `noise-${environmentId}.json`);
}
