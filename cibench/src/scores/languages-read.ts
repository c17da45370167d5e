/** Which corpora are in a language that a tool says it reads. */
import type { Language } from "@drift/corpora";

/** Whether a tool that reads `languages` reads a corpus in `language`; a mixed one is JavaScript and TypeScript. */
export function isRead(language: Language | undefined, languages: readonly Language[]): boolean {
  if (language === undefined) return false;
  if (language !== "mixed" || languages.includes("mixed")) return languages.includes(language);
  return languages.includes("javascript") && languages.includes("typescript");
}
