/**
 * Takes the pairs of a gate: rounds of all cases in a new order each, base and head of a case back to back with a coin for
 * who goes first, and never past the budget. How many pairs a case gets depends on widths of intervals, never on where they lie.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { DriftError } from "@drift/engine";
import type { Reading } from "../runners/reading.ts";
import { isCount } from "./counts.ts";
import {
  FEWEST_SCREEN,
  type Noise,
  plannedConfirmPairs,
  stagedDifferences,
  wantsMorePairs,
  WIDEN_BY,
} from "./decide.ts";
import { seriesName } from "./noise-profile.ts";
import type { GateReport, GateSettings, Pair, PairedSamples } from "./schema.ts";
import { marginP } from "./two-stage.ts";

/** Something that is run as one process and says one or many series. */
export interface Group {
  id: string;
  /** Pairs it gets whatever it says; undefined: as many as the rule wants. */
  fixedPairs?: number;
}

export interface MeasureOptions {
  groups: readonly Group[];
  /** Runs one side once. @throws DriftError when it fails */
  run: (group: Group, side: "base" | "head") => Promise<Reading[]>;
  settings: GateSettings;
  noise: Noise;
  /** Milliseconds that only go forward. */
  clock: () => number;
  onPair?: (stage: Pair["stage"], done: number, planned: number) => void;
}

export interface Measured {
  samples: PairedSamples[];
  notCompared: GateReport["notCompared"];
  measuredMs: number;
}

/** The screening stage may use this share of the budget, so that suspects can still be confirmed. */
const SCREENING_SHARE = 0.6;

/** One group's pairs so far and what they cost. */
interface State {
  group: Group;
  series: Map<string, PairedSamples>;
  /** Names of series that one side alone says. */
  oneSided: Set<string>;
  screen: number;
  confirm: number;
  spentMs: number;
}

export async function measurePairs(options: MeasureOptions): Promise<Measured> {
  const { groups, settings, clock } = options;
  const start = clock();
  const session = new Session(options, start);
  const states = groups.map((group): State => ({
    group,
    series: new Map(),
    oneSided: new Set(),
    screen: 0,
    confirm: 0,
    spentMs: 0,
  }));
  await screen(states, session, settings, clock, start);
  await widen(states, session, settings);
  await confirm(states, session, settings);
  return {
    samples: states.flatMap(({ series }) => [...series.values()]),
    notCompared: session.notCompared,
    measuredMs: clock() - start,
  };
}

/** The first pairs of every group; fewer than asked for where the budget is small, but never below five by choice. */
async function screen(
  states: readonly State[],
  session: Session,
  settings: GateSettings,
  clock: () => number,
  start: number,
): Promise<void> {
  let planned = settings.screenPairs;
  for (let round = 0; round < planned; round++) {
    const due = states.filter(({ group, screen: done }) => done < (group.fixedPairs ?? planned));
    await session.round(due, "screen", settings.budgetMs);
    if (round === 0) {
      const affordable = Math.floor((SCREENING_SHARE * settings.budgetMs) / Math.max(1, clock() - start));
      planned = Math.min(planned, Math.max(FEWEST_SCREEN, affordable));
    }
  }
}

/** More screening pairs where an interval is too wide to see what should be seen. */
async function widen(states: readonly State[], session: Session, settings: GateSettings): Promise<void> {
  const limit = SCREENING_SHARE * settings.budgetMs;
  for (;;) {
    const wide = states.filter((state) => state.group.fixedPairs === undefined && wantsMore(state, session, settings));
    if (wide.length === 0) return;
    for (let i = 0; i < WIDEN_BY; i++) if (!(await session.round(wide, "screen", limit))) return;
  }
}

function wantsMore(state: State, session: Session, settings: GateSettings): boolean {
  return [...state.series.values()].some((one) => wantsMorePairs(session.staged(one), settings));
}

/**
 * Fresh pairs for the suspects. Their number is settled before the first of them: as many as the widths ask for, fewer for
 * all when the budget is short, and the least convincing suspects go without when not even the fewest fit that can decide.
 */
async function confirm(states: readonly State[], session: Session, settings: GateSettings): Promise<void> {
  const family = states.reduce(
    (sum, { series }) => sum + [...series.values()].filter((one) => !isCount(one)).length,
    0,
  );
  const suspects = states
    .map((state) => ({ state, ...suspicion(state, session, settings, family) }))
    .filter(({ p }) => p <= settings.screenAlpha)
    .toSorted((a, b) => a.p - b.p);
  const fewest = Math.ceil(Math.log2(family / settings.q)) + 1;
  const cost = (pairs: (of: (typeof suspects)[number]) => number): number =>
    suspects.reduce((sum, one) => sum + pairs(one) * session.pairMs(one.state), 0);
  while (suspects.length > 0 && cost(() => fewest) > session.leftMs()) suspects.pop();
  const share = Math.min(1, session.leftMs() / cost(({ pairs }) => pairs));
  const planned = new Map(
    suspects.map(({ state, pairs }) => [state, Math.max(Math.min(fewest, pairs), Math.floor(share * pairs))]),
  );
  for (;;) {
    const due = [...planned].filter(([state, pairs]) => state.confirm < pairs).map(([state]) => state);
    if (due.length === 0 || !(await session.round(due, "confirm", settings.budgetMs))) return;
  }
}

function suspicion(
  { group, series }: State,
  session: Session,
  settings: GateSettings,
  family: number,
): { p: number; pairs: number } {
  const found = { p: 1, pairs: 0 };
  if (group.fixedPairs !== undefined) return found;
  for (const one of series.values()) {
    const staged = session.staged(one);
    const p = Math.min(marginP(staged.screen, staged.margin, 1), marginP(staged.screen, staged.margin, -1));
    found.p = Math.min(found.p, p);
    if (p <= settings.screenAlpha) found.pairs = Math.max(found.pairs, plannedConfirmPairs(staged, settings, family));
  }
  return found;
}

/** What all rounds share: the coin, the clock, the failures. */
class Session {
  readonly notCompared: GateReport["notCompared"] = [];
  private readonly options: MeasureOptions;
  private readonly start: number;
  private readonly random;
  private readonly failed = new Set<string>();
  private rounds = 0;
  private pairs = 0;

  constructor(options: MeasureOptions, start: number) {
    this.options = options;
    this.start = start;
    this.random = xoroshiro128plus(options.settings.seed);
  }

  staged(one: PairedSamples): ReturnType<typeof stagedDifferences> {
    return stagedDifferences(one, this.options.settings, this.options.noise.get(seriesName(one)));
  }

  /** Mean cost of one of its pairs. */
  pairMs({ spentMs, screen: screened, confirm: confirmed }: State): number {
    return spentMs / Math.max(1, screened + confirmed);
  }

  leftMs(): number {
    return Math.max(0, this.options.settings.budgetMs - (this.options.clock() - this.start));
  }

  /** One pair of each state in a new order. False when the limit kept any of them out. */
  async round(states: readonly State[], stage: Pair["stage"], limitMs: number): Promise<boolean> {
    const order = [...states].filter(({ group }) => !this.failed.has(group.id));
    for (let i = order.length - 1; i > 0; i--) {
      const j = uniformInt(this.random, 0, i);
      [order[i], order[j]] = [order[j] as State, order[i] as State];
    }
    const round = this.rounds++;
    let complete = order.length > 0;
    for (const state of order) {
      const headFirst = uniformInt(this.random, 0, 1) === 1;
      // The cost of a group that never ran is unknown; of the others a pair must fit.
      if (this.options.clock() - this.start + this.pairMs(state) > limitMs) complete = false;
      else await this.pair(state, stage, { round, headFirst });
      this.options.onPair?.(stage, ++this.pairs, states.length);
    }
    return complete;
  }

  private async pair(state: State, stage: Pair["stage"], at: { round: number; headFirst: boolean }): Promise<void> {
    const { run, clock } = this.options;
    const before = clock();
    const sides = at.headFirst ? (["head", "base"] as const) : (["base", "head"] as const);
    const said: { base?: Reading[]; head?: Reading[] } = {};
    for (const side of sides) {
      try {
        said[side] = await run(state.group, side);
      } catch (error) {
        if (!(error instanceof DriftError)) throw error;
        return this.fail(state, `${side}: ${error.message}`);
      }
    }
    state.spentMs += clock() - before;
    if (stage === "screen") state.screen++;
    else state.confirm++;
    this.keep(state, { stage, ...at }, said.base ?? [], said.head ?? []);
  }

  private keep(state: State, at: Omit<Pair, "base" | "head">, base: Reading[], head: Reading[]): void {
    const first = state.screen + state.confirm === 1;
    const other = new Map(head.map((reading) => [seriesName(reading), reading]));
    for (const reading of base) {
      const match = other.get(seriesName(reading));
      other.delete(seriesName(reading));
      const known = state.series.get(seriesName(reading));
      if (match === undefined || (known === undefined && !first)) {
        if (first) this.only(state, reading, "removed", "only the base has it");
        else if (!state.oneSided.has(seriesName(reading)))
          this.fail(state, `${reading.caseId} is not said by every process`);
        continue;
      }
      if (!isCount(reading) && (reading.value.value <= 0 || match.value.value <= 0)) {
        this.fail(state, `${reading.caseId}: a value of 0 has no ratio; make the case longer`);
        continue;
      }
      const { caseId, metric, unit, direction } = reading;
      const series = known ?? { caseId, metric, unit, direction, pairs: [] };
      series.pairs.push({ ...at, base: reading.value, head: match.value });
      state.series.set(seriesName(reading), series);
    }
    if (first) for (const reading of other.values()) this.only(state, reading, "new", "only the head has it");
  }

  private only({ oneSided }: State, reading: Reading, state: "new" | "removed", reason: string): void {
    const { caseId } = reading;
    oneSided.add(seriesName(reading));
    if (!this.notCompared.some((one) => one.caseId === caseId)) this.notCompared.push({ caseId, state, reason });
  }

  /** A group that failed once is out: what it said before is no measurement of what now fails. */
  private fail(state: State, reason: string): void {
    if (this.failed.has(state.group.id)) return;
    this.failed.add(state.group.id);
    state.series.clear();
    this.notCompared.push({ caseId: state.group.id, state: "failed", reason });
  }
}
