/** `drift-bench bisect`: the commit that made a case worse, convicted by the paired gate. */
import { resolve } from "node:path";
import { drawTable } from "@drift/cibench/draw-table";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { bisect, type Bisection, worsening } from "../bisect.ts";
import type { Answer } from "../drift-bench.ts";
import { loadAverage } from "../environment.ts";
import { resolveCommit } from "../gate/checkout.ts";
import { overallVerdict } from "../gate/decide.ts";
import { runGate } from "../gate/gate.ts";
import type { GateReport, GateSettings } from "../gate/schema.ts";
import { type Nomination, nominate } from "../nominate.ts";
import { publishEvent } from "../store/history-files.ts";
import { alertIdOf, completeEvent } from "../store/history-schema.ts";
import { openPerformanceHistory } from "../store/open-history.ts";
import type { CommandContext } from "./context.ts";
import { print } from "./context.ts";
import { gateCache } from "./gate.ts";

export interface BisectFlags {
  good?: string;
  bad?: string;
  case?: RegExp;
  nominated: boolean;
  store?: string;
  config?: string;
  cache?: string;
  budget?: number;
  seed?: number;
  json: boolean;
}

/** @returns 1 when a commit or the range is a regression, 3 when that cannot be measured */
export async function bisectCommand(
  flags: BisectFlags,
  context: CommandContext,
  { env, cwd: root }: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<Answer> {
  const nomination = flags.nominated ? await firstNomination(flags, context) : null;
  const [good, bad] = [nomination?.before ?? flags.good, nomination?.commit ?? flags.bad];
  if (good === undefined || bad === undefined)
    throw new DriftError("BAD_FLAGS", "there is no range to search", {
      hint: "Give --good <ref> and --bad <ref>, or --nominated for what the history nominates.",
    });
  const only = nomination === null ? flags.case : groupsOf(nomination.series.caseId);
  const commits = await commitsBetween(root, good, bad);
  const { environment } = await context.testbed();
  const settings: Partial<GateSettings> = {
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.budget !== undefined && { budgetMs: flags.budget }),
  };
  const found = await bisect(commits, async (base, head) => {
    context.stderr.write(`${base.slice(0, 12)} against ${head.slice(0, 12)}\n`);
    const report = await runGate({
      root,
      base: { ref: base },
      head: { ref: head },
      ...(flags.config !== undefined && { configFile: resolve(flags.config) }),
      ...(only !== undefined && { only }),
      cache: gateCache(flags.cache, env),
      settings,
      independentBuilds: false,
      environment,
      loadAverage: loadAverage(),
      env,
      now: context.now,
      clock: context.clock,
      reproduce: ({ seed }) => `npm run --silent drift-bench -- gate --base ${base} --head ${head} --seed ${seed}`,
      falseAlarms: null,
      onStep: (text) => context.stderr.write(`${text}\n`),
    });
    return nomination === null ? report : about(report, nomination.series.caseId);
  });
  const alert = nomination === null ? null : await openAlert(found, nomination, flags, context);
  print(context, flags.json, { ...found, alert }, renderBisection);
  if (found.outcome === "unclear") return 3;
  return found.outcome === "no-regression" ? 0 : 1;
}

async function commitsBetween(root: string, good: string, bad: string): Promise<string[]> {
  const [from, to] = [await resolveCommit(root, good), await resolveCommit(root, bad)];
  const { stdout, exitCode } = await execa(
    "git",
    ["-C", root, "rev-list", "--first-parent", "--reverse", "--ancestry-path", `${from}..${to}`],
    { reject: false },
  );
  const commits = stdout.split("\n").filter(Boolean);
  if (exitCode !== 0 || commits.length === 0)
    throw new DriftError("BAD_FLAGS", "the good commit is no ancestor of the bad one", {
      hint: "Give two commits of one line of history, the older one as --good.",
    });
  return [from, ...commits];
}

async function firstNomination(flags: BisectFlags, { results, now }: CommandContext): Promise<Nomination> {
  const { store } = await openPerformanceHistory(results, { url: flags.store ?? null, now: now() });
  try {
    const { nominations } = await nominate(store);
    const worse = nominations.find((one) => one.worse && (flags.case?.test(one.series.caseId) ?? true));
    if (worse !== undefined) return worse;
  } finally {
    await store.close();
  }
  throw new DriftError("NOTHING_NOMINATED", "the history nominates no change for the worse", {
    hint: "See `history scan`; or give --good and --bad.",
  });
}

/** Only a convicted commit opens an alert; all series of one commit and testbed are one. @returns its id */
async function openAlert(
  { outcome, culprit, report }: Bisection,
  { series, p, effect }: Nomination,
  flags: BisectFlags,
  { results, now }: CommandContext,
): Promise<string | null> {
  if (outcome !== "convicted" || culprit === null || report === null) return null;
  const convicted = report.cases.flatMap((one) => {
    const { caseId, metric, unit, direction, ratio, interval, verdict } = one;
    if (verdict !== "regressed" || ratio === null || interval === null) return [];
    return [{ caseId, metric, unit, direction, effect, p, ratio, low: interval.low, high: interval.high }];
  });
  if (convicted.length === 0) return null;
  const event = completeEvent({
    kind: "opened",
    at: now().toISOString(),
    alert: alertIdOf(culprit.commit, series.environmentId),
    ...culprit,
    environmentId: series.environmentId,
    reference: series.reference,
    series: convicted,
    reproduce: report.reproduce,
  });
  const { store, folder } = await openPerformanceHistory(results, { url: flags.store ?? null, now: now() });
  try {
    await (folder === null ? store.addEvent(event) : publishEvent(store, folder, event));
  } finally {
    await store.close();
  }
  return event.alert;
}

export function renderBisection({
  outcome,
  culprit,
  among,
  steps,
  report,
  alert,
}: Bisection & { alert: string | null }): string {
  const short = (commit: string): string => commit.slice(0, 12);
  const rows = steps.map(({ base, head, answer, ratio }) => [
    short(base),
    short(head),
    answer,
    ratio?.toFixed(3) ?? "",
  ]);
  const worst = report?.cases.find(({ verdict }) => verdict === "regressed");
  const by = worst === undefined ? "" : `: ${worst.caseId} ${(100 * (worsening(worst) ?? 1) - 100).toFixed(1)} % worse`;
  const said: Record<Bisection["outcome"], string> = {
    convicted: `${culprit?.commit ?? ""}${by}`,
    gradual: "the range is a regression, no single commit of it is: it came in small steps",
    unclear: `it cannot be told among ${among.map(short).join(", ")}: some of them cannot be built or measured`,
    "no-regression": "the bad end is not worse than the good one",
  };
  return [
    drawTable(["base", "head", "answer", "times as slow"], rows),
    said[outcome],
    ...(alert === null ? [] : [`alert ${alert}`]),
  ].join("\n");
}

/** A case that measures itself is configured under the id of its group: `c` measures `c/sum`. */
function groupsOf(caseId: string): RegExp {
  const parts = caseId.split("/").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^(${parts.map((_, i) => parts.slice(0, i + 1).join("/")).join("|")})$`);
}

function about(report: GateReport, caseId: string): GateReport {
  const cases = report.cases.filter((one) => one.caseId === caseId);
  return { ...report, cases, verdict: overallVerdict(cases) };
}
