/** Whether every address on every page leads to a file of the site, and every fragment to an element. */
import { type BuiltSite, type Problem, readPage } from "./pages.ts";

const ADDRESS = /<(?:a|link|img|script|source|use)\b[^>]*?\s(?:href|src)="([^"]*)"/g;
const ID = /\sid="([^"]*)"/g;

/** What links on the pages of a site lead nowhere, or to another site. */
export function linkProblems(site: BuiltSite): Problem[] {
  const problems: Problem[] = [];
  const wanted = new Map<string, { page: string; fragment: string }[]>();
  for (const page of site.pages) {
    const html = readPage(site, page);
    for (const href of new Set([...html.matchAll(ADDRESS)].map(([, address = ""]) => unescapeHtml(address)))) {
      const target = targetOf(page, href);
      if (target === null) {
        problems.push({ page, what: `${href} leads out of the site` });
        continue;
      }
      if (!site.files.has(fileOf(target.path))) problems.push({ page, what: `${href} leads to no file` });
      else if (target.fragment !== "") {
        const list = wanted.get(target.path) ?? [];
        wanted.set(target.path, list);
        list.push({ page, fragment: target.fragment });
      }
    }
  }
  for (const [path, fragments] of wanted) {
    const ids = new Set([...readPage(site, path).matchAll(ID)].map(([, id = ""]) => unescapeHtml(id)));
    for (const { page, fragment } of fragments) {
      if (!ids.has(fragment)) problems.push({ page, what: `${path}#${fragment} leads to no element` });
    }
  }
  return problems;
}

function targetOf(page: string, href: string): { path: string; fragment: string } | null {
  const base = new URL(page, "http://site.invalid");
  const url = URL.parse(href, base);
  if (url === null || url.origin !== base.origin) return null;
  return { path: decodeURI(url.pathname), fragment: decodeURIComponent(url.hash.slice(1)) };
}

const fileOf = (path: string): string => (path.endsWith("/") ? `${path}index.html` : path).slice(1);

function unescapeHtml(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#34;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#38;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
