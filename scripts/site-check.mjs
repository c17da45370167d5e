// Checks the built site. Its browser part needs a Chrome or Chromium: where none is found, Debian's is installed if that is allowed.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findBrowser, installBrowser } from "./checks/browser.mjs";

const program = fileURLToPath(new URL("../site/src/check/main.ts", import.meta.url));
const args = process.argv.slice(2);
const needsBrowser = !["--help", "-h", "--no-browser"].some((flag) => args.includes(flag));
const browser = needsBrowser
  ? (findBrowser(process.env) ??
    installBrowser({ env: process.env, say: (line) => process.stderr.write(`site:check: ${line}\n`) }))
  : undefined;
const env = { ...process.env, ...(browser === undefined ? {} : { DRIFT_BROWSER: browser }) };
const { status, error } = spawnSync(process.execPath, [program, ...args], { env, stdio: "inherit" });
if (error) throw error;
process.exitCode = status ?? 70;
