/** What a corpus is: `corpora/{real,synthetic}/<id>/corpus.json`, validated. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CorpusError } from "./errors.ts";
import { LayeredLanguage } from "./generate/layered/language.ts";
import { CANARY } from "./truth/canary.ts";
import { Split, splitOf } from "./truth/split.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const integrity = z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/);
const glob = z.string().min(1);
// Names go into command lines, addresses and paths: no white space, no leading dash or dot, no step upwards.
const name = z.string().regex(/^@?[A-Za-z0-9_](?:[\w.+~-]|\/(?!\.))*$/);
const version = z.string().regex(/^[A-Za-z0-9][\w.+~:-]*$/);
/** The name of a file, without a folder. */
const fileName = z.string().regex(/^[A-Za-z0-9_][\w.+~!-]*$/);

/** A package of the npm registry, pinned; `name` says where it is unpacked below `node_modules`. */
export const PinnedPackage = z.strictObject({ name, version, integrity });
export type PinnedPackage = z.infer<typeof PinnedPackage>;

/** The same, as something tests need; with a `path` it stands there below `node_modules`, inside the package that needs it. */
export const PinnedDependency = PinnedPackage.extend({
  path: z
    .string()
    .regex(/^(?:@?[A-Za-z0-9_][\w.+~-]*(?:\/(?!\.)[\w.+~-]+)?\/node_modules\/)+@?[A-Za-z0-9_](?:[\w.+~-]|\/(?!\.))*$/)
    .optional(),
});
export type PinnedDependency = z.infer<typeof PinnedDependency>;

/** A wheel of a Python package, pinned by the sha256 of its file. */
export const PinnedWheel = z.strictObject({
  type: z.literal("pypi"),
  name,
  version,
  file: fileName.regex(/\.whl$/),
  sha256,
});
export type PinnedWheel = z.infer<typeof PinnedWheel>;

/** A jar of a Maven repository, pinned by the sha256 of its file. */
export const PinnedJar = z.strictObject({ type: z.literal("maven"), group: name, artifact: name, version, sha256 });
export type PinnedJar = z.infer<typeof PinnedJar>;

const generated = { seed: z.int().nonnegative(), files: z.int().min(10).max(100_000), sha256 };

/** A generator with its seed: `calls` plants calls alone, `layered` whole services, of which `split` says which traits. */
const GeneratedSource = z.discriminatedUnion("trait", [
  z.strictObject({ type: z.literal("generator"), trait: z.literal("calls"), ...generated }),
  z.strictObject({
    type: z.literal("generator"),
    trait: z.literal("layered"),
    language: LayeredLanguage,
    split: Split,
    ...generated,
  }),
]);

/** What every kind of archive has: hashes of the file that was downloaded, and of what it unpacks to (`treeSha256`). */
const archive = { archiveSha256: sha256, sha256 };

/**
 * Where the files come from. `sha256` is always `treeSha256` of the unpacked folder; archives with one folder at their
 * top are unpacked without it.
 */
export const CorpusSource = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("npm"), ...PinnedPackage.shape, ...archive }),
  /** `file` is an sdist or a wheel; no code of it is run. */
  z.strictObject({ type: z.literal("pypi"), name, version, file: fileName, ...archive }),
  z.strictObject({ type: z.literal("crates"), name, version, ...archive }),
  z.strictObject({ type: z.literal("go"), module: name, version, ...archive }),
  /** `classifier` is what stands behind the version in the file's name, such as "sources"; null when nothing does. */
  z.strictObject({
    type: z.literal("maven"),
    group: name,
    artifact: name,
    version,
    classifier: name.nullable(),
    /** A second jar of the same version with the sources of its tests: then these lie in `test/`, the others in `main/`. */
    tests: z.strictObject({ classifier: name, archiveSha256: sha256 }).optional(),
    ...archive,
  }),
  /** `file` is one of the source package's, such as the `.orig.tar.gz`. */
  z.strictObject({ type: z.literal("debian"), package: name, version, file: fileName, ...archive }),
  z.strictObject({
    type: z.literal("git"),
    url: z.string().regex(/^(?:https|ssh|file):\/\/[^\s]+$/),
    commit: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
    sha256,
  }),
  /** `path` is absolute, or relative to the folder of the manifest. */
  z.strictObject({ type: z.literal("folder"), path: z.string().min(1), sha256 }),
  GeneratedSource,
]);
export type CorpusSource = z.infer<typeof CorpusSource>;

/** Another published version of a corpus's package: what its source then says instead. */
export const PinnedRelease = z.strictObject({
  version,
  file: fileName.optional(),
  integrity: integrity.optional(),
  ...archive,
});
export type PinnedRelease = z.infer<typeof PinnedRelease>;

/** How the tests of a corpus are run, and on what. */
export const CorpusTests = z.strictObject({
  runner: z.enum(["vitest", "node", "mocha", "tape", "pytest", "unittest", "junit", "go"]),
  include: z.array(glob).min(1),
  /** Test files that cannot run here, each with its reason. */
  exclude: z.array(z.strictObject({ file: glob, reason: z.string().min(1) })),
  /** Single tests that node's runner leaves out, by their full names, each with its reason. */
  skip: z.array(z.strictObject({ test: z.string().min(1), reason: z.string().min(1) })).optional(),
  /** Tests that look at what instrumentation changes by its nature, such as stack traces, and so fail under it. */
  seeInstrumentation: z.array(z.strictObject({ test: z.string().min(1), reason: z.string().min(1) })).optional(),
  /** Test files that need a process of their own; the others get a realm of their own, which is faster. */
  ownProcess: z.array(glob),
  /** Resolve conditions under which the tests see the sources. */
  conditions: z.array(z.string()),
  /** What the configuration of the corpus's own runner sets up, where tests need it; for vitest only. */
  setup: z
    .strictObject({
      /** Names of the browser, from the package jsdom among the dependencies. */
      environment: z.enum(["jsdom"]).optional(),
      /** Constants put into the sources, each as the text of an expression. */
      define: z.record(z.string(), z.string()).optional(),
      /** Module names, and the files that stand for them. */
      alias: z.record(z.string(), z.string()).optional(),
      /** Files of the corpus that run before each test file. */
      files: z.array(z.string()).optional(),
    })
    .optional(),
  /** What tests need besides the corpus, pinned; fetched into the cache when truth is derived, not before. */
  dependencies: z.array(z.union([PinnedDependency, PinnedWheel, PinnedJar])),
  timeoutMs: z.int().positive(),
});
export type CorpusTests = z.infer<typeof CorpusTests>;

/** Lines of measured and context files: below 10,000, 100,000, 500,000, or more. */
export const SizeClass = z.enum(["small", "medium", "large", "huge"]);
export type SizeClass = z.infer<typeof SizeClass>;

/** `mixed` is TypeScript and JavaScript together. */
export const Language = z.enum(["typescript", "javascript", "mixed", "python", "rust", "go", "java", "c", "other"]);
export type Language = z.infer<typeof Language>;

/**
 * Languages that stand apart for now: their corpora are pinned, derived, linted and sampled like the others, but whoever
 * selects "all" or "real" corpora does not get them, so that figures from before they came stay comparable.
 */
export const APART: ReadonlySet<Language> = new Set<Language>(["go", "java"]);

export const CorpusSpec = z
  .strictObject({
    schemaVersion: z.literal(2),
    canary: z.literal(CANARY),
    id: z.string().regex(/^[a-z0-9-]+$/),
    kind: z.enum(["real", "synthetic"]),
    /** All variants, versions and forks of one code base share a family, and so a split. */
    family: z.string().min(1),
    description: z.string(),
    version,
    language: Language,
    /** An SPDX expression; `NOASSERTION` where nobody said. */
    licence: z
      .string()
      .regex(/^\(?[A-Za-z0-9][A-Za-z0-9.+-]*(?:\)?\s(?:AND|OR|WITH)\s\(?[A-Za-z0-9][A-Za-z0-9.+-]*)*\)?$/),
    split: Split,
    sizeClass: SizeClass,
    source: CorpusSource,
    /** Versions that were published before, oldest first and without a gap: what changed between them is asked about. */
    releases: z.array(PinnedRelease).optional(),
    /** Files in which every call is asked about. */
    measure: z.strictObject({ include: z.array(glob).min(1), exclude: z.array(glob) }),
    /** Files of the project beside those that calls may enter; their own calls are not asked about. */
    context: z.strictObject({ include: z.array(glob), exclude: z.array(glob) }),
    /** `compilerOptions` as in a tsconfig.json; of Java only `release`, the version of the language; empty for languages without. */
    compilerOptions: z.record(z.string(), z.unknown()),
    tests: CorpusTests.nullable(),
  })
  .refine((spec) => spec.split === splitOf(spec.family), {
    error: "split does not follow from family",
    path: ["split"],
  })
  .refine((spec) => !("trait" in spec.source) || spec.source.trait !== "layered" || spec.source.split === spec.split, {
    error: "a layered project plants the traits of its own split",
    path: ["source", "split"],
  })
  .refine((spec) => spec.tests?.skip === undefined || spec.tests.runner === "node", {
    error: "only node's runner leaves out single tests",
    path: ["tests", "skip"],
  })
  .refine((spec) => spec.releases === undefined || spec.source.type === "npm" || spec.source.type === "pypi", {
    error: "only packages of npm and PyPI have releases",
    path: ["releases"],
  })
  .refine((spec) => (spec.source.type === "generator") === (spec.kind === "synthetic"), {
    error: "a synthetic corpus is generated, a real one is not",
    path: ["source"],
  });
export type CorpusSpec = z.infer<typeof CorpusSpec>;

/** The folder of this package that holds `real/` and `synthetic/`. */
export const MANIFEST_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Every corpus known to this checkout, real ones first, each kind by id.
 *
 * @throws CorpusError `CORPUS_MANIFEST` when a manifest cannot be read or breaks the schema
 */
export function listCorpora(root: string = MANIFEST_ROOT): CorpusSpec[] {
  return (["real", "synthetic"] as const).flatMap((kind) =>
    folders(path.join(root, kind)).map((id) => readListed(root, kind, id)),
  );
}

/** @throws CorpusError `CORPUS_UNKNOWN` when there is no such corpus; `CORPUS_MANIFEST` as {@link listCorpora} */
export function findCorpus(id: string, root: string = MANIFEST_ROOT): CorpusSpec {
  const known = listCorpora(root);
  const spec = known.find((candidate) => candidate.id === id);
  if (spec === undefined) {
    throw new CorpusError("CORPUS_UNKNOWN", `there is no corpus "${id}"`, {
      hint: `Known: ${known.map((candidate) => candidate.id).join(", ")}.`,
    });
  }
  return spec;
}

/** The folder in which the manifest of a corpus lies. */
export function manifestFolder(spec: Pick<CorpusSpec, "kind" | "id">, root: string = MANIFEST_ROOT): string {
  return path.join(root, spec.kind, spec.id);
}

/** @param label what stands in messages for the file; @throws CorpusError `CORPUS_MANIFEST` */
export function readManifest(file: string, label: string): CorpusSpec {
  try {
    return CorpusSpec.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new CorpusError("CORPUS_MANIFEST", `${label} is not a manifest: ${why}`, {
      hint: "Mend it by hand, or write it anew; CorpusSpec in corpora/src/manifest.ts says what stands in it.",
      cause,
    });
  }
}

function readListed(root: string, kind: "real" | "synthetic", id: string): CorpusSpec {
  const spec = readManifest(path.join(manifestFolder({ kind, id }, root), "corpus.json"), `${kind}/${id}/corpus.json`);
  if (spec.id !== id || spec.kind !== kind) {
    throw new CorpusError("CORPUS_MANIFEST", `${kind}/${id}/corpus.json says it is ${spec.kind}/${spec.id}`);
  }
  return spec;
}

function folders(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return []; // A checkout without corpora of this kind.
  }
}
