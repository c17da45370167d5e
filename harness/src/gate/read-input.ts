/** Files that people hand over: JSON whose faults are said in one sentence, with the place. */
import { readFileSync, statSync } from "node:fs";
import { DriftError } from "@drift/engine";
import * as z from "zod";
import { PairedCase } from "./compare.ts";

/** Larger files are refused rather than read into memory. */
const LARGEST_BYTES = 256 * 1024 ** 2;
/** A longer series is no history of a benchmark. */
const MOST_VALUES = 1_000_000;
/** Within these bounds sums, squares and ratios are finite. */
const LARGEST_VALUE = 1e150;

/**
 * The cases of a file `{"cases": [{"id": "...", "direction": "lower", "base": [...], "head": [...]}]}`.
 *
 * @throws DriftError `INPUT_MISSING`, `INPUT_INVALID` (naming the case), `NOTHING_MEASURED` when there is no case
 */
export function readPairs(path: string): PairedCase[] {
  const raw = readJson(path);
  const list = z.looseObject({ cases: z.array(z.unknown()) }).safeParse(raw);
  if (!list.success) throw invalid(path, 'it must be {"cases": [...]}');
  const cases = list.data.cases.map((one, i) => {
    const parsed = PairedCase.safeParse(one);
    if (!parsed.success) throw invalid(path, `${nameOf(one, i)}: ${firstIssue(parsed.error)}`);
    return parsed.data;
  });
  const seen = new Set<string>();
  for (const { id, base, head } of cases) {
    if (base.length !== head.length)
      throw invalid(path, `case "${id}": ${base.length} values of base and ${head.length} of head are no pairs`);
    if (seen.has(id)) throw invalid(path, `case "${id}" is there twice`);
    seen.add(id);
  }
  if (cases.length === 0)
    throw new DriftError("NOTHING_MEASURED", `${path} holds no case`, {
      hint: "Nothing measured is never a pass: look why the measurement wrote nothing.",
    });
  return cases;
}

/**
 * The values of a file `{"values": [...]}`, or of a bare list.
 *
 * @returns at least one and at most a million finite values of magnitudes between 1e-150 and 1e150, or 0
 * @throws DriftError `INPUT_MISSING`, `INPUT_INVALID` (naming the index)
 */
export function readSeries(path: string): number[] {
  const raw = readJson(path);
  const parsed = z.union([z.array(z.unknown()), z.looseObject({ values: z.array(z.unknown()) })]).safeParse(raw);
  if (!parsed.success) throw invalid(path, 'it must be {"values": [...]}');
  const values = Array.isArray(parsed.data) ? parsed.data : parsed.data.values;
  if (values.length === 0) throw invalid(path, "it holds no value");
  if (values.length > MOST_VALUES) throw invalid(path, `it holds ${values.length} values, more than ${MOST_VALUES}`);
  return values.map((value, i) => {
    if (typeof value !== "number" || !Number.isFinite(value)) throw invalid(path, `value ${i} is not a finite number`);
    const size = Math.abs(value);
    if (size > LARGEST_VALUE || (size !== 0 && size < 1 / LARGEST_VALUE))
      throw invalid(
        path,
        `value ${i} is not between ${1 / LARGEST_VALUE} and ${LARGEST_VALUE} in size: choose another unit`,
      );
    return value;
  });
}

function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    // Other languages write NaN and Infinity, which JSON has no word for: as null they are reported with their place.
    const spelled = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : "null",
    );
    try {
      return JSON.parse(spelled);
    } catch {
      throw invalid(path, `it is not JSON: ${(error as Error).message}`);
    }
  }
}

function readText(path: string): string {
  try {
    if (statSync(path).size <= LARGEST_BYTES) return readFileSync(path, "utf8");
  } catch (error) {
    throw new DriftError("INPUT_MISSING", `cannot read ${path}`, {
      hint: "Give the path of an existing file.",
      cause: error,
    });
  }
  throw invalid(path, `it is larger than ${LARGEST_BYTES / 1024 ** 2} MB`);
}

function nameOf(one: unknown, i: number): string {
  const named = z.looseObject({ id: z.string().min(1) }).safeParse(one);
  return named.success ? `case "${named.data.id}"` : `case ${i}`;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return error.message;
  return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`;
}

function invalid(path: string, what: string): DriftError {
  return new DriftError("INPUT_INVALID", `${path}: ${what}`, { hint: "See `--help` for the form of the file." });
}
