import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RatingServer, serveRating } from "../src/rating/server.ts";
import type { Study } from "../src/schema/rating.ts";
import { lastRatings, readRatings } from "../src/validation/ratings-file.ts";
import { commandsOn } from "./support/cli.ts";

const STUDY: Study = {
  schemaVersion: 1,
  study: "mine",
  title: "How <good>?",
  kind: "graded",
  rubric: [0, 1].map((value) => ({ value, label: `step ${value}`, means: "so good" })),
  items: ["one", "two", "three"].map((id) => ({
    id,
    group: "g",
    question: `about ${id}`,
    answer: "<script>x</script>",
  })),
};

let folder: string;
let file: string;
let server: RatingServer;
const start = (rater = "anna") =>
  serveRating({ study: STUDY, file, rater, port: 0, now: () => new Date("2026-11-30T12:00:00.000Z") });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cibench-rate-"));
  file = join(folder, "ratings.jsonl");
  server = await start();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As any program could ask: a browser would not let a page choose its Host. */
function send({
  method = "GET",
  path = "/",
  headers = {},
  body = "",
}: Sent): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${server.url.slice(0, -1)}${path}`, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function form(value: string, change: Record<string, string> = {}): Promise<Sent> {
  const { text } = await send({});
  const [, token = ""] = /name="token" value="(\w+)"/.exec(text) ?? [];
  const [, item = ""] = /name="item" value="(\w+)"/.exec(text) ?? [];
  const body = new URLSearchParams({ token, item, value, note: "", ...change }).toString();
  return { method: "POST", path: "/rate", headers: { origin: server.url.slice(0, -1) }, body };
}

describe("the page of cibench rate", () => {
  test("shows what is rated as text, loads and runs nothing, and stands in no frame", async () => {
    const { status, text, headers } = await send({});
    expect(status).toBe(200);
    expect(text).toContain("&lt;script&gt;x&lt;/script&gt;");
    expect(text).not.toContain("<script");
    expect(text).toContain("How &lt;good&gt;?");
    expect(headers["content-security-policy"]).toMatch(
      /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    );
  });

  test("keeps each rating at once, goes on where it was left, and gives all of them back", async () => {
    expect((await send(await form("1", { note: "a\nnote" }))).status).toBe(303);
    expect((await send(await form("none"))).status).toBe(303);
    await server.close();
    server = await start();
    expect((await send({})).text).toContain("2 of 3 rated by anna");
    expect((await send(await form("0"))).status).toBe(303);
    const done = await send({});
    expect(done.text).toContain("All 3 are rated by anna");
    const [, last = ""] = /item=(\w+)/.exec(done.text) ?? [];
    expect((await send({ path: `/?item=${last}` })).text).toContain('value="0" required checked');
    const exported = await send({ path: "/export" });
    expect(exported.text.trimEnd().split("\n")).toHaveLength(3);
    const own = [...lastRatings(await readRatings(file), "anna").values()];
    expect(own.map(({ value }) => value)).toEqual([1, null, 0]);
    expect(own[0]?.note).toBe("a\nnote");
    expect(readFileSync(file, "utf8")).toBe(exported.text);
  });

  test("another rater begins anew, in an order of their own", async () => {
    await send(await form("1"));
    await server.close();
    server = await start("ben");
    expect((await send({})).text).toContain("0 of 3 rated by ben");
    expect((await send({ path: "/export" })).text).toBe("");
  });

  test("answers neither other names, nor other pages, nor forms without its token", async () => {
    const good = await form("1");
    const other = { "http://evil.example": 403, null: 403, "http://127.0.0.1:1": 403 };
    for (const [origin, status] of Object.entries(other)) {
      expect((await send({ ...good, headers: { origin } })).status).toBe(status);
    }
    expect((await send({ ...good, headers: {} })).status).toBe(403);
    expect((await send({ headers: { host: "evil.example" } })).status).toBe(403);
    expect((await send({ ...good, headers: { ...good.headers, host: "evil.example" } })).status).toBe(403);
    expect((await send(await form("1", { token: "0".repeat(48) }))).status).toBe(403);
    expect((await send(await form("1", { token: "é" }))).status).toBe(403);
    expect((await send(await form("9"))).status).toBe(400);
    expect((await send(await form("1", { item: "four" }))).status).toBe(400);
    expect((await send(await form("1", { note: "x".repeat(20_000) }))).status).toBe(413);
    expect((await send({ path: "/../etc/passwd" })).status).toBe(404);
    expect((await send({ method: "DELETE" })).status).toBe(404);
    expect(await readRatings(file)).toEqual([]);
  });
});

test("the command serves until it is ended, and refuses ratings that it cannot read", async () => {
  const cibench = commandsOn(() => folder);
  const study = join(folder, "study.json");
  writeFileSync(study, JSON.stringify(STUDY));
  const rate = ["rate", "--study", study, "--out", file, "--rater"];
  const ended = await cibench(...rate, "anna");
  expect([ended.code, ended.stderr]).toEqual([
    0,
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/ is open for anna/),
  ]);
  const { port } = new URL(server.url);
  const taken = await cibench(...rate, "anna", "--port", port);
  expect([taken.code, taken.stderr]).toEqual([3, expect.stringContaining("PORT_UNAVAILABLE")]);
  writeFileSync(file, "{}\n");
  expect((await cibench(...rate, "anna")).stderr).toContain("RATINGS_UNREADABLE");
  for (const wrong of [["Anna"], ["anna", "--port", "x"]]) expect((await cibench(...rate, ...wrong)).code).toBe(2);
});
