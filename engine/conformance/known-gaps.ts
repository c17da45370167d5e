/** Cases that the engine gets wrong, and why. */
import listed from "./known-gaps.json" with { type: "json" };

export interface KnownGap {
  /** In plain words, for the feature table. */
  reason: string;
  /** What the cases are called, by `behaviour`. */
  cases: string[];
}

/** A case that passes has to leave this list, and no other may fail; both are tested. */
export const KNOWN_GAPS: readonly KnownGap[] = listed;

/** Why a case is known to fail; undefined when it has to pass. */
export function reasonOf(behaviour: string): string | undefined {
  return KNOWN_GAPS.find(({ cases }) => cases.includes(behaviour))?.reason;
}

/** The list without the cases that are not among `failing`. */
export function stillFailing(failing: ReadonlySet<string>): KnownGap[] {
  return KNOWN_GAPS.map(({ reason, cases }) => ({ reason, cases: cases.filter((one) => failing.has(one)) })).filter(
    ({ cases }) => cases.length > 0,
  );
}
