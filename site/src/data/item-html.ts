/** One item as HTML. Written as text, since a run has tens of thousands and a component each would take minutes. */
import { escapeHtml, shorten } from "../format.ts";
import { questionOf, wordsOf } from "./categories.ts";
import type { Excerpt } from "./excerpt.ts";
import type { ComparedItem } from "./compared-items.ts";
import type { Item } from "./evidence.ts";
import { LINE_LIMIT, TARGET_LIMIT, TEXT_LIMIT } from "./limits.ts";
import type { Oracle } from "./runs.ts";

/** A list entry: where the item is, what the tool said, what is certain and possible, and who says so. */
export function itemHtml(item: Item, category: string): string {
  const unnamed = category === "call-graph" ? "a call without a name" : "";
  const callee = item.callee === null ? unnamed : `<code>${text(item.callee)}</code>`;
  return [
    `<li><div class="head"><span class="outcome outcome-${item.outcome}">${item.outcome}</span>`,
    `<code class="place">${text(item.file)}:${item.line}:${item.column}</code>`,
    `${callee}<span class="meta">${text(item.syntax)}, ${text(item.stratum)}</span></div><dl>`,
    `<dt>said</dt><dd>${said(item)}</dd>`,
    `<dt>true</dt><dd>${targets(item.must, wordsOf(category).nothing)}</dd>`,
    item.may.length > 0 ? `<dt>possible</dt><dd>${targets(item.may, "")}</dd>` : "",
    `<dt>by</dt><dd>${item.by.length === 0 ? "no oracle could tell" : item.by.map(text).join(", ")}</dd></dl></li>`,
  ].join("");
}

/**
 * A list entry with the question, the truth and how to derive it again, and what each tool said. `oracles` are those of
 * the item's corpus, `place` counts from 1.
 */
export function comparedItemHtml(
  { category, item, answers }: ComparedItem,
  oracles: readonly Oracle[],
  place: number,
  excerpt: Excerpt | null = null,
): string {
  const question = questionOf(category, { ...item, place: `${item.file}:${item.line}:${item.column}` });
  const by = item.by.map((kind) => {
    const oracle = oracles.find((candidate) => candidate.kind === kind);
    return oracle === undefined ? text(kind) : `${text(kind)} (again: <code>${text(oracle.command)}</code>)`;
  });
  const rows = answers.map(
    ({ tools, item: answer }) =>
      `<dt><span class="outcome outcome-${answer.outcome}">${answer.outcome}</span></dt><dd><strong>${tools.map(text).join(", ")}</strong> said ${said(answer)}</dd>`,
  );
  return [
    `<li id="item-${place}"><p class="question">${text(question)} <span class="meta">${text(item.stratum)}</span></p>`,
    excerpt === null ? "" : excerptHtml(excerpt, item.line),
    "<dl>",
    `<dt>true</dt><dd>${targets(item.must, wordsOf(category).nothing)}</dd>`,
    item.may.length > 0 ? `<dt>possible</dt><dd>${targets(item.may, "")}</dd>` : "",
    `<dt>says who</dt><dd>${by.length === 0 ? "no oracle could tell" : by.join("; ")}</dd>`,
    `${rows.join("")}</dl></li>`,
  ].join("");
}

function excerptHtml({ first, lines }: Excerpt, line: number): string {
  // What all lines are indented by would only push them out of a narrow window.
  const indents = lines
    .filter((content) => content.trim() !== "")
    .map((content) => content.length - content.trimStart().length);
  const indent = Math.min(LINE_LIMIT, ...indents);
  const rows = lines.map((content, index) => {
    const number = first + index;
    const name = number === line ? ' class="at"' : "";
    return `<span${name}><span class="line">${number}</span>${escapeHtml(shorten(content.slice(indent), LINE_LIMIT))}\n</span>`;
  });
  return `<pre class="excerpt"><code>${rows.join("")}</code></pre>`;
}

function said(item: Item): string {
  if (item.status === "unanswered") return "no answer";
  const status = `<span class="meta">${text(item.status)}</span>`;
  if (item.predicted.length === 0 && (item.status === "certain" || item.status === "likely"))
    return `nothing ${status}`;
  return item.predicted.length === 0 ? status : `${targets(item.predicted, "")} ${status}`;
}

/** More digits than anybody reads. */
const LONG_PROBABILITY = /(?<= with probability )(0\.\d{4})\d+$/u;

function targets(names: string[], absent: string): string {
  if (names.length === 0) return `<span class="meta">${absent}</span>`;
  const shown = names
    .slice(0, TARGET_LIMIT)
    .map((name) => `<code>${text(name.replace(LONG_PROBABILITY, "$1"))}</code>`);
  const rest = names.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` <span class="meta">and ${rest} more</span>` : ""}`;
}

const text = (value: string): string => escapeHtml(shorten(value, TEXT_LIMIT));
