/** A badge: a tool's total as a small picture that a README can show. */
import { escapeHtml, formatPoints } from "../format.ts";
import type { Run } from "./runs.ts";

/** Pixels that a character takes at most, and the space beside a text. */
const CHARACTER = 7;
const PADDING = 12;

/** SVG with a text for screen readers; a total is shown with what it is of, and no total as that. */
export function badgeSvg({ points, measuredWeight }: Run): string {
  const label = "CIBench";
  const value = points === null ? "not measured" : `${formatPoints(points)} of ${measuredWeight}`;
  const left = label.length * CHARACTER + PADDING;
  const width = left + value.length * CHARACTER + PADDING;
  const text = (content: string, middle: number): string =>
    `<text x="${middle}" y="14" text-anchor="middle" fill="#fff">${escapeHtml(content)}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${escapeHtml(`${label}: ${value}`)}" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` +
    `<rect width="${left}" height="20" fill="#4a4741"/><rect x="${left}" width="${width - left}" height="20" fill="#1d4f7c"/>` +
    `${text(label, left / 2)}${text(value, (left + width) / 2)}</svg>\n`
  );
}
