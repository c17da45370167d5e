/** A GitHub of the test's own, on loopback: it keeps comments and check runs, checks what it is sent, and fails on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

export interface Failure {
  status: number;
  headers?: Record<string, string>;
}

export interface FakeGitHub {
  url: string;
  received: Received[];
  comments: { id: number; body: string; user: { type: string } }[];
  checks: { id: number; status: string; conclusion?: string; output: { title: string; annotations: number } }[];
  pulls: { number: number; head: { sha: string } }[];
  /** Answers to the next requests, before anything is done. */
  failures: Failure[];
}

/** Comments on one page of the list; the real one has 100. */
const PAGE = 3;

export async function fakeGitHub(token: string): Promise<FakeGitHub> {
  const state: Omit<FakeGitHub, "url"> = { received: [], comments: [], checks: [], pulls: [], failures: [] };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => answer(state, { request, response, body, token }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url });
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function answer(
  state: Omit<FakeGitHub, "url">,
  {
    request,
    response,
    body,
    token,
  }: { request: IncomingMessage; response: ServerResponse; body: Record<string, unknown>; token: string },
): void {
  const { method = "", url = "" } = request;
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  state.received.push({
    method,
    path: `${pathname}${[...searchParams].length > 0 ? url.slice(pathname.length) : ""}`,
    body,
  });
  const send = (status: number, content: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(content));
  };
  const failure = state.failures.shift();
  if (failure !== undefined) return send(failure.status, { message: "no" }, failure.headers);
  if (request.headers.authorization !== `token ${token}`) return send(401, { message: "Bad credentials" });
  const route = `${method} ${pathname.replace("/repos/o/r", "").replaceAll(/\d+/g, "#")}`;
  const id = Number(/(\d+)/.exec(pathname.replace("/repos/o/r", ""))?.[1] ?? 0);
  switch (route) {
    case "GET /issues/#/comments": {
      const page = Number(searchParams.get("page") ?? 1);
      const more = state.comments.length > page * PAGE;
      const next = `<http://${request.headers.host ?? ""}${pathname}?page=${page + 1}>; rel="next"`;
      return send(200, state.comments.slice((page - 1) * PAGE, page * PAGE), more ? { link: next } : {});
    }
    case "POST /issues/#/comments": {
      if (String(body["body"]).length > 65_536) return send(422, { message: "body is too long" });
      const comment = { id: 100 + state.comments.length, body: String(body["body"]), user: { type: "Bot" } };
      state.comments.push(comment);
      return send(201, comment);
    }
    case "PATCH /issues/comments/#": {
      const comment = state.comments.find((one) => one.id === id);
      if (comment === undefined) return send(404, { message: "Not Found" });
      comment.body = String(body["body"]);
      return send(200, comment);
    }
    case "POST /check-runs": {
      if (!/^[0-9a-f]{40}$/.test(String(body["head_sha"]))) return send(422, { message: "head_sha" });
      const check = {
        id: 7 + state.checks.length,
        status: String(body["status"]),
        output: { title: "", annotations: 0 },
      };
      state.checks.push(check);
      return send(201, check);
    }
    case "PATCH /check-runs/#": {
      const check = state.checks.find((one) => one.id === id);
      const output = body["output"] as { title: string; summary: string; annotations: unknown[] };
      if (check === undefined) return send(404, { message: "Not Found" });
      if (output.annotations.length > 50) return send(422, { message: "No more than 50 annotations" });
      if (output.summary.length > 65_535) return send(422, { message: "summary is too long" });
      check.output = { title: output.title, annotations: check.output.annotations + output.annotations.length };
      if (body["conclusion"] !== undefined)
        Object.assign(check, { conclusion: body["conclusion"], status: "completed" });
      return send(200, check);
    }
    case "GET /pulls":
      return send(200, state.pulls);
    default:
      return send(404, { message: `no route ${route}` });
  }
}
