/** Files of other tools: which reader, and whole files or texts in. */
import * as fs from "node:fs";
import { DriftError } from "@drift/engine";
import { parseDrift } from "./drift-format.ts";
import type { Format } from "./formats.ts";
import { distinctIds, type IngestedCase } from "./record.ts";

/** A text in a tool's format and what it is called in messages. */
export interface Source {
  text: string;
  name: string;
}

type Parser = (source: Source) => IngestedCase[];

const PARSERS: Partial<Record<Format, Parser>> = {
  drift: parseDrift,
};

/**
 * Reads what a tool wrote.
 *
 * @param from a text, or the path of a file (for criterion: of its folder)
 * @throws DriftError `INPUT_MISSING`, `INPUT_INVALID` with file and line, `NOTHING_MEASURED`
 */
export function readOutput(format: Format, from: Source | { path: string }): IngestedCase[] {
  const source = "path" in from ? readSource(from.path) : from;
  const parser = PARSERS[format] as Parser;
  const cases = distinctIds(parser(source));
  if (cases.length === 0)
    throw new DriftError("NOTHING_MEASURED", `${source.name} holds no benchmark`, {
      hint: "Nothing measured is never a pass: look why the benchmark wrote nothing.",
    });
  return cases;
}

function readSource(path: string): Source {
  try {
    return { text: fs.readFileSync(path, "utf8"), name: path };
  } catch (cause) {
    throw new DriftError("INPUT_MISSING", `cannot read ${path}`, { hint: "Give the path of an existing file.", cause });
  }
}
