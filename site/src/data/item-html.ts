/** One item as HTML. Written as text, since a run has tens of thousands and a component each would take minutes. */
import { escapeHtml, shorten } from "../format.ts";
import type { Item } from "./evidence.ts";
import { TARGET_LIMIT, TEXT_LIMIT } from "./limits.ts";

/** A list entry: where the call is, what the tool said, what is certain and possible, and who says so. */
export function itemHtml(item: Item): string {
  const callee = item.callee === null ? "a call without a name" : text(item.callee);
  return [
    `<li><div class="head"><span class="outcome outcome-${item.outcome}">${item.outcome}</span>`,
    `<code class="place">${text(item.file)}:${item.line}:${item.column}</code>`,
    `<code>${callee}</code><span class="meta">${text(item.syntax)}, ${text(item.stratum)}</span></div><dl>`,
    `<dt>said</dt><dd>${said(item)}</dd>`,
    `<dt>must</dt><dd>${targets(item.must, "nothing is certain")}</dd>`,
    item.may.length > 0 ? `<dt>may</dt><dd>${targets(item.may, "")}</dd>` : "",
    `<dt>by</dt><dd>${item.by.length === 0 ? "no oracle could tell" : item.by.map(text).join(", ")}</dd></dl></li>`,
  ].join("");
}

function said(item: Item): string {
  if (item.status === "unanswered") return "no answer";
  const status = `<span class="meta">${text(item.status)}</span>`;
  return item.predicted.length === 0 ? status : `${targets(item.predicted, "")} ${status}`;
}

function targets(names: string[], absent: string): string {
  if (names.length === 0) return `<span class="meta">${absent}</span>`;
  const shown = names.slice(0, TARGET_LIMIT).map((name) => `<code>${text(name)}</code>`);
  const rest = names.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` <span class="meta">and ${rest} more</span>` : ""}`;
}

const text = (value: string): string => escapeHtml(shorten(value, TEXT_LIMIT));
