/** What the peer `@ast-grep/cli` is asked: a rule that never matches (parse everything), and the rule that counts calls. */
import { createRequire } from "node:module";
import * as path from "node:path";
import * as readline from "node:readline";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { DriftError } from "@drift/engine";
import { z } from "zod";
import type { Command } from "../runners/process.ts";

/** The three that together cover js mjs cjs jsx ts mts cts tsx. */
const JAVASCRIPT = ["TypeScript", "Tsx", "JavaScript"];

function ruleText(id: string, languages: readonly string[], rule: string): string {
  return languages
    .map((language) => `id: ${id}-${language.toLowerCase()}\nlanguage: ${language}\nrule: ${rule}`)
    .join("\n---\n");
}

/** No statement has an empty text, so every file that Drift reads is parsed and visited and nothing is reported. */
const NEVER = [
  ruleText("never", JAVASCRIPT, '{ kind: debugger_statement, regex: "^$" }'),
  ruleText("never", ["Python"], '{ kind: pass_statement, regex: "^$" }'),
].join("\n---\n");
const CALLS = ruleText("calls", JAVASCRIPT, "{ any: [{ kind: call_expression }, { kind: new_expression }] }");

/** The files that Drift reads: hidden folders too, but not git's own; git's ignore rules stay on. */
const SCAN = ["scan", "--no-ignore", "hidden", "--globs", "!.git", "--inline-rules"];

/** `ast-grep scan` over a folder with a rule that never matches. */
export function neverMatchingScan(folder: string): Command {
  return { tool: "ast-grep", file: binary(), args: [...SCAN, NEVER, "."], cwd: folder };
}

/** The version that is measured. */
export function astGrepVersion(): string {
  return z.looseObject({ version: z.string() }).parse(require("@ast-grep/cli/package.json")).version;
}

/** One call or `new` expression, in the parser's own terms: 0-based, columns in code points. */
export interface CountedCall {
  file: string;
  start: { line: number; column: number };
  end: { line: number; column: number };
}

const Match = z.object({
  file: z.string(),
  range: z.object({
    start: z.object({ line: z.int(), column: z.int() }),
    end: z.object({ line: z.int(), column: z.int() }),
  }),
});

/** What the peer's parser found below a folder. */
export interface Counted {
  /** Files that it read. */
  files: number;
  calls: number;
}

/**
 * Hands every call and `new` expression below a folder to `onCall`, one at a time as the parser finds them.
 *
 * @throws DriftError `PROCESS_FAILED` when the parser fails
 */
export async function countCalls(folder: string, onCall: (call: CountedCall) => void): Promise<Counted> {
  const child = spawn(binary(), [...SCAN, CALLS, "--json=stream", "--inspect", "summary", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  let calls = 0;
  for await (const line of readline.createInterface({ input: child.stdout, crlfDelay: Infinity })) {
    if (line === "") continue;
    const { file, range } = Match.parse(JSON.parse(line));
    onCall({ file: file.replace(/^\.\//, ""), ...range });
    calls += 1;
  }
  const code = await ended;
  const files = /scannedFileCount=(\d+)/.exec(said.join(""))?.[1];
  if (code !== 0 || files === undefined) throw new DriftError("PROCESS_FAILED", `ast-grep ended with ${code}`);
  return { files: Number(files), calls };
}

const require = createRequire(import.meta.url);

/** The native program itself: the package's shim would add a Node start to every run. */
function binary(): string {
  const fromCli = createRequire(require.resolve("@ast-grep/cli/package.json"));
  const names =
    process.platform === "linux" ? ["linux", "gnu"] : [process.platform, process.platform === "win32" ? "msvc" : ""];
  const name = `@ast-grep/cli-${[names[0], process.arch, names[1]].filter(Boolean).join("-")}`;
  const file = process.platform === "win32" ? "ast-grep.exe" : "ast-grep";
  try {
    const found = path.join(path.dirname(fromCli.resolve(`${name}/package.json`)), file);
    if (existsSync(found)) return found;
  } catch {
    // Told below, together with a package that lacks its program.
  }
  throw new DriftError("PEER_MISSING", `${name} is not installed`, {
    hint: "ast-grep has no program for this system.",
  });
}
