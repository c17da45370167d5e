/** Whether the figures that pages show are the store's. */
import { FORMS, type Form, readFigure } from "../data/figure-address.ts";
import type { Store } from "../data/open.ts";
import { type BuiltSite, type Problem, readPage } from "./pages.ts";

const SHOWN = /\sdata-figure="([^"]*)" data-form="([a-z]+)"[^>]*>([^<]*)</g;

/** Reads every marked figure again and compares. @returns what differs, and how many were compared */
export function figureProblems(site: BuiltSite, store: Store): { problems: Problem[]; figures: number } {
  const problems: Problem[] = [];
  const known = new Map<string, number | null | undefined>();
  let figures = 0;
  for (const page of site.pages) {
    for (const [, escaped = "", form = "", shown = ""] of readPage(site, page).matchAll(SHOWN)) {
      figures += 1;
      const address = escaped.replaceAll("&#38;", "&").replaceAll("&amp;", "&");
      if (!known.has(address)) known.set(address, readFigure(store, address));
      const stored = known.get(address);
      const expected = stored === undefined || !Object.hasOwn(FORMS, form) ? undefined : FORMS[form as Form](stored);
      if (expected !== shown.trim()) {
        problems.push({
          page,
          what: `shows ${shown.trim()} where the store has ${expected ?? "nothing"} (${address})`,
        });
      }
    }
  }
  return { problems, figures };
}
