/** What the tables of leaderboards can be narrowed to. */
import { noteOf, TOOL_KINDS, type ToolKind } from "../content/tool-notes.ts";
import { shorten, visible } from "../format.ts";
import { segmentOf } from "../paths.ts";
import { listCorpora } from "./corpora.ts";
import { readManifest } from "./manifests.ts";
import type { Store } from "./open.ts";
import type { Tool } from "./tools.ts";

/** One select of a filter: what its options stand for in the page's address, and how they are called. */
export interface FilterChoice {
  name: string;
  label: string;
  options: { value: string; label: string }[];
}

/** Each kind once, with its name, in the order in which kinds are declared. */
export function kindsOf(tools: readonly Tool[]): FilterChoice["options"] {
  const present = new Set(tools.map(({ name, run }) => noteOf(name, run.role).kind));
  return (Object.keys(TOOL_KINDS) as ToolKind[])
    .filter((kind) => present.has(kind))
    .map((kind) => ({ value: kind, label: TOOL_KINDS[kind] }));
}

/** The language of each of some corpora, where its manifest lies in the folder `manifests`. */
export function languagesOf(store: Store, corpora: readonly string[], manifests: string): Map<string, string> {
  return new Map(
    listCorpora(store).flatMap(({ facts }) => {
      const manifest = readManifest(manifests, facts);
      return manifest === null || !corpora.includes(facts.corpus) ? [] : [[facts.corpus, manifest.language] as const];
    }),
  );
}

/** Kinds of tool, languages and corpora to choose from. */
export function filterChoices(
  tools: readonly Tool[],
  corpora: readonly string[],
  languages: ReadonlyMap<string, string>,
): FilterChoice[] {
  const names = [...new Set(corpora)].toSorted();
  return [
    { name: "kind", label: "Kind of tool", options: kindsOf(tools) },
    {
      name: "language",
      label: "Language",
      options: [...new Set(languages.values())].toSorted().map((language) => ({ value: language, label: language })),
    },
    {
      name: "corpus",
      label: "Corpus",
      options: names.map((corpus) => ({ value: segmentOf(corpus), label: visible(shorten(corpus, 60)) })),
    },
  ];
}
