/** Questions that are put one by one: what came of each is kept as it comes, so that an interrupted run goes on behind the last one. */
import type { ModelUsage, Usage } from "../schema/answer.ts";

/** One question to a tool, and all that it said from then until the next. */
export interface Exchange {
  itemId: string;
  /** There was no answer in the time of the item: it is not asked again. */
  isLate: boolean;
  /** Answers in good form, and {@link Unusable} for each other thing, in the order in which they came; also about items before. */
  said: readonly unknown[];
  answerMs: number;
  usage: ModelUsage;
  /** Of the tool's processes, up to this answer; null where the system does not say. */
  peakBytes: number | null;
}

/** Given to adapters that ask item by item. */
export interface ExchangeLog {
  /** What calls before this one heard about the same task, in the order in which they asked. These items are not asked again. */
  heard: readonly Exchange[];
  /**
   * Called before each question.
   *
   * @throws LimitReached when the run has taken all that it may
   */
  begin: () => void;
  /** Called when a question is over. */
  keep: (exchange: Exchange) => void;
}

/** Where nothing was asked before, and nothing is kept. */
export const NO_LOG: ExchangeLog = { heard: [], begin: () => undefined, keep: () => undefined };

/** The run may take no more. The message says of what. */
export class LimitReached extends Error {
  override name = "LimitReached";
}

/** What all questions about a corpus took together: times and model usage are sums, memory is the greatest. */
export function usageOf(exchanges: readonly Exchange[], indexMs: number, peakBytes: number | null): Usage {
  const peaks = [peakBytes, ...exchanges.map((exchange) => exchange.peakBytes)].filter((peak) => peak !== null);
  return {
    indexMs,
    answerMs: exchanges.reduce((sum, { answerMs }) => sum + answerMs, 0),
    ...exchanges.reduce<ModelUsage>((sum, { usage }) => addUsage(sum, usage), {}),
    ...(peaks.length > 0 && { memory: { peakBytes: Math.max(...peaks), of: "tool" } }),
  };
}

/** What one of both does not say it does not add to. */
export function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  const sum = (one: number | undefined, other: number | undefined) =>
    one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
  const [tokens, costUsd] = [sum(a.tokens, b.tokens), sum(a.costUsd, b.costUsd)];
  return { ...(tokens !== undefined && { tokens }), ...(costUsd !== undefined && { costUsd }) };
}

/** Whether more was used than `most` allows; what is not said exceeds nothing. */
export function isOver(used: ModelUsage, most: { tokens: number | null; costUsd: number | null }): boolean {
  return (used.tokens ?? 0) > (most.tokens ?? Infinity) || (used.costUsd ?? 0) > (most.costUsd ?? Infinity);
}
