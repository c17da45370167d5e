/** Whether pages are valid HTML, by html-validate's rules of the standard. */
import { HtmlValidate } from "html-validate";
import { type BuiltSite, type Problem, readPage, samplePages } from "./pages.ts";

/** Rules of taste that the compressed pages of Astro do not follow, and which no standard asks for. */
const OFF = Object.fromEntries(
  ["void-style", "no-trailing-whitespace", "attr-quotes", "attribute-boolean-style", "attribute-empty-style"].map(
    (rule) => [rule, "off" as const],
  ),
);

/**
 * What is not valid in at most `limit` pages of each kind.
 *
 * @returns the problems, and how many pages were looked at
 */
export async function htmlProblems(site: BuiltSite, limit: number): Promise<{ problems: Problem[]; pages: number }> {
  const validator = new HtmlValidate({
    root: true,
    extends: ["html-validate:standard"],
    rules: { ...OFF, "long-title": "off", "prefer-native-element": "off" },
  });
  const pages = [...samplePages(site.pages, limit).values()].flat();
  const problems: Problem[] = [];
  for (const page of pages) {
    const report = await validator.validateString(readPage(site, page));
    const messages = report.results.flatMap(({ messages: all }) => all).filter(({ severity }) => severity === 2);
    for (const { ruleId, message, line, column } of messages.slice(0, 5)) {
      problems.push({ page, what: `${line}:${column} ${ruleId}: ${message}` });
    }
  }
  return { problems, pages: pages.length };
}
