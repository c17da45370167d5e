/** Language servers at the versions that this repository pins; they are development dependencies, so a user installs them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Contestant } from "../adapter.ts";
import { lspAdapter } from "./lsp.ts";

/** For each question, long enough that a busy computer costs no answer; the first one, for which the server reads the project, has the time of the run. */
const ITEM_TIMEOUT_MS = 60_000;

/** Shares code with the oracle of JavaScript and TypeScript, so it is never ranked there. */
export const typescriptServer: Contestant = lspAdapter({
  name: "typescript-language-server",
  server: () => ({
    command: [process.execPath, installed("typescript-language-server", "lib/cli.mjs"), "--stdio"],
    // The server for syntax alone would answer while the project is being read, and worse.
    initialization: {
      tsserver: { path: installed("typescript-classic", "lib/tsserver.js"), useSyntaxServer: "never" },
      disableAutomaticTypingAcquisition: true,
    },
  }),
  languages: ["javascript", "typescript"],
  endings: [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"],
  version: () => `${versionOf("typescript-language-server")} with typescript ${versionOf("typescript-classic")}`,
  itemTimeoutMs: ITEM_TIMEOUT_MS,
});

export const pyright: Contestant = lspAdapter({
  name: "pyright",
  server: () => ({
    command: [process.execPath, installed("pyright", "langserver.index.js"), "--stdio"],
    settings: { "python.analysis": { diagnosticMode: "openFilesOnly", autoSearchPaths: true } },
  }),
  languages: ["python"],
  endings: [".py", ".pyi"],
  version: () => versionOf("pyright"),
  itemTimeoutMs: ITEM_TIMEOUT_MS,
});

function installed(name: string, file: string): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), file);
  } catch (cause) {
    throw new Error(`${name} is not installed beside cibench`, { cause });
  }
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(installed(name, "package.json"), "utf8")) as { version: string }).version;
}
