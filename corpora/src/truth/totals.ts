/** All real corpora together, and whether there is enough truth to benchmark with. Pure. */
import { z } from "zod";
import { isJudged } from "./item-score.ts";
import { type CallGraphTruth, Stratum } from "./schema.ts";

const count = z.int().nonnegative();

/** What a language's share of the items is counted by. */
export const SiteLanguage = z.enum(["typescript", "javascript", "python", "java", "go"]);
export type SiteLanguage = z.infer<typeof SiteLanguage>;

/** Something that the truth as a whole is meant to reach. */
export const Aim = z.strictObject({ aim: z.string(), value: z.string(), holds: z.boolean() });
export type Aim = z.infer<typeof Aim>;

export const TotalStats = z.strictObject({
  corpora: count,
  lines: count,
  sites: count,
  /** Sites with a certain target or excluded ones. */
  judged: count,
  easy: count,
  strata: z.array(z.strictObject({ stratum: Stratum, sites: count, judged: count })),
  languages: z.array(z.strictObject({ language: SiteLanguage, sites: count, judged: count })),
  aims: z.array(Aim),
});
export type TotalStats = z.infer<typeof TotalStats>;

const LEAST_SITES = 20_000;
const LARGEST_SHARE = 0.2;
const LEAST_PER_KIND = 500;
const LEAST_PER_LANGUAGE = 1_500;
const LEAST_HARD_SHARE = 0.3;
const LEAST_LINES_OF_LARGEST = 500_000;
const LEAST_TRACED: Record<SiteLanguage, number> = { typescript: 3, javascript: 3, python: 3, java: 2, go: 2 };
const LARGEST_GENERATED_SHARE = 1 / 3;

/**
 * @param truths of real corpora
 * @param generated ones are shown apart and never help to reach an aim, but must not outweigh the real ones either
 */
export function totalsOf(truths: readonly CallGraphTruth[], generated: readonly CallGraphTruth[] = []): TotalStats {
  const sites = truths.flatMap((truth) => truth.sites);
  const judged = sites.filter(isJudged);
  const total = {
    corpora: truths.length,
    lines: truths.reduce((sum, { lines }) => sum + lines, 0),
    sites: sites.length,
    judged: judged.length,
    easy: judged.filter(({ easy }) => easy).length,
    strata: Stratum.options.map((stratum) => {
      const holds = (site: { stratum: Stratum }): boolean => site.stratum === stratum;
      return { stratum, sites: sites.filter(holds).length, judged: judged.filter(holds).length };
    }),
    languages: SiteLanguage.options.map((language) => {
      const holds = ({ file }: { file: string }): boolean => languageOf(file) === language;
      return { language, sites: sites.filter(holds).length, judged: judged.filter(holds).length };
    }),
  };
  return { ...total, aims: aimsOf(total, truths, generated) };
}

/** By the ending of a file's name. */
export function languageOf(file: string): SiteLanguage {
  if (/\.pyi?$/.test(file)) return "python";
  if (file.endsWith(".java")) return "java";
  if (file.endsWith(".go")) return "go";
  return /\.[cm]?tsx?$/.test(file) ? "typescript" : "javascript";
}

function aimsOf(
  total: Omit<TotalStats, "aims">,
  truths: readonly CallGraphTruth[],
  generated: readonly CallGraphTruth[],
): Aim[] {
  const all = total.sites + generated.reduce((sum, { sites }) => sum + sites.length, 0);
  const [largest, largestGenerated] = [
    largestOf(truths) / Math.max(1, total.sites),
    largestOf(generated) / Math.max(1, all),
  ];
  const generatedShare = all === 0 ? 0 : 1 - total.sites / all;
  const traced = SiteLanguage.options.map((language) => ({
    language,
    corpora: truths.filter(
      (truth) => truth.language === language && truth.sites.some(({ witness }) => witness !== null),
    ).length,
  }));
  const beyond = (one: (typeof traced)[number]): number => one.corpora - LEAST_TRACED[one.language];
  const leastTraced = traced.reduce((least, one) => (beyond(one) < beyond(least) ? one : least));
  const rarestKind = total.strata.reduce((least, one) => (one.sites < least.sites ? one : least));
  const rarestLanguage = total.languages.reduce((least, one) => (one.sites < least.sites ? one : least));
  const hard = total.judged === 0 ? 0 : 1 - total.easy / total.judged;
  const longest = Math.max(0, ...truths.map(({ lines }) => lines));
  const aim = (text: string, value: string, holds: boolean): Aim => ({ aim: text, value, holds });
  return [
    aim(`at least ${LEAST_SITES} sites`, `${total.sites}, ${total.judged} of them judged`, total.sites >= LEAST_SITES),
    aim(
      "no corpus above 20 % of the sites",
      `${percent(largest)} of the real ones${generated.length === 0 ? "" : `, a generated one ${percent(largestGenerated)} of all`}`,
      total.sites > 0 && Math.max(largest, largestGenerated) <= LARGEST_SHARE,
    ),
    aim(
      "generated sites at most a third of all",
      percent(generatedShare),
      total.sites > 0 && generatedShare <= LARGEST_GENERATED_SHARE,
    ),
    aim(
      `at least ${LEAST_PER_KIND} sites of every kind`,
      `${rarestKind.stratum} ${rarestKind.sites}, ${rarestKind.judged} of them judged`,
      rarestKind.sites >= LEAST_PER_KIND,
    ),
    aim(
      `at least ${LEAST_PER_LANGUAGE} sites of every language`,
      `${rarestLanguage.language} ${rarestLanguage.sites}, ${rarestLanguage.judged} of them judged`,
      rarestLanguage.sites >= LEAST_PER_LANGUAGE,
    ),
    aim("at least 30 % of the judged items not easy", percent(hard), hard >= LEAST_HARD_SHARE),
    aim(
      "at least 3 corpora of every language whose own tests were run, 2 of Java and Go",
      `${leastTraced.language} ${leastTraced.corpora}`,
      beyond(leastTraced) >= 0,
    ),
    aim("one corpus of at least 500 kLOC", `${Math.round(longest / 1000)} kLOC`, longest >= LEAST_LINES_OF_LARGEST),
  ];
}

function largestOf(truths: readonly CallGraphTruth[]): number {
  return Math.max(0, ...truths.map(({ sites }) => sites.length));
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
