/** What GitHub says of itself to a job: the repository, the commit, the pull request. */
import { readFileSync } from "node:fs";
import { DriftError } from "@drift/engine";
import * as z from "zod";

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const Repository = z.looseObject({ full_name: z.string(), owner: z.looseObject({ login: z.string() }) });

const PullRequestEvent = z.looseObject({
  pull_request: z.looseObject({
    number: z.int().positive(),
    head: z.looseObject({ sha: Sha, ref: z.string(), repo: Repository.nullable() }),
  }),
  repository: Repository,
});
const WorkflowRunEvent = z.looseObject({
  workflow_run: z.looseObject({
    event: z.string(),
    head_sha: Sha,
    head_branch: z.string().nullable(),
    head_repository: Repository.nullable(),
    html_url: z.url(),
  }),
  repository: Repository,
});
const PushEvent = z.looseObject({ after: Sha, repository: Repository });

/** Where to publish. */
export interface Target {
  repository: { owner: string; repo: string };
  headSha: string;
  /** Null when it must be looked up, or there is none. */
  pullRequest: number | null;
  /** How a pull request without a number is looked up; null when there is none. */
  head: { owner: string; branch: string } | null;
  /** Whether others than those who may write to the repository chose what was run. */
  fork: boolean;
  /** The run whose results these are; null for the present one. */
  runUrl: string | null;
}

/**
 * @param path the file that `GITHUB_EVENT_PATH` names
 * @throws DriftError `EVENT_UNKNOWN`
 */
export function readTarget(path: string): Target {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new DriftError("EVENT_UNKNOWN", "the event of this job cannot be read", {
      hint: "`report --github` runs in a GitHub Actions job: GITHUB_EVENT_PATH names the event.",
      cause,
    });
  }
  const target = fromWorkflowRun(content) ?? fromPullRequest(content) ?? fromPush(content);
  if (target !== null) return target;
  throw new DriftError("EVENT_UNKNOWN", "the event of this job has no commit to publish for", {
    hint: "Run on push, pull_request or workflow_run.",
  });
}

function fromWorkflowRun(content: unknown): Target | null {
  const parsed = WorkflowRunEvent.safeParse(content);
  if (!parsed.success) return null;
  const { workflow_run: run, repository } = parsed.data;
  const isPullRequest = run.event === "pull_request" && run.head_repository !== null && run.head_branch !== null;
  return {
    repository: split(repository.full_name),
    headSha: run.head_sha,
    // The event's own list of pull requests is empty for forks, so the number is always looked up.
    pullRequest: null,
    head: isPullRequest ? { owner: run.head_repository?.owner.login ?? "", branch: run.head_branch ?? "" } : null,
    fork: run.head_repository?.full_name !== repository.full_name,
    runUrl: run.html_url,
  };
}

function fromPullRequest(content: unknown): Target | null {
  const parsed = PullRequestEvent.safeParse(content);
  if (!parsed.success) return null;
  const { pull_request: pull, repository } = parsed.data;
  return {
    repository: split(repository.full_name),
    headSha: pull.head.sha,
    pullRequest: pull.number,
    head: null,
    fork: pull.head.repo?.full_name !== repository.full_name,
    runUrl: null,
  };
}

function fromPush(content: unknown): Target | null {
  const parsed = PushEvent.safeParse(content);
  if (!parsed.success) return null;
  const { after, repository } = parsed.data;
  return {
    repository: split(repository.full_name),
    headSha: after,
    pullRequest: null,
    head: null,
    fork: false,
    runUrl: null,
  };
}

function split(fullName: string): { owner: string; repo: string } {
  const [owner = "", repo = ""] = fullName.split("/");
  return { owner, repo };
}
