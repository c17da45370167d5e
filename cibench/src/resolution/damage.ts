/** Answers made worse by a known dose: some of what they say is left out, said of something else, or said less surely. Pure. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { ItemAnswer } from "../schema/answer.ts";
import type { DamageKind } from "../schema/resolution.ts";
import type { AnyTask, Category } from "../schema/task.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { partsIn } from "./parts.ts";

type AskedItem = AnyTask["items"][number];

/** What answers of one category consist of, so that damage need not know the category. */
export interface AnswerParts {
  kinds: readonly DamageKind[];
  /** What an answer claims, part by part: an edge, a choice, an excerpt, a verdict, a probability. Nothing else is damaged. */
  parts: (answer: ItemAnswer) => readonly object[];
  /** The same answer with these parts in place of its own. */
  withParts: (answer: ItemAnswer, parts: readonly object[]) => ItemAnswer;
  /** Parts with the same key say the same. */
  keyOf: (part: object) => string;
  /** `other` in the place of `part`: as probable as that was, where parts have a probability. */
  inPlaceOf: (part: object, other: object) => object;
  /** The file that a question is about. */
  fileOf: (item: AskedItem) => string;
  /** All that can be said to a question, where the task lists it; else what is said to others is taken. */
  offered?: (item: AskedItem) => readonly object[];
  /** The same, less sure; null where it cannot be less sure. */
  flatten?: (part: object) => object | null;
}

/** A task with what was said to it. */
export interface AnsweredTask {
  task: Pick<AnyTask, "id" | "items">;
  answers: readonly ItemAnswer[];
}

/** What became of the answers at one dose. */
export interface Damaged {
  /** Parts that were damaged. */
  parts: number;
  /** In the order of the tasks: those answers that are no longer what they were, by item. */
  changed: readonly ReadonlyMap<string, ItemAnswer>[];
}

/** Answers, taken apart once, so that they can be damaged many times. */
export interface Damageable {
  /** All parts of all answers. */
  size: number;
  /**
   * The dose is the share of all parts that is damaged, drawn without replacement. It is rounded to whole parts at random, so that
   * its expectation is exact: up as often as the fraction says. With the same seed a larger dose damages what a smaller one does,
   * and more.
   *
   * - `drop`: the part is left out.
   * - `swap`: it becomes another one that is plausible: one that the task offers, or that the same answers say to another
   *   question about the same file, or else about the same corpus; never one that the answer says already. A part for which there
   *   is none is passed over, and the next one drawn in its stead.
   * - `flatten`: its probability goes half the way to one half.
   *
   * @param doses shares in [0, 1], ascending
   * @returns one per dose
   */
  damage: (kind: DamageKind, doses: readonly number[], seed: number) => Damaged[];
}

export function damageable(category: Category, answered: readonly AnsweredTask[]): Damageable {
  const form = partsIn(category);
  const pools = new Map<string, object[]>();
  const wholes: Whole[] = [];
  const places: { whole: Whole; at: number }[] = [];
  answered.forEach(({ task, answers }, taskNumber) => {
    const items = new Map(task.items.map((item) => [item.id, item]));
    for (const answer of answers) {
      const item = items.get(answer.itemId);
      if (item === undefined) continue;
      const parts = form.parts(answer);
      const whole: Whole = { answer, item, taskNumber, parts, pools: [] };
      if (form.offered === undefined) {
        // The nearest first.
        const keys = [`${taskNumber} ${form.fileOf(item)}`, `${taskNumber}`];
        whole.pools = keys.map((key) => {
          const pool = pools.get(key) ?? [];
          pools.set(key, pool);
          pool.push(...parts);
          return pool;
        });
      } else whole.pools = [form.offered(item)];
      wholes.push(whole);
      parts.forEach((_, at) => places.push({ whole, at }));
    }
  });
  return {
    size: places.length,
    damage: (kind, doses, seed) => {
      const rng = xoroshiro128plus(mixSeed(seed, `damage ${category} ${kind}`));
      const order = Uint32Array.from(places, (_, index) => index);
      const edits: Edits = new Map();
      const damaged: Damaged[] = [];
      const rounding = uniformFloat64(rng);
      let [next, done] = [0, 0];
      for (const dose of doses) {
        const wanted = Math.floor(dose * places.length + rounding);
        for (; done < wanted && next < order.length; next++) {
          const other = uniformInt(rng, next, order.length - 1);
          [order[next], order[other]] = [order[other] as number, order[next] as number];
          const { whole, at } = places[order[next] as number] as (typeof places)[number];
          const own = edits.get(whole) ?? new Map<number, object | null>();
          const edit = editOf(form, kind, { whole, at, own, rng });
          if (edit === undefined) continue;
          edits.set(whole, own.set(at, edit));
          done++;
        }
        damaged.push({ parts: done, changed: changedBy(edits, form, answered.length) });
      }
      return damaged;
    },
  };
}

/** An answer with its parts, and where others can be taken from. */
interface Whole {
  answer: ItemAnswer;
  item: AskedItem;
  taskNumber: number;
  parts: readonly object[];
  pools: readonly (readonly object[])[];
}

/** By answer and number of the part: what stands there now, null where nothing does. */
type Edits = Map<Whole, Map<number, object | null>>;

interface EditPlace {
  whole: Whole;
  at: number;
  own: ReadonlyMap<number, object | null>;
  rng: ReturnType<typeof xoroshiro128plus>;
}

/** Undefined where this damage cannot be done to the part. */
function editOf(form: AnswerParts, kind: DamageKind, place: EditPlace): object | null | undefined {
  const part = place.whole.parts[place.at] as object;
  if (kind === "drop") return null;
  if (kind === "flatten") return form.flatten?.(part) ?? undefined;
  const other = drawOther(form, place);
  return other && form.inPlaceOf(part, other);
}

/** Draws from a pool before the next one is tried; who is unlucky so often has a pool of hardly anything else. */
const TRIES = 20;

function drawOther(form: AnswerParts, { whole, own, rng }: EditPlace): object | undefined {
  const said = new Set([...whole.parts, ...own.values().filter((part) => part !== null)].map(form.keyOf));
  for (const pool of whole.pools) {
    for (let tried = 0; tried < TRIES && pool.length > 0; tried++) {
      const other = pool[uniformInt(rng, 0, pool.length - 1)] as object;
      if (!said.has(form.keyOf(other))) return other;
    }
  }
  return undefined;
}

function changedBy(edits: Edits, form: AnswerParts, tasks: number): Map<string, ItemAnswer>[] {
  const changed = Array.from({ length: tasks }, () => new Map<string, ItemAnswer>());
  for (const [{ answer, parts, taskNumber }, own] of edits) {
    const now = parts.flatMap((part, at) => {
      const edit = own.get(at);
      return edit === null ? [] : [edit ?? part];
    });
    changed[taskNumber]?.set(answer.itemId, form.withParts(answer, now));
  }
  return changed;
}
