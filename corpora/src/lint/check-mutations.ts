/** Whether the truth about changes fits itself: ids, numbers, effects. Needs no source file. Pure. */
import { mutantId } from "../derive/mutation/mutants.ts";
import { type MutationItem, type MutationTruth, pairsOf } from "../truth/mutation.ts";
import type { Finding, LintRule } from "./finding.ts";

export function checkMutations(truth: MutationTruth): Finding[] {
  const findings: Finding[] = [];
  const report = (rule: LintRule, at: string, message: string): void => {
    findings.push({ corpus: truth.corpus, rule, at, message });
  };
  const seen = new Set<string>();
  for (const item of truth.items) {
    if (seen.size === seen.add(item.id).size) report("unique", item.id, "two changes have this id");
    checkItem(item, truth, (rule, message) => report(rule, item.id, message));
  }
  if (JSON.stringify(pairsOf(truth.items)) !== JSON.stringify(truth.pairs)) {
    report("consistent", "pairs", "the contrastive pairs do not follow from the changes");
  }
  const { disagreed, endless, unreadable } = truth.dropped;
  for (const id of [...disagreed, ...endless, ...unreadable]) {
    if (seen.has(id)) report("consistent", id, "it was dropped, and is there");
  }
  return findings;
}

function checkItem(item: MutationItem, truth: MutationTruth, report: (rule: LintRule, message: string) => void): void {
  const { executed, ran, effect, broken, diagnostics, observed } = item;
  if (item.id !== mutantId(item.file, item.span, item.operator))
    report("consistent", "its id does not follow from its place");
  if (item.before === item.after) report("consistent", "nothing is changed");
  const numbers = [...executed, ...ran, ...observed, ...broken.map(({ file }) => file)];
  if (numbers.some((number) => number >= truth.tests.length))
    report("reference", "it names a test file that is not there");
  for (const { file, tests } of broken) {
    const { names } = truth.tests[file] ?? { names: [] };
    if (tests.some((test) => test >= names.length)) report("reference", "it names a test that is not there");
    if (!ran.includes(file)) report("consistent", "a test file that was not run is broken");
  }
  if (executed.length === 0) report("consistent", "no test runs its line");
  if (ran.some((file) => !executed.includes(file)))
    report("consistent", "a test file was run that does not run its line");
  const follows: MutationItem["effect"] =
    diagnostics.length > 0
      ? "compile-break"
      : broken.length > 0
        ? "test-break"
        : observed.length > 0
          ? "observable"
          : "no-effect-observed";
  if (effect !== follows) report("consistent", "its effect does not follow from what was seen");
  if ((effect === "compile-break") !== (ran.length === 0))
    report("consistent", "what compiles is tested, and nothing else");
}
