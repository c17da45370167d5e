/** The Chrome or Chromium of this computer, driven by playwright-core. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome"];
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** `DRIFT_BROWSER`, else one on PATH, else a usual place; undefined when there is none. */
export function findBrowser(env: NodeJS.ProcessEnv): string | undefined {
  const onPath = (env["PATH"] ?? "").split(path.delimiter).flatMap((dir) => NAMES.map((name) => path.join(dir, name)));
  return [env["DRIFT_BROWSER"] ?? "", ...onPath, ...PLACES].find((file) => file !== "" && isExecutable(file));
}

/** Silence towards the network, and no sandbox, which containers do not allow. */
export const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

/** A headless browser with a fresh profile, silenced towards the network. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...BROWSER_FLAGS],
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
