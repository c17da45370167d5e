/** Searches the index of the site as one types, and keeps the query in the address. */
import MiniSearch from "minisearch";
import { SEARCH_INDEX_PATH, SEARCH_OPTIONS, type SearchEntry } from "../search-options.ts";

/** Hits shown. */
const SHOWN = 30;
const form = document.querySelector<HTMLFormElement>("#search");
const input = document.querySelector<HTMLInputElement>("#search-query");
const status = document.querySelector<HTMLElement>("#search-status");
const list = document.querySelector<HTMLElement>("#search-results");
if (form !== null && input !== null && status !== null && list !== null) start(form, input, status, list);

function start(search: HTMLFormElement, query: HTMLInputElement, said: HTMLElement, results: HTMLElement): void {
  search.hidden = false;
  let index: Promise<MiniSearch<SearchEntry>> | undefined;
  const show = async (): Promise<void> => {
    const text = query.value.trim();
    const address = new URL(location.href);
    if (text === "") address.searchParams.delete("q");
    else address.searchParams.set("q", text);
    history.replaceState(null, "", address);
    if (text === "") {
      said.textContent = "";
      results.replaceChildren();
      return;
    }
    try {
      index ??= load();
      const hits = (await index).search(text);
      if (text !== query.value.trim()) return; // Something else was typed meanwhile.
      said.textContent = `${hits.length === 0 ? "Nothing" : hits.length} found${hits.length > SHOWN ? `, the best ${SHOWN} are shown` : ""}.`;
      results.replaceChildren(...hits.slice(0, SHOWN).map(entryOf));
    } catch {
      index = undefined;
      said.textContent = "The index could not be loaded.";
    }
  };
  query.addEventListener("input", () => void show());
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    void show();
  });
  query.value = new URL(location.href).searchParams.get("q") ?? "";
  if (query.value !== "") void show();
}

async function load(): Promise<MiniSearch<SearchEntry>> {
  const answer = await fetch(SEARCH_INDEX_PATH);
  if (!answer.ok) throw new Error(SEARCH_INDEX_PATH);
  return MiniSearch.loadJSON<SearchEntry>(await answer.text(), SEARCH_OPTIONS);
}

function entryOf(hit: { [key: string]: unknown }): HTMLElement {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = String(hit["path"]);
  link.textContent = String(hit["title"]);
  const kind = document.createElement("span");
  kind.className = "soft";
  kind.textContent = ` ${String(hit["kind"])}`;
  entry.append(link, kind);
  return entry;
}
