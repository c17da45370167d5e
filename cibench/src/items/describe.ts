/** Item analysis as tables for the terminal. Pure. */
import { drawTable } from "../draw-table.ts";
import type { ItemsOutput } from "../schema/items.ts";
import { CATEGORIES } from "../schema/task.ts";
import { figure } from "../show.ts";

/** Flagged items that are listed; the record has all. */
const LISTED = 20;

export function itemsText({ groups, flagged, mayRetire, reason, rule }: ItemsOutput): string {
  const orNone = (value: number | null) => (value === null ? "–" : figure(value));
  const board = drawTable(
    [
      "category",
      "corpora",
      "tools",
      "items",
      "difficulty",
      "discrimination",
      "all right",
      "all wrong",
      "negative",
      "by chance",
    ],
    groups.map(({ category, kind, tools, items, difficulty, discrimination, flagged: counts, negativeByChance }) => [
      ...[CATEGORIES[category].title, kind, tools.join(", "), items, orNone(difficulty), orNone(discrimination)],
      ...[counts["all-right"], counts["all-wrong"], counts.negative, negativeByChance.toFixed(1)],
    ]),
  );
  const negative = flagged.filter(({ flag }) => flag === "negative");
  const worst = negative.toSorted((a, b) => (a.discrimination ?? 0) - (b.discrimination ?? 0)).slice(0, LISTED);
  const list = drawTable(
    ["item", "discrimination", "worth"],
    worst.map(({ corpus, itemId, discrimination, credits }) => [
      `${corpus} ${itemId}`,
      orNone(discrimination),
      Object.entries(credits)
        .map(([tool, credit]) => `${tool} ${credit.toFixed(2)}`)
        .join(", "),
    ]),
  );
  const shown = worst.length === 0 ? [] : [`Negative, ${worst.length} of ${negative.length}:\n${list}`];
  const verdict = mayRetire.length === 0 ? `none: ${reason}` : `\n${mayRetire.join("\n")}`;
  return [
    board,
    ...shown,
    `May be retired (rule ${rule.version}, without ${rule.leftOut.join(", ")}): ${verdict}`,
    "",
  ].join("\n");
}
