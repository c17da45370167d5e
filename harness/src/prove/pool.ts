/**
 * Pools: many real pairs of processes, kept as JSON lines, out of which gates are formed. A pool goes on where it was
 * killed: a round is written when all its pairs are there.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import * as z from "zod";
import { logWorsening } from "../gate/decide.ts";
import { Direction, Metric } from "../gate/schema.ts";
import type { Reading } from "../runners/reading.ts";
import { CaseId, Environment } from "../store/testbed-schema.ts";
import { PLANT_KINDS } from "./plant.ts";

export const CONDITIONS = ["idle", "loaded"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What the head had that the base had not. */
export const Planted = z.strictObject({ kind: z.enum(PLANT_KINDS), share: z.number().gt(0).lt(1) });
export type Planted = z.infer<typeof Planted>;

const Header = z.strictObject({
  schemaVersion: z.literal(1),
  condition: z.enum(CONDITIONS),
  /** Two builds of one commit instead of one build with itself. */
  independentBuilds: z.boolean(),
  /** Null: identical code. */
  planted: Planted.nullable(),
  seed: z.int().nonnegative(),
  environment: Environment,
  commit: z.string().nullable(),
});
export type PoolHeader = z.infer<typeof Header>;

const Row = z.strictObject({
  round: z.int().nonnegative(),
  caseId: CaseId,
  metric: Metric,
  direction: Direction,
  headFirst: z.boolean(),
  base: z.number().positive(),
  head: z.number().positive(),
});
export type PoolRow = z.infer<typeof Row>;

export interface Pool {
  header: PoolHeader;
  rows: PoolRow[];
}

/** The name of a pool's file says what it is: `idle-same`, `loaded-builds`, `idle-spin-5`. */
export function poolName({ condition, independentBuilds, planted }: PoolHeader): string {
  if (planted !== null) return `${condition}-${planted.kind}-${Number((100 * planted.share).toFixed(2))}`;
  return `${condition}-${independentBuilds ? "builds" : "same"}`;
}

/** @throws DriftError `BAD_RESULT_FILE` with the line; a last line that was cut off is left out */
export function readPool(file: string): Pool | undefined {
  if (!fs.existsSync(file)) return undefined;
  const text = fs.readFileSync(file, "utf8");
  const lines = text.split("\n");
  if (lines.pop() !== "") lines.length = Math.max(1, lines.length);
  const [head = "", ...rest] = lines;
  const parse = <T>(schema: z.ZodType<T>, line: string, at: number): T => {
    try {
      return schema.parse(JSON.parse(line));
    } catch (cause) {
      throw new DriftError("BAD_RESULT_FILE", `${path.basename(file)}:${at}: no line of a pool`, {
        hint: "Restore the file from git, or remove it to start anew.",
        cause,
      });
    }
  };
  return { header: parse(Header, head, 1), rows: rest.map((line, i) => parse(Row, line, i + 2)) };
}

export interface PoolOptions {
  folder: string;
  header: PoolHeader;
  /** Rounds that the pool shall have in the end: pairs of each case. */
  pairs: number;
  caseIds: readonly string[];
  run: (caseId: string, side: "base" | "head") => Promise<Reading[]>;
  /** Told before each round; plants are calibrated there. */
  onRound: (done: number, total: number) => Promise<void>;
}

/**
 * Adds the rounds that are missing.
 *
 * @returns rounds that the pool has now
 * @throws DriftError `POOL_OF_ANOTHER_MACHINE`, `BAD_RESULT_FILE`, and what `run` throws
 */
export async function fillPool(options: PoolOptions): Promise<number> {
  const { folder, header, pairs, caseIds, run, onRound } = options;
  const file = path.join(folder, `${poolName(header)}.jsonl`);
  const known = readPool(file);
  if (known !== undefined && known.header.environment.id !== header.environment.id)
    throw new DriftError("POOL_OF_ANOTHER_MACHINE", `${path.basename(file)} was measured on another machine`, {
      hint: "Move it away; pairs of two machines make no pool.",
    });
  fs.mkdirSync(folder, { recursive: true });
  const done = known === undefined ? 0 : 1 + Math.max(-1, ...known.rows.map(({ round }) => round));
  // What a killed round left behind is dropped by writing the whole rounds again.
  const kept = [known?.header ?? header, ...(known?.rows ?? [])].map((line) => `${JSON.stringify(line)}\n`).join("");
  fs.writeFileSync(`${file}.tmp`, kept);
  fs.renameSync(`${file}.tmp`, file);
  for (let round = done; round < pairs; round++) {
    await onRound(round, pairs);
    const random = xoroshiro128plus(header.seed + round);
    const rows: PoolRow[] = [];
    for (const caseId of shuffled(caseIds, random)) {
      const headFirst = uniformInt(random, 0, 1) === 1;
      const said: Partial<Record<"base" | "head", Reading[]>> = {};
      for (const side of headFirst ? (["head", "base"] as const) : (["base", "head"] as const))
        said[side] = await run(caseId, side);
      for (const [i, { value, metric, direction, caseId: id }] of (said.base ?? []).entries()) {
        const head = said.head?.[i]?.value.value;
        if (head !== undefined) rows.push({ round, caseId: id, metric, direction, headFirst, base: value.value, head });
      }
    }
    fs.appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""), { flush: true });
  }
  return Math.max(done, pairs);
}

function shuffled(ids: readonly string[], random: ReturnType<typeof xoroshiro128plus>): string[] {
  const order = [...ids];
  for (let i = order.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j] as string, order[i] as string];
  }
  return order;
}

/** Log ratios of each case in the order of the rounds. */
export function poolDifferences({ rows }: Pool): Map<string, number[]> {
  const byCase = new Map<string, number[]>();
  for (const { caseId, metric, direction, base, head } of rows) {
    const name = `${caseId} ${metric}`;
    const known = byCase.get(name);
    const difference = logWorsening(base, head, direction);
    if (known === undefined) byCase.set(name, [difference]);
    else known.push(difference);
  }
  return byCase;
}
