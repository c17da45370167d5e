/** Observable Plot without a browser: a chart as an SVG text that obeys the pages' content security policy. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml } from "../format.ts";

/** What every chart must say in words. `id` is unique on its page. */
export interface ChartText {
  id: string;
  title: string;
  description: string;
}

/**
 * Draws a chart as SVG with a title and description for screen readers.
 * Plot's own `<style>` is left out, since pages forbid inline styles: `site.css` says the same for `.plot`.
 */
export function drawChart(options: Plot.PlotOptions, text: ChartText): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const drawn = Plot.plot({ ...options, document, className: "plot" });
  for (const style of drawn.querySelectorAll("style")) style.remove();
  // Plot labels its groups for scripts; without a role of their own such labels are noise or an error to readers.
  for (const labelled of drawn.querySelectorAll("[aria-label]")) labelled.removeAttribute("aria-label");
  for (const element of [drawn, ...drawn.querySelectorAll("[style]")]) element.removeAttribute("style");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-labelledby", `${text.id}-title ${text.id}-description`);
  drawn.setAttribute("font-family", "inherit");
  const head = `<title id="${text.id}-title">${escapeHtml(text.title)}</title><desc id="${text.id}-description">${escapeHtml(text.description)}</desc>`;
  return drawn.outerHTML.replace(/^(<svg[^>]*>)/, `$1${head.replaceAll("$", "$$$$")}`);
}
