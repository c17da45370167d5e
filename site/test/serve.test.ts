import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveCommand, serveSite, type SiteServer } from "../src/serve.ts";

const PROGRAM = fileURLToPath(new URL("../src/serve.ts", import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), "drift-serve-"));
const dir = path.join(folder, "dist");
let server: SiteServer;

beforeAll(async () => {
  mkdirSync(path.join(dir, "runs", "a b"), { recursive: true });
  mkdirSync(path.join(dir, "data"));
  writeFileSync(path.join(folder, "secret.txt"), "secret");
  writeFileSync(path.join(dir, "index.html"), "<p>home</p>");
  writeFileSync(path.join(dir, "404.html"), "<p>nothing here</p>");
  writeFileSync(path.join(dir, "runs", "a b", "index.html"), "<p>run</p>");
  writeFileSync(path.join(dir, "data", "x.json"), "{}");
  writeFileSync(path.join(dir, "data", "x.gz"), "gz");
  writeFileSync(path.join(dir, "data", "x.odd"), "odd");
  writeFileSync(path.join(dir, "a.svg"), "<svg/>");
  writeFileSync(path.join(dir, ".hidden"), "hidden");
  symlinkSync(path.join(folder, "secret.txt"), path.join(dir, "link.txt"));
  symlinkSync(folder, path.join(dir, "up"));
  server = await serveSite({ dir, port: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request with the path exactly as given; clients of a higher level would tidy it up. */
function get(
  target: string,
  { method = "GET", host, encoding }: { method?: string; host?: string; encoding?: string } = {},
): Promise<Reply> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const call = request({
      host: "127.0.0.1",
      port,
      path: target,
      method,
      headers: {
        ...(host === undefined ? {} : { host }),
        ...(encoding === undefined ? {} : { "accept-encoding": encoding }),
      },
    });
    call.once("error", reject);
    call.once("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    call.end();
  });
}

describe("a page", () => {
  test("is found by its address, with its type and the security headers", async () => {
    const { status, headers, body } = await get("/?x=1");
    expect([status, body]).toEqual([200, "<p>home</p>"]);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
  });

  test.each([
    ["/data/x.json", "application/json; charset=utf-8"],
    ["/data/x.gz", "application/gzip"],
    ["/data/x.odd", "application/octet-stream"],
    ["/a.svg", "image/svg+xml"],
  ])("%s has the type %s", async (target, type) => {
    const { status, headers } = await get(target);
    expect([status, headers["content-type"]]).toEqual([200, type]);
    expect(headers["content-encoding"]).toBeUndefined();
  });

  test("is compressed for whom asks so, unless it is compressed already", async () => {
    expect((await get("/", { encoding: "br, gzip" })).headers["content-encoding"]).toBe("gzip");
    expect((await get("/", { encoding: "br" })).headers["content-encoding"]).toBeUndefined();
    expect((await get("/data/x.gz", { encoding: "gzip" })).headers["content-encoding"]).toBeUndefined();
    const answer = await fetch(server.url);
    expect([answer.headers.get("content-encoding"), await answer.text()]).toEqual(["gzip", "<p>home</p>"]);
  });

  test("a folder is reached with its final slash", async () => {
    expect((await get("/runs/a%20b/")).body).toBe("<p>run</p>");
    expect(await get("/runs/a%20b")).toMatchObject({ status: 308, headers: { location: "/runs/a%20b/" } });
  });

  test("that is not there is answered with the page that says so", async () => {
    for (const target of ["/none", "/none/", "/index.html/x", "/data/"]) {
      expect(await get(target)).toMatchObject({ status: 404, body: "<p>nothing here</p>" });
    }
  });

  test("HEAD has the headers and no body; other methods are refused", async () => {
    expect(await get("/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await get("/", { method: "POST" })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });
});

describe("nothing outside the site is readable", () => {
  test.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/runs/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/runs\\..\\..\\secret.txt",
    "//127.0.0.1/secret.txt",
    "/secret.txt%00.html",
    "/%",
    "/%c0%ae%c0%ae/secret.txt",
    "/.hidden",
    "secret.txt",
    "http://127.0.0.1/secret.txt",
  ])("%s", async (target) => {
    const { status, body } = await get(target);
    expect(status).toBe(400);
    expect(body).not.toContain("secret\n");
  });

  test.each(["/link.txt", "/up/secret.txt", "/up/dist/index.html"])("through the link %s", async (target) => {
    const { status, body } = await get(target);
    expect(body).not.toBe("secret");
    expect(target === "/up/dist/index.html" ? [200, 404] : [404]).toContain(status);
  });

  test.each(["evil.example", "evil.example:80", "127.0.0.1", "localhost.evil.example", "null"])(
    "to a page that calls itself %j",
    async (host) => {
      expect(await get("/", { host })).toMatchObject({ status: 403 });
    },
  );

  test("this computer's own names are answered", async () => {
    const { port } = new URL(server.url);
    expect(await get("/", { host: `localhost:${port}` })).toMatchObject({ status: 200 });
    expect(await get("/", { host: `LOCALHOST:${port}` })).toMatchObject({ status: 200 });
  });
});

test("without a page for it, a missing address still gets an answer", async () => {
  renameSync(path.join(dir, "404.html"), path.join(dir, "aside"));
  expect(await get("/none")).toMatchObject({ status: 404, body: "No such page.\n" });
  renameSync(path.join(dir, "aside"), path.join(dir, "404.html"));
});

/** Runs the command in this process until it ends by itself. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await serveCommand(args, {
    env: {},
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    stop: AbortSignal.abort(),
  });
  return { code, stdout, stderr };
}

describe("the command", () => {
  test("prints its address, and ends when it is stopped", async () => {
    const { code, stdout } = await run("--port", "0", "--dir", dir);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
  });

  test("a site that was not built is named with the command that builds it", async () => {
    const { code, stdout, stderr } = await run("--dir", path.join(folder, "none"));
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/SITE_MISSING: there is no built site yet\nRun "npm start"/);
  });

  test("a site whose build was killed between its two renames is put back", async () => {
    const whole = path.join(folder, "whole");
    mkdirSync(path.join(folder, ".whole.previous"));
    writeFileSync(path.join(folder, ".whole.previous", "index.html"), "old");
    expect((await run("--port", "0", "--dir", whole)).code).toBe(0);
  });

  test("a port that is taken is said with the remedy", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stderr } = await run("--port", String(port), "--dir", dir);
    expect(code).toBe(3);
    expect(stderr).toContain(`PORT_UNAVAILABLE: port ${port} is taken`);
    expect(stderr).toContain("--port 0");
    await new Promise((resolve) => other.close(resolve));
  });

  test.each([["--port", "70000"], ["--port", "x"], ["--port", "-1"], ["--prot", "1"], ["extra"]])(
    "%s %s is refused",
    async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^BAD_ARGUMENTS: .*\nSee --help\.\n$/s);
    },
  );

  test("--help goes to standard output", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("--port <n>");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it cleanly, even with a connection open", async (signal) => {
    const child = spawn(process.execPath, [PROGRAM, "--port", "0", "--dir", dir], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<[number | null, string | null]>((resolve) =>
      child.once("exit", (code, by) => resolve([code, by])),
    );
    const url = await new Promise<string>((resolve) =>
      child.stdout.once("data", (data: Buffer) => resolve(String(data).trim())),
    );
    expect(await (await fetch(url)).text()).toBe("<p>home</p>");
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });
});
