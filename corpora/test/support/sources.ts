/** Sources to fetch, made on this computer: packages, and indexes that offer them. */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { onTestFinished } from "vitest";
import { contextOf } from "../../src/fetch.ts";
import { obtainSource, type Obtained, type SourceAddress } from "../../src/fetch/source.ts";
import { listFiles, treeSha256 } from "../../src/tree.ts";
import { folderWith } from "./folder.ts";
import { tarball } from "./tarball.ts";
import { zip } from "./zip.ts";

// Large enough that half of it is more than one network packet.
export const NOISE = Array.from({ length: 20_000 }, (_, i) => sha256(String(i))).join("\n");
export const FILES = { "a.py": "def a(): pass\n", "pkg/b.py": "def b(): pass\n", "pkg/noise.txt": NOISE };
export const SDIST = tarball(Object.entries(FILES).map(([file, text]) => ({ path: `demo-1.0/${file}`, text })));
export const HALF = Math.floor(SDIST.length / 2);
export const WHEEL = zip([
  { path: "demo/__init__.py", content: "def a(): pass\n" },
  { path: "demo-1.0.dist-info/METADATA", content: "Name: demo\n" },
  { path: "demo-1.0.data/purelib/extra.py", content: "" },
  { path: "demo-1.0.data/scripts/run", content: "" },
]);

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function treeOf(files: Record<string, string>): Promise<string> {
  const folder = folderWith(files);
  return treeSha256(folder, await listFiles(folder));
}

/** Gets a source into folders of its own. */
export async function obtain(
  source: SourceAddress,
  {
    env = {},
    cacheDir = folderWith(),
    offline = false,
  }: { env?: Record<string, string>; cacheDir?: string; offline?: boolean } = {},
): Promise<Obtained & { files: string[]; folder: string }> {
  const work = folderWith();
  await mkdir(path.join(work, "out"));
  await mkdir(path.join(work, "work"));
  const home = folderWith();
  const context = contextOf({
    cacheDir,
    offline,
    env: { HOME: home, PATH: process.env["PATH"], PIP_CONFIG_FILE: "/dev/null", ...env },
  });
  const obtained = await obtainSource(source, path.join(work, "out"), path.join(work, "work"), context);
  return { ...obtained, folder: path.join(work, "out"), files: await listFiles(path.join(work, "out")) };
}

/** A server of this computer alone; answers are what `answer` gives. */
export async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const one = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => one.once("listening", resolve));
  onTestFinished(() => {
    one.closeAllConnections();
    one.close();
  });
  const address = one.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** A package index with these files of the package "demo". */
export async function index(
  files: Record<string, Buffer>,
  options: {
    html?: boolean;
    login?: string;
    serve?: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
  } = {},
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const url = await server((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    const login = options.login === undefined ? undefined : `Basic ${btoa(options.login)}`;
    if (login !== undefined && request.headers.authorization !== login) return void response.writeHead(401).end();
    if (request.url === "/simple/demo/") {
      const html = Object.keys(files).map((file) => `<a href="../../files/${file}#sha256=0">${file}</a>`);
      const json = { files: Object.keys(files).map((file) => ({ filename: file, url: `../../files/${file}` })) };
      if (options.html === true) response.writeHead(200, { "content-type": "text/html" }).end(html.join("\n"));
      else response.writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" }).end(JSON.stringify(json));
      return undefined;
    }
    const body = files[path.posix.basename(request.url ?? "")];
    if (body === undefined) return void response.writeHead(404).end();
    return options.serve === undefined ? void response.end(body) : options.serve(request, response, body);
  });
  return { url: `${url}/simple`, asked };
}

/** Answers from where the request wants to go on. */
export function ranged(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from >= body.length) return void response.writeHead(416).end();
  if (from > 0) response.writeHead(206, { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` });
  return void response.end(body.subarray(from));
}

export const DEMO = { type: "pypi", name: "Demo", version: "1.0", file: "demo-1.0.tar.gz" } as const;
