/** Everything that the search finds: tools, corpora, categories, items on which tools differ, pages of text. */
import MiniSearch from "minisearch";
import { noteOf } from "../content/tool-notes.ts";
import { shorten, visible } from "../format.ts";
import { categoryPath, corpusItemsPath, corpusPath, toolPath } from "../paths.ts";
import { SEARCH_OPTIONS, type SearchEntry } from "../search-options.ts";
import { PLANNED_CATEGORIES, questionOf } from "./categories.ts";
import { listComparedItems } from "./compared-items.ts";
import { listCorpora } from "./corpora.ts";
import { readManifest } from "./manifests.ts";
import type { Store } from "./open.ts";
import { listTools } from "./tools.ts";

/** The entries of a store, and of the pages of text that are given. */
export function searchEntries(
  store: Store,
  corporaDir: string,
  pages: readonly { title: string; text: string; path: string }[],
): SearchEntry[] {
  const corpora = listCorpora(store);
  const entries: Omit<SearchEntry, "id">[] = [
    ...listTools(store).map(({ name, run }) => ({
      kind: "tool" as const,
      title: name,
      text: `${run.toolVersion} ${noteOf(name, run.role).about}`,
      path: toolPath(name),
    })),
    ...corpora.map(({ facts }) => {
      const manifest = readManifest(corporaDir, facts);
      return {
        kind: "corpus" as const,
        title: facts.corpus,
        text: `${facts.version} ${facts.kind} ${manifest?.language ?? ""} ${manifest?.licence ?? ""} ${manifest?.description ?? ""}`,
        path: corpusPath(facts.corpus),
      };
    }),
    ...PLANNED_CATEGORIES.map(({ id, title }) => ({
      kind: "category" as const,
      title,
      text: id,
      path: categoryPath(id),
    })),
    ...corpora.flatMap(({ facts }) =>
      listComparedItems(store, facts.corpus).map(({ category, item }, index) => ({
        kind: "item" as const,
        title: questionOf(category, { ...item, place: `${item.file}:${item.line}:${item.column}` }),
        text: `${facts.corpus} ${item.stratum} ${item.syntax}`,
        path: `${corpusItemsPath(facts.corpus)}#item-${index + 1}`,
      })),
    ),
    ...pages.map((page) => ({ kind: "page" as const, ...page })),
  ];
  return entries.map((entry, index) => ({
    ...entry,
    id: String(index),
    title: visible(shorten(entry.title, 160)),
    text: visible(shorten(entry.text, 20_000)),
  }));
}

/** The index as the page's script loads it. */
export function searchIndex(entries: readonly SearchEntry[]): string {
  const index = new MiniSearch<SearchEntry>(SEARCH_OPTIONS);
  index.addAll(entries);
  return JSON.stringify(index);
}
