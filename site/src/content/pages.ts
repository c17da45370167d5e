/** The written pages of `content`: the method, and decisions; each in its reading order. */
import type { MarkdownInstance } from "astro";

interface Frontmatter {
  title: string;
  summary: string;
  order: number;
}

/** One page. */
export interface ContentPage {
  slug: string;
  path: string;
  title: string;
  summary: string;
  text: string;
  Content: MarkdownInstance<Frontmatter>["Content"];
}

/** Explanations of published numbers. */
export function methodPages(): ContentPage[] {
  return pagesOf("method", import.meta.glob<MarkdownInstance<Frontmatter>>("./method/*.md", { eager: true }));
}

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
