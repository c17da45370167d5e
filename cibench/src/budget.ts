/** What a run may take, and what it has taken: time, tokens, money. */
import { addUsage } from "./adapters/exchanges.ts";
import type { ModelUsage } from "./schema/answer.ts";
import type { RunLimits } from "./schema/limits.ts";

/** Unless a run says otherwise: ten minutes for each corpus and category, and nothing else. */
export const DEFAULT_LIMITS: Omit<RunLimits, "item"> = {
  corpusTimeMs: 600_000,
  runTimeMs: null,
  runTokens: null,
  runCostUsd: null,
};

/** Limits that are not as they are by default, as the command line takes them; the selector of a tool has those of items. */
export function limitFlags({ corpusTimeMs, runTimeMs, runTokens, runCostUsd }: typeof DEFAULT_LIMITS): string {
  return [
    corpusTimeMs === DEFAULT_LIMITS.corpusTimeMs ? "" : ` --timeout ${corpusTimeMs / 1000}`,
    runTimeMs === null ? "" : ` --run-timeout ${runTimeMs / 1000}`,
    runTokens === null ? "" : ` --run-tokens ${runTokens}`,
    runCostUsd === null ? "" : ` --run-cost ${runCostUsd}`,
  ].join("");
}

/** Time runs from its making on. */
export class Budget {
  readonly #limits: RunLimits;
  readonly #clock: () => number;
  readonly #start: number;
  #used: ModelUsage = {};
  #kept = 0;

  /** @param earlierMs what calls of this run before this one took */
  constructor(limits: RunLimits, clock: () => number, earlierMs: number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#start = clock() - earlierMs;
  }

  /** Milliseconds, with those of earlier calls. */
  spentMs(): number {
    return this.#clock() - this.#start;
  }

  add(usage: ModelUsage): void {
    this.#used = addUsage(this.#used, usage);
  }

  /**
   * Makes room for an answer.
   *
   * @param characters of its items as JSON
   * @returns why there is none, in a sentence; null when there is
   */
  keep(characters: number): string | null {
    if (characters > MOST_KEPT.task) return `more than ${MOST_KEPT.task} characters of answers`;
    if (this.#kept + characters > MOST_KEPT.run) return `the answers of the run have ${MOST_KEPT.run} characters`;
    this.#kept += characters;
    return null;
  }

  /** Aborts when the time is over; null where time is not limited. */
  deadline(): AbortSignal | null {
    const { runTimeMs } = this.#limits;
    return runTimeMs === null ? null : AbortSignal.timeout(Math.max(0, Math.ceil(runTimeMs - this.spentMs())));
  }

  /** Which limit is reached, in a sentence; null while none is. */
  reached(): string | null {
    const { runTimeMs, runTokens, runCostUsd } = this.#limits;
    if (runTimeMs !== null && this.spentMs() >= runTimeMs) return timeOver(runTimeMs);
    const { tokens = 0, costUsd = 0 } = this.#used;
    if (runTokens !== null && tokens >= runTokens) return `the run has used its ${runTokens} tokens`;
    if (runCostUsd !== null && costUsd >= runCostUsd) return `the run has used its ${runCostUsd} US dollars`;
    return null;
  }
}

/** What is said about all corpora, with what became of it, has to fit into one text. A full run of drift has 2 ** 24. */
const MOST_KEPT = { task: 2 ** 26, run: 2 ** 27 };

/** Why what was not asked within the time of a run is not measured. */
function timeOver(runTimeMs: number): string {
  return `the time of the run, ${runTimeMs / 1000} s, is over`;
}
