/** Work that is added on purpose, to see whether the gate finds it. */

export const PLANT_KINDS = ["spin", "allocate", "instructions"] as const;
export type PlantKind = (typeof PLANT_KINDS)[number];

export interface Plant {
  kind: PlantKind;
  /** ns of spinning, objects allocated, or steps computed, for each call. */
  amount: number;
  /** The operation with the planted work behind it. */
  after(operation: () => unknown): () => unknown;
}

/** @param text `<kind>:<amount>`; null and undefined plant nothing */
export function plantOf(text: string | null | undefined): Plant | null {
  const [, kind, digits] = /^(spin|allocate|instructions):(\d+)$/.exec(text ?? "") ?? [];
  if (kind === undefined) return null;
  const work = WORK[kind as PlantKind];
  const amount = Number(digits);
  return {
    kind: kind as PlantKind,
    amount,
    after: (operation) => () => {
      const result = operation();
      if (!(result instanceof Promise)) {
        work(amount);
        return result;
      }
      return result.then((value: unknown) => {
        work(amount);
        return value;
      });
    },
  };
}

/** What the planted work left behind, so that no compiler takes it away. */
let sink = 0;

export const WORK: Record<PlantKind, (amount: number) => void> = {
  spin(ns) {
    const end = process.hrtime.bigint() + BigInt(ns);
    while (process.hrtime.bigint() < end) sink++;
  },
  allocate(objects) {
    let chain: { next: unknown } | null = null;
    for (let i = 0; i < objects; i++) chain = { next: i % 16 === 0 ? null : chain };
    sink += chain === null ? 0 : 1;
  },
  instructions(steps) {
    let state = sink | 1;
    for (let i = 0; i < steps; i++) state = (state ^ (state << 13) ^ (state >>> 17)) | 0;
    sink += state & 1;
  },
};

/**
 * How much of a kind of work takes `ns` on this machine now: measured over blocks of growing size, the median of five.
 *
 * @param clock nanoseconds that only go forward
 */
export function calibratePlant(kind: PlantKind, ns: number, clock: () => bigint): string {
  if (kind === "spin") return `spin:${Math.round(ns)}`;
  const costs = Array.from({ length: 5 }, () => {
    let amount = 1000;
    for (;;) {
      const start = clock();
      WORK[kind](amount);
      const took = Number(clock() - start);
      if (took > 2_000_000) return took / amount;
      amount *= 2;
    }
  });
  const unit = costs.toSorted((a, b) => a - b)[2] as number;
  return `${kind}:${Math.max(1, Math.round(ns / unit))}`;
}
