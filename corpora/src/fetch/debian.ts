/** Files of Debian source packages, by apt-get: the user's mirrors, and the signatures on them, hold. */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { runClient } from "./client.ts";
import { type FetchContext, unreachableError } from "./context.ts";

/**
 * Writes a file of a source package to `target`. Apt works in folders of its own below the cache, for which it needs no
 * rights; its lists of sources stay there.
 *
 * @param wanted without `file`, the upstream archive
 * @returns the name of the file
 */
export async function downloadDebian(
  wanted: { package: string; version: string; file?: string },
  target: string,
  folder: string,
  context: FetchContext,
): Promise<string> {
  const label = `source package ${wanted.package} ${wanted.version}`;
  const apt = path.join(context.cacheDir, "apt");
  for (const name of ["lists/partial", "cache/archives/partial", "sources"])
    await mkdir(path.join(apt, name), { recursive: true });
  await writeSources(path.join(apt, "sources"), context);
  const options = [
    `Dir::State=${apt}`,
    `Dir::State::lists=${apt}/lists`,
    `Dir::Cache=${apt}/cache`,
    `Dir::Etc::sourcelist=/dev/null`,
    `Dir::Etc::sourceparts=${apt}/sources`,
    "Debug::NoLocking=true",
    "APT::Sandbox::User=",
    "APT::Get::List-Cleanup=false",
  ].flatMap((option) => ["-o", option]);
  const source = ["source", "--download-only", "-qq", `${wanted.package}=${wanted.version}`];
  try {
    await runClient(["apt-get", ...options, ...source], { label, folder, context });
  } catch {
    // Not in the lists, or there are none yet.
    await runClient(["apt-get", ...options, "-qq", "update"], {
      label: "the lists of source packages",
      folder,
      context,
    });
    await runClient(["apt-get", ...options, ...source], { label, folder, context });
  }
  const files = (await readdir(folder)).filter((name) => /\.(?:tar\.\w+)$/.test(name));
  const file =
    wanted.file ??
    files.find((name) => /\.orig\.tar\./.test(name)) ??
    files.find((name) => !/\.debian\.tar\./.test(name));
  if (file === undefined || !files.includes(file)) {
    throw unreachableError(label, `it has ${files.join(", ") || "no archive"}`, "Name one of its files.");
  }
  await copyFile(path.join(folder, file), target);
  return file;
}

/** The user's own sources, asked for source packages. */
async function writeSources(folder: string, context: FetchContext): Promise<void> {
  const etc = context.env["DRIFT_APT_ETC"] ?? "/etc/apt";
  const parts = path.join(etc, "sources.list.d");
  const files = (await readdir(parts).catch(() => [])).map((name) => path.join(parts, name));
  for (const file of [path.join(etc, "sources.list"), ...files]) {
    if (!/\.(?:list|sources)$/.test(file)) continue;
    const text = await readFile(file, "utf8").catch(() => "");
    const asked = file.endsWith(".list")
      ? text.replaceAll(/^deb\s/gm, "deb-src ")
      : text.replaceAll(/^Types:.*\bdeb\b.*$/gm, "Types: deb-src");
    await writeFile(path.join(folder, path.basename(file)), asked);
  }
}
