/** Isotonic regression by pooling adjacent violators. Pure. */

/**
 * The non-increasing sequence closest to `values` in weighted squares.
 *
 * @param values with weights above 0
 */
export function nonIncreasing(values: readonly { value: number; weight: number }[]): number[] {
  const pools: { value: number; weight: number; length: number }[] = [];
  for (const { value, weight } of values) {
    let pool = { value, weight, length: 1 };
    for (let last = pools.at(-1); last !== undefined && last.value < pool.value; last = pools.at(-1)) {
      pools.pop();
      const sum = last.weight + pool.weight;
      pool = {
        value: (last.value * last.weight + pool.value * pool.weight) / sum,
        weight: sum,
        length: last.length + pool.length,
      };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ value, length }) => Array.from({ length }, () => value));
}
