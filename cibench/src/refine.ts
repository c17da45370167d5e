/** What can be made of feedback that counts: of all answers that agree with it, the one that a tool finds most probable. */
import { type AskFeedback, ROUNDS } from "./evaluators/refinement.ts";
import type { Chosen, RefinementItem } from "./schema/refinement.ts";

/** An answer, as the bits of the choices in it, with how many of these are right. */
interface Heard {
  chosen: number;
  right: number;
}

/** What the draft says: how many choices are right, and how many of these are in it. */
function draftHeard({ choices, draft, feedback }: RefinementItem): { size: number; heard: Heard } {
  const right = draft.length - feedback.wrong;
  return { size: right + feedback.missing, heard: { chosen: bitsOf(draft, choices), right } };
}

/** Those sets, each as bits, that agree with what was heard. */
function agreeing(sets: readonly number[], { chosen, right }: Heard): number[] {
  return sets.filter((set) => ONES[set & chosen] === right);
}

/**
 * Answers in rounds: each is the set of as many of the choices (16 at most) as are right that agrees with all that was heard and has
 * the greatest sum of weights; it ends when all is right.
 *
 * @param weights of the choices of the item, e.g. log odds
 * @param last what is said in the last round, where that differs
 */
export function refineBy(
  item: RefinementItem,
  weights: readonly number[],
  feedback: AskFeedback,
  last: typeof heaviest = heaviest,
): Chosen[] {
  const { choices } = item;
  const { size, heard: first } = draftHeard(item);
  let sets = agreeing(subsets(choices.length, size), first);
  const rounds: Chosen[] = [];
  for (;;) {
    const set = (rounds.length === ROUNDS - 1 ? last : heaviest)(sets, weights);
    const chosen = choices.filter((_, at) => (set & (1 << at)) !== 0).map((choice) => ({ choice, probability: 1 }));
    rounds.push(chosen);
    const said = feedback(item.id, chosen);
    if (said === null || said.wrong + said.missing === 0) return rounds;
    sets = agreeing(sets, { chosen: set, right: chosen.length - said.wrong });
  }
}

/** The set with the greatest sum of weights. */
function heaviest(sets: readonly number[], weights: readonly number[]): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  for (const set of sets) {
    let sum = 0;
    for (let bits = set; bits !== 0; bits &= bits - 1) sum += weights[31 - Math.clz32(bits & -bits)] ?? 0;
    if (sum > most) [best, most] = [set, sum];
  }
  return best;
}

/** Log odds of probabilities, kept away from certainty, which no feedback could overcome. */
export function logOdds(probability: number): number {
  const p = Math.min(0.98, Math.max(0.02, probability));
  return Math.log(p / (1 - p));
}

function bitsOf(some: readonly string[], choices: readonly string[]): number {
  return some.reduce((bits, choice) => bits | (1 << choices.indexOf(choice)), 0);
}

/** At most as many can be chosen from. */
const MOST_CHOICES = 16;
/** How many bits are set in a number. */
const ONES = new Uint8Array(2 ** MOST_CHOICES);
for (let bits = 1; bits < ONES.length; bits++) ONES[bits] = (ONES[bits >> 1] ?? 0) + (bits & 1);

const known = new Map<string, readonly number[]>();

/** All sets of so many of `count` choices, each as bits. */
function subsets(count: number, size: number): readonly number[] {
  const key = `${count} ${size}`;
  const made =
    known.get(key) ?? Array.from({ length: 2 ** count }, (_, bits) => bits).filter((bits) => ONES[bits] === size);
  known.set(key, made);
  return made;
}
