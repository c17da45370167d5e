/** Small truths about rules, written down by hand. */
import { CANARY, type RuleItem, type RuleTruth } from "@drift/corpora";

/** A change behind the end of `file`, and the rules that reject it; none allows it. */
export interface TinyProposal {
  file?: string;
  text?: string;
  said?: string[];
  reach?: string;
}

/** @param pairs indexes of what is rejected and of what is not */
export function tinyRules(
  proposals: readonly TinyProposal[],
  pairs: readonly [number, number, "place" | "form"][] = [],
  corpus = "tiny",
): RuleTruth {
  const hash = "0".repeat(64);
  const items = proposals.map(({ file = "a.py", text = "x = 1", said = [], reach }, index): RuleItem => ({
    id: `${index} ${file}`,
    by: "checker",
    name: reach === undefined ? "text" : "reach",
    proposal:
      reach === undefined
        ? { kind: "append", file, text: `${text} # ${index}`, before: hash, after: hash }
        : { kind: "reach", by: "import", specifier: reach },
    verdict: said.length > 0 ? "violates" : "allowed",
    said,
  }));
  const idOf = (index: number): string => (items[index] as RuleItem).id;
  return {
    schemaVersion: 1,
    canary: CANARY,
    corpus,
    corpusVersion: "1.0.0",
    language: "python",
    manifestSha256: hash,
    inputsSha256: hash,
    command: "none",
    oracles: [
      {
        kind: "rule",
        name: "checker",
        version: "1",
        sharesCodeWith: [],
        declaredIn: ["pyproject.toml"],
        repeats: 2,
        asked: { violates: items.length, allowed: items.length },
        dropped: [],
      },
    ],
    items,
    pairs: pairs.map(([violates, allowed, by]) => ({ violates: idOf(violates), allowed: idOf(allowed), by })),
  };
}
