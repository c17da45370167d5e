/** The parts of GitHub's API that publishing needs: one comment, one check run, a pull request by its head. */
import { DriftError } from "@drift/engine";
import { Octokit } from "@octokit/rest";
import { ANNOTATIONS_PER_REQUEST, type CheckOutput } from "./check-run.ts";
import { commentMarker, saidRed } from "./markdown.ts";

export interface GitHubOptions {
  token: string;
  /** `https://api.github.com`, or that of an enterprise. */
  apiUrl: string;
  repository: { owner: string; repo: string };
  /** Stands still for so long. */
  wait: (ms: number) => Promise<void>;
  now: () => Date;
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1_000;
/** A limit that lasts longer than this fails instead of keeping a runner. */
const LONGEST_WAIT_MS = 120_000;
const PAGE = 100;

export class GitHub {
  readonly #octokit: Octokit;
  readonly #repository: { owner: string; repo: string };

  constructor({ token, apiUrl, repository, wait, now }: GitHubOptions) {
    this.#repository = repository;
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    this.#octokit = new Octokit({ auth: token, baseUrl: apiUrl, userAgent: "drift-bench", log: quiet });
    this.#octokit.hook.wrap("request", async (request, options) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await request(options);
        } catch (error) {
          const waitMs = attempt < ATTEMPTS ? waitBefore(error, attempt, now()) : null;
          if (waitMs === null) throw asGitHubError(error);
          await wait(waitMs);
        }
      }
    });
  }

  /** The comment of this gate, as it stands; null when there is none. */
  async findComment(pullRequest: number, name: string): Promise<{ id: number; body: string } | null> {
    const marker = commentMarker(name);
    const pages = this.#octokit.paginate.iterator(this.#octokit.rest.issues.listComments, {
      ...this.#repository,
      issue_number: pullRequest,
      per_page: PAGE,
    });
    for await (const { data } of pages) {
      // Only a bot's: a person who quotes the marker keeps their comment.
      const found = data.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker) === true);
      if (found !== undefined) return { id: found.id, body: found.body ?? "" };
    }
    return null;
  }

  /**
   * Writes the one comment of this gate. On a first run without anything to say there is none.
   *
   * @param render told whether the comment said that something regressed
   * @returns what was done
   */
  async upsertComment(
    pullRequest: number,
    { name, render, isWorthFirst }: { name: string; render: (wasRed: boolean) => string; isWorthFirst: boolean },
  ): Promise<"created" | "updated" | "unchanged" | "none"> {
    const before = await this.findComment(pullRequest, name);
    if (before === null && !isWorthFirst) return "none";
    const body = render(before !== null && saidRed(before.body));
    if (before === null) {
      await this.#octokit.rest.issues.createComment({ ...this.#repository, issue_number: pullRequest, body });
      return "created";
    }
    if (before.body === body) return "unchanged";
    await this.#octokit.rest.issues.updateComment({ ...this.#repository, comment_id: before.id, body });
    return "updated";
  }

  /** A check run that is under way. @returns its id */
  async startCheck(name: string, headSha: string, detailsUrl: string | null): Promise<number> {
    const { data } = await this.#octokit.rest.checks.create({
      ...this.#repository,
      name,
      head_sha: headSha,
      status: "in_progress",
      ...(detailsUrl !== null && { details_url: detailsUrl }),
    });
    return data.id;
  }

  /** Completes it. Annotations go in requests of 50; the conclusion stands in the last one. */
  async completeCheck(id: number, { conclusion, title, summary, annotations }: CheckOutput): Promise<void> {
    const batches = Math.max(1, Math.ceil(annotations.length / ANNOTATIONS_PER_REQUEST));
    for (let batch = 0; batch < batches; batch++) {
      const some = annotations.slice(batch * ANNOTATIONS_PER_REQUEST, (batch + 1) * ANNOTATIONS_PER_REQUEST);
      await this.#octokit.rest.checks.update({
        ...this.#repository,
        check_run_id: id,
        ...(batch === batches - 1 && { status: "completed", conclusion }),
        output: { title, summary, annotations: some },
      });
    }
  }

  /** The open pull request whose head is exactly this commit of this branch; null when there is none. */
  async pullRequestOf(head: { owner: string; branch: string; sha: string }): Promise<number | null> {
    const { data } = await this.#octokit.rest.pulls.list({
      ...this.#repository,
      state: "open",
      head: `${head.owner}:${head.branch}`,
      per_page: PAGE,
    });
    return data.find((one) => one.head.sha === head.sha)?.number ?? null;
  }
}

interface HttpError extends Error {
  status: number;
  response?: { headers: Record<string, string | number | undefined> };
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

/** How long to wait before another attempt; null when another one cannot help. */
function waitBefore(error: unknown, attempt: number, now: Date): number | null {
  if (!isHttpError(error)) return null;
  const backOff = FIRST_WAIT_MS * 2 ** (attempt - 1);
  if (error.status >= 500) return backOff;
  const limit = limitedFor(error, now);
  if (limit === null && error.status !== 429) return null;
  const waitMs = limit ?? backOff;
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

/** How long a limit lasts that GitHub names; null when this is no limit, or it does not say. */
function limitedFor({ status, response }: HttpError, now: Date): number | null {
  if (status !== 403 && status !== 429) return null;
  const header = (name: string): number => Number(response?.headers[name] ?? NaN);
  if (header("retry-after") >= 0) return header("retry-after") * 1000;
  if (header("x-ratelimit-remaining") === 0)
    return Math.max(0, header("x-ratelimit-reset") * 1000 - now.getTime()) + FIRST_WAIT_MS;
  return null;
}

const HINTS: Record<number, string> = {
  401: "The token is wrong or expired.",
  403: "The token may not do this: a pull request of a fork is published by a workflow_run workflow; see .github/workflows/bench-publish.yml.",
  404: "The token does not see this repository or what was asked for.",
  422: "GitHub refused the content; this is a fault of drift-bench.",
  429: "GitHub's limit lasts too long: publish again later from the stored report.",
};

/** Without the request, which holds the token. */
function asGitHubError(error: unknown): unknown {
  if (error instanceof DriftError) return error;
  if (!isHttpError(error))
    return new DriftError("GITHUB_UNREACHABLE", "GitHub's API cannot be reached", {
      hint: "Check GITHUB_API_URL and the network.",
    });
  return new DriftError("GITHUB_REFUSED", `GitHub answered ${error.status}: ${error.message.slice(0, 300)}`, {
    hint: HINTS[error.status] ?? "Publish again later from the stored report.",
  });
}
