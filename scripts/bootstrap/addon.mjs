import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clearStamp, hashOf, isCurrent, writeStamp } from "./stamp.mjs";
import { runStep } from "./step.mjs";
import { SetupError } from "./setup-error.mjs";

const sources = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "crates", "engine/package.json", "turbo.json"];

function sourceHash(root, facts) {
  return hashOf(root, { paths: sources, facts });
}

/** Whether a native engine built from these very sources is there. @param {string} root @param {string} folder of the toolchain */
export function isAddonReady(root, folder) {
  return hasBinary(root) && isCurrent(join(folder, "addon.stamp"), sourceHash(root, [process.platform, process.arch]));
}

function hasBinary(root) {
  try {
    return readdirSync(join(root, "engine", "native")).some((name) => name.endsWith(".node"));
  } catch {
    return false;
  }
}

/**
 * Builds the native engine through the task graph, which takes it from its cache when it has it.
 *
 * @throws SetupError `NO_ADDON` when the build says it succeeded and left no binary
 */
export async function buildAddon(toolchain, context) {
  const { root, command } = context;
  const stamp = join(toolchain.folder, "addon.stamp");
  const hash = sourceHash(root, [process.platform, process.arch]);
  // How many crates are left is known only when none is compiled yet; otherwise just the time is told.
  const total = existsSync(join(root, "target"))
    ? 0
    : cratesUnder("drift-napi", readFileSync(join(root, "Cargo.lock"), "utf8"));
  const log = join(toolchain.folder, "logs", "addon.log");
  let compiled = 0;
  clearStamp(stamp);
  await runStep(
    [
      join(root, "node_modules", ".bin", process.platform === "win32" ? "turbo.cmd" : "turbo"),
      "run",
      "build",
      "--filter=@drift/engine",
      "--concurrency=1",
      "--ui=stream",
    ],
    {
      ...context,
      name: "building the native engine",
      log,
      onLine: (line) => (/\b(Compiling|Fresh) \S+ v/.test(line) ? [++compiled, total] : undefined),
    },
  );
  if (!hasBinary(root)) {
    throw new SetupError(
      "NO_ADDON",
      `The native build left no binary in engine/native: read ${log}, then run "${command}" again.`,
      { log },
    );
  }
  writeStamp(stamp, hash);
}

/**
 * How many crates a crate is built from, itself included: those that its entry in the lockfile leads to. That is a little
 * too many, since crates for other systems are locked too.
 *
 * @param {string} crate @param {string} lock the text of Cargo.lock
 */
export function cratesUnder(crate, lock) {
  const dependencies = new Map();
  for (const entry of lock.split("[[package]]").slice(1)) {
    const [, name] = /^name = "(.+)"$/m.exec(entry) ?? [];
    const [, list = ""] = /^dependencies = \[([^\]]*)\]/m.exec(entry) ?? [];
    dependencies.set(
      name,
      [...list.matchAll(/^ "([^" ]+)/gm)].map(([, dependency]) => dependency),
    );
  }
  const found = new Set([crate]);
  for (const name of found) for (const dependency of dependencies.get(name) ?? []) found.add(dependency);
  return found.size;
}
