/** How complete the truth of the real corpora is: items by deriver and corpus, and what was left out, and why. */
import { layeredSource } from "../derive/load-layered.ts";
import { generateLayered } from "../generate/layered/project.ts";
import type { LayeredFact } from "../generate/layered/truth.ts";
import { type CorpusSpec, listCorpora } from "../manifest.ts";
import { markdownTable } from "../markdown.ts";
import { readStoredDeletion } from "./deletion-schema.ts";
import { readStoredMutations } from "./mutation.ts";
import { readStoredRules } from "./rule-schema.ts";
import { readStoredTruth } from "./stored.ts";
import { readStoredChanges } from "./stored-changes.ts";

/** The columns, as `derive --kind` names them. */
export const DERIVERS = ["call-graph", "mutation", "release-diff", "deletion", "rule"] as const;
export type Deriver = (typeof DERIVERS)[number];

/** One deriver and one corpus. */
export interface Cell {
  /** Null when there is no truth. */
  items: number | null;
  /** Why there is none, or why what was looked at is no item; with its number, as far as it was counted. */
  leftOut: { reason: string; number: number }[];
}

export interface Completeness {
  corpora: { corpus: string; cells: Record<Deriver, Cell> }[];
  /** Facts of each kind in each generated project. */
  planted: { corpus: string; facts: Record<string, number> }[];
}

/** Kinds of planted facts, and where questions come from them. */
const ASKED_IN: Readonly<Record<LayeredFact["fact"], string>> = {
  flow: "data flow",
  pattern: "pattern recognition",
  route: "compositional reasoning",
  call: "compositional reasoning (what calls lead where)",
  liveness: "negative knowledge",
  avoid: "negative knowledge (generated files)",
  definition: "what can be chosen",
  trap: "not by itself: traps stand among the choices",
  "entry-point": "not asked about",
  decision: "not asked about",
  undecidable: "uncertainty (abstention)",
};

/** @throws CorpusError `CORPUS_TRUTH` when something that is stored is damaged */
export async function completenessOf(root?: string): Promise<Completeness> {
  const corpora: Completeness["corpora"] = [];
  for (const spec of listCorpora(root).filter(({ kind }) => kind === "real")) {
    const cells = {} as Record<Deriver, Cell>;
    for (const deriver of DERIVERS) cells[deriver] = (await READERS[deriver](spec, root)) ?? none(why(deriver, spec));
    corpora.push({ corpus: spec.id, cells });
  }
  const planted: Completeness["planted"] = [];
  for (const spec of listCorpora(root)) {
    const source = layeredSource(spec);
    if (source === null) continue;
    const facts: Record<string, number> = {};
    for (const batch of generateLayered(source))
      for (const { fact } of batch.facts) facts[fact] = (facts[fact] ?? 0) + 1;
    planted.push({ corpus: spec.id, facts });
  }
  return { corpora, planted };
}

type Reader = (spec: CorpusSpec, root?: string) => Promise<Cell | null>;

const READERS: Record<Deriver, Reader> = {
  "call-graph": async ({ id }, root) => {
    const truth = await readStoredTruth(id, root);
    return truth && cell(truth.sites.length, [["the oracles contradict each other", truth.dropped.length]]);
  },
  mutation: async ({ id }, root) => {
    const truth = await readStoredMutations(id, root);
    if (truth === null) return null;
    const { unreadable, disagreed, endless } = truth.dropped;
    return cell(truth.items.length, [
      ["the changed text does not parse", unreadable.length],
      ["runs with the change disagree", disagreed.length],
      ["tests do not end in time", endless.length],
      ["test files that are too slow or pass nothing", truth.baseline.left.length],
      ["flaky tests", truth.baseline.flaky.length],
    ]);
  },
  "release-diff": async ({ id }, root) => {
    const truth = await readStoredChanges(id, "release-diff", root);
    if (truth === null) return null;
    const all = [...truth.dropped, ...truth.changes.flatMap(({ dropped }) => dropped)];
    const items = truth.changes.reduce((sum, change) => sum + change.items.length, 0);
    return cell(items, summed(all));
  },
  deletion: async ({ id }, root) => {
    const truth = await readStoredDeletion(id, root);
    return truth && cell(truth.items.length, summed(truth.dropped));
  },
  rule: async ({ id }, root) => {
    const truth = await readStoredRules(id, root);
    return truth && cell(truth.items.length, summed(truth.oracles.flatMap(({ dropped }) => dropped)));
  },
};

function summed(all: readonly { reason: string; number: number }[]): [string, number][] {
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([reason, these]) => [
    reason,
    these.reduce((sum, { number }) => sum + number, 0),
  ]);
}

function cell(items: number, leftOut: readonly (readonly [string, number])[]): Cell {
  return { items, leftOut: leftOut.filter(([, number]) => number > 0).map(([reason, number]) => ({ reason, number })) };
}

function none(reason: string): Cell {
  return { items: null, leftOut: [{ reason, number: 1 }] };
}

/** As far as the manifest says it. */
function why(deriver: Deriver, { tests, releases, language }: CorpusSpec): string {
  if ((deriver === "mutation" || deriver === "deletion") && tests === null) return "the corpus brings no tests";
  if (language === "java" || language === "go") return "of Java and Go only calls are asked about";
  if (deriver === "deletion" && language === "python") return "dead code is not looked for in Python";
  if (deriver === "release-diff" && releases === undefined) return "no earlier releases are pinned";
  return deriver === "rule" ? "nothing that it enforces is run here" : "not derived yet";
}

/** Three tables in Markdown, as `corpora stats --completeness` prints them. */
export function describeCompleteness({ corpora, planted }: Completeness): string {
  const total = (deriver: Deriver): number => corpora.reduce((sum, { cells }) => sum + (cells[deriver].items ?? 0), 0);
  const reasons = DERIVERS.flatMap((deriver) => {
    const all = corpora.flatMap(({ corpus, cells: { [deriver]: one } }) =>
      one.leftOut.map((left) => ({ ...left, corpus, isWhole: one.items === null })),
    );
    return [...Map.groupBy(all, ({ reason, isWhole }) => `${String(isWhole)} ${reason}`).values()].map((these) => [
      deriver,
      these[0]?.reason ?? "",
      these[0]?.isWhole === true ? "the corpus" : String(these.reduce((sum, { number }) => sum + number, 0)),
      these.map(({ corpus }) => corpus).join(", "),
    ]);
  });
  return [
    markdownTable(
      ["corpus", ...DERIVERS],
      [
        ...corpora.map(({ corpus, cells }) => [corpus, ...DERIVERS.map((one) => String(cells[one].items ?? "-"))]),
        ["together", ...DERIVERS.map((one) => String(total(one)))],
      ],
    ),
    markdownTable(["deriver", "left out, because", "how many", "of"], reasons),
    markdownTable(
      ["planted", "asked in", ...planted.map(({ corpus }) => corpus)],
      Object.entries(ASKED_IN).map(([fact, asked]) => [
        fact,
        asked,
        ...planted.map(({ facts }) => String(facts[fact] ?? 0)),
      ]),
    ),
  ].join("\n");
}
