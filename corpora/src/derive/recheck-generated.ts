/** Whether a generated corpus still comes out of its seed, and whether the compiler agrees with what was planted. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { generateProject } from "../generate/calls.ts";
import { disagreement } from "../truth/merge.ts";
import { inRandomOrder } from "../truth/sample.ts";
import type { CallGraphTruth } from "../truth/schema.ts";
import { loadLayeredTruth } from "./load-layered.ts";
import { contextFiles, resolveStatically } from "./oracles.ts";
import type { Recheck, RecheckOptions } from "./recheck.ts";

/** Files of which every planted call is compared. */
const FILES = 8;

/** Plans a layered project again: every file has to have the same bytes, which is what its facts are about. */
export async function recheckLayered(fetched: FetchedCorpus): Promise<Recheck> {
  const about = { corpus: fetched.spec.id, oracle: "generator" as const };
  try {
    const truth = await loadLayeredTruth(fetched);
    return { ...about, items: truth?.facts.length ?? 0, differing: [], notRun: null };
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    return { ...about, items: 0, differing: [error.message], notRun: null };
  }
}

/** Generates the project again; a few random files must have the same bytes and calls, and the compiler must agree. */
export async function recheckGenerated(
  fetched: FetchedCorpus,
  truth: CallGraphTruth,
  { seed, onProgress }: RecheckOptions,
): Promise<Recheck> {
  const { spec, root, files } = fetched;
  const about = { corpus: spec.id, oracle: "generator" as const };
  if (spec.source.type !== "generator" || spec.source.trait !== "calls") {
    return { ...about, items: 0, differing: [], notRun: "no calls are planted in it" };
  }
  const chosen = new Set(
    inRandomOrder(
      files.map((id) => ({ id })),
      seed,
    )
      .slice(0, FILES)
      .map(({ id }) => id),
  );
  const differing: string[] = [];
  const sites = Map.groupBy(truth.sites, ({ file }) => file);
  let items = 0;
  for (const generated of generateProject(spec.source)) {
    if (!chosen.has(generated.file)) continue;
    if ((await readFile(path.join(root, generated.file), "utf8")) !== generated.text) {
      differing.push(`${generated.file}: the generator writes another text`);
    }
    const known = new Map(sites.get(generated.file)?.map((site) => [site.id, JSON.stringify(site.must)]));
    for (const { id, must } of generated.sites) {
      items += 1;
      if (known.get(id) !== JSON.stringify(must)) differing.push(`${id}: the generator plants something else`);
    }
  }
  const resolved = await resolveStatically({
    fetched,
    measured: files.filter((file) => chosen.has(file)),
    context: [...files.filter((file) => !chosen.has(file)), ...(await contextFiles(fetched))],
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const planted = new Map(truth.sites.map((site) => [site.id, site]));
  for (const site of resolved.sites) {
    const must = planted.get(site.id)?.must ?? [];
    const against = disagreement(site, {
      definitions: must.flatMap((target) => ("definition" in target ? [target.definition] : [])),
      externals: must.flatMap((target) => ("external" in target ? [target.external] : [])),
      outside: false,
      callbacks: [],
      witness: null,
    });
    if (!planted.has(site.id) || against !== undefined) differing.push(`${site.id}: the compiler says something else`);
  }
  return { ...about, items, differing, notRun: null };
}
