/** Coordinates of packages as people type them, such as `npm:qs@6.17.1`. */
import path from "node:path";
import { CorpusError } from "./errors.ts";
import type { SourceAddress } from "./fetch/source.ts";
import { CorpusSource } from "./manifest.ts";

/** One line for each form, for help and messages. */
export const COORDINATE_FORMS = [
  "npm:<name>@<version>",
  "pypi:<name>@<version>[/<file>]",
  "crates:<name>@<version>",
  "go:<module>@<version>",
  "maven:<group>:<artifact>@<version>[:<classifier>]  (classifier: sources)",
  "debian:<package>@<version>[/<file>]",
  "git:<url>@<commit>",
  "folder:<path>",
] as const;

/**
 * @param cwd what a folder's path is relative to
 * @throws CorpusError `CORPUS_COORDINATE`
 */
export function parseCoordinate(text: string, cwd: string): SourceAddress {
  const [, type = "", rest = ""] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  const at = rest.lastIndexOf("@");
  const before = at > 0 ? rest.slice(0, at) : "";
  const after = rest.slice(at + 1);
  const [version, file] = split(after, "/");
  const named = file === undefined ? {} : { file };
  const [group = "", artifact = ""] = before.split(":");
  const [release, classifier = "sources"] = split(after, ":");
  const forms: Record<string, SourceAddress> = {
    npm: { type: "npm", name: before, version: after },
    pypi: { type: "pypi", name: before, version, ...named },
    crates: { type: "crates", name: before, version: after },
    go: { type: "go", module: before, version: after },
    maven: { type: "maven", group, artifact, version: release, classifier },
    debian: { type: "debian", package: before, version, ...named },
    git: { type: "git", url: before, commit: after },
    folder: { type: "folder", path: path.resolve(cwd, rest) },
  };
  const address = forms[type];
  const hash = "0".repeat(64);
  const hashes = { archiveSha256: hash, sha256: hash, integrity: `sha512-${"A".repeat(86)}==`, file: "file" };
  const fits = CorpusSource.options.some((form) => {
    // What is generated has no coordinates.
    if (!("shape" in form)) return false;
    const known = Object.keys(form.shape);
    const padding = Object.fromEntries(Object.entries(hashes).filter(([key]) => known.includes(key)));
    return form.safeParse({ ...padding, ...address }).success;
  });
  if (address === undefined || !fits) {
    throw new CorpusError("CORPUS_COORDINATE", `"${text}" names no exact version of a package`, {
      hint: `Give one of:\n  ${COORDINATE_FORMS.join("\n  ")}`,
    });
  }
  return address;
}

/** What stands before the first separator, and behind it. */
function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** What a source is called, and its version: the last part of the name, in the letters of an id. */
export function nameOf(source: SourceAddress): { id: string; version: string } {
  const [name, version] = nameAndVersion(source);
  const last = name.replace(/\.git$/, "").replace(/^@/, "");
  const id = last
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return { id: id === "" ? "corpus" : id, version };
}

function nameAndVersion(source: SourceAddress): [string, string] {
  switch (source.type) {
    case "go":
      return [path.posix.basename(source.module), source.version];
    case "maven":
      return [source.artifact, source.version];
    case "debian":
      return [source.package, source.version];
    case "git":
      return [path.posix.basename(source.url), source.commit.slice(0, 12)];
    case "folder":
      return [path.basename(source.path), "1"];
    case "generator":
      return [source.trait, "1"];
    case "npm":
    case "pypi":
    case "crates":
    default:
      return [source.name, source.version];
  }
}

/** Where a corpus comes from, in the words of its ecosystem. */
export function describeSource(source: CorpusSource): string {
  switch (source.type) {
    case "npm":
    case "pypi":
    case "crates":
      return `${source.type} ${source.name}`;
    case "go":
      return `go ${source.module}`;
    case "maven":
      return `maven ${source.group}:${source.artifact}`;
    case "debian":
      return `debian ${source.package}`;
    case "git":
      return `git ${source.url} at ${source.commit.slice(0, 12)}`;
    case "folder":
      return `folder ${source.path}`;
    case "generator":
    default:
      return `seed ${source.seed}, ${source.files} files`;
  }
}

/** -1 when version `a` is older than `b` by the numbers they start with, 1 when it is newer, else 0: what follows does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
