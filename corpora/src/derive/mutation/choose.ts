/** Draws the changes that are tried: seeded, spread over functions and operators, neighbours together. Pure. */
import type { Operator } from "../../truth/mutation.ts";
import { inRandomOrder } from "../../truth/sample.ts";
import type { Mutant } from "./mutants.ts";

/** No operator is more than this share of what is drawn. */
const LARGEST_SHARE = 0.2;
/** Changes of one function that are drawn in a row: neighbours can tell apart what breaks from what does not. */
const PER_TURN = 2;

/**
 * At most `wanted` of `mutants`, in the order in which they are drawn. Functions (and what lies outside of them, by file) take turns in random order; at its
 * turn each gives the changes whose operators were drawn least so far.
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
  const most = Math.max(1, Math.floor(LARGEST_SHARE * wanted));
  const chosen: Mutant[] = [];
  while (turns.length > 0) {
    for (const { members } of turns) {
      for (let turn = 0; turn < PER_TURN; turn += 1) {
        if (chosen.length === wanted) return chosen;
        const next = leastDrawn(members, drawn, most);
        if (next === undefined) break;
        members.splice(members.indexOf(next), 1);
        drawn.set(next.operator, (drawn.get(next.operator) ?? 0) + 1);
        chosen.push(next);
      }
    }
    turns = turns.filter(({ members }) => leastDrawn(members, drawn, most) !== undefined);
  }
  return chosen;
}

function leastDrawn(
  members: readonly Mutant[],
  drawn: ReadonlyMap<Operator, number>,
  most: number,
): Mutant | undefined {
  let found: Mutant | undefined;
  let least = most;
  for (const member of members) {
    const times = drawn.get(member.operator) ?? 0;
    if (times < least) [found, least] = [member, times];
  }
  return found;
}
