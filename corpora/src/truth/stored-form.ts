/** Truth as it is committed: gzip over JSON in which definitions, by far the most numerous, are told apart by file. */
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { CallGraphTruth, type Definition } from "./schema.ts";

const int = z.int();
/** The definitions of one file; numbers are differences: lines from the definition before, ends and bodies from the start. */
const DefinitionColumns = z.strictObject({
  name: z.array(z.string()),
  line: z.array(int),
  column: z.array(int),
  endLine: z.array(int),
  endColumn: z.array(int),
  bodyLine: z.array(int),
  bodyColumn: z.array(int),
  /**
   * Of constructors: their index in the columns above, lines from the class's start to theirs, the column of that
   * start, lines from it to the body of the class, and the column of that body. Absent where there are none.
   */
  classHeaders: z.array(z.tuple([int, int, int, int, int])).optional(),
});
type DefinitionColumns = z.infer<typeof DefinitionColumns>;

const StoredTruth = z.strictObject({
  ...CallGraphTruth.shape,
  definitions: z.record(z.string(), DefinitionColumns),
});

/** The JSON that is stored; the same truth gives the same text. */
export function storedText(truth: CallGraphTruth): string {
  const definitions: Record<string, DefinitionColumns> = {};
  let last = { file: "", line: 0 };
  for (const { file, name, span, body, classHeader: header } of truth.definitions) {
    if (file !== last.file) last = { file, line: 0 };
    const columns = (definitions[file] ??= emptyColumns());
    columns.name.push(name);
    columns.line.push(span.line - last.line);
    columns.column.push(span.column);
    columns.endLine.push(span.endLine - span.line);
    columns.endColumn.push(span.endColumn);
    columns.bodyLine.push(body.line - span.line);
    columns.bodyColumn.push(body.column);
    if (header !== undefined) {
      const { line, column } = header;
      const index = columns.name.length - 1;
      (columns.classHeaders ??= []).push([
        index,
        span.line - line,
        column,
        header.body.line - line,
        header.body.column,
      ]);
    }
    last.line = span.line;
  }
  const { sites, ...about } = truth;
  const lines = sites.map((site) => JSON.stringify(site)).join(",\n");
  const head = JSON.stringify({ ...about, definitions });
  return `${head.slice(0, -1)},"sites":[\n${lines}\n]}\n`;
}

/** The bytes of a file of stored truth. */
export function encodeTruth(truth: CallGraphTruth): Buffer {
  return gzipSync(storedText(truth), { level: 9 });
}

/** @throws ZodError, SyntaxError or a zlib error when the bytes are not stored truth */
export function decodeTruth(bytes: Buffer): CallGraphTruth {
  const stored = StoredTruth.parse(JSON.parse(gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }).toString("utf8")));
  return {
    ...stored,
    definitions: Object.entries(stored.definitions).flatMap(([file, columns]) => rows(file, columns)),
  };
}

const MAX_TEXT_BYTES = 512 * 1024 * 1024;

function rows(file: string, columns: DefinitionColumns): Definition[] {
  const at = (values: readonly number[], index: number): number => values[index] as number;
  const headers = new Map(columns.classHeaders?.map((header) => [header[0], header]));
  let line = 0;
  return columns.name.map((name, i) => {
    line += at(columns.line, i);
    const column = at(columns.column, i);
    return {
      id: `${file}:${line}:${column}`,
      file,
      span: { line, column, endLine: line + at(columns.endLine, i), endColumn: at(columns.endColumn, i) },
      body: { line: line + at(columns.bodyLine, i), column: at(columns.bodyColumn, i) },
      name,
      ...classHeader(line, headers.get(i)),
    };
  });
}

function classHeader(
  line: number,
  stored: readonly [number, number, number, number, number] | undefined,
): Pick<Definition, "classHeader"> {
  if (stored === undefined) return {};
  const [, back, column, bodyLines, bodyColumn] = stored;
  const start = line - back;
  return { classHeader: { line: start, column, body: { line: start + bodyLines, column: bodyColumn } } };
}

function emptyColumns(): DefinitionColumns {
  return { name: [], line: [], column: [], endLine: [], endColumn: [], bodyLine: [], bodyColumn: [] };
}
