/** Cases that the engine gets wrong, and why. */

export interface KnownGap {
  /** In plain words, for the feature table. */
  reason: string;
  /** What the cases are called, by `behaviour`. */
  cases: string[];
}

/** Why a case is known to fail; undefined when it has to pass. */
export function reasonOf(gaps: readonly KnownGap[], behaviour: string): string | undefined {
  return gaps.find(({ cases }) => cases.includes(behaviour))?.reason;
}

/** The list without the cases that are not among `failing`. */
export function stillFailing(gaps: readonly KnownGap[], failing: ReadonlySet<string>): KnownGap[] {
  return gaps
    .map(({ reason, cases }) => ({ reason, cases: cases.filter((one) => failing.has(one)) }))
    .filter(({ cases }) => cases.length > 0);
}
