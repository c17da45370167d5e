/** From coordinates to files: gets the archive of a source, checks it, and unpacks it. */
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { withTemporaryFolder } from "../cache.ts";
import { generateProject, writeProject } from "../generate/calls.ts";
import { generateLayered } from "../generate/layered/project.ts";
import type { CorpusSource, PinnedJar } from "../manifest.ts";
import { listFiles } from "../tree.ts";
import { removePrefix, removeTopFolder, unpackArchive, type Unpacked } from "../unpack/unpack.ts";
import { type Archive, archiveFrom } from "./archives.ts";
import { downloadCrate } from "./cargo.ts";
import { downloadDebian } from "./debian.ts";
import { copyOwnFiles } from "./folder.ts";
import { downloadGit } from "./git.ts";
import { downloadGoModule } from "./go.ts";
import { downloadMaven } from "./maven.ts";
import { downloadNpm, type NpmContext } from "./npm.ts";
import { choosePypiFile, downloadPypi } from "./pypi.ts";
import { findWorkspacePackages, linkWorkspacePackages } from "./workspaces.ts";

type Hashes = "sha256" | "archiveSha256" | "integrity" | "file";
type Unhashed<S> = S extends CorpusSource ? Omit<S, Hashes> & { [Key in Hashes & keyof S]?: S[Key] } : never;

/** A source of which hashes, and the name of its file, may still be unknown, as `corpora add` starts with. */
export type SourceAddress = Unhashed<CorpusSource>;

/** What was learnt on the way: for a pinned source, only what its manifest says already. */
export interface Obtained {
  archiveSha256?: string;
  integrity?: string;
  file?: string;
  /** Links of the archive that were not made. */
  leftOut: string[];
}

/**
 * Puts the files of a source into `folder`, an empty one. Every hash that is known is checked.
 *
 * @param work an empty folder for what is needed on the way
 * @throws CorpusError as `fetchCorpus`
 */
export async function obtainSource(
  source: SourceAddress,
  folder: string,
  work: string,
  context: NpmContext,
): Promise<Obtained> {
  const archive = async (label: string, download: (target: string) => Promise<void>): Promise<Archive> =>
    archiveFrom({ label, sha256: pinOf(source) }, context, download);
  const unpack = async (from: Archive, label: string, name: string): Promise<Unpacked> =>
    unpackArchive(from.file, folder, { label, name });
  switch (source.type) {
    case "npm": {
      const label = `npm ${source.name}@${source.version}`;
      let integrity = source.integrity;
      const from = await archive(label, async (target) => {
        integrity = await downloadNpm(source, target, context);
      });
      const { leftOut } = await unpack(from, label, "package.tgz");
      await removeTopFolder(folder);
      return { archiveSha256: from.sha256, ...(integrity === undefined ? {} : { integrity }), leftOut };
    }
    case "pypi": {
      const file = source.file ?? (await choosePypiFile(source.name, source.version, context));
      const from = await archive(`pypi ${file}`, async (target) => downloadPypi({ ...source, file }, target, context));
      const { leftOut } = await unpack(from, `pypi ${file}`, file);
      if (!file.endsWith(".whl")) await removeTopFolder(folder);
      return { archiveSha256: from.sha256, file, leftOut };
    }
    case "crates": {
      const label = `crate ${source.name}@${source.version}`;
      const from = await archive(label, async (target) => downloadCrate(source, target, work, context));
      const { leftOut } = await unpack(from, label, "package.crate");
      await removeTopFolder(folder);
      return { archiveSha256: from.sha256, leftOut };
    }
    case "go": {
      const label = `module ${source.module}@${source.version}`;
      const from = await archive(label, async (target) => downloadGoModule(source, target, work, context));
      const { leftOut } = await unpack(from, label, "module.zip");
      await removePrefix(folder, `${source.module}@${source.version}`);
      return { archiveSha256: from.sha256, leftOut };
    }
    case "maven": {
      const label = `maven ${source.group}:${source.artifact}:${source.version}`;
      const from = await archive(label, async (target) => downloadMaven(source, target, work, context));
      if (source.tests === undefined) {
        const { leftOut } = await unpack(from, label, "artifact.jar");
        return { archiveSha256: from.sha256, leftOut };
      }
      const { classifier, archiveSha256 } = source.tests;
      const beside = await archiveFrom(
        { label: `${label}:${classifier}`, sha256: archiveSha256 },
        context,
        async (target) => downloadMaven({ ...source, classifier }, target, work, context),
      );
      const leftOut: string[] = [];
      for (const [part, { file }] of [
        ["main", from],
        ["test", beside],
      ] as const) {
        await mkdir(path.join(folder, part));
        leftOut.push(...(await unpackArchive(file, path.join(folder, part), { label, name: "artifact.jar" })).leftOut);
      }
      return { archiveSha256: from.sha256, leftOut };
    }
    case "debian": {
      const label = `debian ${source.package} ${source.version}`;
      let { file } = source;
      const from = await archive(label, async (target) => {
        file = await downloadDebian(source, target, work, context);
      });
      const { leftOut } = await unpack(from, label, file ?? "");
      await removeTopFolder(folder);
      return { archiveSha256: from.sha256, ...(file === undefined ? {} : { file }), leftOut };
    }
    case "git": {
      const tar = path.join(work, "commit.tar");
      await downloadGit(source, tar, work, context);
      const { leftOut } = await unpackArchive(tar, folder, { label: `git ${source.url}` });
      return { leftOut };
    }
    case "folder":
      await copyOwnFiles(source.path, folder);
      await linkWorkspacePackages(folder, await findWorkspacePackages(folder, await listFiles(folder)));
      return { leftOut: [] };
    case "generator":
    default:
      await writeGenerated(source, folder);
      return { leftOut: [] };
  }
}

async function writeGenerated(source: Extract<SourceAddress, { type: "generator" }>, folder: string): Promise<void> {
  if (source.trait === "calls") return writeProject(generateProject(source), folder);
  for (const { sources, support } of generateLayered(source)) {
    for (const { file, text } of [...sources, ...support]) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
  }
}

/** Unpacks an npm package into `folder`, which is made. Its archive is not kept. */
export async function obtainNpmPackage(
  wanted: { name: string; version: string; integrity: string },
  folder: string,
  context: NpmContext,
): Promise<void> {
  const archive = `${folder}.tgz`;
  await mkdir(folder, { recursive: true });
  await downloadNpm(wanted, archive, context);
  await unpackArchive(archive, folder, { label: `${wanted.name}@${wanted.version}` });
  await removeTopFolder(folder);
  await rm(archive);
}

/** Unpacks a wheel into `sitePackages`, as an installer would lay it out; scripts and data are left out. */
export async function obtainWheel(
  wanted: { name: string; version: string; file: string; sha256: string },
  sitePackages: string,
  context: NpmContext,
): Promise<void> {
  await unpackWheel(wanted, sitePackages, placeInSitePackages, context);
}

/** Unpacks nothing but the scripts of a wheel into `folder`, which is made, and lets them be run. */
export async function obtainScripts(
  wanted: { name: string; version: string; file: string; sha256: string },
  folder: string,
  context: NpmContext,
): Promise<void> {
  const scripts = (entry: string): string | null => /^[^/]+\.data\/scripts\/([^/]+)$/.exec(entry)?.[1] ?? null;
  await unpackWheel(wanted, folder, scripts, context);
  for (const script of await readdir(folder)) await chmod(path.join(folder, script), 0o755);
}

/** Puts a jar as it is into `folder`, which is made, under the name that Maven gives it. */
export async function obtainJar(wanted: PinnedJar, folder: string, context: NpmContext): Promise<void> {
  const { group, artifact, version, sha256 } = wanted;
  const label = `maven ${group}:${artifact}:${version}`;
  const from = await archiveFrom({ label, sha256 }, context, async (target) =>
    withTemporaryFolder(path.join(context.cacheDir, "work"), artifact, async (work) =>
      downloadMaven({ group, artifact, version, classifier: null }, target, work, context),
    ),
  );
  await mkdir(folder, { recursive: true });
  await copyFile(from.file, path.join(folder, `${artifact}-${version}.jar`));
}

async function unpackWheel(
  wanted: { name: string; version: string; file: string; sha256: string },
  folder: string,
  rename: (entry: string) => string | null,
  context: NpmContext,
): Promise<void> {
  const label = `pypi ${wanted.file}`;
  const from = await archiveFrom({ label, sha256: wanted.sha256 }, context, async (target) =>
    downloadPypi(wanted, target, context),
  );
  await mkdir(folder, { recursive: true });
  await unpackArchive(from.file, folder, { label, name: wanted.file, rename });
}

function placeInSitePackages(entry: string): string | null {
  const data = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(entry);
  if (data === null) return entry;
  return data[1] === "purelib" || data[1] === "platlib" ? (data[2] ?? null) : null;
}

function pinOf(source: SourceAddress): string | null {
  return ("archiveSha256" in source ? source.archiveSha256 : null) ?? null;
}
