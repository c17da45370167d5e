/** The written pages of `content`: the method, and decisions; each in its reading order. */
import type { MarkdownInstance } from "astro";

interface Frontmatter {
  title: string;
  summary: string;
  order: number;
}

/** What a list of pages says of one. */
export interface ListedPage {
  path: string;
  title: string;
  summary: string;
}

/** One page. */
export interface ContentPage extends ListedPage {
  slug: string;
  text: string;
  Content: MarkdownInstance<Frontmatter>["Content"];
}

/** Explanations of published numbers. */
export function methodPages(): ContentPage[] {
  return pagesOf("method", import.meta.glob<MarkdownInstance<Frontmatter>>("./method/*.md", { eager: true }));
}

/** The page that is made from the text of the code. */
export const FORMULAS: ListedPage = {
  path: "/method/formulas/",
  title: "Formulas and their sources",
  summary:
    "How each category is scored, and what each statistic computes and where it comes from, in the words of the code.",
};

/** Choices that closed other doors, in the order in which they were made. */
export function decisionPages(): ContentPage[] {
  return pagesOf("decisions", import.meta.glob<MarkdownInstance<Frontmatter>>("./decisions/*.md", { eager: true }));
}

function pagesOf(section: string, files: Record<string, MarkdownInstance<Frontmatter>>): ContentPage[] {
  return Object.entries(files)
    .toSorted(([, a], [, b]) => a.frontmatter.order - b.frontmatter.order)
    .map(([file, page]) => {
      const { frontmatter, Content } = page;
      const slug = file.replace(/^.*\/|\.md$/g, "");
      const { title, summary } = frontmatter;
      return { slug, path: `/${section}/${slug}/`, title, summary, text: page.rawContent(), Content };
    });
}
