/** Where the user's pip looks for packages: its configuration files and `PIP_*` variables, as pip reads them. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { homedir } from "node:os";
import type { HttpSettings } from "./http.ts";

/** What of pip's settings matters for a download. */
export interface PipConfig {
  /** Addresses of simple indexes, in the order in which they are asked. */
  indexes: string[];
  /** Folders, or addresses of pages, with files. */
  findLinks: string[];
  http: HttpSettings;
}

const PYPI = "https://pypi.org/simple";

/** Later files win over earlier ones, `[download]` over `[global]`, and the environment over all. Netrc is not read. */
export async function pipConfig(env: Record<string, string | undefined>): Promise<PipConfig> {
  const settings = new Map<string, string>();
  for (const file of filesOf(env)) {
    const text = await readFile(file, "utf8").catch(() => "");
    for (const [key, value] of readSettings(text)) settings.set(key, value);
  }
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("PIP_") && value !== undefined && value !== "")
      settings.set(name.slice("PIP_".length).toLowerCase().replaceAll("_", "-"), value);
  }
  const words = (key: string): string[] => (settings.get(key) ?? "").split(/\s+/).filter((word) => word !== "");
  const noIndex = ["1", "true", "yes", "on"].includes((settings.get("no-index") ?? "").toLowerCase());
  const http: HttpSettings = {};
  const proxy = settings.get("proxy");
  if (proxy !== undefined) http.proxy = proxy.includes("://") ? proxy : `http://${proxy}`;
  const cert = settings.get("cert");
  const ca = cert === undefined ? null : await readFile(cert, "utf8").catch(() => null);
  if (ca !== null) http.ca = ca;
  return {
    indexes: noIndex ? [] : [settings.get("index-url") ?? PYPI, ...words("extra-index-url")],
    findLinks: words("find-links"),
    http,
  };
}

/** From the least to the most important. */
function filesOf(env: Record<string, string | undefined>): string[] {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  const chosen = env["PIP_CONFIG_FILE"];
  if (chosen === "/dev/null" || chosen === "nul") return [];
  const ofUser =
    process.platform === "win32"
      ? [path.join(home, "pip", "pip.ini"), path.join(env["APPDATA"] ?? home, "pip", "pip.ini")]
      : [
          path.join(home, ".pip", "pip.conf"),
          path.join(env["XDG_CONFIG_HOME"] ?? path.join(home, ".config"), "pip", "pip.conf"),
        ];
  const ofMac = process.platform === "darwin" ? [path.join(home, "Library/Application Support/pip/pip.conf")] : [];
  const virtual = env["VIRTUAL_ENV"];
  return [
    ...(process.platform === "win32" ? [] : ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"]),
    ...ofUser,
    ...ofMac,
    ...(virtual === undefined ? [] : [path.join(virtual, "pip.conf")]),
    ...(chosen === undefined ? [] : [chosen]),
  ];
}

/** The settings of the sections that count for a download; a value may go on in indented lines. */
function readSettings(text: string): Map<string, string> {
  const bySection = new Map<string, Map<string, string>>();
  let section = "";
  let key = "";
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const heading = /^\[(.+)\]/.exec(line)?.[1];
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
    const into = bySection.get(heading ?? section) ?? new Map<string, string>();
    bySection.set(heading ?? section, into);
    if (heading !== undefined) section = heading;
    else if (pair !== null) {
      key = (pair[1] ?? "").toLowerCase().replaceAll("_", "-");
      into.set(key, pair[2] ?? "");
    } else if (/^\s/.test(line) && key !== "") into.set(key, `${into.get(key) ?? ""} ${line.trim()}`.trim());
  }
  return new Map([...(bySection.get("global") ?? []), ...(bySection.get("download") ?? [])]);
}
