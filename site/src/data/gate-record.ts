/** How often the gate is wrong and what it finds: the record that `drift-bench prove … --save` writes beside the results. */
import { z } from "zod";
import { readLongRecord } from "./long-record.ts";

/** A share that was counted, with its 95 % interval. */
const CountedShare = z.object({ n: z.number(), count: z.number(), low: z.number(), high: z.number() });
export type CountedShare = z.infer<typeof CountedShare>;

const Simulated = z.object({
  kind: z.string(),
  cases: z.number(),
  falseRed: CountedShare,
  power: z.array(z.object({ share: z.number(), found: CountedShare })),
  coverage: z.array(z.object({ level: z.number(), covered: CountedShare })),
  pooledMannWhitney: CountedShare,
});
/** What the rule did on one kind of made-up noise. */
export type SimulatedGates = z.infer<typeof Simulated>;

const Planted = z.object({
  kind: z.string(),
  share: z.number(),
  gates: z.number(),
  falseRed: z.number(),
  found: CountedShare,
  foundWhereSeen: CountedShare,
  cases: z.array(z.object({ caseId: z.string(), predicted: z.number(), found: CountedShare })),
});
/** Gates in which some cases had work of one kind and share planted. */
export type PlantedGates = z.infer<typeof Planted>;

/** What the computer did meanwhile, in the order of tables. */
export const CONDITIONS = ["idle", "loaded"] as const;
export type Condition = (typeof CONDITIONS)[number];

const Formed = z.object({
  condition: z.enum(CONDITIONS),
  independentBuilds: z.boolean(),
  environment: z.object({ id: z.string(), cpuModel: z.string(), cores: z.number() }),
  commit: z.string().nullable(),
  rounds: z.number(),
  cases: z.number(),
  same: z.object({ gates: z.number(), red: z.number(), disjoint: z.number(), low: z.number(), high: z.number() }),
  planted: z.array(Planted),
  stated: z.array(z.object({ caseId: z.string(), sd: z.number(), detectable: z.number().nullable() })),
});
/** Gates formed from stored pairs of processes of one condition. */
export type FormedGates = z.infer<typeof Formed>;

const Live = z.object({
  condition: z.enum(CONDITIONS),
  at: z.string(),
  seed: z.number(),
  verdict: z.string(),
  red: z.array(z.string()),
  cases: z.number(),
  measuredMs: z.number(),
});
/** One whole gate of a commit with itself. */
export type LiveGate = z.infer<typeof Live>;

const GateRecord = z.object({
  schemaVersion: z.literal(1),
  settings: z.object({ margin: z.number(), q: z.number(), unchangedWithin: z.number() }),
  commands: z.array(z.string()),
  simulated: z.array(Simulated),
  formed: z.array(Formed),
  live: z.array(Live),
});
/** What the site shows of the record. */
export type GateRecord = z.infer<typeof GateRecord>;

/** Conditions as tables list them: idle first, one build before two. */
export function inOrder(formed: readonly FormedGates[]): FormedGates[] {
  const place = ({ condition, independentBuilds }: FormedGates): number =>
    2 * CONDITIONS.indexOf(condition) + Number(independentBuilds);
  return formed.toSorted((a, b) => place(a) - place(b));
}

/** Plants as tables list them: kinds with most shares first, shares ascending. */
export function plantsInOrder(planted: readonly PlantedGates[]): PlantedGates[] {
  const kinds = Map.groupBy(planted, ({ kind }) => kind);
  const sharesOf = ({ kind }: PlantedGates): number => kinds.get(kind)?.length ?? 0;
  return planted.toSorted((a, b) => sharesOf(b) - sharesOf(a) || a.kind.localeCompare(b.kind) || a.share - b.share);
}

/**
 * The record beside the results database `dbFile`, or null when there is none.
 *
 * @throws DriftError `GATE_RECORD_UNREADABLE` when it is there and is no such record
 */
export function readGateRecord(dbFile: string): GateRecord | null {
  return readLongRecord(dbFile, "prove.json", GateRecord, {
    code: "GATE_RECORD_UNREADABLE",
    what: "the record of the gate",
    command: "npm run long:prove",
  });
}
