/** The pages of `content/decisions`: choices that closed other doors, in the order in which they were made. */
import type { MarkdownInstance } from "astro";

interface Frontmatter {
  title: string;
  summary: string;
  order: number;
}

/** One decision. */
export interface DecisionPage {
  slug: string;
  path: string;
  title: string;
  summary: string;
  text: string;
  Content: MarkdownInstance<Frontmatter>["Content"];
}

export function decisionPages(): DecisionPage[] {
  const files = import.meta.glob<MarkdownInstance<Frontmatter>>("./decisions/*.md", { eager: true });
  return Object.entries(files)
    .toSorted(([, a], [, b]) => a.frontmatter.order - b.frontmatter.order)
    .map(([file, page]) => {
      const { frontmatter, Content } = page;
      const slug = file.replace(/^.*\/|\.md$/g, "");
      const { title, summary } = frontmatter;
      return { slug, path: `/decisions/${slug}/`, title, summary, text: page.rawContent(), Content };
    });
}
