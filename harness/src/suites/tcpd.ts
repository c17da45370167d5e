/** The labelled series of the Turing Change Point Dataset, from a folder that the user names. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DriftError } from "@drift/engine";
import * as z from "zod";
import type { Annotation } from "../stats/segmentation-score.ts";

/** One series with what people marked in it. */
export interface LabelledSeries {
  name: string;
  /** Settings may be chosen on `tune`; figures are of `report`. By the name, so that it never changes. */
  half: "tune" | "report";
  /** In order of time; null where nothing was observed. */
  values: (number | null)[];
  annotations: Annotation[];
}

const SeriesFile = z.looseObject({ series: z.array(z.looseObject({ raw: z.array(z.number().nullable()) })).length(1) });
const Annotations = z.record(z.string(), z.record(z.string(), z.array(z.int().nonnegative())));

/**
 * Reads `annotations.json` and every series that it annotates.
 *
 * @returns by name
 * @throws DriftError `INPUT_MISSING`, `INPUT_INVALID`
 */
export function readLabelledSeries(folder: string): LabelledSeries[] {
  if (!existsSync(join(folder, "annotations.json")))
    throw new DriftError("INPUT_MISSING", "there are no labelled series", {
      hint: "Set DRIFT_DATA_DIR to a folder with tcpd/: annotations.json and the series of alan-turing-institute/TCPD.",
    });
  const annotations = parse(join(folder, "annotations.json"), Annotations);
  const names = readdirSync(folder).flatMap((file) => (file.endsWith(".json") ? [basename(file, ".json")] : []));
  return names
    .filter((name) => name !== "annotations" && annotations[name] !== undefined)
    .toSorted()
    .map((name) => ({
      name,
      half: halfOf(name),
      values: parse(join(folder, `${name}.json`), SeriesFile).series[0]?.raw ?? [],
      annotations: Object.values(annotations[name] ?? {}),
    }));
}

/** `tune` when the first byte of the name's sha256 is even. */
export function halfOf(name: string): "tune" | "report" {
  return (createHash("sha256").update(name).digest()[0] as number) % 2 === 0 ? "tune" : "report";
}

function parse<T>(path: string, schema: z.ZodType<T>): T {
  try {
    // Python writes NaN, which JSON has no word for.
    return schema.parse(JSON.parse(readFileSync(path, "utf8").replaceAll(/\bNaN\b/g, "null")));
  } catch (cause) {
    throw new DriftError("INPUT_INVALID", `${basename(path)} is no file of labelled series`, { cause });
  }
}
