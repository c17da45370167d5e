/** `drift-bench report`: a gate's report in the form that somebody reads, or on GitHub. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DriftError } from "@drift/engine";
import { decideGate, overallVerdict } from "../gate/decide.ts";
import { CONFIG_FILE, readBenchConfig } from "../gate/config.ts";
import { GATE_DEFAULTS } from "../gate/gate.ts";
import { type GateReport, GateSettings } from "../gate/schema.ts";
import { decideScores } from "../gate/scores/decide-scores.ts";
import { badgeRecord, renderBadge } from "../publish/badge.ts";
import { checkOutput } from "../publish/check-run.ts";
import { readTarget } from "../publish/event.ts";
import { GitHub } from "../publish/github.ts";
import { readHostileReport } from "../publish/hostile.ts";
import { renderComment, renderSummary } from "../publish/markdown.ts";
import { publishGate } from "../publish/publish-gate.ts";
import { renderSarif, sourceIn } from "../publish/sarif.ts";
import { isEmpty } from "../publish/text.ts";
import { writeFileAtomically } from "../store/atomic-file.ts";
import type { CommandContext } from "./context.ts";
import { gateAnswer, renderGate } from "./gate.ts";
import { readGateReport } from "./history.ts";
import type { Answer } from "../drift-bench.ts";

export const REPORT_FORMATS = [
  "table",
  "markdown",
  "summary",
  "sarif",
  "badge",
  "badge-json",
  "check",
  "json",
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportFlags {
  in: string[];
  format: ReportFormat;
  out?: string;
  name: string;
  link?: string;
  config?: string;
  github: boolean;
  hostile: boolean;
  /** With `github`: where the SARIF of what was published goes, for a pull request that is no fork's. */
  sarif?: string;
  commentAlways: boolean;
  json: boolean;
}

/** @returns the exit code of the gate that is shown; with `github` 0 once it is published, since the check says the rest */
export async function reportCommand(
  flags: ReportFlags,
  context: CommandContext,
  env: NodeJS.ProcessEnv,
): Promise<Answer> {
  if (flags.github) return publishOnGitHub(flags, context, env);
  const report = readReports(flags);
  const text = renderReport(report, flags, context);
  if (flags.out === undefined) context.stdout.write(text);
  else writeFileAtomically(resolve(flags.out), text);
  return isEmpty(report) ? 3 : gateAnswer(report, false);
}

/** Shards are merged: the family of tests is all of them, so verdicts are made anew. */
export function readReports({ in: files }: Pick<ReportFlags, "in">): GateReport {
  const [first, ...others] = files.map(readGateReport);
  if (first === undefined)
    throw new DriftError("INPUT_MISSING", "there is no report to show", { hint: "Give --in <file>." });
  return others.length === 0 ? first : mergeReports([first, ...others]);
}

/** @throws DriftError `INPUT_INVALID` when they are not of the same commits */
export function mergeReports(reports: readonly [GateReport, ...GateReport[]]): GateReport {
  const [first] = reports;
  const sides = ({ base, head }: GateReport): string =>
    JSON.stringify([base.commit ?? base.ref, head.commit ?? head.ref]);
  if (reports.some((one) => sides(one) !== sides(first)))
    throw new DriftError("INPUT_INVALID", "the reports are not of the same two commits", {
      hint: "Only shards of one gate can be merged.",
    });
  const samples = reports.flatMap((one) => one.samples);
  const quarantined = new Set(
    reports.flatMap(({ cases }) =>
      cases.filter((one) => one.quarantined).map(({ caseId, metric }) => `${caseId} ${metric}`),
    ),
  );
  const cases = decideGate(samples, first.settings, new Map()).map((one) =>
    quarantined.has(`${one.caseId} ${one.metric}`) && one.verdict === "regressed"
      ? { ...one, verdict: "inconclusive" as const, quarantined: true, reason: "quarantined by its shard" }
      : one,
  );
  // Shards share out cases and entries, so an entry is in one of them; the family of tests is all of them here, too.
  const evidence = reports.flatMap((one) => one.scores);
  const decisions = decideScores(evidence, first.settings);
  const scores = evidence.map((one, i) => ({ ...one, decision: decisions[i] as (typeof decisions)[number] }));
  return {
    ...first,
    verdict: overallVerdict(cases, scores),
    cases,
    samples,
    scores,
    notCompared: reports.flatMap((one) => one.notCompared),
    measuredMs: reports.reduce((sum, one) => sum + one.measuredMs, 0),
    endedAt: reports
      .map(({ endedAt }) => endedAt)
      .toSorted()
      .at(-1) as string,
  };
}

function renderReport(report: GateReport, flags: ReportFlags, { version, root }: CommandContext): string {
  const source = sourceOf(flags.config, root);
  const comment = { name: flags.name, link: flags.link ?? null, wasRed: false, advisory: false };
  const formats: Record<ReportFormat, () => string> = {
    table: () => `${renderGate(report)}\n`,
    markdown: () => `${renderComment(report, comment)}\n`,
    summary: () => renderSummary(report),
    sarif: () => `${JSON.stringify(renderSarif(report, { version, source }), null, 2)}\n`,
    badge: () => renderBadge(report),
    "badge-json": () => `${JSON.stringify(badgeRecord(report))}\n`,
    check: () => `${JSON.stringify(checkOutput(report, source), null, 2)}\n`,
    json: () => `${JSON.stringify(report, null, 2)}\n`,
  };
  return formats[flags.json ? "json" : flags.format]();
}

async function publishOnGitHub(flags: ReportFlags, context: CommandContext, env: NodeJS.ProcessEnv): Promise<Answer> {
  const token = env["GITHUB_TOKEN"];
  if (!token)
    throw new DriftError("TOKEN_MISSING", "there is no GITHUB_TOKEN to publish with", {
      hint: "Pass the job's token in its environment; it needs checks: write and pull-requests: write.",
    });
  const target = readTarget(env["GITHUB_EVENT_PATH"] ?? "");
  const github = new GitHub({
    token,
    apiUrl: env["GITHUB_API_URL"] ?? "https://api.github.com",
    repository: target.repository,
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    now: context.now,
  });
  const published = await publishGate(github, {
    name: flags.name,
    target,
    report: () => (flags.hostile ? readHostile(flags, target.headSha) : readReports(flags)),
    source: sourceOf(flags.config, process.cwd()),
    link: flags.link ?? target.runUrl,
    commentAlways: flags.commentAlways,
  });
  const { conclusion, title, comment, report, pullRequest } = published;
  if (env["GITHUB_STEP_SUMMARY"] !== undefined && report !== null)
    appendFileSync(env["GITHUB_STEP_SUMMARY"], renderSummary(report));
  // What code of a fork measured could be made up: the comment says so, and code scanning has no place to say it.
  if (flags.sarif !== undefined && report !== null && pullRequest !== null && !target.fork) {
    const log = renderSarif(report, { version: context.version, source: sourceOf(flags.config, process.cwd()) });
    writeFileAtomically(resolve(flags.sarif), `${JSON.stringify(log, null, 2)}\n`);
    if (env["GITHUB_OUTPUT"] !== undefined)
      appendFileSync(env["GITHUB_OUTPUT"], `sarif-ref=refs/pull/${pullRequest}/head\nsarif-sha=${target.headSha}\n`);
  }
  const record = { conclusion, title, comment };
  context.stdout.write(
    flags.json ? `${JSON.stringify(record)}\n` : `${title}: check ${conclusion}, comment ${comment}\n`,
  );
  return 0;
}

/** Settings come from the configuration of the default branch, which the publisher has checked out. */
function readHostile(flags: ReportFlags, headCommit: string): GateReport {
  const config = resolve(flags.config ?? CONFIG_FILE);
  const chosen = existsSync(config) ? readBenchConfig(config).gate : {};
  const settings = GateSettings.parse({ ...GATE_DEFAULTS, ...chosen });
  const reproduce = `npm run --silent drift-bench -- gate --base main --head ${headCommit.slice(0, 12)} --seed ${settings.seed}`;
  const [first, ...others] = flags.in.map((file) => readHostileReport(file, { settings, headCommit, reproduce }));
  if (first === undefined) throw new DriftError("ARTEFACT_INVALID", "there is no measured report");
  return others.length === 0 ? first : mergeReports([first, ...others]);
}

function sourceOf(config: string | undefined, root: string) {
  const path = config ?? CONFIG_FILE;
  const file = resolve(root, path);
  const shown = path.startsWith("/") ? (path.split("/").at(-1) ?? path) : path;
  return sourceIn(shown, existsSync(file) ? readFileSync(file, "utf8") : "");
}
