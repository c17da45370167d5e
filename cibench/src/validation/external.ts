/** Human judgements that others released, read from their own files. None of them is kept here. */
import { z } from "zod";
import type { HumanData, RatedItem } from "./human-data.ts";

/** A query with code, and whether the code answers it; in retrieval files the code stands in a pool by its number. */
const CosqaPair = z.object({
  idx: z.string(),
  doc: z.string(),
  label: z.union([z.literal(0), z.literal(1)]),
  retrieval_idx: z.int().nonnegative().optional(),
});

/**
 * Relevance as CoSQA has it: a JSON list of `{idx, doc, code, label}`, a label being what its raters agreed on, so that there is one rater
 * and no ceiling. A pair is `<query>/<number in the pool>` where there is a pool, else `<query>/<idx>`; queries of equal text
 * are one. What is in a pool and has no label counts as not relevant.
 *
 * @param text of the file
 * @param poolSize number of functions in the pool; null without a pool
 * @throws z.ZodError, SyntaxError
 */
export function readCosqa(text: string, poolSize: number | null): HumanData {
  const pairs = z.array(CosqaPair).min(1).parse(JSON.parse(text));
  const items = new Map<string, RatedItem>();
  for (const { idx, doc, label, retrieval_idx: pooled } of pairs) {
    const id = `${doc}/${poolSize === null ? idx : (pooled ?? idx)}`;
    items.set(id, { id, group: doc, values: new Map([["consensus", label]]) });
  }
  const groups = new Set(pairs.map(({ doc }) => doc));
  return {
    study: "cosqa",
    source: "external human data",
    kind: "binary",
    items: [...items.values()],
    undecided: 0,
    candidates: new Map(poolSize === null ? [] : [...groups].map((group) => [group, poolSize])),
  };
}

/**
 * Ratings as CodeSearchNet has them: comma-separated values with a header that names `Language`, `Query`, `GitHubUrl` and
 * `Relevance` (0 to 3), a line for each rating. It does not say who rated: the first rating of a pair is that of rater 1, the
 * second that of rater 2, so that its ceiling leaves out ratings rather than people.
 *
 * @param language only pairs in this language, whatever its case; null: all
 * @throws Error that says which line is wrong
 */
export function readCodeSearchNet(text: string, language: string | null): HumanData {
  const [header = [], ...rows] = readCsv(text);
  const column = (name: string): number => {
    const at = header.indexOf(name);
    if (at < 0) throw new Error(`its first line names no column ${name}`);
    return at;
  };
  const [languageAt, query, url, relevance] = ["Language", "Query", "GitHubUrl", "Relevance"].map(column) as [
    number,
    number,
    number,
    number,
  ];
  const items = new Map<string, RatedItem & { values: Map<string, number> }>();
  for (const [index, row] of rows.entries()) {
    if (language !== null && row[languageAt]?.toLowerCase() !== language.toLowerCase()) continue;
    const value = Number(row[relevance]);
    if (row[relevance] === "" || !Number.isInteger(value) || value < 0 || value > 3) {
      throw new Error(`row ${index + 2} has a relevance that is none of 0 to 3`);
    }
    const group = `${row[languageAt]}: ${row[query]}`;
    const id = `${group}/${row[url]}`;
    const item = items.get(id) ?? { id, group, values: new Map<string, number>() };
    item.values.set(`${item.values.size + 1}`, value);
    items.set(id, item);
  }
  if (items.size === 0) throw new Error("it has no rating in this language");
  return {
    study: "codesearchnet",
    source: "external human data",
    kind: "graded",
    items: [...items.values()],
    undecided: 0,
    candidates: new Map(),
  };
}

/** Rows of comma-separated values (RFC 4180), with quoted cells. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cells.lastIndex < text.length) {
    const at = cells.lastIndex;
    const found = cells.exec(text);
    if (found === null) throw new Error(`it is no comma-separated text at character ${at + 1}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === ",") continue;
    if (row.some((cell) => cell !== "")) rows.push(row);
    row = [];
  }
  // A last line without an end may end in an empty cell.
  if (row.length > 0) rows.push([...row, ""]);
  return rows;
}
