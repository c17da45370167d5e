/** Files of other tools: which reader, and whole files or texts in. */
import * as fs from "node:fs";
import { DriftError } from "@drift/engine";
import { parseBenchmarkDotnet } from "./benchmarkdotnet-format.ts";
import { readCriterionFolder } from "./criterion-format.ts";
import { parseDrift } from "./drift-format.ts";
import type { Format } from "./formats.ts";
import { parseGo } from "./go-format.ts";
import { parseGoogle } from "./google-format.ts";
import { parseHyperfine } from "./hyperfine-format.ts";
import { parseJmh } from "./jmh-format.ts";
import { parsePytest } from "./pytest-format.ts";
import { distinctIds, type IngestedCase } from "./record.ts";
import { parseTinybench } from "./tinybench-format.ts";
import { parseVitest } from "./vitest-format.ts";

/** A text in a tool's format and what it is called in messages. */
export interface Source {
  text: string;
  name: string;
}

const PARSERS: Record<Exclude<Format, "criterion">, (source: Source) => IngestedCase[]> = {
  drift: parseDrift,
  tinybench: parseTinybench,
  vitest: parseVitest,
  hyperfine: parseHyperfine,
  "pytest-benchmark": parsePytest,
  go: parseGo,
  jmh: parseJmh,
  "google-benchmark": parseGoogle,
  benchmarkdotnet: parseBenchmarkDotnet,
};

/** Larger files are refused rather than read into memory. */
const LARGEST_BYTES = 256 * 1024 ** 2;

/**
 * Reads what a tool wrote.
 *
 * @param from a text, or the path of a file (for criterion: of its folder)
 * @throws DriftError `INPUT_MISSING`, `INPUT_INVALID` with file and line, `NOTHING_MEASURED`
 */
export function readOutput(format: Format, from: Source | { path: string }): IngestedCase[] {
  const name = "path" in from ? from.path : from.name;
  const cases = distinctIds(
    format === "criterion" ? readFolder(from) : PARSERS[format]("path" in from ? readFile(from.path) : from),
  );
  if (cases.length > 0) return cases;
  throw new DriftError("NOTHING_MEASURED", `${name} holds no benchmark of ${format}`, {
    hint: "Nothing measured is never a pass: look why the benchmark wrote nothing, and whether the format is right.",
  });
}

/** The format of a file, from what stands in it; undefined when none fits. */
export function detectFormat(path: string): Format | undefined {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return "criterion";
  const { text } = readFile(path);
  return SIGNS.find(({ sign }) => sign.test(text))?.format;
}

/** What only one format's files have; the first that fits. */
const SIGNS: readonly { format: Format; sign: RegExp }[] = [
  { format: "go", sign: /^(goos: |pkg: |Benchmark\S+\s+\d+\s)|"Output":"(goos: |Benchmark)/m },
  { format: "jmh", sign: /"jmhVersion"\s*:/ },
  { format: "benchmarkdotnet", sign: /"BenchmarkDotNetVersion"\s*:/ },
  { format: "google-benchmark", sign: /"library_build_type"\s*:|"real_time"\s*:/ },
  { format: "pytest-benchmark", sign: /"machine_info"\s*:/ },
  { format: "vitest", sign: /"testResults"\s*:|"groups"\s*:\s*\[/ },
  { format: "hyperfine", sign: /"results"\s*:\s*\[\s*\{\s*"command"/ },
  { format: "tinybench", sign: /"latency"\s*:/ },
  { format: "drift", sign: /"cases"\s*:/ },
];

function readFolder(from: Source | { path: string }): IngestedCase[] {
  if ("path" in from && fs.statSync(from.path, { throwIfNoEntry: false })?.isDirectory())
    return readCriterionFolder(from.path);
  throw new DriftError("INPUT_MISSING", `criterion's folder ${"path" in from ? from.path : ""} is not there`, {
    hint: "It is target/criterion, or where CRITERION_HOME points.",
  });
}

function readFile(path: string): Source {
  try {
    const { size } = fs.statSync(path);
    if (size <= LARGEST_BYTES) return { text: fs.readFileSync(path, "utf8"), name: path };
  } catch (cause) {
    throw new DriftError("INPUT_MISSING", `cannot read ${path}`, { hint: "Give the path of an existing file.", cause });
  }
  throw new DriftError("INPUT_INVALID", `${path} is larger than ${LARGEST_BYTES / 1024 ** 2} MB`, {
    hint: "Keep fewer samples of each benchmark.",
  });
}
