/** Ways to plant something, by name, and on which side of the split each is. */
import { type Split, splitOf } from "../../truth/split.ts";
import type { Dice } from "../module-builder.ts";

export const TRAITS = [
  "auth-route",
  "auth-router",
  "auth-mount",
  "auth-handler",
  "auth-lookalike",
  "auth-left-out",
  "auth-open",
  "flow-parameter",
  "flow-concat",
  "flow-quoted",
  "flow-trimmed",
  "flow-field",
  "flow-overwritten",
  "flow-token",
  "flow-token-masked",
  "pattern-envelope",
  "pattern-audit",
  "pattern-clamp",
  "pattern-layers",
  "decision-deletion",
  "decision-reads",
  "decision-writes",
  "calls-direct",
  "calls-imported",
  "calls-method",
  "calls-interface",
  "calls-callback",
  "calls-stored",
  "calls-returned",
  "calls-computed",
  "calls-external",
  "dead-private",
  "dead-exported",
  "dead-chain",
  "dead-method",
  "test-only",
  "alive-callback",
  "alive-computed",
  "registry",
  "program-start",
  "outside-mode",
  "circular",
  "generated",
  "copy-paste",
] as const;
export type Trait = (typeof TRAITS)[number];

/** Which traits a project may have, and how often each makes an outlier. */
export class Traits {
  readonly #offsets: ReadonlyMap<Trait, number>;
  readonly split: Split | null;

  /** @param split only traits of this side; null: all */
  constructor(split: Split | null, dice: Dice) {
    this.split = split;
    this.#offsets = new Map(TRAITS.map((trait) => [trait, dice.below(OUTLIER_EVERY * 2)] as const));
  }

  allows(trait: Trait): boolean {
    return this.split === null || splitOfTrait(trait) === this.split;
  }

  /** Those that are allowed; each side of the split has at least one of every slot. */
  among<T extends Trait>(traits: readonly T[]): readonly T[] {
    return traits.filter((trait) => this.allows(trait));
  }

  /** One of them: over the domains each has its turn. */
  turn<T extends Trait>(index: number, traits: readonly T[]): T {
    const among = this.among(traits);
    return among[(index + (this.#offsets.get(among[0] as T) ?? 0)) % among.length] as T;
  }

  /** Whether this domain breaks a convention: one in {@link OUTLIER_EVERY} does, and never one whose trait is kept back. */
  breaks(index: number, trait: Trait): boolean {
    return this.allows(trait) && (index + (this.#offsets.get(trait) ?? 0)) % OUTLIER_EVERY === 0;
  }
}

const OUTLIER_EVERY = 4;

const SPLITS: ReadonlyMap<Trait, Split> = new Map(TRAITS.map((trait) => [trait, splitOf(trait)] as const));

/** The split of a trait, by the rule for families. */
export function splitOfTrait(trait: Trait): Split {
  return SPLITS.get(trait) ?? splitOf(trait);
}
