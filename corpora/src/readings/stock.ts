/** All items of one deriver that can be read, each as a question and what is stored about it. */
import { hash } from "node:crypto";
import { layeredSource } from "../derive/load-layered.ts";
import { loadChangeTruth } from "../derive/load-mutations.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { generateLayered } from "../generate/layered/project.ts";
import type { Place } from "../generate/layered/truth.ts";
import { type CorpusSpec, type Language, listCorpora } from "../manifest.ts";
import type { ChangeKind } from "../truth/change-schema.ts";
import { type DeletionItem, readStoredDeletion } from "../truth/deletion-schema.ts";
import { applyErrata } from "../truth/errata.ts";
import { type MutationItem, type MutationTruth, readStoredMutations } from "../truth/mutation.ts";
import { readStoredRules, type RuleItem } from "../truth/rule-schema.ts";
import type { SiteTruth, Target } from "../truth/schema.ts";
import { readStoredChanges } from "../truth/stored-changes.ts";
import { readStoredTruth, storedTruthOf } from "../truth/stored.ts";
import type { ReadItem, ReadKind } from "./schema.ts";

/** Names and texts in one answer, and characters of a text, that are shown. */
const SHOWN = { names: 8, characters: 160 } as const;

/** An item before anybody read it; `content` is what its hash is over. */
type Told = Pick<ReadItem, "version" | "id" | "question" | "truth" | "source"> & { content: unknown };

export interface StockOptions {
  /** Where `real/` and `synthetic/` are; default this package. */
  manifestRoot?: string;
  env?: Record<string, string | undefined>;
  /** Brings a corpus onto this computer: what a change does to a text is not stored. */
  bring: (id: string) => Promise<FetchedCorpus>;
}

/**
 * Every item of a kind, by corpus, in the order in which the truth has them, unread. Calls about which nothing is known
 * are no items here.
 *
 * @throws CorpusError `CORPUS_TRUTH` when what is stored is damaged; of mutations also as `fetchCorpus`
 */
export async function stockOf(kind: ReadKind, options: StockOptions): Promise<ReadItem[]> {
  const items: ReadItem[] = [];
  for (const spec of listCorpora(options.manifestRoot)) {
    const told = (spec.kind === "real") !== (kind === "flow") ? await TELLERS[kind](spec, options) : [];
    items.push(
      ...told.map(({ content, ...shown }) => ({
        corpus: spec.id,
        ...shown,
        hash: hash("sha256", JSON.stringify([spec.id, shown.version, shown.id, content])),
        verdict: null,
        why: "",
      })),
    );
  }
  return items;
}

/** What makes two items the same for the draw; whether they still say the same, {@link ReadItem} `hash` tells. */
export function keyOf({ corpus, version, id }: Pick<ReadItem, "corpus" | "version" | "id">): string {
  return `${corpus} ${version} ${id}`;
}

const TELLERS: Record<ReadKind, (spec: CorpusSpec, options: StockOptions) => Promise<Told[]>> = {
  "call-graph-java": async (spec, options) => callsOf(spec, "java", options),
  "call-graph-go": async (spec, options) => callsOf(spec, "go", options),
  mutation: mutationsOf,
  deletion: async ({ id, version }, { manifestRoot }) =>
    ((await readStoredDeletion(id, manifestRoot))?.items ?? []).map((item) => ({ version, ...tellDeletion(item) })),
  history: async (spec, options) => changesOf(spec, "history", options),
  "release-diff": async (spec, options) => changesOf(spec, "release-diff", options),
  rule: async ({ id, version }, { manifestRoot }) => {
    const truth = await readStoredRules(id, manifestRoot);
    const declaredIn = new Map(truth?.oracles.map((oracle) => [oracle.name, oracle.declaredIn]));
    return (truth?.items ?? []).map((item) => ({ version, ...tellRule(item, declaredIn.get(item.by) ?? []) }));
  },
  flow: async (spec) => flowsOf(spec),
};

async function callsOf(spec: CorpusSpec, language: Language, { manifestRoot }: StockOptions): Promise<Told[]> {
  if (spec.language !== language || (await readStoredTruth(spec.id, manifestRoot)) === null) return [];
  const { truth: derived, errata } = await storedTruthOf(spec, manifestRoot);
  const { sites, definitions } = applyErrata(derived, errata);
  const names = new Map(definitions.map(({ id, name }) => [id, name]));
  const tell = (targets: readonly Target[]): string =>
    listed(
      targets.map((target) =>
        "external" in target ? `outside: ${target.external}` : `${names.get(target.definition)} (${target.definition})`,
      ),
    );
  return sites
    .filter(({ must, closed }) => must.length > 0 || closed)
    .map(({ baselines: _, easy: __, ...site }) => ({
      version: spec.version,
      id: site.id,
      question: `What does the call ${site.callee === null ? "without a name" : `of ${site.callee.name}`} at ${site.id} enter? (${site.syntax}, ${site.stratum})`,
      truth: tellCall(site, tell),
      source: together([placeOf(site.file, site.span), ...linesOf(site.must), site.witness]),
      content: site,
    }));
}

function tellCall(
  { must, may, closed, by, traced }: Pick<SiteTruth, "must" | "may" | "closed" | "by" | "traced">,
  tell: (targets: readonly Target[]) => string,
): string {
  return [
    `certainly ${tell(must)}`,
    ...(may.length === 0 ? [] : [`possibly also ${tell(may)}`]),
    closed ? "nothing else" : "others are not excluded",
    `entered in tests: ${traced.length}`,
    `by ${by.join(" and ")}`,
  ].join("; ");
}

function linesOf(targets: readonly Target[]): string[] {
  return targets.flatMap((target) => ("external" in target ? [] : [lineOf(target.definition)])).slice(0, SHOWN.names);
}

async function mutationsOf({ id, version }: CorpusSpec, options: StockOptions): Promise<Told[]> {
  if ((await readStoredMutations(id, options.manifestRoot)) === null) return [];
  const { manifestRoot, env, bring } = options;
  const loaded = await loadChangeTruth(await bring(id), {
    ...(manifestRoot === undefined ? {} : { manifestRoot }),
    ...(env === undefined ? {} : { env }),
  });
  if (loaded === null) return [];
  const { truth, texts } = loaded;
  return truth.items.map((item) => {
    const { before = "", after = "" } = texts[item.id] ?? {};
    const named = withNames(item, truth);
    return {
      version,
      id: item.id,
      question: `What happens when at ${placeOf(item.file, item.span)} "${shortened(before)}" becomes "${shortened(after)}"? (${item.operator})`,
      truth: tellMutation(item, named),
      source: together([placeOf(item.file, item.span), ...named.broken.map(({ file }) => file)]),
      content: [item.operator, item.before, item.after, item.effect, item.diagnostics, named],
    };
  });
}

/** What an item says with numbers of test files and tests, with their names. */
interface Named {
  executed: string[];
  ran: string[];
  observed: string[];
  broken: { file: string; tests: string[] }[];
}

function withNames(item: MutationItem, { tests }: MutationTruth): Named {
  const fileOf = (index: number): string => tests[index]?.file ?? "";
  return {
    executed: item.executed.map(fileOf),
    ran: item.ran.map(fileOf),
    observed: item.observed.map(fileOf),
    broken: item.broken.map(({ file, tests: these }) => ({
      file: fileOf(file),
      tests: these.map((index) => tests[file]?.names[index] ?? ""),
    })),
  };
}

function tellMutation({ effect, diagnostics }: MutationItem, { executed, ran, observed, broken }: Named): string {
  const seen: Record<MutationItem["effect"], () => string> = {
    "compile-break": () =>
      `new errors in the package's own files at ${listed(diagnostics.map(({ file, line, column, code }) => `${file}:${line}:${column} (${code})`))}`,
    "test-break": () =>
      broken.map(({ file, tests }) => `${file} breaks in ${tests.length}: ${listed(tests)}`).join("; "),
    observable: () => `all pass, other statements run in ${listed(observed)}`,
    "no-effect-observed": () => "all pass as before",
  };
  return [effect, seen[effect](), `run were ${listed(ran)}`, `${executed.length} test files run the line`].join("; ");
}

function tellDeletion(item: DeletionItem): Omit<Told, "version"> {
  const { id, file, name, span, label, by, references, mentions, isPublic, witness } = item;
  return {
    id,
    question: `Is ${name} at ${placeOf(file, span)} to ${span.endLine} dead: can it go without anybody noticing?`,
    truth: [
      `${label} (by ${by === "trace" ? `a test that enters it: ${witness}` : "deleting it and running all tests"})`,
      `${references} references, ${mentions} mentions, ${isPublic ? "public" : "not public"}`,
    ].join("; "),
    source: together([placeOf(file, span), witness]),
    content: item,
  };
}

async function changesOf({ id }: CorpusSpec, kind: ChangeKind, { manifestRoot }: StockOptions): Promise<Told[]> {
  const truth = await readStoredChanges(id, kind, manifestRoot);
  return (truth?.changes ?? []).flatMap(({ from, to, functions, items }) =>
    items.map(({ id: item, text, must, ties }) => {
      const changed = must.flatMap((index) => functions[index] ?? []);
      const where =
        text.file === null ? `the message of ${to}` : `${text.file}:${text.line} to ${text.endLine} of ${to}`;
      return {
        version: `${from}..${to}`,
        id: item,
        question: `Which functions were changed from ${from} to ${to} for what ${where} says?`,
        truth: [
          `certainly ${listed(changed.map(({ file, name, before, after }) => `${name} in ${file} (${before === null ? "new" : `was ${before}`}${after === null ? ", gone" : `, now ${after}`})`))}`,
          `tied by ${listed(ties.map(({ by, what }) => (what === "" ? by : `${by} "${what}"`)))}`,
          `${functions.length} changed in all`,
        ].join("; "),
        source: together([
          text.file === null ? null : placeOf(text.file, text),
          ...changed.map(({ before, after }) => lineOf(after ?? before ?? "")),
        ]),
        content: [text, changed, ties],
      };
    }),
  );
}

function tellRule(item: RuleItem, declaredIn: readonly string[]): Omit<Told, "version"> {
  const { id, by, proposal, verdict, said } = item;
  const isText = proposal.kind === "append";
  return {
    id,
    question: isText
      ? `May this stand at the end of ${proposal.file}? ${shortened(proposal.text)}`
      : `May a module outside of the package reach for ${proposal.specifier} by ${proposal.by}?`,
    truth: `${verdict} (${by}${said.length === 0 ? "" : ` says ${said.join(", ")}`})`,
    source: together([isText ? proposal.file : null, ...declaredIn]),
    content: item,
  };
}

function flowsOf(spec: CorpusSpec): Told[] {
  const source = layeredSource(spec);
  if (source === null) return [];
  return [...generateLayered(source)].flatMap(({ facts }) =>
    facts.flatMap((fact): Told[] => {
      if (fact.fact !== "flow") return [];
      const { source: start, sink, path, reaches, safe, by } = fact;
      const at = ({ file, span }: Place): string => `${file}:${span.line}:${span.column}`;
      return [
        {
          version: spec.version,
          id: `${at(start)} ${at(sink)}`,
          question: `Does what enters at ${at(start)} (${start.type}) arrive at ${at(sink)} (${sink.type}), and can it do harm there?`,
          truth: [
            reaches ? "it arrives" : "it does not arrive",
            `${safe ? "safe" : "unsafe"}${by === null ? "" : ` (${by})`}`,
            `through ${listed(path.map(at))}`,
          ].join("; "),
          source: together([start, ...path, sink].map(({ file, span }) => placeOf(file, span))),
          content: fact,
        },
      ];
    }),
  );
}

function placeOf(file: string, { line }: { line: number }): string {
  return `${file}:${line}`;
}

/** `file:line` of the id of a definition. */
function lineOf(definition: string): string {
  return definition.replace(/:\d+$/, "");
}

/** Places as one text; null stands for none. */
function together(places: readonly (string | null)[]): string {
  return [...new Set(places.filter((place) => place !== null))].join(", ");
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  const more = names.length - SHOWN.names;
  return names.slice(0, SHOWN.names).map(shortened).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function shortened(text: string): string {
  return text.length > SHOWN.characters ? `${text.slice(0, SHOWN.characters)}…` : text;
}
