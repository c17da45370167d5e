/** The page of `cibench rate`, for the person at this computer: it listens on loopback only, and answers nobody else's pages. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { CibenchError } from "../errors.ts";
import type { Study, StudyItem } from "../schema/rating.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { shuffle } from "../scores/shuffle.ts";
import { addRating, lastRatings, readRatings } from "../validation/ratings-file.ts";
import { donePage, itemPage, PAGE_HEADERS } from "./page.ts";

export interface RatingOptions {
  study: Study;
  /** Where ratings are added. */
  file: string;
  /** A pseudonym; each rater sees the items in an order of their own. */
  rater: string;
  /** 0 takes any free one. */
  port: number;
  now: () => Date;
}

/** A running server. */
export interface RatingServer {
  url: string;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
/** Above any note. */
const LARGEST_BODY_BYTES = 16_384;

/**
 * Serves one study to one rater. Of a request is checked: its Host (names that others resolve to this address are refused), and of
 * what changes something its Origin and a token that only the page knows.
 *
 * @throws CibenchError `PORT_UNAVAILABLE`; `RATINGS_UNREADABLE` when there are ratings already that cannot be read
 */
export async function serveRating(options: RatingOptions): Promise<RatingServer> {
  const { study, rater } = options;
  const order = shuffle([...study.items], xoroshiro128plus(mixSeed(1, `${study.study}\n${rater}`)));
  await readRatings(options.file);
  const state: State = { ...options, order, token: randomBytes(24).toString("hex") };
  const server = createServer((request, response) => {
    answer(request, response, state).catch(() => refuse(response, 500, "The ratings cannot be read or written."));
  });
  // Somebody who sends a byte a minute must not keep it busy.
  server.requestTimeout = 10_000;
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface State extends RatingOptions {
  order: readonly StudyItem[];
  token: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const port = request.socket.localPort;
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  const host = request.headers.host?.toLowerCase() ?? "";
  if (!hosts.includes(host)) return refuse(response, 403, "This page answers only to 127.0.0.1 and localhost.");
  const url = new URL(request.url ?? "/", `http://${host}`);
  const route = `${request.method ?? ""} ${url.pathname}`;
  if (route === "POST /rate") {
    if (request.headers.origin !== `http://${host}`) return refuse(response, 403, "Another page must not rate.");
    return rate(request, response, state);
  }
  if (route === "GET /") return send(response, await pageOf(state, url.searchParams.get("item")));
  if (route === "GET /export") return exportRatings(response, state);
  return refuse(response, 404, "There is no such page.");
}

async function pageOf(state: State, wanted: string | null): Promise<string> {
  const { study, order, rater, token, file } = state;
  const own = lastRatings(await readRatings(file), rater);
  const chosen = order.find(({ id }) => id === wanted) ?? order.find(({ id }) => !own.has(id));
  if (chosen === undefined) return donePage(study, rater, order.at(-1)?.id ?? null);
  const previous = order[order.indexOf(chosen) - 1]?.id ?? null;
  const done = order.filter(({ id }) => own.has(id)).length;
  return itemPage(study, chosen, { rater, token, done, previous, own: own.get(chosen.id) });
}

async function rate(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const body = await bodyOf(request);
  if (body === null) return refuse(response, 413, "That is too much for a rating.");
  const form = new URLSearchParams(body);
  if (!isSame(form.get("token") ?? "", state.token)) return refuse(response, 403, "Load the page again, then rate.");
  const item = state.order.find(({ id }) => id === form.get("item"));
  const said = form.get("value") ?? "";
  const value = said === "none" ? null : state.study.rubric.find((step) => String(step.value) === said)?.value;
  if (item === undefined || value === undefined)
    return refuse(response, 400, "That is no item, or no step of the rubric.");
  const note = (form.get("note") ?? "").slice(0, 2000);
  const { study, rater, now } = state;
  await addRating(state.file, {
    ...{ study: study.study, itemId: item.id, rater, value, at: now().toISOString() },
    ...(note === "" ? {} : { note }),
  });
  response.writeHead(303, { ...PAGE_HEADERS, location: "/" });
  response.end();
}

async function exportRatings(response: ServerResponse, { file, rater, study }: State): Promise<void> {
  const own = [...lastRatings(await readRatings(file), rater).values()];
  response.writeHead(200, {
    ...PAGE_HEADERS,
    "content-type": "application/jsonl; charset=utf-8",
    "content-disposition": `attachment; filename="${study.study}-${rater}.jsonl"`,
  });
  response.end(own.map((rating) => `${JSON.stringify(rating)}\n`).join(""));
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function send(response: ServerResponse, html: string): void {
  response.writeHead(200, PAGE_HEADERS);
  response.end(html);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  if (!response.headersSent)
    response.writeHead(status, { ...PAGE_HEADERS, "content-type": "text/plain; charset=utf-8" });
  response.end(`${why}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new CibenchError("PORT_UNAVAILABLE", `port ${port} cannot be used: ${cause.message}`, {
          hint: "Leave out --port: any free one is taken.",
          cause,
        }),
      );
    });
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => resolve());
  });
}
