/** A gate as a small picture, and as the record from which other services draw theirs. */
import type { GateReport } from "../gate/schema.ts";

const LABEL = "performance";
const CHARACTER_PX = 6.6;
const PADDING_PX = 10;

/** What shields.io calls an endpoint: `{ schemaVersion, label, message, color }`. */
export function badgeRecord({ verdict, cases, scores }: GateReport): {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
} {
  const all = [...cases, ...scores.map(({ decision }) => decision)];
  const regressed = all.filter((one) => one.verdict === "regressed").length;
  const [message, color] =
    all.length === 0
      ? ["not measured", "#6b7280"]
      : {
          regressed: [`${regressed} of ${all.length} regressed`, "#b42318"],
          inconclusive: ["cannot be told", "#8a6100"],
          improved: ["improved", "#1d6fb8"],
          unchanged: [`${all.length} unchanged`, "#1a7f37"],
        }[verdict];
  return { schemaVersion: 1, label: LABEL, message: message as string, color: color as string };
}

/** An SVG without fonts or scripts of others. */
export function renderBadge(report: GateReport): string {
  const { label, message, color } = badgeRecord(report);
  const [left, right] = [label, message].map((text) => Math.round(text.length * CHARACTER_PX + PADDING_PX)) as [
    number,
    number,
  ];
  const text = (x: number, content: string): string => `<text x="${x}" y="14">${content}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${message}">`,
    `<title>${label}: ${message}</title>`,
    `<rect width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${color}"/>`,
    `<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,sans-serif" font-size="11">`,
    text(left / 2, label) + text(left + right / 2, message),
    "</g></svg>",
    "",
  ].join("\n");
}
