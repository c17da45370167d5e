/** Crates, by cargo: its registries, mirrors, proxies and credentials hold. */
import { copyFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { runClient } from "./client.ts";
import { type FetchContext, unreachableError } from "./context.ts";

/** Writes the `.crate` of one version to `target`; `cargo info` downloads that and nothing it depends on. */
export async function downloadCrate(
  wanted: { name: string; version: string },
  target: string,
  folder: string,
  context: FetchContext,
): Promise<void> {
  const label = `crate ${wanted.name}@${wanted.version}`;
  await runClient(["cargo", "info", "--quiet", `${wanted.name}@${wanted.version}`], { label, folder, context });
  const home = context.env["CARGO_HOME"] ?? path.join(context.env["HOME"] ?? homedir(), ".cargo");
  const registries = path.join(home, "registry", "cache");
  const name = `${wanted.name}-${wanted.version}.crate`;
  for (const registry of await readdir(registries).catch(() => [])) {
    const copied = await copyFile(path.join(registries, registry, name), target).then(
      () => true,
      () => false,
    );
    if (copied) return;
  }
  throw unreachableError(label, `cargo left no ${name}`, "Give the exact version, as crates.io shows it.");
}
