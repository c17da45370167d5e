/** Reads over HTTP (and from `file:` addresses, which package indexes may have). */
import { copyFile, open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Response } from "make-fetch-happen";
import { CorpusError } from "../errors.ts";
import { unreachableError } from "./context.ts";

/** How the user's own client reaches its index. */
export interface HttpSettings {
  /** Address of a proxy; without it the environment's `HTTPS_PROXY` and `HTTP_PROXY` hold. */
  proxy?: string;
  /** Certificates to trust, PEM. */
  ca?: string;
}

const LARGEST_PAGE = 64 * 2 ** 20;
const LARGEST_ARCHIVE = 4 * 2 ** 30;
const CHECK = "Check the network, the proxy and the address of the index, or use --offline for what is cached.";

/**
 * A page as text.
 *
 * @returns null when there is none (404, 410, or no such file)
 * @throws CorpusError `CORPUS_UNREACHABLE`
 */
export async function readPage(
  address: string,
  options: { label: string; accept: string; http: HttpSettings },
): Promise<{ text: string; type: string } | null> {
  const url = new URL(address);
  if (url.protocol === "file:") {
    const text = await readFile(fileURLToPath(url), "utf8").catch(() => null);
    return text === null
      ? null
      : { text, type: path.extname(url.pathname) === ".json" ? "application/json" : "text/html" };
  }
  const response = await request(url, options.label, { accept: options.accept }, options.http);
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw unreachableError(options.label, `status ${response.status}`, CHECK);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > LARGEST_PAGE) throw unreachableError(options.label, "an endless page", CHECK);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw broken(options.label, cause);
  }
  return { text: Buffer.concat(chunks).toString("utf8"), type: response.headers.get("content-type") ?? "" };
}

/**
 * Writes what lies at an address to `target`; goes on behind what `target` already holds where the server can.
 *
 * @throws CorpusError `CORPUS_UNREACHABLE`; `CORPUS_ARCHIVE` when it does not end
 */
export async function download(
  address: string,
  target: string,
  options: { label: string; http: HttpSettings },
): Promise<void> {
  const url = new URL(address);
  if (url.protocol === "file:") {
    return copyFile(fileURLToPath(url), target).catch((cause: unknown) => {
      throw broken(options.label, cause);
    });
  }
  const got = (await stat(target).catch(() => undefined))?.size ?? 0;
  const range = got > 0 ? { range: `bytes=${got}-` } : {};
  const response = await request(url, options.label, { "accept-encoding": "identity", ...range }, options.http);
  if (got > 0 && response.status === 416) {
    response.body.resume();
    await rm(target);
    return download(address, target, options);
  }
  if (!response.ok) {
    response.body.resume();
    throw unreachableError(options.label, `status ${response.status}`, CHECK);
  }
  const goesOn =
    got > 0 && response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${got}-`);
  let size = goesOn === true ? got : 0;
  const handle = await open(target, goesOn === true ? "a" : "w");
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > LARGEST_ARCHIVE) {
        throw new CorpusError("CORPUS_ARCHIVE", `${options.label} is larger than ${LARGEST_ARCHIVE / 2 ** 30} GiB`);
      }
      // Each piece is on the disk before the next is taken, so that what a cut-off download leaves can be used.
      await handle.write(chunk);
    }
  } catch (cause) {
    throw broken(options.label, cause);
  } finally {
    await handle.close();
  }
}

async function request(
  url: URL,
  label: string,
  headers: Record<string, string>,
  { proxy, ca }: HttpSettings,
): Promise<Response> {
  const { default: fetch } = await import("make-fetch-happen");
  const auth =
    url.username === ""
      ? {}
      : { authorization: `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}` };
  const clean = new URL(url);
  clean.username = "";
  clean.password = "";
  try {
    return await fetch(clean.href, {
      headers: { "user-agent": "drift-corpora", ...headers, ...auth },
      cache: "no-store",
      retry: { retries: 1, minTimeout: 500, maxTimeout: 2000 },
      timeout: 60_000,
      ...(proxy === undefined ? {} : { proxy }),
      ...(ca === undefined ? {} : { ca }),
    });
  } catch (cause) {
    throw broken(label, cause);
  }
}

function broken(label: string, cause: unknown): Error {
  if (cause instanceof CorpusError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (["ENOSPC", "EROFS", "EACCES"].includes(code) && cause instanceof Error) return cause;
  return unreachableError(label, code, CHECK, cause);
}
