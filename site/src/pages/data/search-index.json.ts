import { textPages } from "../../content/text-pages.ts";
import { searchEntries, searchIndex } from "../../data/search.ts";
import { siteFiles, siteStore } from "../../data/site.ts";

export const GET = () => new Response(searchIndex(searchEntries(siteStore(), siteFiles().corpora, textPages())));
