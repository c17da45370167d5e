/**
 * Derives a random sample of the stored truth again, from scratch and in little time, and compares item by item: the
 * static oracle resolves a few files within the whole program, the tracer runs one test file that witnessed an item.
 */
import { z } from "zod";
import type { FetchedCorpus } from "../fetch.ts";
import type { OnProgress } from "../progress.ts";
import { withBaselines } from "../truth/baselines.ts";
import { differingFields } from "../truth/diff.ts";
import { closing, mergeSite } from "../truth/merge.ts";
import { inRandomOrder } from "../truth/sample.ts";
import { type CallGraphTruth, ProvenanceKind, type SiteTruth } from "../truth/schema.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import { cacheDirOf, type DeriveOptions, inputsOf, readProject } from "./call-graph.ts";
import { resolveStatically, trace } from "./oracles.ts";
import { findSandbox } from "./sandbox.ts";
import type { TracedSite } from "./trace/traced-tests.ts";

/** One oracle asked again about a sample of one corpus. */
export const Recheck = z.strictObject({
  corpus: z.string(),
  oracle: z.enum([...ProvenanceKind.options, "mutation", "release-diff", "deletion", "rule"]),
  /** Items compared. */
  items: z.int().nonnegative(),
  /** What is not as stored, in one line each; empty when all is. */
  differing: z.array(z.string()),
  /** Why nothing was compared; null when something was. */
  notRun: z.string().nullable(),
  /** Nothing was compared because a compiler is not installed here, which is no failure anywhere. */
  lacksToolchain: z.boolean().optional(),
});
export type Recheck = z.infer<typeof Recheck>;

export interface RecheckOptions extends Pick<DeriveOptions, "cacheDir" | "offline" | "unsafe" | "env"> {
  seed: number;
  /** This item and no other: all that is stored about it, in place of a sample. */
  item?: string;
  onProgress?: OnProgress;
}

/** Items by whose files the static sample is drawn. */
const STATIC_ITEMS = 8;
/** Items of one witness that are traced again. */
const TRACED_ITEMS = 12;

/** What does not fit the truth as a whole: the manifest it was derived with, the files it is about. */
export async function checkInputs(fetched: FetchedCorpus, truth: CallGraphTruth): Promise<string[]> {
  const { inputsSha256 } = await inputsOf(fetched);
  return [
    ...(truth.manifestSha256 === truthManifestSha256(fetched.spec) ? [] : ["the manifest changed since"]),
    ...(truth.inputsSha256 === inputsSha256 ? [] : ["it is about other files"]),
  ];
}

/**
 * Resolves every call in the files of a few random items again. Definitions, and all stored sites in those files with
 * their trivial answers' scores, must come out exactly as stored; what traces added is taken from the stored site.
 */
export async function recheckStatic(
  fetched: FetchedCorpus,
  truth: CallGraphTruth,
  options: RecheckOptions,
): Promise<Recheck> {
  const about = { corpus: truth.corpus, oracle: "compiler" as const };
  const { item } = options;
  const asked = item === undefined ? truth.sites : truth.sites.filter(({ id }) => id === item);
  const chosen = new Set(
    inRandomOrder(asked, options.seed)
      .slice(0, STATIC_ITEMS)
      .map(({ file }) => file),
  );
  if (chosen.size === 0) return { ...about, items: 0, differing: [], notRun: "it has no items" };
  const { context } = await inputsOf(fetched);
  const resolved = await resolveStatically({
    fetched,
    measured: fetched.files.filter((file) => chosen.has(file)),
    context: [...fetched.files.filter((file) => !chosen.has(file)), ...context],
    cacheDir: cacheDirOf(options),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const { imports } = await readProject(fetched, context);
  const isClosed = closing(truth.contradictions);
  const stored = new Map(asked.map((site) => [site.id, site]));
  const compared = resolved.sites.filter(({ id }) => stored.has(id));
  const merged = compared.map((site) => mergeSite(site, observedOf(stored.get(site.id) as SiteTruth), isClosed(site)));
  const differing = withBaselines(merged, { definitions: truth.definitions, imports }).flatMap((site) => {
    const fields = differingFields(stored.get(site.id) as SiteTruth, site);
    return fields.length === 0 ? [] : [`${site.id}: ${fields.join(", ")} not as stored`];
  });
  const found = new Set(resolved.sites.map(({ id }) => id));
  const lost = asked.filter(({ id, file }) => chosen.has(file) && !found.has(id));
  return {
    ...about,
    items: compared.length,
    differing: [
      ...(item !== undefined || JSON.stringify(resolved.definitions) === JSON.stringify(truth.definitions)
        ? []
        : [`${truth.corpus}: the definitions are not those stored`]),
      ...differing,
      ...lost.map(({ id }) => `${id}: no call there any more`),
    ],
    notRun: null,
  };
}

/** What a trace must have seen for the stored site to say what it says. */
function observedOf(site: SiteTruth): TracedSite {
  return {
    definitions: site.traced.flatMap((target) => ("definition" in target ? [target.definition] : [])),
    externals: site.traced.flatMap((target) => ("external" in target ? [target.external] : [])),
    outside: site.unknownReason === "target-outside-measured-files",
    callbacks: site.callbacks,
    witness: site.witness,
  };
}

/**
 * Runs one random test file of those that witnessed items, asking about the files of a few items that it witnessed; what
 * they enter may lie in any file. Of each item one stored target must be seen again. No site may enter what its stored
 * item does not allow: a test that runs alone finds caches empty that another had filled, so it may come by where none did.
 *
 * Test files are drawn, not items: the file that witnessed most would be drawn most, and mostly it is the slowest.
 *
 * @returns null when no stored item was traced
 */
export async function recheckTraced(
  fetched: FetchedCorpus,
  truth: CallGraphTruth,
  options: RecheckOptions,
): Promise<Recheck | null> {
  const about = { corpus: truth.corpus, oracle: "trace" as const };
  const asked = options.item === undefined ? truth.sites : truth.sites.filter(({ id }) => id === options.item);
  const witnesses = new Set(asked.flatMap(({ witness }) => witness ?? []));
  const [drawn] = inRandomOrder(
    [...witnesses].map((id) => ({ id })),
    options.seed,
  );
  if (drawn === undefined) return null;
  const witness = drawn.id;
  const sandbox = await findSandbox(undefined, { unsafe: options.unsafe === true });
  if (sandbox === null) {
    return { ...about, items: 0, differing: [], notRun: "no sandbox works on this computer" };
  }
  const items = inRandomOrder(
    asked.filter((site) => site.witness === witness),
    options.seed,
  ).slice(0, TRACED_ITEMS);
  const files = new Set(items.map(({ file }) => file));
  const { context } = await inputsOf(fetched);
  // Every file is watched: what one passes on that is not would seem to be entered from the call that entered that one.
  const seen = await trace(fetched, {
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    offline: options.offline === true,
    cacheDir: cacheDirOf(options),
    context,
    sandbox,
    only: [witness],
  });
  if (seen.sites.size === 0) {
    const why = seen.notRun ?? "no call of a measured file ran";
    return { ...about, items: items.length, differing: [`${truth.corpus}, ${witness}: ${why}`], notRun: null };
  }
  const inFiles = asked.filter(({ file }) => files.has(file));
  return {
    ...about,
    items: items.length,
    differing: [
      ...inFiles.flatMap((site) => unknownTargets(site, seen.sites.get(site.id)).map((one) => `${site.id}: ${one}`)),
      ...items.flatMap((site) =>
        isSeenAgain(site, seen.sites.get(site.id)) ? [] : [`${site.id}: ${witness} shows none of its traced targets`],
      ),
    ],
    notRun: null,
  };
}

/** Targets that were seen and are not allowed: where no test came by before, only a closed set excludes something. */
function unknownTargets(site: SiteTruth, seen: TracedSite | undefined): string[] {
  if (seen === undefined || (site.witness === null && !site.closed)) return [];
  const allowed = [...site.must, ...site.may];
  const stored = new Set(allowed.flatMap((target) => ("definition" in target ? [target.definition] : [])));
  const isOutsideStored = allowed.some((target) => "external" in target);
  return [
    ...seen.definitions.filter((id) => !stored.has(id)).map((id) => `enters ${id}, which is not stored`),
    ...(seen.externals.length === 0 || isOutsideStored ? [] : ["enters the outside, which is not stored"]),
  ];
}

function isSeenAgain(site: SiteTruth, seen: TracedSite | undefined): boolean {
  if (seen === undefined) return false;
  return site.traced.some((target) =>
    "definition" in target ? seen.definitions.includes(target.definition) : seen.externals.length > 0 || seen.outside,
  );
}
