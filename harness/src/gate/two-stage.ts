/** The rule of the gate on log ratios: screen every case, confirm the suspects on fresh pairs, correct for the family. Pure. */
import { benjaminiHochberg } from "../stats/false-discovery.ts";
import { signedRankP } from "../stats/signed-rank.ts";
import type { GateSettings } from "./schema.ts";

/** What was measured of one case: logs of how many times worse the head was, pair by pair. */
export interface StagedDifferences {
  screen: readonly number[];
  /** Of fresh pairs; counts only when the screening made the case a suspect. */
  confirm: readonly number[];
  /** Log ratio that does not count. */
  margin: number;
}

/** One-sided p of one question: on the screening pairs, on the confirming ones (1 when not confirmed), corrected. */
export interface StagedP {
  screenP: number;
  confirmP: number;
  adjustedP: number;
}

export type Rule = Pick<GateSettings, "screenAlpha" | "q">;

/**
 * Tests "worse by more than the margin" and "better by more than the margin", each a family of its own.
 *
 * A case whose screening p is above `screenAlpha` has p = 1 in the family, so that the confirming pairs alone decide and the
 * choice of whom to confirm costs nothing.
 */
export function testFamily(
  cases: readonly StagedDifferences[],
  { screenAlpha }: Pick<Rule, "screenAlpha">,
): { worse: StagedP[]; better: StagedP[] } {
  return { worse: oneFamily(cases, 1, screenAlpha), better: oneFamily(cases, -1, screenAlpha) };
}

/** One-sided p of "worse (`sign` 1) or better (-1) by more than the margin"; 1 without differences. */
export function marginP(differences: readonly number[], margin: number, sign: 1 | -1): number {
  return signedRankP(differences.map((d) => sign * d - margin));
}

function oneFamily(cases: readonly StagedDifferences[], sign: 1 | -1, screenAlpha: number): StagedP[] {
  const screenPs = cases.map(({ screen, margin }) => marginP(screen, margin, sign));
  const confirmPs = cases.map(({ confirm, margin }, i) =>
    (screenPs[i] as number) <= screenAlpha ? marginP(confirm, margin, sign) : 1,
  );
  const adjusted = benjaminiHochberg(confirmPs);
  return cases.map((_, i) => ({
    screenP: screenPs[i] as number,
    confirmP: confirmPs[i] as number,
    adjustedP: adjusted[i] as number,
  }));
}
