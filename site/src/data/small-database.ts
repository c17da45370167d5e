/** The store without its large tables, for download. */
import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { z } from "zod";

/** Tables with a row for each item or sample; the downloads of single runs hold them. */
const LARGE = new Set(["item", "sample", "raw_sample", "point"]);

const Schema = z.array(z.object({ type: z.string(), name: z.string(), sql: z.string() }));

/** A SQLite file with the tables, indexes and views of the store at `file`; the large tables are there and empty. */
export function smallDatabase(file: string): Uint8Array<ArrayBuffer> {
  const copy = new Database(":memory:");
  try {
    if (existsSync(file)) fill(copy, file);
    return Uint8Array.from(copy.serialize());
  } finally {
    copy.close();
  }
}

function fill(copy: Database.Database, file: string): void {
  const source = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const objects = Schema.parse(
      source
        .prepare(
          `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           ORDER BY type = 'view', type = 'index', rowid`,
        )
        .all(),
    );
    for (const { sql } of objects) copy.exec(sql);
    for (const { type, name } of objects) {
      if (type !== "table" || LARGE.has(name)) continue;
      const rows = source.prepare(`SELECT * FROM "${name}"`).raw();
      const width = rows.columns().length;
      const add = copy.prepare(`INSERT INTO "${name}" VALUES (${Array.from({ length: width }, () => "?").join(", ")})`);
      copy.transaction(() => {
        for (const row of rows.iterate()) add.run(...z.array(z.unknown()).parse(row));
      })();
    }
    copy.pragma(`user_version = ${z.number().parse(source.pragma("user_version", { simple: true }))}`);
  } finally {
    source.close();
  }
}
