/** A built site in a folder of its own, for the tests that look at pages. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseHTML } from "linkedom";
import { buildSite } from "../src/build.ts";
import { emptyStore, type SeedOptions, seedStore } from "./seed.ts";

export interface TestSite {
  /** A folder that goes with the site; the site is in `dist`, its store in `history.db`. */
  folder: string;
  dist: string;
  db: string;
  /** The text of a file of the site. */
  text(file: string): string;
  /** The page at an address such as `/runs/` or `/404.html`, parsed. */
  page(address: string): Document;
  /** The address of every page. */
  addresses(): string[];
  remove(): void;
}

/**
 * Builds a site from a seeded store; `null` builds it without any store.
 *
 * @param beside files beside the store, by path
 */
export async function buildTestSite(
  seed: SeedOptions | null,
  beside: Readonly<Record<string, string>> = {},
): Promise<TestSite> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "drift-site-"));
  const dist = path.join(folder, "dist");
  const db = path.join(folder, "history.db");
  if (seed !== null) {
    const store = emptyStore(db);
    seedStore(store, seed);
    store.close();
  }
  for (const [name, text] of Object.entries(beside)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  // What is in the cache of this computer must not change the pages.
  const env = { ...process.env, DRIFT_CACHE_DIR: path.join(folder, "cache") };
  await buildSite({ dbFile: db, outDir: dist, env });
  const text = (file: string): string => readFileSync(path.join(dist, file), "utf8");
  const parsed = new Map<string, Document>();
  return {
    folder,
    dist,
    db,
    text,
    page: (address) => {
      const file = address.endsWith(".html") ? address : path.join(address, "index.html");
      const page = parsed.get(file) ?? parseHTML(text(file)).document;
      parsed.set(file, page);
      return page;
    },
    addresses: () =>
      readdirSync(dist, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".html"))
        .map((name) => `/${name.replace(/(^|\/)index\.html$/, "$1")}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The visible text of an element, white space collapsed. */
export function words(element: { textContent: string | null } | null | undefined): string {
  return (element?.textContent ?? "").replaceAll(/\s+/g, " ").trim();
}

/** The cells of the row whose header starts with `name`, in the table whose frame is called `label`. */
export function row(page: Document, label: string, name: string): string[] {
  const frame = [...page.querySelectorAll(".scroll")].find((el) => el.getAttribute("aria-label") === label);
  const found = [...(frame?.querySelectorAll("tbody tr") ?? [])].find((tr) =>
    words(tr.querySelector('th[scope="row"]')).startsWith(name),
  );
  return [...(found?.querySelectorAll("td") ?? [])].map(words);
}
