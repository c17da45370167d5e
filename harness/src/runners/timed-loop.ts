/** Times one operation inside its process: warm up until it stops becoming faster, then samples. */

export interface LoopOptions {
  /** Time for warming up, at most; when it ends the loop goes on and says so. */
  warmupCapMs: number;
  /** Time for samples, about; never fewer than `leastSamples`, never more than `mostSamples`. */
  sampleMs: number;
  leastSamples: number;
  mostSamples: number;
  /** Nanoseconds that only go forward. */
  clock: () => bigint;
}

export interface LoopResult {
  /** ns of one call, each the mean of a batch; in the order taken. */
  samples: number[];
  /** Calls of which one sample is the mean, so that a sample lasts long beside the timer's resolution. */
  batch: number;
  /** Whether warming up was ended by its cap. */
  warmupCapped: boolean;
}

/** A sample lasts at least this long: 1,000 times what a timer that ticks every 100 ns can tell apart. */
const SHORTEST_SAMPLE_NS = 100_000;
/** A block of warming up goes on while it is this much faster than the one before. */
const IMPROVEMENT = 0.05;
const BLOCK_CALLS = 4;
const SHORTEST_BLOCK_NS = 2_000_000;

export async function timedLoop(operation: () => unknown, options: LoopOptions): Promise<LoopResult> {
  const { clock, leastSamples, mostSamples } = options;
  const timeOf = async (calls: number): Promise<number> => {
    const start = clock();
    for (let i = 0; i < calls; i++) {
      const result = operation();
      // A result that is no promise is not awaited: that alone takes longer than some operations.
      if (result instanceof Promise) await result;
    }
    return Number(clock() - start) / calls;
  };
  const { callNs, capped } = await warmUp(timeOf, options);
  const batch = Math.max(1, Math.ceil(SHORTEST_SAMPLE_NS / Math.max(1, callNs)));
  const samples: number[] = [];
  const end = clock() + BigInt(Math.round(options.sampleMs * 1e6));
  while (samples.length < leastSamples || (samples.length < mostSamples && clock() < end))
    samples.push(await timeOf(batch));
  return { samples, batch, warmupCapped: capped };
}

async function warmUp(
  timeOf: (calls: number) => Promise<number>,
  { clock, warmupCapMs }: LoopOptions,
): Promise<{ callNs: number; capped: boolean }> {
  const end = clock() + BigInt(Math.round(warmupCapMs * 1e6));
  let before = await timeOf(1);
  for (;;) {
    const calls = Math.max(BLOCK_CALLS, Math.ceil(SHORTEST_BLOCK_NS / Math.max(1, before)));
    const block = await timeOf(calls);
    if (block > before * (1 - IMPROVEMENT)) return { callNs: Math.min(block, before), capped: false };
    if (clock() >= end) return { callNs: block, capped: true };
    before = block;
  }
}
