/** What changed between two truths about one corpus, item by item. Pure. */
import { z } from "zod";
import type { CallGraphTruth, SiteTruth } from "./schema.ts";

/** Ids of items that are only in the new truth, only in the old one, or say something else. */
export const TruthDiff = z.strictObject({
  corpus: z.string(),
  /** Nothing was there before. */
  isNew: z.boolean(),
  gained: z.array(z.string()),
  lost: z.array(z.string()),
  changed: z.array(z.strictObject({ site: z.string(), fields: z.array(z.string()) })),
  /** Parts beside the items that differ, such as `definitions`. */
  parts: z.array(z.string()),
});
export type TruthDiff = z.infer<typeof TruthDiff>;

/** Parts whose difference is a difference of the truth; what a run took or which tool version spoke is none. */
const COMPARED = ["corpusVersion", "language", "manifestSha256", "inputsSha256", "contradictions", "dropped"] as const;
const COMPARED_PARTS = [...COMPARED, "files", "lines", "sampled", "definitions"] as const;

export function diffTruth(before: CallGraphTruth | null, after: CallGraphTruth): TruthDiff {
  const old = new Map(before?.sites.map((site) => [site.id, site]));
  const changed = after.sites.flatMap((site) => {
    const known = old.get(site.id);
    const fields = known === undefined ? [] : differingFields(known, site);
    return fields.length === 0 ? [] : [{ site: site.id, fields }];
  });
  const now = new Set(after.sites.map(({ id }) => id));
  return {
    corpus: after.corpus,
    isNew: before === null,
    gained: after.sites.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    lost: [...old.keys()].filter((id) => !now.has(id)),
    changed,
    parts: before === null ? [] : COMPARED_PARTS.filter((part) => !isSame(before[part], after[part])),
  };
}

/** Whether anything differs. */
export function isDifferent(diff: TruthDiff): boolean {
  return diff.isNew || diff.gained.length + diff.lost.length + diff.changed.length + diff.parts.length > 0;
}

/** Names of the fields in which two sites differ. */
export function differingFields(a: SiteTruth, b: SiteTruth): string[] {
  return (Object.keys(a) as (keyof SiteTruth)[]).filter((field) => !isSame(a[field], b[field]));
}

/** A difference in words: a line, and the first few items of each kind. */
export function describeDiff(diff: TruthDiff, shown = 5): string {
  if (diff.isNew) return `${diff.corpus}: nothing was stored, ${diff.gained.length} items are new`;
  if (!isDifferent(diff)) return `${diff.corpus}: as stored`;
  const { gained, lost, changed, parts } = diff;
  const head = `${diff.corpus}: ${gained.length} items gained, ${lost.length} lost, ${changed.length} changed`;
  const first = (sign: string, items: readonly string[]): string[] => [
    ...items.slice(0, shown).map((item) => `  ${sign} ${item}`),
    ...(items.length > shown ? [`  ${sign} and ${items.length - shown} more`] : []),
  ];
  return [
    parts.length === 0 ? head : `${head}; also different: ${parts.join(", ")}`,
    ...first("+", gained),
    ...first("-", lost),
    ...first(
      "~",
      changed.map(({ site, fields }) => `${site} (${fields.join(", ")})`),
    ),
  ].join("\n");
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
