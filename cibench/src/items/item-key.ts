/** What names an item among all of a suite. */
import type { ItemOutcome } from "../schema/score.ts";

export type About = Pick<ItemOutcome, "category" | "corpus" | "itemId">;

/** How lists name an item. */
export function keyOf({ category, corpus, itemId }: About): string {
  return `${category}/${corpus}/${itemId}`;
}
