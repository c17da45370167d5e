/** Pages of text for the search: the method, decisions, glossary and how to submit. */
import type { MarkdownInstance } from "astro";
import { decisionPages, FORMULAS, methodPages } from "./pages.ts";

interface Document {
  Content: MarkdownInstance<object>["Content"];
  text: string;
}

function single(found: Record<string, MarkdownInstance<object>>): Document {
  const [page] = Object.values(found);
  if (page === undefined) throw new Error("a document of this repository is missing");
  return { Content: page.Content, text: page.rawContent() };
}

/** The words of the project, kept beside the results. */
export const glossary = (): Document =>
  single(import.meta.glob<MarkdownInstance<object>>("../../../results/GLOSSARY.md", { eager: true }));

/** How to hand in a run, kept beside the benchmark. */
export const submitting = (): Document =>
  single(import.meta.glob<MarkdownInstance<object>>("../../../cibench/SUBMITTING.md", { eager: true }));

export function textPages(): { title: string; text: string; path: string }[] {
  return [
    ...methodPages().map(({ title, text, path }) => ({ title, text, path })),
    ...decisionPages().map(({ title, text, path }) => ({ title, text, path })),
    { title: FORMULAS.title, text: FORMULAS.summary, path: FORMULAS.path },
    { title: "Glossary", text: glossary().text, path: "/glossary/" },
    { title: "Handing in a run", text: submitting().text, path: "/submit/" },
  ];
}
