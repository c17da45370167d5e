/** Level 2, architectural intent: for each change that is put to a repository, "does a rule that it enforces reject it, and which?" */
import type { RuleTruth } from "@drift/corpora";
import { RULE_ATTACKS } from "../adapters/trivial-rules.ts";
import { defineCategory } from "../category.ts";
import { judgeRules } from "../evaluators/rules.ts";
import { ProposalAnswer } from "../schema/answer.ts";
import type { ReportedOracle } from "../schema/report.ts";
import type { RuleTask } from "../schema/task.ts";
import { ruleExpectations } from "../scores/rule-floor.ts";
import { ruleTask } from "../tasks/understanding/rules.ts";

export const architecturalIntent = defineCategory<RuleTruth, RuleTask, ProposalAnswer>({
  category: "architectural-intent",
  truthOf: ({ rules }) => rules ?? null,
  about: ({ inputsSha256, oracles, command }) => ({
    inputsSha256,
    oracles: oracles.map(({ kind, name, version, sharesCodeWith, repeats }): ReportedOracle => ({
      kind,
      name,
      version,
      sharesCodeWith,
      command,
      seed: null,
      repeats,
      // What two runs did not agree on is no item.
      agreement: 1,
      notRun: null,
    })),
  }),
  taskOf: ruleTask,
  itemAnswer: ProposalAnswer,
  method: "rules",
  judge: judgeRules,
  expect: ruleExpectations,
  attacks: RULE_ATTACKS,
});
