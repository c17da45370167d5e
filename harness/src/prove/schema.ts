/** What `drift-bench prove` found out about the gate, as it is stored in `results/long/prove.json`. */
import * as z from "zod";
import { GateSettings } from "../gate/schema.ts";
import { Environment } from "../store/testbed-schema.ts";
import { NOISE_KINDS } from "./noise.ts";
import { CONDITIONS, Planted } from "./pool.ts";

const Count = z.int().nonnegative();
const Share = z.number().min(0).max(1);

/** A share that was counted; `low` and `high` bound the 95 % interval of Clopper and Pearson. */
const CountedShare = z.strictObject({ n: Count, count: Count, low: Share, high: Share });

/** One kind of noise: what the rule did on made-up machines. */
export const SimulatedKind = z.strictObject({
  kind: z.enum(NOISE_KINDS),
  cases: Count,
  /** Gates of identical code, and how many were red or called something improved. */
  falseRed: CountedShare,
  falseImproved: CountedShare,
  /** Planted cases (3 of each gate) that were red, by the planted share. */
  power: z.array(z.strictObject({ share: Share, found: CountedShare })),
  /** Randomised p at margin 0 against the uniform distribution: largest distance, and the p of a larger one. */
  uniformity: z.strictObject({ sessions: Count, distance: Share, p: Share }),
  /** At the margin: how often p was at most alpha. It must not be more often than alpha. */
  atMargin: z.array(z.strictObject({ alpha: Share, rejected: CountedShare })),
  coverage: z.array(z.strictObject({ level: Share, covered: CountedShare })),
  /** The negative control: pooled iterations, Mann and Whitney's test at 1 %, identical code. */
  pooledMannWhitney: CountedShare,
});
export type SimulatedKind = z.infer<typeof SimulatedKind>;

/** Gates formed from real pairs of one condition. */
export const FormedCondition = z.strictObject({
  condition: z.enum(CONDITIONS),
  /** Two builds of one commit instead of one build with itself. */
  independentBuilds: z.boolean(),
  environment: Environment,
  commit: z.string().nullable(),
  rounds: Count,
  cases: Count,
  /** Of identical code; `low` and `high` by drawing stretches of rounds again. */
  same: z.strictObject({ gates: Count, red: Count, disjoint: Count, low: Share, high: Share }),
  planted: z.array(
    z.strictObject({
      ...Planted.shape,
      gates: Count,
      falseRed: Count,
      found: CountedShare,
      foundWhereSeen: CountedShare,
      cases: z.array(
        z.strictObject({
          caseId: z.string(),
          sd: z.number().nonnegative(),
          detectable: z.number().nonnegative().nullable(),
          predicted: Share,
          found: CountedShare,
        }),
      ),
    }),
  ),
  /** What each case states of itself from identical code. */
  stated: z.array(
    z.strictObject({
      caseId: z.string(),
      sd: z.number().nonnegative(),
      detectable: z.number().nonnegative().nullable(),
    }),
  ),
});
export type FormedCondition = z.infer<typeof FormedCondition>;

/** One whole gate of a commit with itself, run as anybody would. */
export const LiveGate = z.strictObject({
  condition: z.enum(CONDITIONS),
  environmentId: z.string(),
  at: z.iso.datetime(),
  seed: Count,
  verdict: z.string(),
  red: z.array(z.string()),
  cases: Count,
  measuredMs: z.number().nonnegative(),
});
export type LiveGate = z.infer<typeof LiveGate>;

export const Proof = z.strictObject({
  schemaVersion: z.literal(1),
  settings: GateSettings,
  /** The commands that make it again. */
  commands: z.array(z.string()),
  simulated: z.array(SimulatedKind),
  formed: z.array(FormedCondition),
  live: z.array(LiveGate),
});
export type Proof = z.infer<typeof Proof>;
