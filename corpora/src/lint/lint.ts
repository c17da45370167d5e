/** All checks of manifests, stored truth and errata: what `corpora lint` does. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { layeredSource, loadLayeredTruth } from "../derive/load-layered.ts";
import { isStored, loadCallGraphTruth } from "../derive/load.ts";
import { CorpusError, reasonOf } from "../errors.ts";
import { type FetchedCorpus, fetchCorpus, type FetchOptions } from "../fetch.ts";
import { APART, type CorpusSpec, listCorpora, MANIFEST_ROOT } from "../manifest.ts";
import { compareConstants, CONSTANT } from "../truth/baselines.ts";
import type { Erratum } from "../truth/errata.ts";
import { readStoredMutations } from "../truth/mutation.ts";
import { type CallGraphTruth } from "../truth/schema.ts";
import { readStoredDeletion } from "../truth/deletion-schema.ts";
import { readStoredRules } from "../truth/rule-schema.ts";
import { readStoredChanges } from "../truth/stored-changes.ts";
import { storedTruthFile, storedTruthOf, truthManifestSha256 } from "../truth/stored.ts";
import { treeSha256 } from "../tree.ts";
import { checkMutations } from "./check-mutations.ts";
import { checkRegistry } from "./check-registry.ts";
import { checkChanges } from "./check-changes.ts";
import { checkDeletion } from "./check-deletion.ts";
import { checkRules } from "./check-rules.ts";
import { checkErrata, checkTruth } from "./check-truth.ts";
import { Duplicates } from "./duplicates.ts";
import { Finding } from "./finding.ts";
import { findLeaks, findTellingText } from "./leaks.ts";
import { checkPositions } from "./positions.ts";

const count = z.int().nonnegative();

/** The record of `corpora lint --json`. */
export const LintRecord = z.strictObject({
  schemaVersion: z.literal(1),
  findings: z.array(Finding),
  /** Corpora whose truth nobody stored yet: nothing is asked about them. */
  without: z.array(z.string()),
  /** Corpora whose positions and comments were not looked at, and why. */
  notChecked: z.array(
    z.strictObject({
      corpus: z.string(),
      reason: z.string(),
      /** They are fetched by the tools of their language, which are not installed here: no failure anywhere. */
      lacksToolchain: z.boolean().optional(),
    }),
  ),
  checked: z.strictObject({ corpora: count, sites: count, definitions: count, errata: count }),
});
export type LintRecord = z.infer<typeof LintRecord>;

/**
 * Lints the corpora given. Their files are fetched (or taken from the cache) to look at positions and comments; what
 * cannot be had is listed in `notChecked`.
 */
export async function lintCorpora(ids: readonly string[], options: FetchOptions): Promise<LintRecord> {
  const root = options.manifestRoot ?? MANIFEST_ROOT;
  const record: LintRecord = {
    schemaVersion: 1,
    findings: [],
    without: [],
    notChecked: [],
    checked: { corpora: 0, sites: 0, definitions: 0, errata: 0 },
  };
  let specs: CorpusSpec[];
  try {
    specs = listCorpora(root);
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    record.findings.push({ corpus: "", rule: "manifest", at: root, message: error.message });
    return record;
  }
  record.findings.push(...checkRegistry(specs, root));
  const fit: CallGraphTruth[] = [];
  const duplicates = new Duplicates();
  for (const spec of specs.filter(({ id }) => ids.includes(id))) {
    record.findings.push(...(await changesOf(spec, root)));
    record.findings.push(...(await mutationFindings(spec, root)));
    if (layeredSource(spec) !== null) {
      await lookAtLayered(spec, options, record);
      continue;
    }
    const known = await truthOf(spec, options, record);
    if (known === null) continue;
    const { truth, errata } = known;
    if (spec.split === "fit" && spec.kind === "real") fit.push(truth);
    record.findings.push(...checkTruth(truth), ...checkErrata(truth, errata));
    record.checked.corpora += 1;
    record.checked.sites += truth.sites.length;
    record.checked.definitions += truth.definitions.length;
    record.checked.errata += errata.length;
    await lookAtFiles(spec, known, options, { record, duplicates });
  }
  record.findings.push(...checkConstant(fit));
  return record;
}

async function mutationFindings(spec: CorpusSpec, root: string): Promise<Finding[]> {
  const find = (message: string): Finding => ({
    corpus: spec.id,
    rule: "stored-truth",
    at: "truth about changes",
    message,
  });
  try {
    const truth = await readStoredMutations(spec.id, root);
    if (truth === null) return [];
    const fits = truth.manifestSha256 === truthManifestSha256(spec);
    return [...(fits ? [] : [find("the manifest changed after it was stored")]), ...checkMutations(truth)];
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    return [find(error.message)];
  }
}

interface Known {
  truth: CallGraphTruth;
  errata: readonly Erratum[];
  fetched: FetchedCorpus | null;
}

async function changesOf(spec: CorpusSpec, root: string): Promise<Finding[]> {
  try {
    const [truth, deletion, rules] = [
      await readStoredChanges(spec.id, "release-diff", root),
      await readStoredDeletion(spec.id, root),
      await readStoredRules(spec.id, root),
    ];
    return [
      ...(truth === null ? [] : checkChanges(truth, spec)),
      ...(deletion === null ? [] : checkDeletion(deletion, spec)),
      ...(rules === null ? [] : checkRules(rules, spec)),
    ];
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    return [{ corpus: spec.id, rule: "stored-truth", at: "truth", message: error.message }];
  }
}

async function truthOf(spec: CorpusSpec, options: FetchOptions, record: LintRecord): Promise<Known | null> {
  try {
    if (isStored(spec) && !existsSync(storedTruthFile(spec.id, options.manifestRoot))) {
      record.without.push(spec.id);
      return null;
    }
    if (isStored(spec)) return { ...(await storedTruthOf(spec, options.manifestRoot)), fetched: null };
    const fetched = await fetchCorpus(spec.id, options);
    return { truth: await loadCallGraphTruth(fetched, options), errata: [], fetched };
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    if (isStored(spec)) {
      record.findings.push({ corpus: spec.id, rule: "stored-truth", at: "truth", message: error.message });
    } else record.notChecked.push({ corpus: spec.id, reason: reasonOf(error) });
    return null;
  }
}

/** What was planted is right by construction; what stands around it must not tell it. */
async function lookAtLayered(spec: CorpusSpec, options: FetchOptions, record: LintRecord): Promise<void> {
  try {
    const fetched = await fetchCorpus(spec.id, options);
    const truth = await loadLayeredTruth(fetched);
    const definitions = (truth?.facts ?? []).flatMap((one) => (one.fact === "definition" ? [one.definition] : []));
    const files: { file: string; text: string }[] = [];
    for (const file of fetched.files) files.push({ file, text: await readFile(path.join(fetched.root, file), "utf8") });
    const leaks = findTellingText(files, definitions);
    record.findings.push(...leaks.map((leak) => ({ ...leak, corpus: spec.id, rule: "answer-leak" as const })));
    record.checked.corpora += 1;
    record.checked.definitions += definitions.length;
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    record.notChecked.push({ corpus: spec.id, reason: reasonOf(error) });
  }
}

/** An item that an erratum takes away may give its answer away. */
async function lookAtFiles(
  spec: CorpusSpec,
  known: Known,
  options: FetchOptions,
  { record, duplicates }: { record: LintRecord; duplicates: Duplicates },
): Promise<void> {
  const { truth, errata } = known;
  try {
    const { root, files } = known.fetched ?? (await fetchCorpus(spec.id, options));
    if (truth.inputsSha256 !== (await treeSha256(root, files))) {
      record.findings.push({ corpus: spec.id, rule: "stored-truth", at: "truth", message: "it is about other files" });
    }
    const dropped = new Set(errata.flatMap(({ site, decision }) => (decision.type === "drop" ? [site] : [])));
    const leaks = await findLeaks(truth, root, spec.kind === "synthetic");
    record.findings.push(
      ...(await checkPositions(truth, root)),
      ...leaks.filter(({ at }) => !dropped.has(at)),
      ...(await duplicates.find(truth, root)),
    );
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    const lacksToolchain = error.code === "CORPUS_CLIENT" && APART.has(spec.language);
    record.notChecked.push({ corpus: spec.id, reason: reasonOf(error), ...(lacksToolchain ? { lacksToolchain } : {}) });
  }
}

/** The constant answer was chosen on `fit`; with other truth another one may be better there. */
function checkConstant(fit: readonly CallGraphTruth[]): Finding[] {
  if (fit.length === 0) return [];
  const [best] = [...compareConstants(fit)].sort((a, b) => b[1] - a[1]);
  if (best === undefined || best[0] === CONSTANT) return [];
  const message = `on split fit ${best[0]} scores ${best[1].toFixed(3)}, more than ${CONSTANT}`;
  return [{ corpus: "", rule: "constant", at: "src/truth/baselines.ts", message }];
}
