/** `drift-bench changepoints`: finds them in one series, or says how well they are found. */
import { join, resolve } from "node:path";
import { drawTable } from "@drift/cibench/draw-table";
import { DriftError } from "@drift/engine";
import { readSeries } from "../gate/read-input.ts";
import {
  CHANGE_POINT_DEFAULTS,
  type ChangePoint,
  type ChangePointOptions,
  findChangePoints,
} from "../stats/change-point.ts";
import { simulateNullTable, TABLE_FILE } from "../stats/change-point-null.ts";
import { writeFileAtomically } from "../store/atomic-file.ts";
import { ChangePointRecord, writeLongFile } from "../store/long-file.ts";
import { RIVALS, runRivals } from "../suites/change-point-rivals.ts";
import { driftFinds, falsePoints, observed, plantedSteps, scoreMethods, SIMULATED } from "../suites/change-points.ts";
import { type LabelledSeries, readLabelledSeries } from "../suites/tcpd.ts";
import { type CommandContext, print } from "./context.ts";

export interface ChangePointFlags {
  in?: string;
  alpha: number;
  minimumEffect: number;
  evaluate: boolean;
  data?: string;
  withoutRivals: boolean;
  series: number;
  seed: number;
  save: boolean;
  table?: number;
  json: boolean;
}

/** @throws DriftError `INPUT_INVALID`, `INPUT_MISSING`, `RIVALS_MISSING`, `BAD_FLAGS` */
export function changePointsCommand(flags: ChangePointFlags, context: CommandContext): void | Promise<void> {
  const { alpha, minimumEffect, json } = flags;
  const options = { ...CHANGE_POINT_DEFAULTS, alpha, minimumEffect };
  if (flags.table !== undefined) return writeTable(flags.table, flags.seed, context);
  if (flags.evaluate) return evaluate(flags, options, context);
  if (flags.in === undefined)
    throw new DriftError("BAD_FLAGS", "there is no series to look at", {
      hint: 'Give --in <file> with {"values": [...]}, or --evaluate.',
    });
  const values = readSeries(flags.in);
  const changePoints = findChangePoints(values, options);
  const record = { schemaVersion: 1, values: values.length, options, changePoints };
  print(context, json, record, () => renderChangePoints(values.length, changePoints));
}

function renderChangePoints(values: number, points: readonly ChangePoint[]): string {
  if (points.length === 0) return `no change of level in ${values} values`;
  const rows = points.map(({ index, p, effect }) => [
    index,
    `${effect >= 0 ? "+" : ""}${(100 * effect).toFixed(1)} %`,
    p.toPrecision(2),
  ]);
  return drawTable(["first value after", "effect", "p"], rows);
}

function writeTable(draws: number, seed: number, { stderr }: CommandContext): void {
  const command = `npm run drift-bench -- changepoints --table ${draws} --seed ${seed}`;
  const onLength = (length: number): unknown => stderr.write(`series of ${length} values\n`);
  writeFileAtomically(TABLE_FILE, `${JSON.stringify(simulateNullTable({ draws, seed, command, onLength }))}\n`);
}

async function evaluate(
  { data, withoutRivals, series, seed, save, json }: ChangePointFlags,
  options: ChangePointOptions,
  context: CommandContext,
): Promise<void> {
  const { stderr, cacheDir, results } = context;
  const labelled = readLabelledSeries(resolve(data ?? ".", "tcpd"));
  const rivals = withoutRivals
    ? {}
    : await rivalsFind(labelled, join(cacheDir ?? results.local, "change-point-rivals"));
  const methods = { drift: driftFinds(labelled, options), zero: {}, ...rivals };
  const onKind = (what: string) => (kind: string) => stderr.write(`${what}: ${kind}\n`);
  const scored = scoreMethods(labelled, methods, { seed });
  const record = ChangePointRecord.parse({
    schemaVersion: 1,
    options,
    rivals: withoutRivals ? null : RIVALS,
    methods: scored.methods,
    series: scored.series,
    simulated: { ...SIMULATED, seed },
    noise: falsePoints(options, { series, seed, onKind: onKind("noise") }),
    steps: [0.05, 0.1].flatMap((by) =>
      plantedSteps(options, { series, seed: seed + series, by, onKind: onKind(`+${100 * by} %`) }),
    ),
  });
  if (save) writeLongFile(resolve(results.db, ".."), "change-points", record);
  print(context, json, record, renderEvaluation);
}

/** By rival, then by series. */
async function rivalsFind(labelled: readonly LabelledSeries[], folder: string) {
  const seen = labelled.map(({ name, values }) => ({ name, ...observed(values) }));
  const answer = await runRivals(Object.fromEntries(seen.map(({ name, values }) => [name, values])), { folder });
  const of = (rival: "otava" | "asv") =>
    Object.fromEntries(
      seen.map(({ name, places }) => [name, (answer[name]?.[rival] ?? []).map((i) => places[i] as number)]),
    );
  return { otava: of("otava"), asv: of("asv") };
}

export function renderEvaluation({ methods, noise, steps, simulated }: ChangePointRecord): string {
  const score = ({ value, low, high }: { value: number; low: number | null; high: number | null }): string =>
    low === null || high === null ? value.toFixed(3) : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  const share = ({ successes, of, low, high }: { successes: number; of: number; low: number; high: number }): string =>
    `${((100 * successes) / of).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
  return [
    drawTable(
      ["half", "method", "series", "F1", "covering", "Drift leads by, F1", "covering"],
      methods.map(({ half, method, series, f1, covering, lead }) => [
        half,
        method,
        series,
        score(f1),
        score(covering),
        lead === null ? "" : score(lead.f1),
        lead === null ? "" : score(lead.covering),
      ]),
    ),
    `${simulated.n} values, standard deviation ${100 * simulated.sd} %; within 5 values of the step / anywhere`,
    drawTable(
      ["noise", "any point without a step", ...new Set(steps.map(({ by }) => `+${100 * by} % found`))],
      noise.map(({ kind, falsePoints }) => [
        kind,
        share(falsePoints),
        ...steps.filter((step) => step.kind === kind).map(({ near, found }) => `${share(near)} / ${share(found)}`),
      ]),
    ),
  ].join("\n");
}
