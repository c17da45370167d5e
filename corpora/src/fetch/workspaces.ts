/** Packages of one repository that import each other by their names, as npm, pnpm and Yarn link them. */
import { mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJson } from "../cache.ts";

/** A package of a workspace. */
export interface WorkspacePackage {
  name: string;
  /** Relative to the root, with "/" separators. */
  folder: string;
  /** The file that stands for the whole package; null when what package.json names is not there (not built, mostly). */
  entry: string | null;
  /** Where the entry is not there: the source that it is made from, by its usual name; null when there is none. */
  source: string | null;
}

const Manifest = z.object({
  name: z.string().regex(/^(?:@[\w.-]+\/)?[A-Za-z0-9_][\w.-]*$/),
  main: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  exports: z.unknown(),
});

const Patterns = z.array(z.string());
const Workspaces = z.object({ workspaces: z.union([Patterns, z.object({ packages: Patterns })]) });

const SOURCES = ["src/", "", "lib/"].flatMap((folder) =>
  ["ts", "tsx", "mts", "cts", "js", "mjs", "cjs"].map((ending) => `${folder}index.${ending}`),
);

/** @param files relative to `root` @returns ordered by folder; empty where there is no workspace, or one that is broken */
export async function findWorkspacePackages(root: string, files: readonly string[]): Promise<WorkspacePackage[]> {
  const patterns = await workspacePatterns(root, files);
  if (patterns.length === 0) return [];
  const matches = (folder: string, one: string): boolean => path.matchesGlob(folder, one.replace(/^\.?\/|\/$/g, ""));
  const wanted = patterns.filter((one) => !one.startsWith("!"));
  const unwanted = patterns.filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  const known = new Set(files);
  const found: WorkspacePackage[] = [];
  for (const file of files.filter((one) => one.endsWith("/package.json"))) {
    const folder = path.posix.dirname(file);
    if (!wanted.some((one) => matches(folder, one)) || unwanted.some((one) => matches(folder, one))) continue;
    const manifest = Manifest.safeParse(await readJson(path.join(root, file)));
    if (!manifest.success || found.some(({ name }) => name === manifest.data.name)) continue;
    const named = [...wordsIn(rootExport(manifest.data.exports)), manifest.data.module, manifest.data.main, "index.js"];
    const entries = named.map((one) => path.posix.join(folder, one ?? ""));
    const entry = entries.find((one) => known.has(one)) ?? null;
    const source = SOURCES.map((one) => path.posix.join(folder, one)).find((one) => known.has(one)) ?? null;
    found.push({ name: manifest.data.name, folder, entry, source: entry === null ? source : null });
  }
  return found;
}

/** Puts a link to each package below `node_modules` of `root`, which holds their files. */
export async function linkWorkspacePackages(root: string, packages: readonly WorkspacePackage[]): Promise<void> {
  for (const { name, folder } of packages) {
    const link = path.join(root, "node_modules", name);
    await mkdir(path.dirname(link), { recursive: true });
    // Relative, so that it holds in every copy.
    await symlink(path.relative(path.dirname(link), path.join(root, folder)), link, "dir");
  }
}

/** Of package.json (npm, Yarn), or of pnpm-workspace.yaml. */
async function workspacePatterns(root: string, files: readonly string[]): Promise<string[]> {
  const ofYaml = files.includes("pnpm-workspace.yaml")
    ? packagesOf(await readFile(path.join(root, "pnpm-workspace.yaml"), "utf8"))
    : [];
  if (ofYaml.length > 0 || !files.includes("package.json")) return ofYaml;
  const manifest = Workspaces.safeParse(await readJson(path.join(root, "package.json")));
  if (!manifest.success) return [];
  const { workspaces } = manifest.data;
  return Array.isArray(workspaces) ? workspaces : workspaces.packages;
}

/** The list under `packages:`, which is all of YAML that is needed. */
function packagesOf(yaml: string): string[] {
  const list = /^packages:[ \t]*\r?\n((?:[ \t]*(?:-[ \t].*|#.*)?(?:\r?\n|$))*)/m.exec(yaml)?.[1] ?? "";
  return [...list.matchAll(/^[ \t]*-[ \t]+(?:"([^"]*)"|'([^']*)'|([^\s#]+))/gm)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

function rootExport(exports: unknown): unknown {
  return typeof exports === "object" && exports !== null && "." in exports ? exports["."] : exports;
}

/** Every path that conditions may choose. */
function wordsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (key.startsWith("./") ? [] : wordsIn(one)));
}
