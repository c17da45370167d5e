/** `corpora stats`: what the truth of each corpus consists of, and whether it is enough. */
import type { Command } from "commander";
import { z } from "zod";
import { isStored, loadCallGraphTruth } from "../../derive/load.ts";
import { CorpusError, reasonOf } from "../../errors.ts";
import { findCorpus } from "../../manifest.ts";
import { ChangeStats, changeStatsOf } from "../../truth/change-stats.ts";
import { completenessOf, describeCompleteness } from "../../truth/completeness.ts";
import { type MutationTruth, readStoredMutations } from "../../truth/mutation.ts";
import { MutationStats, mutationStatsOf, MutationTotals, mutationTotalsOf } from "../../truth/mutation-stats.ts";
import { applyErrata } from "../../truth/errata.ts";
import { type CallGraphTruth, Stratum } from "../../truth/schema.ts";
import { statsOf, TruthStats } from "../../truth/stats.ts";
import { readStoredDeletion } from "../../truth/deletion-schema.ts";
import { readStoredRules } from "../../truth/rule-schema.ts";
import { readStoredChanges } from "../../truth/stored-changes.ts";
import { storedTruthOf } from "../../truth/stored.ts";
import { type TotalStats, totalsOf, TotalStats as TotalStatsSchema } from "../../truth/totals.ts";
import { DeletionStats, deletionStatsOf, reportDeletions } from "../deletions.ts";
import { reportMutations } from "../mutations.ts";
import { reportRules, RuleStats, ruleStatsOf } from "../rules.ts";
import { shortened } from "../remarks.ts";
import { drawTable } from "../table.ts";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  EXIT,
  fetchOptions,
  type Finish,
  forEachCorpus,
  IDS,
  jsonOption,
  offlineOption,
  print,
  reporter,
} from "../world.ts";

/** The record of `corpora stats --json`. */
export const StatsRecord = z.strictObject({
  schemaVersion: z.literal(1),
  corpora: z.array(TruthStats),
  /** What people changed from one release to the next, for the corpora that pin several. */
  changes: z.array(ChangeStats),
  /** Corpora without truth, and why. */
  without: z.array(z.strictObject({ corpus: z.string(), reason: z.string() })),
  /** Over the real corpora above. */
  total: TotalStatsSchema,
  /** What is known about changes, of the corpora that have that truth, and over all of them. */
  mutations: z.strictObject({ corpora: z.array(MutationStats), total: MutationTotals }),
  /** Dead code, and what only looks dead. */
  deletions: z.array(DeletionStats),
  /** What the rules of repositories forbid, by their own checkers. */
  rules: z.array(RuleStats),
});
export type StatsRecord = z.infer<typeof StatsRecord>;

export function addStatsCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command(`stats ${IDS}`)
    .description(
      "sites by kind, what is certain, excluded and unknown, what trivial answers score, what changes did (default: all)",
    )
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .option("--completeness", "items by deriver and real corpus, and what was left out and why, as Markdown")
    .addHelpText("after", "\nExit code: 0 there is truth to count, 3 there is none.")
    .action(async (ids: string[], flags: CommonFlags & { completeness?: boolean }) => {
      if (flags.completeness === true) {
        const completeness = await completenessOf(world.manifestRoot);
        print(world, flags, completeness, [describeCompleteness(completeness)]);
        return;
      }
      const mutations = { corpora: [], total: mutationTotalsOf([]) };
      const record: StatsRecord = {
        schemaVersion: 1,
        corpora: [],
        changes: [],
        without: [],
        total: totalsOf([]),
        mutations,
        deletions: [],
        rules: [],
      };
      const mutated: MutationTruth[] = [];
      const truths = { real: [] as CallGraphTruth[], synthetic: [] as CallGraphTruth[] };
      await forEachCorpus(ids, world, async (id) => {
        const changes = await readStoredChanges(id, "release-diff", world.manifestRoot);
        if (changes !== null) record.changes.push(changeStatsOf(changes));
        const deletion = await readStoredDeletion(id, world.manifestRoot);
        if (deletion !== null) record.deletions.push(deletionStatsOf(deletion));
        const rules = await readStoredRules(id, world.manifestRoot);
        if (rules !== null) record.rules.push(ruleStatsOf(rules));
        try {
          const stored = await readStoredMutations(id, world.manifestRoot);
          if (stored !== null) mutated.push(stored);
          const { truth, errata } = await truthOf(id, flags, world);
          record.corpora.push(statsOf(truth, errata));
          truths[findCorpus(id, world.manifestRoot).kind].push(truth);
        } catch (error) {
          if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
          record.without.push({ corpus: id, reason: reasonOf(error) });
        }
      });
      record.total = totalsOf(truths.real, truths.synthetic);
      record.mutations = { corpora: mutated.map(mutationStatsOf), total: mutationTotalsOf(mutated) };
      print(world, flags, record, [report(record, ids.length === 0)]);
      if (record.corpora.length + record.changes.length === 0) finish(EXIT.missing);
    });
}

/** Stored truth is read without the files that it is about. */
async function truthOf(
  id: string,
  flags: CommonFlags,
  world: CliWorld,
): Promise<{ truth: CallGraphTruth; errata: number }> {
  const spec = findCorpus(id, world.manifestRoot);
  if (isStored(spec)) {
    const { truth, errata } = await storedTruthOf(spec, world.manifestRoot);
    return { truth: applyErrata(truth, errata), errata: errata.length };
  }
  const options = { ...fetchOptions(flags, world), onProgress: reporter(world) };
  return { truth: await loadCallGraphTruth(await bring(id, flags, world), options), errata: 0 };
}

/** @param ofAll all corpora were asked about, which is what the aims are meant for */
function report(
  { corpora, changes, without, total, mutations, deletions, rules }: StatsRecord,
  ofAll: boolean,
): string {
  // A hundred columns hold every kind, if none has two words.
  const kinds = Stratum.options.map((kind) => kind.replace("-value", ""));
  const notes = corpora.flatMap(({ corpus, oracles }) =>
    oracles.flatMap(({ name, notRun }) => (notRun === null ? [] : [`${corpus}, ${name}: ${shortened(notRun)}`])),
  );
  return [
    "Sites, and what is known about them (found: before sampling; must: with a certain target; cannot: with all",
    "others excluded; dropped: the oracles disagree)",
    drawTable(
      ["corpus", "language", "kLOC", "sites", "found", "must", "cannot", "unknown", "dropped"],
      corpora.map((one) => [
        one.corpus,
        one.language,
        (one.lines / 1000).toFixed(1),
        one.all.sites,
        one.found.sites,
        one.all.must,
        one.all.closed,
        percent(one.unknownShare),
        one.dropped,
      ]),
    ),
    "Sites by kind",
    drawTable(
      ["corpus", ...kinds],
      corpora.map((one) => [one.corpus, ...one.strata.map(({ sites }) => sites)]),
    ),
    "Traced sites that contradict the static oracle, of those compared",
    drawTable(
      ["corpus", ...kinds],
      corpora.map((one) => [
        one.corpus,
        ...one.strata.map(({ contradicted, checked }) => (checked === 0 ? "-" : `${contradicted}/${checked}`)),
      ]),
    ),
    "How far the oracles agree",
    drawTable(
      ["corpus", "agreement", "repeats agree", "overhead", "lost", "rest on one oracle", "errata"],
      corpora.map((one) => {
        const { tracing } = one;
        const tracer = tracing === null ? undefined : one.oracles.at(-1);
        return [
          one.corpus,
          percent(one.oracleAgreement),
          percent(tracer?.agreement ?? null),
          tracing?.overhead == null ? "-" : `${tracing.overhead.toFixed(1)}x`,
          tracing?.lostSites ?? "-",
          one.restOnOne.map(({ oracle, sites }) => `${oracle} ${sites}`).join(", "),
          one.errata,
        ];
      }),
    ),
    "What answers without understanding score on the judged items",
    drawTable(
      ["corpus", "judged", "grep", "import graph", "constant", "easy", "easy before sampling"],
      corpora.map((one) => [
        one.corpus,
        one.all.sites - one.all.unknown,
        percent(one.baselines.grep),
        percent(one.baselines.importGraph),
        percent(one.baselines.constant),
        percent(one.easyShare),
        percent(one.found.easy / Math.max(1, one.found.sites - one.found.unknown)),
      ]),
    ),
    ...(changes.length === 0 ? [] : changeLines(changes)),
    ...reportDeletions(deletions),
    ...reportRules(rules),
    ...(notes.length === 0 ? [] : ["Not run", ...notes.map((note) => `  ${note}`), ""]),
    ...(without.length === 0
      ? []
      : ["Without truth", ...without.map(({ corpus, reason }) => `  ${corpus}: ${reason}`), ""]),
    totalLines(total, ofAll),
    ...(mutations.corpora.length === 0 ? [] : ["", reportMutations(mutations, ofAll)]),
  ].join("\n");
}

function changeLines(changes: readonly ChangeStats[]): string[] {
  const sum = (of: (one: ChangeStats) => number): number => changes.reduce((total, one) => total + of(one), 0);
  return [
    "What changed from one release to the next (pairs of versions; items: entries of changelogs tied to functions; found:",
    "some of those stood in the older version; functions of all items; hard: a search for names does not solve it)",
    drawTable(
      ["corpus", "pairs", "with items", "items", "found", "functions", "grep", "hard", "dropped"],
      changes.map((one) => [
        one.corpus,
        one.changes,
        one.withItems,
        one.items,
        one.locatable,
        one.functions,
        percent(one.grep),
        one.hard,
        one.dropped.reduce((total, { number }) => total + number, 0),
      ]),
    ),
    `Together: ${sum(({ items }) => items)} items, ${sum(({ locatable }) => locatable)} found before the change, ${sum(({ hard }) => hard)} hard`,
    "",
  ];
}

function totalLines(total: TotalStats, ofAll: boolean): string {
  const kinds = total.strata.map(({ stratum, sites }) => `${stratum} ${sites}`).join(", ");
  const languages = total.languages.map(({ language, sites }) => `${language} ${sites}`).join(", ");
  return [
    `Real corpora together: ${total.corpora}, ${(total.lines / 1000).toFixed(0)} kLOC, ${total.sites} sites, ${total.judged} judged, ${total.easy} easy`,
    `  ${kinds}`,
    `  ${languages}`,
    ...(ofAll ? total.aims.map(({ aim, value, holds }) => `  ${holds ? "yes" : "NO "}  ${aim}: ${value}`) : []),
  ].join("\n");
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(100 * share).toFixed(1)} %`;
}
