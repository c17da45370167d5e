/** `corpora derive --kind rule`, and the part of `corpora stats` about rules that repositories enforce. */
import { z } from "zod";
import { deriveRules } from "../derive/rule.ts";
import { type RuleTruth, readStoredRules, writeStoredRules } from "../truth/rule-schema.ts";
import { deriveStored, type StoredFlags, type StoredKind } from "./derive-stored.ts";
import { drawTable } from "./table.ts";
import type { CliWorld } from "./world.ts";

const KIND: StoredKind<RuleTruth> = {
  kind: "rule",
  derive: deriveRules,
  read: readStoredRules,
  write: writeStoredRules,
  summary,
};

/** Derives the truth about the rules of the corpora given, as {@link deriveStored} does. @returns the exit code */
export async function deriveRulesOf(ids: readonly string[], flags: StoredFlags, world: CliWorld): Promise<number> {
  return deriveStored(KIND, ids, flags, world);
}

function summary(truth: RuleTruth): string {
  const { oracles, violates, allowed, pairs } = ruleStatsOf(truth);
  const said = oracles.map(({ name, asked }) => `${name} was asked ${asked} times`).join(", ");
  return `${truth.corpus}: ${violates} violate a rule, ${allowed} do not, ${pairs.place + pairs.form} pairs; ${said}`;
}

const count = z.int().nonnegative();

/** One corpus in the record of `corpora stats --json`. */
export const RuleStats = z.strictObject({
  corpus: z.string(),
  oracles: z.array(z.strictObject({ name: z.string(), asked: count, rules: count, dropped: count })),
  violates: count,
  allowed: count,
  pairs: z.strictObject({ place: count, form: count }),
});
export type RuleStats = z.infer<typeof RuleStats>;

export function ruleStatsOf({ corpus, oracles, items, pairs }: RuleTruth): RuleStats {
  const violates = items.filter(({ verdict }) => verdict === "violates").length;
  const by = (how: "place" | "form"): number => pairs.filter((pair) => pair.by === how).length;
  return {
    corpus,
    oracles: oracles.map(({ name, asked, dropped }) => ({
      name,
      asked: asked.violates + asked.allowed,
      rules: new Set(items.filter((item) => item.by === name).flatMap(({ said }) => said)).size,
      dropped: dropped.reduce((sum, { number }) => sum + number, 0),
    })),
    violates,
    allowed: items.length - violates,
    pairs: { place: by("place"), form: by("form") },
  };
}

/** The part of `corpora stats` about rules; no line where there is none. */
export function reportRules(rules: readonly RuleStats[]): string[] {
  if (rules.length === 0) return [];
  const sum = (of: (one: RuleStats) => number): number => rules.reduce((total, one) => total + of(one), 0);
  return [
    "Rules that repositories enforce (asked: changes put to their own checkers; rules: different ones that items break;",
    "pairs: of places + of forms; dropped: could not be judged)",
    drawTable(
      ["corpus", "checker", "asked", "rules", "violates", "allowed", "pairs", "dropped"],
      rules.map(({ corpus, oracles, violates, allowed, pairs }) => [
        corpus,
        oracles.map(({ name }) => name).join(" + "),
        oracles.reduce((total, one) => total + one.asked, 0),
        oracles.reduce((total, one) => total + one.rules, 0),
        violates,
        allowed,
        `${pairs.place} + ${pairs.form}`,
        oracles.reduce((total, one) => total + one.dropped, 0),
      ]),
    ),
    `Together: ${sum((one) => one.violates + one.allowed)} items, ${sum((one) => one.violates)} violate, ${sum((one) => one.pairs.place + one.pairs.form)} pairs`,
    "",
  ];
}
