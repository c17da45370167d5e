/** The phrasings that answers are composed of. Who writes the scorer looks at the seen half only. */
import type { PhrasingSet } from "./compose.ts";
import seen from "./phrasings-seen.json" with { type: "json" };
import unseen from "./phrasings-unseen.json" with { type: "json" };

export const PHRASINGS: { seen: PhrasingSet; unseen: PhrasingSet } = { seen, unseen };
