/** Reads what a tool said: the envelope must fit; items are judged one by one, so that a malformed one costs itself alone. */
import { z } from "zod";
import { type AnswerProblems, CallSiteAnswer, type FaultKind, Usage } from "../schema/answer.ts";
import type { Asked, AskedTask } from "./adapter.ts";
import { Unusable } from "./json-lines.ts";

/** Reads what a tool returned to a task about calls, as {@link readItems}. */
export function readAnswer(raw: unknown, task: AskedTask): Asked {
  return readItems(raw, task, CallSiteAnswer);
}

/**
 * Reads what a tool returned. A malformed item counts as unanswered. Of several answers to one item the first counts.
 *
 * @param fits of an answer in good form, whether it is about what exists
 */
export function readItems<Said extends { itemId: string }>(
  raw: unknown,
  task: AskedTask,
  itemAnswer: z.ZodType<Said>,
  fits?: (said: Said) => boolean,
): Asked<Said> {
  const envelope = AnswerEnvelope.safeParse(raw);
  if (!envelope.success) return { state: "not-run", reason: `not an answer: ${firstIssue(envelope.error)}` };
  if (envelope.data.taskId !== task.id) {
    return { state: "not-run", reason: `answers task "${envelope.data.taskId}" instead of "${task.id}"` };
  }
  const problems: AnswerProblems = { malformed: 0, unasked: 0, repeated: 0, unanswered: 0 };
  const kinds = new Map<FaultKind, number>();
  const asked = new Set(task.items.map((item) => item.id));
  const items = new Map<string, Said>();
  for (const rawItem of envelope.data.items) {
    const item = readItem(rawItem, itemAnswer, fits);
    if (item instanceof Unusable) {
      problems.malformed++;
      kinds.set(item.kind, (kinds.get(item.kind) ?? 0) + 1);
    } else if (!asked.has(item.itemId)) problems.unasked++;
    else if (items.has(item.itemId)) problems.repeated++;
    else items.set(item.itemId, item);
  }
  problems.unanswered = asked.size - items.size;
  if (kinds.size > 0) problems.kinds = Object.fromEntries(kinds);
  return { state: "answered", answer: { ...envelope.data, items: [...items.values()] }, problems };
}

/** An answer in good form, or what keeps it from being one. */
export function readItem<Said extends { itemId: string }>(
  raw: unknown,
  itemAnswer: z.ZodType<Said>,
  fits: (said: Said) => boolean = () => true,
): Said | Unusable {
  if (raw instanceof Unusable) return raw;
  // Before the schema says what is wrong with each of a million parts.
  if (isTooLarge(raw)) return new Unusable("out-of-range");
  const item = itemAnswer.safeParse(raw);
  if (!item.success) return new Unusable(faultOf(item.error));
  return fits(item.data) ? item.data : new Unusable("out-of-range");
}

/** Parts of a list, as the schemas of all answers have it; parts and characters of all that belongs to an item. */
const MOST = { list: 10_000, parts: 100_000, characters: 2 ** 21 };

function isTooLarge(raw: unknown): boolean {
  const left = [raw];
  let [parts, characters] = [0, 0];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === "string") characters += value.length;
    if (characters > MOST.characters) return true;
    if (typeof value !== "object" || value === null) continue;
    const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    parts += members.length;
    if (members.length > MOST.list || parts > MOST.parts) return true;
    for (const member of members) if (member !== undefined) left.push(member);
  }
  return false;
}

const AnswerEnvelope = z.strictObject({ taskId: z.string(), items: z.array(z.unknown()), usage: Usage });

/** Of the ways in which a target can fail to be one, that of the nearest form says more than "neither". */
function faultOf(error: z.ZodError): FaultKind {
  const codes = error.issues.flatMap(function flat(issue: z.core.$ZodIssue): z.core.$ZodIssue["code"][] {
    if (issue.code !== "invalid_union") return [issue.code];
    const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
    return (nearest ?? []).flatMap(flat);
  });
  return codes.every((code) => code === "too_small" || code === "too_big") ? "out-of-range" : "wrong-form";
}

/** The first thing that is wrong, in a few words. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join(".") || "value"}: ${issue.message}` : "unknown problem";
}
