/** Which corpora are versions of one code base, as far as their sources tell. */
import type { SourceAddress } from "./fetch/source.ts";
import type { CorpusSpec } from "./manifest.ts";

/** The family of the first corpus that is a version of the same package or repository; undefined when there is none. */
export function familyOf(
  source: SourceAddress,
  known: readonly Pick<CorpusSpec, "family" | "source">[],
): string | undefined {
  const wanted = packageOf(source);
  return wanted === null ? undefined : known.find((one) => packageOf(one.source) === wanted)?.family;
}

/** What all versions of a package have in common; null for what has no versions. */
function packageOf(source: SourceAddress): string | null {
  switch (source.type) {
    case "npm":
    case "pypi":
    case "crates":
      return `${source.type}:${source.name.toLowerCase()}`;
    case "go":
      return `go:${source.module}`;
    case "maven":
      return `maven:${source.group}:${source.artifact}`;
    case "debian":
      return `debian:${source.package}`;
    case "git":
      return `git:${source.url.replace(/(?:\.git)?\/?$/, "")}`;
    case "folder":
    case "generator":
    default:
      return null;
  }
}
