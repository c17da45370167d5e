import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The Chrome or Chromium of this computer: `DRIFT_BROWSER`, else one on PATH, else a usual place; undefined when none.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function findBrowser(env) {
  const onPath = (env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(env.DRIFT_BROWSER ? [env.DRIFT_BROWSER] : []), ...onPath, ...places].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs Debian's Chromium where that is allowed: as root, or with a sudo that asks nothing.
 *
 * @param {{ env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 * @returns the browser's path; undefined when it could not be installed
 */
export function installBrowser({ env, say }) {
  const prefix = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]]) {
    const [program, ...rest] = [...prefix, "apt-get", ...args];
    say([program, ...rest].join(" "));
    const { status, stderr } = spawnSync(program, rest, {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) {
      say(`it failed: ${stderr?.trim().split("\n").at(-1) ?? "no such program"}`);
      return undefined;
    }
  }
  return findBrowser(env);
}
