import { spawnSync } from "node:child_process";
import { SetupError } from "./setup-error.mjs";

/** The oldest Rust that the engine's dependencies build with. */
export const oldestRust = "1.95";

/**
 * Looks for what the native build needs and the set-up does not install.
 *
 * @param {{ env: NodeJS.ProcessEnv, root: string, command: string }} context
 * @returns the compiler's version, such as "rustc 1.95.0 (59807616e 2026-04-14)"
 * @throws SetupError `NO_CARGO`, `OLD_RUST`, `NO_C_COMPILER`
 */
export function requireRust({ env, root, command }) {
  const install = `install Rust with "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"`;
  if (versionOf("cargo", { env, root }) === undefined) {
    throw new SetupError(
      "NO_CARGO",
      `Rust's cargo was not found on PATH, and the engine is built with it: ${install}, then run "${command}" again.`,
    );
  }
  const version = versionOf("rustc", { env, root });
  const [, major, minor] = /^rustc (\d+)\.(\d+)\./.exec(version ?? "") ?? [];
  const [oldestMajor, oldestMinor] = oldestRust.split(".").map(Number);
  if (version === undefined || major === undefined) {
    throw new SetupError("NO_CARGO", `Rust's compiler rustc does not answer: ${install}, then run "${command}" again.`);
  }
  if (Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)) {
    throw new SetupError(
      "OLD_RUST",
      `The Rust on PATH is ${version}, and the engine needs ${oldestRust} or newer: update it with "rustup update stable", then run "${command}" again.`,
    );
  }
  requireCCompiler({ env, root, command });
  return version;
}

function requireCCompiler({ env, root, command }) {
  if (process.platform === "win32") return; // the MSVC linker is found by rustc itself, not on PATH
  if (env.CC || versionOf("cc", { env, root }) !== undefined) return;
  const mend = process.platform === "darwin" ? "xcode-select --install" : "sudo apt-get install -y build-essential";
  throw new SetupError(
    "NO_C_COMPILER",
    `No C compiler was found on PATH, and SQLite is built with it: install one with "${mend}", then run "${command}" again.`,
  );
}

function versionOf(program, { env, root }) {
  const { status, stdout } = spawnSync(program, ["--version"], {
    env,
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return status === 0 ? stdout.trim().split("\n")[0] : undefined;
}
