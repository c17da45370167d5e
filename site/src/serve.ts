/** Serves the built site on this computer only: `node site/src/serve.ts [--port <n>]`. */
import { createReadStream, existsSync, realpathSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { type CommandIo, isProgram, PACKAGE_DIR, recoverSite } from "./build.ts";
import { DriftError, describeFailure } from "./errors.ts";
import { SECURITY_HEADERS } from "./security.ts";

/** A running server. */
export interface SiteServer {
  /** Where the site is, with a final slash. */
  url: string;
  /** Stops at once; open connections are cut. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/**
 * Serves the folder `dir` on 127.0.0.1. Port 0 takes any free one.
 *
 * @throws DriftError `SITE_MISSING` when there is no built site, `PORT_UNAVAILABLE` when the port cannot be had
 */
export async function serveSite(options: { dir: string; port: number }): Promise<SiteServer> {
  recoverSite(options.dir);
  if (!existsSync(path.join(options.dir, "index.html"))) {
    throw new DriftError("SITE_MISSING", "there is no built site yet", {
      hint: 'Run "npm start": it measures, stores and builds the site.',
    });
  }
  const server = createServer((request, response) => answer(request, response, options.dir));
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

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE";
      const message = taken ? `port ${port} is taken` : `port ${port} cannot be used (${cause.code ?? cause.message})`;
      reject(
        new DriftError("PORT_UNAVAILABLE", message, {
          hint: `Choose another one, as in "npm run site -- --port ${port === 4321 ? 4322 : 4321}", or any free one with "--port 0".`,
          cause,
        }),
      );
    });
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => resolve());
  });
}

/** Sends the file that a request asks for, or says why not. */
function answer(request: IncomingMessage, response: ServerResponse, dir: string): void {
  if (!isOwnHost(request)) {
    // A page elsewhere that resolved its own name to this address must not read the site (DNS rebinding).
    return refuse(response, 403, "This server answers only to 127.0.0.1 and localhost.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return refuse(response, 405, "Only GET and HEAD are answered.");
  }
  const segments = segmentsOf(request.url ?? "");
  if (segments === null) return refuse(response, 400, "This is no address of the site.");
  const found = locate(dir, segments);
  if (found === null) return sendFile(request, response, 404, locate(dir, ["404.html"])?.file ?? null);
  if (found.redirect) {
    response.writeHead(308, { ...SECURITY_HEADERS, location: `/${segments.map(encodeURIComponent).join("/")}/` });
    response.end();
    return;
  }
  sendFile(request, response, 200, found.file);
}

function isOwnHost(request: IncomingMessage): boolean {
  const port = request.socket.localPort;
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`, ...(port === 80 ? [LOOPBACK, "localhost"] : [])];
  return hosts.includes(request.headers.host?.toLowerCase() ?? "");
}

/** The decoded parts of a path, the last one empty for a folder; null when it is malformed or tries to climb. */
function segmentsOf(url: string): string[] | null {
  const [rawPath = ""] = url.split(/[?#]/, 1);
  if (!rawPath.startsWith("/") || rawPath.startsWith("//")) return null;
  try {
    const segments = rawPath.slice(1).split("/").map(decodeURIComponent);
    return segments.some((segment) => /[/\\\0]/.test(segment) || segment.startsWith(".")) ? null : segments;
  } catch {
    return null; // Not valid percent encoding.
  }
}

/** The file behind a path; a folder without a final slash is to be redirected. Links that lead outside are not followed. */
function locate(dir: string, segments: string[]): { file: string; redirect: boolean } | null {
  try {
    const root = realpathSync(dir);
    const isFolder = segments.at(-1) === "";
    const target = realpathSync(path.join(root, ...segments, ...(isFolder ? ["index.html"] : [])));
    if (!target.startsWith(root + path.sep)) return null;
    const stat = statSync(target);
    if (stat.isFile()) return { file: target, redirect: false };
    return stat.isDirectory() && !isFolder ? { file: target, redirect: true } : null;
  } catch {
    return null; // No such file.
  }
}

const CONTENT_TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
};

/** What becomes smaller by compressing it, as static hosts do. */
const isText = (type: string): boolean => type.includes("charset=utf-8") || type === "image/svg+xml";

function sendFile(request: IncomingMessage, response: ServerResponse, status: number, file: string | null): void {
  if (file === null) return refuse(response, status, "No such page.");
  const stream = createReadStream(file);
  stream.once("error", () => {
    // The site was swapped by a build between finding the file and opening it.
    if (response.headersSent) response.destroy();
    else refuse(response, 404, "No such page.");
  });
  stream.once("open", () => {
    const type = CONTENT_TYPES[path.extname(file)] ?? "application/octet-stream";
    const compressed = isText(type) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    response.writeHead(status, {
      ...SECURITY_HEADERS,
      "content-type": type,
      "cache-control": "no-cache",
      vary: "accept-encoding",
      ...(compressed ? { "content-encoding": "gzip" } : {}),
    });
    if (request.method === "HEAD") {
      stream.destroy();
      response.end();
      return;
    }
    response.once("close", () => stream.destroy());
    if (compressed) stream.pipe(createGzip()).pipe(response);
    else stream.pipe(response);
  });
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

const HELP = `Usage: npm run site -- [options]

Serves the built site on 127.0.0.1 until it is interrupted. Its address is printed on standard output.

Options:
  --port <n>     port to listen on, 0 for any free one (default: 4321)
  --dir <dir>    the built site (default: site/dist)
  --help         print this help

Exit codes: 0 interrupted · 2 bad arguments · 3 no built site, or the port cannot be had · 70 a bug in Drift
`;

/** The command line of this file; `stop` ends it. @returns the exit code */
export async function serveCommand(args: string[], io: CommandIo & { stop: AbortSignal }): Promise<number> {
  try {
    const { dir, port, help } = parseServeArgs(args);
    if (help) {
      io.stdout(HELP);
      return 0;
    }
    const server = await serveSite({ dir, port });
    io.stdout(`${server.url}\n`);
    io.stderr("Press Ctrl+C to stop.\n");
    await new Promise<void>((resolve) => {
      if (io.stop.aborted) resolve();
      io.stop.addEventListener("abort", () => resolve(), { once: true });
    });
    await server.close();
    return 0;
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    io.stderr(text);
    return exitCode;
  }
}

function parseServeArgs(args: string[]): { dir: string; port: number; help: boolean } {
  const bad = (message: string, cause?: unknown): DriftError =>
    new DriftError("BAD_ARGUMENTS", message, { hint: "See --help.", cause, exitCode: 2 });
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: "string", default: "4321" },
        dir: { type: "string", default: path.join(PACKAGE_DIR, "dist") },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      throw bad(`--port wants a number from 0 to 65535, not "${values.port}"`);
    }
    return { dir: path.resolve(values.dir), port: Number(values.port), help: values.help };
  } catch (cause) {
    if (cause instanceof DriftError) throw cause;
    throw bad(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/* v8 ignore start -- the program itself; tests start it as a process */
if (isProgram(import.meta.url)) {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.exitCode = await serveCommand(process.argv.slice(2), {
    env: process.env,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    stop: stop.signal,
  });
}
/* v8 ignore stop */
