/** Level 2, architectural intent: for each change that is put to a repository, "does a rule that it enforces reject it, and which?" */
import type { RuleItem, RuleTruth } from "@drift/corpora";
import { sha256 } from "../../canonical-json.ts";
import type { ProposalItem, RuleTask } from "../../schema/task.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;

/**
 * The questions of one corpus, without the answers, by file and text. Ids are hashes, for those of the truth say which of two ways to
 * write something it is; which checker is asked and what was paired with what are not told.
 */
export function ruleTask(truth: RuleTruth): RuleTask {
  return {
    id: `architectural-intent/${truth.corpus}`,
    version: TASK_VERSION,
    level: 2,
    category: "architectural-intent",
    corpus: truth.corpus,
    files: [...new Set(truth.items.flatMap(({ proposal }) => ("file" in proposal ? [proposal.file] : [])))].sort(),
    items: truth.items.map(toItem).toSorted(bySource),
  };
}

/** The id under which a change is asked about. */
export function proposalId({ id }: Pick<RuleItem, "id">): string {
  return `proposal-${sha256(id).slice(0, 16)}`;
}

function toItem(item: RuleItem): ProposalItem {
  const { proposal } = item;
  const id = proposalId(item);
  return proposal.kind === "append"
    ? { id, change: { kind: "append", file: proposal.file, text: proposal.text } }
    : { id, change: { kind: "reach", by: proposal.by, specifier: proposal.specifier } };
}

/** A total order: no change is asked about twice. */
function bySource(a: ProposalItem, b: ProposalItem): number {
  const [x, y] = [a, b].map(({ change }) =>
    change.kind === "append" ? `${change.file}\n${change.text}` : `\n${change.specifier}\n${change.by}`,
  ) as [string, string];
  return Number(x > y) - Number(x < y) || Number(a.id > b.id) - Number(a.id < b.id);
}
