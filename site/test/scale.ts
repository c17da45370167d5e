/**
 * Builds the site of a large store and prints how long it took and how large it became:
 * `node site/test/scale.ts [tools] [corpora] [items per tool]`, by default 50, 20 and 10,000.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSite } from "../src/build.ts";
import { emptyStore, seedManyTools } from "./seed.ts";

const [tools = 50, corpora = 20, items = 10_000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(path.join(os.tmpdir(), "drift-scale-"));
try {
  const dbFile = path.join(folder, "history.db");
  const db = emptyStore(dbFile);
  seedManyTools(db, { tools, corpora, items });
  db.close();
  const started = performance.now();
  const { pages, files, bytes } = await buildSite({ dbFile, outDir: path.join(folder, "dist"), env: process.env });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  process.stdout.write(`${JSON.stringify({ tools, corpora, items, seconds, pages, files, bytes })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
