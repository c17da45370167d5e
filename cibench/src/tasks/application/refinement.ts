/** Level 3, iterative refinement: "some of this draft is wrong and some is missing; what is right?" */
import { type CallGraphTruth, type Definition, inRandomOrder, type SiteTruth } from "@drift/corpora";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { feedbackOn, type KnownRefinement, type RefinementTruth, ROUNDS } from "../../evaluators/refinement.ts";
import type { Choice } from "../../schema/choice.ts";
import type { RefinementKind, RefinementTask } from "../../schema/refinement.ts";
import { mixSeed } from "../../scores/bootstrap.ts";
import { byPlace } from "../choices.ts";
import { LINES } from "./context.ts";
import { contains } from "../planted.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;
/** Questions of one kind about one corpus. */
const MOST_ITEMS = 25;
const DRAW_SEED = 1;
/** What can be chosen in each question. */
const CHOICES = 16;
/** Right ones among them. */
const RIGHT = { least: 2, most: 6 } as const;
/** Wrong ones that are called like right ones (or that call something of the name in question): else a search for names is all. */
const NAMESAKES = 2;

const QUESTIONS: Record<RefinementKind, string> = {
  callees: "Which of these functions do calls in this function enter?",
  callers: "In which of these functions is a call that enters this function?",
};

interface Known {
  fetched: { root: string };
  truth: CallGraphTruth | null;
}

/**
 * Questions about who calls whom in which every choice is decided. Null where nothing is, as for token efficiency.
 *
 * A function is only taken for one that does not call another when all calls in its text are among the sites of the truth (it keeps a
 * sample of large corpora) and the set of each is closed. Functions with functions in them are not asked about. Half of what is
 * right is in the draft, with as many that are not.
 */
export async function loadRefinements({ fetched: { root }, truth }: Known): Promise<RefinementTruth | null> {
  if (truth === null || truth.lines < LINES.least || truth.lines > LINES.most) return null;
  const texts = new Map<string, string[]>();
  for (const file of truth.files) texts.set(file, (await readFile(join(root, file), "utf8")).split(/\r\n|\n|\r/));
  const calls = new DecidedCalls(truth, texts);
  const items = [...calls.items("callees"), ...calls.items("callers")];
  if (items.length === 0) return null;
  const offered = new Set(items.flatMap(({ choices }) => choices));
  const choices = truth.definitions
    .filter(({ id }) => offered.has(id))
    .map(({ id, file, span, name }): Choice => ({ id, file, span: { ...span }, name }))
    .toSorted(byPlace);
  const files = [...new Set([...choices, ...items.map(({ subject }) => subject)].map(({ file }) => file))].sort();
  const { corpus, inputsSha256, oracles } = truth;
  return { corpus, inputsSha256, oracles, files, choices, items };
}

/** The questions of one corpus, without the answers. */
export function refinementTask({ corpus, files, choices, items }: RefinementTruth): RefinementTask {
  return {
    id: `iterative-refinement/${corpus}`,
    version: TASK_VERSION,
    level: 3,
    category: "iterative-refinement",
    corpus,
    rounds: ROUNDS,
    files: [...files],
    choices: [...choices],
    items: items.map(({ id, kind, question, subject, choices: own, draft, feedback }) => {
      return { id, kind, question, subject, choices: own, draft, feedback };
    }),
  };
}

/** Functions without functions in them, and the calls in their text. */
class DecidedCalls {
  readonly #truth: CallGraphTruth;
  readonly #definitions: ReadonlyMap<string, Definition>;
  readonly #innermost: readonly Definition[];
  readonly #sites = new Map<string, readonly SiteTruth[]>();
  /** Of these it is known what they do not call. */
  readonly #closed: readonly Definition[];
  /** All definitions, in a random order. */
  readonly #order: readonly Definition[];

  constructor(truth: CallGraphTruth, texts: ReadonlyMap<string, readonly string[]>) {
    this.#truth = truth;
    this.#order = inRandomOrder(truth.definitions, DRAW_SEED);
    this.#definitions = new Map(truth.definitions.map((one) => [one.id, one]));
    const byFile = Map.groupBy(truth.definitions, ({ file }) => file);
    const sites = Map.groupBy(truth.sites, ({ file }) => file);
    this.#innermost = truth.definitions.filter(
      ({ id, file, span }) =>
        texts.has(file) && (byFile.get(file) ?? []).every((one) => one.id === id || !contains(span, one.span)),
    );
    for (const { id, file, span } of this.#innermost)
      this.#sites.set(
        id,
        (sites.get(file) ?? []).filter((site) => contains(span, site.span)),
      );
    this.#closed = this.#innermost.filter((one) => {
      const own = this.#sitesOf(one);
      return own.every(({ closed }) => closed) && own.length >= callsIn(bodyOf(one, texts.get(one.file) ?? []));
    });
  }

  /** Questions of a kind about functions in a random order, as many as are kept, in the order of their subjects. */
  items(kind: RefinementKind): KnownRefinement[] {
    const about = kind === "callees" ? this.#calleesOf() : this.#callersOf();
    const subjects = kind === "callees" ? this.#closed : this.#truth.definitions;
    const kept: KnownRefinement[] = [];
    for (const subject of inRandomOrder(subjects, DRAW_SEED)) {
      if (kept.length === MOST_ITEMS) break;
      const item = this.#item(kind, subject, about(subject));
      if (item !== null) kept.push(item);
    }
    return kept.toSorted((a, b) => byPlace(placeOf(a), placeOf(b)));
  }

  /** What a function enters; other definitions are wrong where no call of it may enter them. */
  #calleesOf(): (subject: Definition) => Decided {
    const named = Map.groupBy(this.#order, lastName);
    return (subject) => {
      const sites = this.#sitesOf(subject);
      const right = new Set(sites.flatMap(({ must }) => must.flatMap(definitionOf)));
      const possible = new Set(sites.flatMap(({ may, callbacks }) => [...may.flatMap(definitionOf), ...callbacks]));
      const known = [...right].flatMap((id) => this.#definitions.get(id) ?? []);
      return {
        known,
        sites,
        alike: known.flatMap((one) => named.get(lastName(one)) ?? []),
        others: this.#order,
        isWrong: ({ id }) => !right.has(id) && !possible.has(id),
      };
    };
  }

  /** Who enters a function; others are wrong where all their calls are decided and none may enter it. */
  #callersOf(): (subject: Definition) => Decided {
    const calling = new Map<string, Definition[]>();
    const naming = new Map<string, Definition[]>();
    for (const caller of this.#innermost) {
      const entered = new Set(this.#sitesOf(caller).flatMap(({ must }) => must.flatMap(definitionOf)));
      for (const id of entered) calling.set(id, [...(calling.get(id) ?? []), caller]);
    }
    const closed = new Set(this.#closed);
    const others = this.#order.filter((one) => closed.has(one));
    for (const caller of others) {
      for (const name of new Set(this.#sitesOf(caller).flatMap(({ callee }) => callee?.name ?? [])))
        naming.set(name, [...(naming.get(name) ?? []), caller]);
    }
    return (subject) => {
      const known = calling.get(subject.id) ?? [];
      return {
        known,
        sites: known.flatMap((one) =>
          this.#sitesOf(one).filter(({ must }) => must.flatMap(definitionOf).includes(subject.id)),
        ),
        alike: naming.get(lastName(subject)) ?? [],
        others,
        isWrong: (one) =>
          !known.includes(one) &&
          this.#sitesOf(one).every(
            ({ may, callbacks }) => !may.flatMap(definitionOf).includes(subject.id) && !callbacks.includes(subject.id),
          ),
      };
    };
  }

  #sitesOf({ id }: Definition): readonly SiteTruth[] {
    return this.#sites.get(id) ?? [];
  }

  /** Null where too little or too much is right, or too little is wrong that looks right. */
  #item(kind: RefinementKind, subject: Definition, decided: Decided): KnownRefinement | null {
    const { known, alike, others, sites } = decided;
    if (known.length < RIGHT.least || known.length > RIGHT.most) return null;
    const isWrong = (one: Definition): boolean => one.id !== subject.id && decided.isWrong(one);
    const namesakes = [...new Set(alike)].filter(isWrong);
    if (namesakes.length < NAMESAKES) return null;
    // Then others of the files in question, then any: of all that is wrong, what is nearest.
    const files = new Set([subject, ...known].map(({ file }) => file));
    const { near = [], far = [] } = Object.groupBy(others, ({ file }) => (files.has(file) ? "near" : "far"));
    const wrong = new Set<Definition>();
    for (const one of [...namesakes, ...near, ...far]) {
      if (wrong.size === CHOICES - known.length) break;
      if (isWrong(one)) wrong.add(one);
    }
    if (known.length + wrong.size < CHOICES) return null;
    const half = Math.floor(known.length / 2);
    const right = inRandomOrder(known, mixSeed(DRAW_SEED, `${this.#truth.corpus} ${kind} ${subject.id}`));
    const draft = idsOf([...right.slice(0, half), ...[...wrong].slice(0, half)]);
    const must = idsOf(known);
    const { file, name, span } = subject;
    return {
      // Token efficiency has items of the same kinds about the same functions.
      id: `repair ${kind} ${subject.id}`,
      kind,
      question: QUESTIONS[kind],
      subject: { role: "function", name, file, span: { ...span } },
      choices: idsOf([...known, ...wrong]),
      draft,
      feedback: feedbackOn(new Set(must), new Set(draft)),
      stratum: `refine-${kind}`,
      must,
      by: [...new Set(sites.flatMap(({ by }) => by))],
    };
  }
}

/** What is known of one question. */
interface Decided {
  /** What is right. */
  known: readonly Definition[];
  sites: readonly SiteTruth[];
  /** What a search for names takes for right. */
  alike: readonly Definition[];
  /** What else can be offered. */
  others: readonly Definition[];
  isWrong: (one: Definition) => boolean;
}

/** In source order, which says nothing about what is right. */
function idsOf(definitions: readonly Definition[]): string[] {
  return definitions.toSorted(byPlace).map(({ id }) => id);
}

function placeOf({ id, subject }: KnownRefinement): Pick<Choice, "id" | "file" | "span"> {
  return { id, file: subject.file, span: subject.span };
}

function definitionOf(target: SiteTruth["must"][number]): string[] {
  return "definition" in target ? [target.definition] : [];
}

function lastName({ name }: Pick<Definition, "name">): string {
  return name.split(/[.#]/).at(-1) ?? name;
}

function bodyOf({ body, span }: Definition, lines: readonly string[]): string {
  return [(lines[body.line - 1] ?? "").slice(body.column - 1), ...lines.slice(body.line, span.endLine)].join("\n");
}

/** Words before a parenthesis that call nothing. */
const NO_CALLS = new Set(
  "if for while switch catch function return with await typeof in of and or not elif assert yield lambda except def class raise del void throw case do else async".split(
    " ",
  ),
);

/** At least as many as there are calls in a text: what looks like one in a comment counts, so that a function is rather left out. */
function callsIn(text: string): number {
  const called = [...text.matchAll(/(?<before>[\w$]+|[)\]])\s*(?:\?\.)?\(/g)];
  const bare = text.match(/\bnew\s+[\w$.]+(?![\w$.]*\s*\()|[\w$)\]]`/g) ?? [];
  return called.filter(({ groups }) => !NO_CALLS.has(groups?.["before"] ?? "")).length + bare.length;
}
