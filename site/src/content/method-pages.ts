/** The pages of `content/method`, each the explanation of published numbers, in reading order. */
import type { MarkdownInstance } from "astro";

interface Frontmatter {
  title: string;
  summary: string;
  order: number;
}

/** One page of the method. */
export interface MethodPage {
  slug: string;
  path: string;
  title: string;
  summary: string;
  text: string;
  Content: MarkdownInstance<Frontmatter>["Content"];
}

export function methodPages(): MethodPage[] {
  const files = import.meta.glob<MarkdownInstance<Frontmatter>>("./method/*.md", { eager: true });
  return Object.entries(files)
    .toSorted(([, a], [, b]) => a.frontmatter.order - b.frontmatter.order)
    .map(([file, page]) => {
      const { frontmatter, Content } = page;
      const slug = file.replace(/^.*\/|\.md$/g, "");
      return {
        slug,
        path: `/method/${slug}/`,
        title: frontmatter.title,
        summary: frontmatter.summary,
        text: page.rawContent(),
        Content,
      };
    });
}
