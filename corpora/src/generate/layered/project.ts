/**
 * The layered generator: a project of any size in one of five languages, with everything that was planted in it. Read
 * this first; `domain.ts` and `extras.ts` plan, `printers/` write, `truth.ts` says what is told.
 */
import { CANARY } from "../../truth/canary.ts";
import type { Span, Target } from "../../truth/schema.ts";
import type { Split } from "../../truth/split.ts";
import { diceOf } from "../dice.ts";
import { type PlannedDomain, planDomain, type Planned, type Where } from "./domain.ts";
import { Evaluator } from "./evaluate.ts";
import {
  type Call,
  type Entered,
  type FunctionDecl,
  int,
  bind,
  call,
  local,
  make,
  type Module,
  newModule,
  run,
  send,
  str,
  value,
} from "./ir.ts";
import { type Kernel, planKernel, TOKEN } from "./kernel.ts";
import type { LanguagePrinter, Printed, PrintedSite, SupportFile } from "./printer.ts";
import { PRINTERS } from "./printers.ts";
import { ASKED, type Mount, planServer } from "./server.ts";
import { splitOfTrait, TRAITS, Traits } from "./traits.ts";
import type { LayeredLanguage } from "./language.ts";
import type { LayeredFact, LayeredHeader, Place } from "./truth.ts";

/** Grows with every change of what is generated for the same seed. */
export const LAYERED_VERSION = "3";

export interface LayeredOptions {
  language: LayeredLanguage;
  /** Source files, tests included and build files not, 10 to 100,000. */
  files: number;
  seed: number;
  /** Plants only traits of this side; null: all. */
  split?: Split | null;
}

/** Some files of a project, and the facts about them. */
export interface Batch {
  sources: { file: string; text: string }[];
  support: SupportFile[];
  facts: LayeredFact[];
}

const FIXED_FILES = 6;
const DOMAIN_FILES = 9;
const DOMAINS_PER_AREA = 40;

/** The first line of the truth of a project. */
export function headerOf(options: LayeredOptions): LayeredHeader {
  const { language, seed, files, split = null } = options;
  return {
    schemaVersion: 1,
    canary: CANARY,
    generator: "layered",
    generatorVersion: LAYERED_VERSION,
    language,
    seed,
    files,
    split,
    traits: TRAITS.map((trait) => ({ trait, split: splitOfTrait(trait) })),
  };
}

/**
 * A project, domain after domain; what was written is forgotten, so that 100,000 files need little memory. The same
 * options give the same bytes. The plan is run before it is written: what tests check and calls enter comes from there.
 */
export function* generateLayered(options: LayeredOptions): Generator<Batch> {
  const { language, files, seed, split = null } = options;
  const dice = diceOf(seed);
  const traits = new Traits(split, dice);
  const kernel = planKernel();
  const printer = PRINTERS[language];
  const { domains, sizeOf, areas } = layout(files);
  const evaluator = new Evaluator();
  const core = new KernelBook(kernel, printer);
  const mounts: Mount[] = [];
  const tests: string[] = [];
  const folders = ["core", "server"];
  const generated: string[] = [];
  for (let index = 0; index < domains; index += 1) {
    const planned = planDomain({ kernel, traits, dice, index }, sizeOf(index));
    const { domain } = planned;
    evaluator.runTests(domain.test);
    if (Object.keys(domain.env).length > 0) evaluator.runTests(domain.test, domain.env);
    if (index === 0) evaluator.runTests(firstMount(kernel, planned));
    const seen = evaluator.harvest((module) => module.folder === "core");
    const printed = domain.modules.map((module) => printer.print(module));
    const where = new Book([...printed, ...core.printed]);
    core.note(seen, where);
    mounts.push({ folder: domain.folder, isGuarded: planned.isGuarded, ...lightRoutes(planned, where) });
    folders.push(domain.folder);
    tests.push(printer.fileOf(domain.test));
    generated.push(...domain.modules.filter(({ isGenerated }) => isGenerated).map((module) => printer.fileOf(module)));
    yield {
      sources: printed.map(({ file, text }) => ({ file, text })),
      support: domain.tables,
      facts: [...factsOf(printed, seen, where), ...domain.facts.map((fact) => tell(fact, where))],
    };
  }
  if (mounts.slice(0, ASKED).some(({ isGuarded }) => isGuarded)) {
    evaluator.runTests(guardedMount(kernel));
    core.note(
      evaluator.harvest(() => true),
      new Book(core.printed),
    );
  }
  const server = planServer(kernel, mounts, areas);
  const printed = server.modules.map((module) => printer.print(module));
  const where = new Book([...printed, ...core.printed], new Map(mounts.map(({ routes, id }) => [routes, id])));
  tests.push(printer.fileOf(server.test));
  yield {
    sources: [...core.printed, ...printed].map(({ file, text }) => ({ file, text })),
    support: [
      ...printer.support(tests, folders),
      { file: ".gitattributes", text: generated.map((file) => `${file} linguist-generated=true\n`).join("") },
    ],
    facts: [
      ...core.facts(),
      ...factsOf(printed, null, where),
      ...server.facts.filter(({ trait }) => traits.allows(trait)).map((fact) => tell(fact, where)),
    ],
  };
}

/** How many domains of how many files, and how many areas mount them; together exactly `files`. */
function layout(files: number): { domains: number; sizeOf: (index: number) => number; areas: number } {
  const domains = Math.max(1, Math.floor((files - FIXED_FILES) / DOMAIN_FILES));
  const areas = domains > DOMAINS_PER_AREA ? Math.ceil(domains / DOMAINS_PER_AREA) : 0;
  const rest = files - FIXED_FILES - areas;
  return {
    domains,
    areas,
    sizeOf: (index) => Math.floor(rest / domains) + (index < rest % domains ? 1 : 0),
  };
}

/** What the test of the server does with the first domain, so that the plan of the core is run as the core will be. */
function firstMount(kernel: Kernel, { domain, routes }: PlannedDomain): Module {
  const request = (area: string): Call => make(kernel.request, str(area), str("list"), str(TOKEN), str("b"), int(3));
  const body = [
    bind("app", kernel.router, make(kernel.router)),
    run(send(local("app"), kernel.router, "mount_part", str(domain.folder), call(routes))),
    run(send(local("app"), kernel.router, "handle_request", request(domain.folder))),
    run(send(local("app"), kernel.router, "handle_request", request("nowhere"))),
  ];
  return { ...newModule("server", "first", "test"), cases: [{ name: "first", body }] };
}

/** What the test of the server does with a domain that somebody else guards. */
function guardedMount(kernel: Kernel): Module {
  const request = make(kernel.request, str("nowhere"), str("list"), str(TOKEN), str("b"), int(3));
  const body = [
    bind("members", kernel.router, make(kernel.router)),
    run(send(local("members"), kernel.router, "add_guard", value(kernel.requireUser))),
    run(send(local("members"), kernel.router, "handle_request", request)),
  ];
  return { ...newModule("server", "guarded", "test"), cases: [{ name: "guarded", body }] };
}

/** The routes of a domain without the domain, which would stay in memory with them. */
function lightRoutes({ domain, routes }: PlannedDomain, where: Where): { routes: FunctionDecl; id: string } {
  const home = newModule(domain.folder, routes.home.name, "routes");
  return { routes: { ...routes, body: [], home }, id: where.definition(routes) };
}

function tell({ trait, tell: told }: Planned, where: Where): LayeredFact {
  return { ...told(where), trait, split: splitOfTrait(trait) };
}

// --- facts about definitions and calls ------------------------------------------------------------------------------------

type Seen = ReturnType<Evaluator["harvest"]>;

/** @param seen null where nothing was run because every run goes through all of it */
function factsOf(printed: readonly Printed[], seen: Seen | null, where: Book): LayeredFact[] {
  return printed
    .filter(({ module }) => module.layer !== "test")
    .flatMap((one) => [
      ...definitionFacts(one, (node) => seen === null || seen.alive.has(node)),
      ...one.sites.map((site) => {
        const entered = site.node === null ? undefined : seen?.entered.get(site.node);
        const executed = site.node === null ? null : seen === null || entered !== undefined;
        const must = [...fixed(site), ...(entered ?? [])].map((node) => where.definition(node));
        return callFact(one.file, site, must, executed);
      }),
    ]);
}

function definitionFacts(printed: Printed, isEntered: (node: Entered) => boolean): LayeredFact[] {
  return [...printed.definitions].map(([node, { span, ...rest }]) => ({
    fact: "definition",
    definition: { id: idOf(printed.file, span), file: printed.file, span, ...rest },
    layer: printed.module.layer as Exclude<Printed["module"]["layer"], "test">,
    exported: node.kind === "class" || (node.kind === "function" && node.exported),
    entered: isEntered(node),
  }));
}

/** What the language fixes about a call, whatever runs. */
function fixed({ node }: PrintedSite): Entered[] {
  if (node?.kind === "call") return [node.to];
  if (node?.kind === "new") return [node.of];
  if (node?.kind !== "send" || node.type.kind !== "class") return [];
  return node.type.methods.filter(({ name }) => name === node.method);
}

function callFact(file: string, site: PrintedSite, must: readonly string[], executed: boolean | null): LayeredFact {
  const { span, callee, syntax, stratum, external } = site;
  const targets: Target[] =
    external === null ? [...new Set(must)].sort().map((definition) => ({ definition })) : [{ external }];
  return { fact: "call", id: siteId(file, span), file, span, callee, syntax, stratum, must: targets, executed };
}

function idOf(file: string, { line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

function siteId(file: string, span: Span): string {
  return `${idOf(file, span)}-${span.endLine}:${span.endColumn}`;
}

/** Where everything stands in files that were written. */
class Book implements Where {
  readonly #printed: readonly Printed[];
  readonly #elsewhere: ReadonlyMap<Entered, string>;

  constructor(printed: readonly Printed[], elsewhere: ReadonlyMap<Entered, string> = new Map()) {
    this.#printed = printed;
    this.#elsewhere = elsewhere;
  }

  place(node: object): Place {
    for (const { file, places, definitions } of this.#printed) {
      const span = definitions.get(node as Entered)?.span ?? places.get(node);
      if (span !== undefined) return { file, span };
    }
    throw new Error("a fact is about something that was not written");
  }

  definition(node: Entered): string {
    const known = this.#elsewhere.get(node);
    if (known !== undefined) return known;
    const { file, span } = this.place(node);
    return idOf(file, span);
  }

  site(node: Call): string {
    const { file, span } = this.place(node);
    return siteId(file, span);
  }
}

/** The files of the core, which all domains use: what they enter there is known when the last one is done. */
class KernelBook {
  readonly printed: readonly Printed[];
  readonly #targets = new Map<Call, Set<string>>();
  readonly #alive = new Set<Entered>();
  readonly #own: ReadonlySet<Call>;

  constructor(kernel: Kernel, printer: LanguagePrinter) {
    this.printed = kernel.modules.map((module) => printer.print(module));
    this.#own = new Set(this.printed.flatMap(({ sites }) => sites.flatMap(({ node }) => node ?? [])));
  }

  note({ entered, alive }: Seen, where: Where): void {
    for (const [node, targets] of entered) {
      if (!this.#own.has(node)) continue;
      const known = this.#targets.get(node) ?? new Set<string>();
      this.#targets.set(node, known);
      for (const target of targets) known.add(where.definition(target));
    }
    for (const { definitions } of this.printed) {
      for (const node of definitions.keys()) if (alive.has(node)) this.#alive.add(node);
    }
  }

  facts(): LayeredFact[] {
    const where = new Book(this.printed);
    return this.printed.flatMap((one) => [
      ...definitionFacts(one, (node) => this.#alive.has(node)),
      ...one.sites.map((site) => {
        const entered = site.node === null ? undefined : this.#targets.get(site.node);
        const must = [...fixed(site).map((node) => where.definition(node)), ...(entered ?? [])];
        return callFact(one.file, site, must, site.node === null ? null : entered !== undefined);
      }),
    ]);
  }
}
