/** How each category is scored, in the words kept beside the benchmark. */
import type { MarkdownInstance } from "astro";

const README = import.meta.glob<MarkdownInstance<object>>("../../../cibench/README.md", { eager: true });

/** The sections of CIBench's README that hold formulas, as HTML. Links out of the site are left as text. */
export async function categoryFormulas(): Promise<string> {
  const [readme] = Object.values(README);
  if (readme === undefined) throw new Error("a document of this repository is missing");
  return formulaSections(await readme.compiledContent());
}

/** The sections under a second heading that ends in "the formula" or "the formulas". */
export function formulaSections(html: string): string {
  return html
    .split(/(?=<h2[\s>])/)
    .filter((section) => /^<h2[^>]*>[^<]*: the formulas?<\/h2>/.test(section))
    .join("")
    .replaceAll(/<a href="[^#"][^"]*">([^]*?)<\/a>/g, "$1");
}
