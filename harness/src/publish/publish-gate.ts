/** Publishes one gate on GitHub: a check run that is always completed, and the one comment of a pull request. */
import type { GateReport } from "../gate/schema.ts";
import { brokenCheck, checkOutput } from "./check-run.ts";
import type { Target } from "./event.ts";
import type { GitHub } from "./github.ts";
import { renderComment } from "./markdown.ts";
import type { SourceLine } from "./sarif.ts";
import { isEmpty } from "./text.ts";

export interface PublishOptions {
  /** Of the check and the comment; stable, so that a branch protection can require it. */
  name: string;
  target: Target;
  /** Reads, or judges anew, what was measured; what it throws is what the check says. */
  report: () => GateReport;
  source: (caseId: string) => SourceLine;
  link: string | null;
  /** Whether a first run without a change of anything gets a comment as well. */
  commentAlways: boolean;
}

export interface PublishedGate {
  conclusion: string;
  title: string;
  comment: "created" | "updated" | "unchanged" | "none";
  report: GateReport | null;
  /** Of the measured commit; null when there is none, or nothing was measured. */
  pullRequest: number | null;
}

/** The check is begun before anything can fail, and completed whatever fails. */
export async function publishGate(github: GitHub, options: PublishOptions): Promise<PublishedGate> {
  const { name, target, source, link } = options;
  const check = await github.startCheck(name, target.headSha, link);
  try {
    const report = options.report();
    const output = checkOutput(report, source);
    const pullRequest = await pullRequestOf(github, target);
    const comment = pullRequest === null ? "none" : await writeComment(github, report, { ...options, pullRequest });
    await github.completeCheck(check, output);
    return { conclusion: output.conclusion, title: output.title, comment, report, pullRequest };
  } catch (error) {
    const output = brokenCheck(error instanceof Error ? error.message : String(error));
    await github.completeCheck(check, output);
    return { conclusion: output.conclusion, title: output.title, comment: "none", report: null, pullRequest: null };
  }
}

async function pullRequestOf(github: GitHub, target: Target): Promise<number | null> {
  const found = target.head === null ? null : await github.pullRequestOf({ ...target.head, sha: target.headSha });
  return target.pullRequest ?? found;
}

async function writeComment(
  github: GitHub,
  report: GateReport,
  { name, target, link, commentAlways, pullRequest }: PublishOptions & { pullRequest: number },
): Promise<PublishedGate["comment"]> {
  return github.upsertComment(pullRequest, {
    name,
    isWorthFirst: commentAlways || report.verdict === "regressed" || report.verdict === "improved" || isEmpty(report),
    render: (wasRed) => renderComment(report, { name, link, wasRed, advisory: target.fork }),
  });
}
