/** How the search index is made and asked; the build and the page's script must agree. */
import type { Options } from "minisearch";

/** One thing that can be found. */
export interface SearchEntry {
  id: string;
  kind: "tool" | "corpus" | "category" | "item" | "page";
  title: string;
  text: string;
  path: string;
}

export const SEARCH_OPTIONS: Options<SearchEntry> = {
  fields: ["title", "text"],
  storeFields: ["kind", "title", "path"],
  // Paths and qualified names are found by their parts, and by parts of names in camel case.
  tokenize: (text) =>
    text
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
      .split(/[^\p{L}\p{N}]+/u)
      .filter((part) => part !== ""),
  searchOptions: { boost: { title: 3 }, prefix: true, fuzzy: 0.2, combineWith: "AND" },
};

/** Where the index lies. */
export const SEARCH_INDEX_PATH = "/data/search-index.json";
