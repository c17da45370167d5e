import { readdirSync, readFileSync } from "node:fs";
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
  const total = readFileSync(join(root, "Cargo.lock"), "utf8").match(/^\[\[package\]\]$/gm)?.length ?? 0;
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
