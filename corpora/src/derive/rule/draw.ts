/** Which of everything that was asked becomes an item: what tells places and forms apart, and about as much that does not. Pure. */
import type { RuleItem, RulePair } from "../../truth/rule-schema.ts";
import { inRandomOrder } from "../../truth/sample.ts";
import type { Asked } from "./append.ts";

/** Pairs of places for one text. */
const PLACES = 2;

/**
 * For each text: up to {@link PLACES} pairs of files of which one may have it and the other may not; one file in which one
 * form of it is allowed and the other is not; and where nothing tells anything apart, one file with one form.
 */
export function drawItems(asked: readonly Asked[], seed: number): { items: RuleItem[]; pairs: RulePair[] } {
  const { items: drawn, pairs, add } = drawing();
  for (const [, ofName] of Map.groupBy(asked, ({ item }) => item.name)) {
    let told = false;
    for (const ofForm of Map.groupBy(ofName, ({ form }) => form).values()) {
      const shuffled = inRandomOrder(
        ofForm.map(({ item }) => item),
        seed,
      );
      const violating = shuffled.filter(({ verdict }) => verdict === "violates");
      const allowed = shuffled.filter(({ verdict }) => verdict === "allowed");
      for (const [at, one] of violating.slice(0, Math.min(PLACES, allowed.length)).entries()) {
        add(one, allowed[at] as RuleItem, "place");
        told = true;
      }
    }
    const sorted = ofName.map(({ item }) => item).sort((a, b) => (a.id < b.id ? -1 : 1));
    const byFile = [...Map.groupBy(sorted, fileOf).values()];
    const shuffledFiles = inRandomOrder(
      byFile.map((items) => ({ id: items[0]?.id ?? "", items })),
      seed,
    );
    const apart = shuffledFiles.find(
      ({ items }) =>
        items.length === 2 && items[0]?.verdict !== items[1]?.verdict && !items.some(({ id }) => drawn.has(id)),
    );
    const violates = apart?.items.find(({ verdict }) => verdict === "violates");
    const allowed = apart?.items.find(({ verdict }) => verdict === "allowed");
    if (violates !== undefined && allowed !== undefined) add(violates, allowed, "form");
    else if (!told) {
      const [first] = shuffledFiles[0]?.items ?? [];
      if (first !== undefined) drawn.set(first.id, first);
    }
  }
  return { items: inOrder(drawn), pairs };
}

/** What was drawn so far. */
export function drawing(): {
  items: Map<string, RuleItem>;
  pairs: RulePair[];
  add: (violates: RuleItem, allowed: RuleItem, by: RulePair["by"]) => void;
} {
  const items = new Map<string, RuleItem>();
  const pairs: RulePair[] = [];
  return {
    items,
    pairs,
    add: (violates, allowed, by) => {
      for (const item of [violates, allowed]) items.set(item.id, item);
      pairs.push({ violates: violates.id, allowed: allowed.id, by });
    },
  };
}

/** By id. */
export function inOrder(items: ReadonlyMap<string, RuleItem>): RuleItem[] {
  return [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function fileOf({ proposal, id }: RuleItem): string {
  return proposal.kind === "append" ? proposal.file : id;
}
