/** Draws the changes that are tried: seeded, spread over functions and operators, neighbours together. Pure. */
import type { Operator } from "../../truth/mutation.ts";
import { inRandomOrder } from "../../truth/sample.ts";
import type { Mutant } from "./mutants.ts";

/**
 * The largest share of what is drawn, by operator. Changes that nearly always break something (whole functions that throw or
 * return nothing, negated conditions) are kept few: what tells tools apart is which of the fine ones do.
 */
const LARGEST_SHARE: Record<Operator, number> = {
  "shift-boundary": 0.24,
  "change-constant": 0.24,
  "remove-statement": 0.24,
  "add-parameter": 0.12,
  "drop-await": 0.12,
  "remove-export": 0.08,
  "rename-export": 0.08,
  "negate-condition": 0.08,
  "return-nothing": 0.08,
  "change-type": 0.06,
  "throw-at-entry": 0.06,
};
/** Changes of one function that are drawn in a row: neighbours can tell apart what breaks from what does not. */
const PER_TURN = 4;

/**
 * At most `wanted` of `mutants`, in the order in which they are drawn. Functions (and what lies outside of them, by file) take turns in random order; at its
 * turn each gives the changes whose operators are furthest below their largest share so far.
 */
export function chooseMutants(
  mutants: readonly Mutant[],
  { wanted, seed }: { wanted: number; seed: number },
): Mutant[] {
  const groups = Map.groupBy(inRandomOrder(mutants, seed), ({ owner, file }) => owner ?? file);
  let turns = inRandomOrder(
    [...groups].map(([id, members]) => ({ id, members: [...members] })),
    seed,
  );
  const drawn = new Map<Operator, number>();
  const chosen: Mutant[] = [];
  while (turns.length > 0) {
    for (const { members } of turns) {
      for (let turn = 0; turn < PER_TURN; turn += 1) {
        if (chosen.length === wanted) return chosen;
        const next = leastDrawn(members, drawn, wanted);
        if (next === undefined) break;
        members.splice(members.indexOf(next), 1);
        drawn.set(next.operator, (drawn.get(next.operator) ?? 0) + 1);
        chosen.push(next);
      }
    }
    turns = turns.filter(({ members }) => leastDrawn(members, drawn, wanted) !== undefined);
  }
  return chosen;
}

/** The first of those whose operator was drawn least, measured by what may be drawn of it; none when all of that was. */
function leastDrawn(
  members: readonly Mutant[],
  drawn: ReadonlyMap<Operator, number>,
  wanted: number,
): Mutant | undefined {
  let found: Mutant | undefined;
  let least = 1;
  for (const member of members) {
    const most = Math.max(1, Math.floor(LARGEST_SHARE[member.operator] * wanted));
    const share = (drawn.get(member.operator) ?? 0) / most;
    if (share < least) [found, least] = [member, share];
  }
  return found;
}
