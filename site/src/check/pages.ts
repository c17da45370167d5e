/** The files of a built site, as the checks see them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DriftError } from "../errors.ts";

/** A problem of one page: where, and what is wrong. */
export interface Problem {
  page: string;
  what: string;
}

/** A built site in a folder. */
export interface BuiltSite {
  dir: string;
  /** Every file, from the root, with forward slashes. */
  files: ReadonlySet<string>;
  /** Addresses of all pages, such as `/runs/` or `/404.html`, sorted. */
  pages: readonly string[];
}

/**
 * Lists the site in `dir`.
 *
 * @throws DriftError `SITE_MISSING` when there is none
 */
export function readBuiltSite(dir: string): BuiltSite {
  if (!existsSync(path.join(dir, "index.html"))) {
    throw new DriftError("SITE_MISSING", "there is no built site yet", { hint: 'Run "npm run site:build".' });
  }
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
  const pages = names
    .filter((name) => name.endsWith(".html"))
    .map((name) => `/${name.replace(/(^|\/)index\.html$/, "$1")}`);
  return { dir, files: new Set(names), pages: pages.toSorted() };
}

/** The text of a page. */
export function readPage(site: BuiltSite, address: string): string {
  return readFileSync(path.join(site.dir, address.endsWith("/") ? `${address}index.html` : address), "utf8");
}

/**
 * The kind of a page: its first folder, and how many there are below, as in `/runs` with two below. Pages of one kind are made
 * by one template, so that checks that take long look at some of each.
 */
export function kindOf(address: string): string {
  const [first = "", ...rest] = address.split("/").filter((part) => part !== "");
  return first === "" ? "/" : `/${[first, ...rest.map(() => "*")].join("/")}`;
}

/** The pages by kind; at most `limit` of each, spread over the whole list. */
export function samplePages(pages: readonly string[], limit: number): Map<string, string[]> {
  const kinds = Map.groupBy(pages, kindOf);
  return new Map([...kinds].map(([kind, all]) => [kind, spread(all, limit)]));
}

function spread(all: string[], limit: number): string[] {
  if (all.length <= limit) return all;
  return Array.from({ length: limit }, (_, index) => all[Math.floor((index * all.length) / limit)] ?? "");
}
