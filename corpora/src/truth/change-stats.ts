/** What there is to know about truth about changes, in numbers. */
import { z } from "zod";
import { Language } from "../manifest.ts";
import { ChangeKind, type ChangeTruth, Dropped } from "./change-schema.ts";

const count = z.int().nonnegative();

/** One corpus and kind in the record of `corpora stats --json`. */
export const ChangeStats = z.strictObject({
  corpus: z.string(),
  kind: ChangeKind,
  language: Language,
  /** Pairs of versions or commits that were compared, and those among them with an item. */
  changes: count,
  withItems: count,
  items: count,
  /** Items of which at least one function stands in the older version: they can be asked about before the change. */
  locatable: count,
  /** Functions in `must` over all items. */
  functions: count,
  /** Items by the first of their ties. */
  ties: z.array(z.strictObject({ by: z.string(), items: count })),
  /** Mean F1 of a search for names; null without items. */
  grep: z.number().min(0).max(1).nullable(),
  /** Items that a search for names does not solve. */
  hard: count,
  dropped: z.array(Dropped),
});
export type ChangeStats = z.infer<typeof ChangeStats>;

export function changeStatsOf({ corpus, kind, language, changes, dropped }: ChangeTruth): ChangeStats {
  const all = changes.flatMap(({ items, functions }) =>
    items.map((item) => ({ item, isOld: item.must.some((index) => functions[index]?.before !== null) })),
  );
  const items = all.map(({ item }) => item);
  const ties = Map.groupBy(items, (item) => item.ties[0]?.by ?? "");
  const reasons = Map.groupBy([...dropped, ...changes.flatMap((change) => change.dropped)], ({ reason }) => reason);
  return {
    corpus,
    kind,
    language,
    changes: changes.length,
    withItems: changes.filter((change) => change.items.length > 0).length,
    items: items.length,
    locatable: all.filter(({ isOld }) => isOld).length,
    functions: items.reduce((sum, { must }) => sum + must.length, 0),
    ties: [...ties].map(([by, these]) => ({ by, items: these.length })).sort((a, b) => b.items - a.items),
    grep: items.length === 0 ? null : items.reduce((sum, { grep }) => sum + grep, 0) / items.length,
    hard: items.filter(({ grep }) => grep < 1).length,
    dropped: [...reasons]
      .map(([reason, these]) => ({ reason, number: these.reduce((sum, { number }) => sum + number, 0) }))
      .sort((a, b) => b.number - a.number),
  };
}
