/** The formats that can be read, by the name that flags and configurations use. */
export const FORMATS = [
  "drift",
  "criterion",
  "tinybench",
  "vitest",
  "hyperfine",
  "pytest-benchmark",
  "go",
  "jmh",
  "google-benchmark",
  "benchmarkdotnet",
] as const;

export type Format = (typeof FORMATS)[number];
