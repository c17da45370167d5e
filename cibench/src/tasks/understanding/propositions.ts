/** Level 2, uncertainty: fixed statements about the calls of one corpus, "this call can reach this definition"; how probable is each? */
import type { CallGraphTruth, Definition, LayeredTruth, SiteTruth, Stratum } from "@drift/corpora";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { sha256 } from "../../canonical-json.ts";
import { allowedKeys, targetKey } from "../../evaluators/graph-edges.ts";
import type { PropositionItem, PropositionTask } from "../../schema/task.ts";
import { mixSeed } from "../../scores/bootstrap.ts";
import { shuffle } from "../../scores/shuffle.ts";
import { plantedOf } from "../planted.ts";
import { undecidableStatements } from "./undecidable.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;
/** The statements belong to the suite, not to a run: every tool is asked the same. */
const DRAW_SEED = 1;
/** So many true ones per corpus, and as many false ones: no corpus decides the score alone. */
const MOST_OF_A_KIND = 100;
/** With fewer of each a corpus has no task: its few files would be a matter of luck. */
const FEWEST_OF_A_KIND = 10;

/** What statements rest on: calls with their targets, or what was planted. */
export type StatementTruth = CallGraphTruth | LayeredTruth;

/** A statement about a call with what is known of it. */
export interface Statement {
  id: string;
  site: Pick<SiteTruth, "file" | "span" | "callee" | "syntax" | "stratum" | "by">;
  target: Definition;
  /** Null where nothing in the project decides it. */
  isTrue: boolean | null;
  /** As in the task: "enters" is about runs. */
  asks?: PropositionItem["asks"];
  /** Of an undecidable one: the decided statement that it is judged with. */
  partner?: string;
}

/** A statement that calls decide. */
export interface Proposition extends Statement {
  site: SiteTruth;
  /** The target is one of *must*; else it is *cannot*: the site is closed, and the target is neither in *must* nor allowed. */
  isTrue: boolean;
}

/** The statements about a corpus, whatever they rest on, in the order of its task; null where there are too few. */
export function statementsOf(truth: StatementTruth): readonly Statement[] | null {
  if (!("facts" in truth)) return propositionsOf(truth);
  const made = knownUndecidable.get(truth) ?? { statements: undecidableStatements(truth) };
  knownUndecidable.set(truth, made);
  return made.statements;
}

const knownUndecidable = new WeakMap<LayeredTruth, { statements: readonly Statement[] | null }>();

/**
 * The statements of a corpus in the order of its task, half of them true; null where there are fewer than ten of each.
 *
 * Kinds of sites take turns, each with one false and one true statement, so that neither kind tells which is which and none is
 * rare while it lasts. Calls that leave the project ("external") have no true statement, and give false ones only where a
 * definition of the project has the callee's name; the true one then comes from the kind that has the most left. No site is
 * asked about twice, and no statement is about what truth does not decide.
 *
 * A false target is a definition that is called like the callee or like a true target; sites with such a target come first. Where
 * there is none, it is another of a file that holds a true target, else another of the call's own file. Against a false
 * target that is called otherwise than the callee, a true one that is, too, is put if there is one: names give away what they must.
 */
export function propositionsOf(truth: CallGraphTruth): Proposition[] | null {
  const found = known.get(truth);
  if (found !== undefined) return found;
  const drawn = draw(truth);
  known.set(truth, drawn);
  return drawn;
}

const known = new WeakMap<CallGraphTruth, Proposition[] | null>();

/** The questions, without the answers: in the order of the source, with ids that say nothing. */
export function propositionTask(truth: StatementTruth): PropositionTask {
  return {
    id: `uncertainty-calibration/${truth.corpus}`,
    version: TASK_VERSION,
    level: 2,
    category: "uncertainty-calibration",
    corpus: truth.corpus,
    files: filesOf(truth),
    items: (statementsOf(truth) ?? []).map(({ id, site, target, asks }): PropositionItem => ({
      id,
      file: site.file,
      span: { ...site.span },
      callee: site.callee && { ...site.callee },
      syntax: site.syntax,
      target: { name: target.name, file: target.file, span: { ...target.span } },
      ...(asks !== undefined && { asks }),
    })),
  };
}

function filesOf(truth: StatementTruth): string[] {
  if (!("facts" in truth)) return truth.files.toSorted();
  const planted = plantedOf(truth);
  const defined = planted.facts("definition").map(({ definition }) => definition.file);
  return [...new Set([...defined, ...planted.facts("call").map(({ file }) => file)])].toSorted();
}

function draw(truth: CallGraphTruth): Proposition[] | null {
  const rng = xoroshiro128plus(mixSeed(DRAW_SEED, `propositions ${truth.corpus}`));
  const pick = (from: readonly Definition[]): Definition => from[uniformInt(rng, 0, from.length - 1)] as Definition;
  const targets = new Targets(truth.definitions);
  const unused = new UnusedSites(shuffle(truth.sites.toSorted(byId), rng), targets);
  const propositions: Proposition[] = [];
  const say = (site: SiteTruth, target: Definition, isTrue: boolean): void => {
    propositions.push({ id: idOf(site, target), site, target, isTrue });
  };
  let turns = unused.strata;
  while (turns.length > 0) {
    turns = turns.filter((stratum) => {
      if (propositions.length >= 2 * MOST_OF_A_KIND) return false;
      const holding = unused.takeFalse(stratum);
      if (holding === undefined) return false;
      const target = pick(targets.plausible(holding));
      const reaching = unused.takeTrue(stratum, isNamed(holding, target));
      if (reaching === undefined) return false;
      say(reaching, pick(targets.of(reaching)), true);
      say(holding, target, false);
      return true;
    });
  }
  if (propositions.length < 2 * FEWEST_OF_A_KIND) return null;
  return propositions.toSorted((a, b) => bySource(a.site, b.site));
}

/** Sites about which nothing is said yet, by kind. */
class UnusedSites {
  readonly strata: readonly Stratum[];
  readonly #targets: Targets;
  readonly #reaching: Map<Stratum, SiteTruth[]>;
  readonly #closed: Map<Stratum, SiteTruth[]>;
  readonly #used = new Set<SiteTruth>();

  /** @param sites in the order in which they are taken, but for what is said of false targets */
  constructor(sites: readonly SiteTruth[], targets: Targets) {
    this.#targets = targets;
    this.strata = [...new Set(sites.map(({ stratum }) => stratum))].toSorted();
    this.#reaching = Map.groupBy(
      sites.filter((site) => targets.of(site).length > 0),
      ({ stratum }) => stratum,
    );
    const closed = sites.filter((site) => site.closed && targets.plausible(site).length > 0);
    this.#closed = Map.groupBy(
      closed.toSorted((a, b) => Number(targets.hasNamesake(b)) - Number(targets.hasNamesake(a))),
      ({ stratum }) => stratum,
    );
  }

  /** A closed site that has a plausible false target. */
  takeFalse(stratum: Stratum): SiteTruth | undefined {
    return this.#take(this.#closed.get(stratum) ?? [], () => true);
  }

  /** A site with a true target: if there is one, one whose target is called like the callee, or is not, as asked. */
  takeTrue(stratum: Stratum, named: boolean): SiteTruth | undefined {
    const left = (one: Stratum): SiteTruth[] => (this.#reaching.get(one) ?? []).filter((site) => !this.#used.has(site));
    const fullest = this.strata.toSorted((a, b) => left(b).length - left(a).length)[0] as Stratum;
    const sites = left(stratum === "external" ? fullest : stratum);
    const isAlike = (site: SiteTruth) => this.#targets.of(site).every((target) => isNamed(site, target) === named);
    return this.#take(sites, isAlike) ?? this.#take(sites, () => true);
  }

  #take(sites: readonly SiteTruth[], isMeant: (site: SiteTruth) => boolean): SiteTruth | undefined {
    const site = sites.find((one) => !this.#used.has(one) && isMeant(one));
    if (site !== undefined) this.#used.add(site);
    return site;
  }
}

/** Whether the target is called like the callee. */
function isNamed({ callee }: SiteTruth, { name }: Definition): boolean {
  return callee?.name === lastName(name);
}

/** Which definitions a call reaches, and which ones it could be thought to reach. */
class Targets {
  readonly #byId: ReadonlyMap<string, Definition>;
  readonly #byName: ReadonlyMap<string, readonly Definition[]>;
  readonly #byFile: ReadonlyMap<string, readonly Definition[]>;

  constructor(definitions: readonly Definition[]) {
    const sorted = definitions.toSorted(byId);
    this.#byId = new Map(sorted.map((definition) => [definition.id, definition]));
    this.#byName = Map.groupBy(sorted, ({ name }) => lastName(name));
    this.#byFile = Map.groupBy(sorted, ({ file }) => file);
  }

  /** Its true targets within the corpus. */
  of(site: SiteTruth): Definition[] {
    return site.must.flatMap((target) => ("definition" in target ? (this.#byId.get(target.definition) ?? []) : []));
  }

  /** Whether something that a closed site certainly does not reach is called like what it calls. */
  hasNamesake(site: SiteTruth): boolean {
    return this.#namesakes(site).length > 0;
  }

  /** Of a closed site: definitions that it certainly does not reach. */
  plausible(site: SiteTruth): Definition[] {
    const namesakes = this.#namesakes(site);
    if (namesakes.length > 0 || site.stratum === "external") return namesakes;
    const files = new Set(this.of(site).map(({ file }) => file));
    const nearby = others(
      site,
      [...files].flatMap((file) => this.#byFile.get(file) ?? []),
    );
    return nearby.length > 0 ? nearby : others(site, this.#byFile.get(site.file) ?? []);
  }

  #namesakes(site: SiteTruth): Definition[] {
    const called = this.of(site).map(({ name }) => lastName(name));
    const names = new Set(site.callee === null ? called : [site.callee.name, ...called]);
    return others(
      site,
      [...names].flatMap((name) => this.#byName.get(name) ?? []),
    );
  }
}

/** Those that a closed site certainly does not reach. */
function others(site: SiteTruth, definitions: readonly Definition[]): Definition[] {
  const excluded = new Set([...site.must.map(targetKey), ...allowedKeys(site)]);
  return definitions.filter(({ id }) => !excluded.has(id));
}

/** `c` of `a.b.c`. */
function lastName(name: string): string {
  return name.split(".").at(-1) ?? name;
}

/** Unique within a corpus, and unlike the id of any site; whoever knows the truth only can tell true ids from false ones. */
function idOf(site: SiteTruth, target: Definition): string {
  return `proposition-${sha256(`${site.id}\n${target.id}`).slice(0, 16)}`;
}

function byId(a: { id: string }, b: { id: string }): number {
  return Number(a.id > b.id) - Number(a.id < b.id);
}

function bySource(a: SiteTruth, b: SiteTruth): number {
  return (
    Number(a.file > b.file) - Number(a.file < b.file) ||
    a.span.line - b.span.line ||
    a.span.column - b.span.column ||
    byId(a, b)
  );
}
