/** The rule by which items may be retired, as `cibench/RETIREMENT.md` states it. A test holds both together. */
import type { FlaggedItem, ItemGroup, RetirementRule } from "../schema/items.ts";
import { keyOf } from "./item-key.ts";

/** A changed rule is a new version, and decides nothing about the suite in which it was changed. */
export const RULE: RetirementRule = {
  version: 1,
  fewestTools: 10,
  discrimination: -0.3,
  largestShare: 0.01,
  leftOut: ["drift"],
};

/** Which items may be retired in the next version of the suite, and why none may. */
export interface Retirement {
  /** As `keyOf` names them, the lowest discrimination first. */
  mayRetire: string[];
  /** Null where some may. */
  reason: string | null;
}

/**
 * @param before what was flagged in the suite version before, as `keyOf` names it; null where that is not known
 */
export function mayRetire(
  { groups, flagged }: { groups: readonly ItemGroup[]; flagged: readonly FlaggedItem[] },
  before: ReadonlySet<string> | null,
): Retirement {
  const most = Math.max(0, ...groups.map(({ tools }) => tools.length));
  if (most < RULE.fewestTools) {
    return { mayRetire: [], reason: `at most ${most} tools decide, the rule asks for ${RULE.fewestTools}` };
  }
  if (before === null)
    return { mayRetire: [], reason: "what the suite version before flagged is not known (--before)" };
  const chosen = groups.flatMap(({ category, kind, tools, items }) => {
    if (tools.length < RULE.fewestTools) return [];
    const isOf = (item: FlaggedItem): boolean =>
      item.category === category && item.kind === kind && Object.keys(item.credits).join() === tools.join();
    return flagged
      .filter((item) => isOf(item) && (item.discrimination ?? 0) <= RULE.discrimination && before.has(keyOf(item)))
      .slice(0, Math.floor(RULE.largestShare * items))
      .map(keyOf);
  });
  return { mayRetire: chosen, reason: chosen.length === 0 ? "no item is flagged as the rule asks" : null };
}
