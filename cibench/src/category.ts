/**
 * A category of the benchmark: how its task is made from truth, what an answer to an item looks like, who judges it, what
 * trivial answers reach. Each is one file below `categories/`; its formula is in `scores/scoring.ts`.
 */
import type { CallGraphTruth, ChangeTruth, FetchedCorpus, LayeredTruth, RuleTruth } from "@drift/corpora";
import type { z } from "zod";
import {
  type Adapter,
  type AdapterContext,
  type Asked,
  askMethod,
  type MethodName,
  type SelfCheck,
} from "./adapters/adapter.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import type { ContextTruth } from "./evaluators/context.ts";
import type { RefinementTruth } from "./evaluators/refinement.ts";
import type { AnswerOf, ItemAnswer } from "./schema/answer.ts";
import type { ReportedOracle } from "./schema/report.ts";
import type { ItemOutcome } from "./schema/score.ts";
import type { Category } from "./schema/task.ts";
import type { Expectation } from "./scores/floor.ts";

/** What is read of a corpus; the root is the tools' alone. */
export interface RunCorpus {
  spec: Pick<FetchedCorpus["spec"], "id" | "version" | "kind" | "split"> &
    Partial<Pick<FetchedCorpus["spec"], "language">>;
  root: string;
}

/** A corpus with what is known about it. */
export interface LoadedCorpus {
  fetched: RunCorpus;
  /** Null where calls are not asked about. */
  truth: CallGraphTruth | null;
  /** Changes that were made and what they broke; absent or null where nothing is known. */
  changes?: ChangeTruth | null;
  /** What its own checkers say of changes that are put to it; absent or null where nothing is known. */
  rules?: RuleTruth | null;
  /** What was planted beside calls; absent or null where nothing was. */
  planted?: LayeredTruth | null;
  /** What has to be read to know what calls and changes do; absent or null where nothing is known. */
  contexts?: ContextTruth | null;
  /** Questions with drafts that are partly wrong; absent or null where there are none. */
  refinements?: RefinementTruth | null;
}

/** What all tasks have. */
export interface TaskBase {
  id: string;
  corpus: string;
  items: readonly { id: string }[];
}

/** What a category consists of. */
export interface CategoryParts<Truth extends object, Task extends TaskBase, Said extends ItemAnswer> {
  category: Category;
  /** The truth that it rests on; null where a corpus has none. */
  truthOf: (corpus: LoadedCorpus) => Truth | null;
  about: (truth: Truth) => { inputsSha256: string; oracles: ReportedOracle[] };
  taskOf: (truth: Truth) => Task;
  itemAnswer: z.ZodType<Said>;
  /** What the form of an answer cannot say: whether it is about what exists. An answer that is not counts as out of range. */
  fits?: (said: Said, truth: Truth) => boolean;
  /** What a tool is given beside the task. */
  given?: (truth: Truth) => Partial<AdapterContext>;
  /** The method of adapters that is asked; a tool without it does not support the category. */
  method: MethodName;
  /** What became of each item; items that follow from others (pairs) come after those that were asked. */
  judge: (answers: readonly Said[], truth: Truth, task: Task) => ItemOutcome[];
  /** The same for the items that are answered, and no others; absent where what becomes of one item depends on the answers to others. */
  judgeSome?: (answers: readonly Said[], truth: Truth) => ItemOutcome[];
  /** What each trivial answer is expected to reach in raw on these corpora. */
  expect: (truths: readonly Truth[], seed: number) => Expectation[];
  /** Self-checks, with the name of the expectation that they are held to; they may do worse where `orLess`. */
  attacks: readonly Attack[];
}

/** A trivial answer that is given through an adapter, and what it has to reach. */
export interface Attack {
  adapter: SelfCheck;
  /** A name among the expectations. */
  baseline: string;
  /** The expectation is that of the best such answer in hindsight. */
  orLess?: boolean;
}

/** A category, whatever its truth, task and answers are. */
export interface CategoryDefinition {
  category: Category;
  method: MethodName;
  supports: (adapter: Adapter) => boolean;
  /** Null where the corpus has no truth for it. */
  prepare: (corpus: LoadedCorpus) => Prepared | null;
  /** @param prepared by this category */
  expectations: (prepared: readonly Prepared[]) => Expectation[];
  attacks: readonly Attack[];
}

/** The task of a category about one corpus, with everything that depends on its truth alone. */
export interface Prepared {
  category: Category;
  corpus: LoadedCorpus["fetched"];
  truth: object;
  task: TaskBase;
  truthSha256: string;
  inputsSha256: string;
  oracles: ReportedOracle[];
  /** Never fails but by an abort of the caller. */
  ask: (adapter: Adapter, context: AdapterContext, timeoutMs: number) => Promise<Asked<ItemAnswer>>;
  judge: (answer: AnswerOf<ItemAnswer>) => ItemOutcome[];
  /** The same for the items that are answered alone; null where what becomes of one item depends on the answers to others. */
  judgeSome: ((answers: readonly ItemAnswer[]) => ItemOutcome[]) | null;
}

/** A truth with no other items than those that are answered. */
export function onlyAnswered<Truth extends { items: readonly { id: string }[] }>(
  truth: Truth,
  answers: readonly { itemId: string }[],
): Truth {
  const ids = new Set(answers.map(({ itemId }) => itemId));
  return { ...truth, items: truth.items.filter(({ id }) => ids.has(id)) };
}

/** Floors that are kept: of real and generated corpora, of all and some. */
const REMEMBERED = 4;

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

/** The floor belongs to the suite, not to a run: all runs share its draws. */
const FLOOR_SEED = 1;

export function defineCategory<Truth extends object, Task extends TaskBase, Said extends ItemAnswer>(
  parts: CategoryParts<Truth, Task, Said>,
): CategoryDefinition {
  const { category, truthOf, itemAnswer, method, judgeSome } = parts;
  // Remembered per truth: several tools run on the same one.
  const remembered = new WeakMap<Truth, Pick<Prepared, "task" | "truthSha256"> & { task: Task }>();
  // Draws take a second or more, and several tools run on the same corpora.
  const floors: { truths: readonly Truth[]; expectations: readonly Expectation[] }[] = [];
  return {
    category,
    method,
    attacks: parts.attacks,
    supports: (adapter) => adapter[method] !== undefined,
    prepare: (corpus) => {
      const truth = truthOf(corpus);
      if (truth === null) return null;
      const made = remembered.get(truth) ?? { task: parts.taskOf(truth), truthSha256: sha256(canonicalJson(truth)) };
      remembered.set(truth, made);
      const { root } = corpus.fetched;
      return {
        category,
        corpus: corpus.fetched,
        truth,
        ...made,
        ...parts.about(truth),
        ask: (adapter, context, timeoutMs) =>
          askMethod(adapter, {
            ...{ method, itemAnswer, task: made.task, root, truth, timeoutMs },
            context: { ...context, ...parts.given?.(truth) },
            ...(parts.fits !== undefined && { fits: (said: Said) => parts.fits?.(said, truth) !== false }),
          }),
        // What `ask` let through fits the schema of this category.
        judge: (answer) => parts.judge(answer.items as Said[], truth, made.task),
        judgeSome: judgeSome === undefined ? null : (answers) => judgeSome(answers as Said[], truth),
      };
    },
    expectations: (prepared) => {
      const truths = prepared.map(({ truth }) => truth as Truth);
      const same = floors.find((one) => isSame(one.truths, truths));
      if (same !== undefined) return [...same.expectations];
      const expectations = parts.expect(truths, FLOOR_SEED);
      floors.unshift({ truths, expectations });
      floors.splice(REMEMBERED);
      return [...expectations];
    },
  };
}
