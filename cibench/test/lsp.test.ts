import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, type Asked } from "../src/adapters/adapter.ts";
import { PEERS } from "../src/adapters/all.ts";
import { nameReader } from "../src/adapters/lsp/functions.ts";
import { boundedMessages } from "../src/adapters/lsp/bounded.ts";
import { lspAdapter } from "../src/adapters/lsp/lsp.ts";
import { directCalls } from "../src/adapters/lsp/peer-check.ts";
import { judgeCallGraph } from "../src/evaluators/graph-edges.ts";
import { callGraphTask } from "../src/tasks/perception/call-graph.ts";
import { sourceTruth, writeSources } from "./support/source-corpus.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  writeSources(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const truth = sourceTruth();
const task = callGraphTask(truth);
const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };

/** A server that finds `work7` and the like where they are; `deviate` may answer a definition request in another way. */
async function askServer(
  deviate: string,
  { endings = null, itemTimeoutMs = 60_000 }: { endings?: string[] | null; itemTimeoutMs?: number } = {},
): Promise<Asked> {
  const file = join(folder, "server.mjs");
  writeFileSync(
    file,
    `let held = Buffer.alloc(0);
     const texts = new Map();
     const say = (message) => {
       const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
       process.stdout.write("Content-Length: " + body.length + "\\r\\n\\r\\n");
       process.stdout.write(body);
     };
     const on = ({ id, method, params }) => {
       if (method === "initialize") {
         say({ id: 900, method: "workspace/configuration", params: { items: [{ section: "x" }] } });
         say({ id, result: { capabilities: { definitionProvider: true }, serverInfo: { name: "fake", version: "7" } } });
       } else if (method === "textDocument/didOpen") texts.set(params.textDocument.uri, params.textDocument.text);
       else if (method === "textDocument/definition") {
         const { textDocument: { uri }, position } = params;
         const lines = texts.get(uri).split("\\n");
         ${deviate}
         const name = /^\\w*/.exec(lines[position.line].slice(position.character))[0];
         const line = lines.findIndex((text) => text.includes("function " + name + "(") || text.startsWith("def " + name + "("));
         const start = { line, character: Math.max(0, (lines[line] ?? "").indexOf(name)) };
         say({ id, result: line < 0 ? null : { uri, range: { start, end: start } } });
       }
     };
     process.stdin.on("data", (part) => {
       held = Buffer.concat([held, part]);
       for (;;) {
         const head = held.indexOf("\\r\\n\\r\\n");
         if (head < 0) return;
         const length = Number(/Content-Length: (\\d+)/.exec(held.subarray(0, head).toString())[1]);
         if (held.length < head + 4 + length) return;
         const body = held.subarray(head + 4, head + 4 + length).toString();
         held = held.subarray(head + 4 + length);
         on(JSON.parse(body));
       }
     });`,
  );
  const adapter = lspAdapter({
    name: "fake",
    server: () => ({ command: [process.execPath, file] }),
    endings,
    version: null,
    itemTimeoutMs,
  });
  expect(await adapter.version()).toBe("7");
  return ask(adapter, { task, root: folder, truth, context, timeoutMs: 60_000 });
}

function verdicts(asked: Asked): string[] {
  const outcomes = asked.state === "answered" ? judgeCallGraph(asked.answer.items, truth) : [];
  return outcomes.map(({ callee, outcome, status }) => `${callee} ${outcome} ${status}`);
}

describe("a language server", () => {
  test("is asked for definitions, and what is no function is said to be unknown", async () => {
    expect(verdicts(await askServer(""))).toEqual([
      "add right certain",
      "add right certain",
      "callback unjudged unknown",
      "Counter abstained unknown",
      "twice abstained unknown",
      "increment wrong certain",
      "log abstained unknown",
      "run right certain",
      "increment right certain",
    ]);
  });

  test("of another language leaves everything unanswered", async () => {
    expect(await askServer("", { endings: [".py"] })).toMatchObject({ state: "answered", problems: { unanswered: 9 } });
  });

  test.each([
    [
      "misses direct calls",
      "if (position.line % 8 === 1) return say({ id, result: null });",
      /the adapter is broken: it finds/,
    ],
    [
      "fails at every request",
      "return say({ id, error: { code: -1, message: 'no' } });",
      /finds 0 of 120 direct calls/,
    ],
    ["answers with nonsense", "return say({ id, result: [{ uri: 7 }] });", /TypeError/],
    ["crashes", "process.exit(5);", /ended with code 5/],
    ["talks without form", "process.stdout.write('x'.repeat(100_000) + '\\r\\n\\r\\n');", /header|Content-Length/i],
    [
      "announces a message of a gigabyte",
      "process.stdout.write('Content-Length: 1073741824\\r\\n\\r\\n');",
      /a message of 1073741824 bytes, of 16777216 at most/,
    ],
    ["writes a header without end", "process.stdout.write('x'.repeat(200_000));", /a header of more than 131072 bytes/],
  ])("that %s has not run", async (_what, deviate, reason) => {
    expect(await askServer(deviate)).toEqual({ state: "not-run", reason: expect.stringMatching(reason) });
  });

  test("that is silent about one call leaves that one unanswered", async () => {
    const silence = "if (lines[position.line].includes('run(() =>')) return;";
    const asked = await askServer(silence, { itemTimeoutMs: 2000 });
    expect(verdicts(asked)).toContain("run abstained unanswered");
  });
});

test("the TypeScript server and pyright find the direct calls of a generated project, or they are not shown", async () => {
  const asked = await ask(PEERS["typescript-language-server"], {
    task,
    root: folder,
    truth,
    context,
    timeoutMs: 120_000,
  });
  expect(asked).toMatchObject({ state: "answered", problems: { malformed: 0, unanswered: 0 } });
  expect(verdicts(asked).filter((one) => !one.includes("right"))).toEqual(["callback unjudged unknown"]);
  expect(await PEERS["typescript-language-server"].version()).toMatch(/^\d+\.\d+\.\d+ with typescript \d/);
  const python = directCalls(".py");
  const root = mkdtempSync(join(tmpdir(), "cibench-"));
  for (const [file, text] of python.texts) writeFileSync(join(root, file), text);
  const options = { task: python.task, root, truth, context, timeoutMs: 120_000 };
  const answered = await ask(PEERS.pyright, options);
  rmSync(root, { recursive: true });
  expect(answered).toMatchObject({ state: "answered", problems: { malformed: 0, unanswered: 0 } });
});

describe("what a name stands for", () => {
  /** The place of `‸` in the text; what is found is shown as kind and the rest of its line. */
  function named(text: string, file = "a.ts"): string | null {
    const offset = text.indexOf("‸");
    const source = text.replace("‸", "");
    const before = source.slice(0, offset).split("\n");
    const found = nameReader(file, source)(before.length, (before.at(-1) as string).length + 1);
    if (found === null || found.kind === "outside") return found && found.kind;
    return `${found.kind} ${(source.split("\n")[found.line - 1] as string).slice(found.column - 1)}`;
  }

  test.each([
    ["export async function ‸f() {}", "function async function f() {}"],
    ["const ‸f = (a) => a;", "function (a) => a;"],
    ["const ‸f = <T>(function () {} as T);", "function function () {} as T);"],
    ["a.prototype.‸f = function () {};", "function function () {};"],
    ["const o = { ‸f() {} };", "function f() {} };"],
    ["const o = { ‸f: () => 1 };", "function () => 1 };"],
    ["class A { ‸#f = () => 1 }", "function () => 1 }"],
    ["class A { ‸constructor() {} }", "function constructor() {} }"],
    ["class ‸A { constructor() {} }", "class constructor() {} }"],
    ["class ‸A {}", "class class A {}"],
    ["const ‸A = class {};", "class class {};"],
    ["function ‸f(a: string): void;\nfunction f(a: unknown) {}", "function function f(a: unknown) {}"],
    ["class A { ‸f(a: 1): void; f(a: unknown) {} }", "function f(a: unknown) {} }"],
    ['import { ‸f } from "package";', "outside"],
    ['import { f as ‸g } from "package";', "outside"],
    ['const { ‸f } = require("package");', "outside"],
    ['import { ‸f } from "./near.ts";', null],
    ["function f(‸a) {}", null],
    ["interface A { ‸f(): void }", null],
    ["const ‸f = g();", null],
    ["const ‸f = (;", null],
  ])("in %j", (text, expected) => {
    expect(named(text)).toBe(expected);
  });

  test.each([
    ["async def ‸f(a):", "function f(a):"],
    ["class ‸A(B):", "class A(B):"],
    ["‸f = lambda a: a", "function lambda a: a"],
    ["‸f = g", null],
  ])("in Python in %j", (text, expected) => {
    expect(named(text, "a.py")).toBe(expected);
  });

  test("in a stub or in a language that nobody knows", () => {
    expect(named("def ‸f(): ...", "a.pyi")).toBeNull();
    expect(named("fn ‸f() {}", "a.rs")).toBe("function f() {}");
  });
});

test("what a server writes may be cut anywhere, and is bounded as a whole and by message", async () => {
  const three = Buffer.from("Content-Length: 3\r\n\r\n{é".repeat(3));
  const through = async (text: Buffer, totalBytes: number, step: number): Promise<Buffer> => {
    const bounded = boundedMessages({ headerBytes: 30, bodyBytes: 3, totalBytes });
    for (let at = 0; at < text.length; at += step) bounded.write(text.subarray(at, at + step));
    bounded.end();
    return Buffer.concat(await bounded.toArray());
  };
  for (const step of [1, 2, 7, 25, three.length]) {
    expect(await through(three, three.length, step)).toEqual(three);
    await expect(through(three, three.length - 1, step)).rejects.toThrow("bytes of answers");
    const four = Buffer.concat([three, Buffer.from("Content-Length: 4\r\n\r\n")]);
    await expect(through(four, 1000, step)).rejects.toThrow("a message of 4 bytes, of 3 at most");
  }
});
