/**
 * One domain of a project: a repository, a service, routes and their tests, in which conventions are kept or broken,
 * routes are checked or not, and data reaches a sink safely or not. What else it has is in `extras.ts`.
 */
import type { Dice } from "../module-builder.ts";
import { planExtra } from "./extras.ts";
import {
  addClass,
  addConst,
  addFunction,
  addMethod,
  at,
  bind,
  call,
  type Call,
  check,
  type ClassDecl,
  concat,
  constant,
  type ConstDecl,
  type Entered,
  equal,
  type Expr,
  field,
  type FunctionDecl,
  give,
  has,
  int,
  lambda,
  list,
  listOf,
  local,
  make,
  map,
  mapOf,
  type Module,
  newModule,
  not,
  own,
  param,
  plus,
  put,
  run,
  send,
  set,
  size,
  std,
  type Stmt,
  str,
  when,
} from "./ir.ts";
import { type Kernel, TOKEN } from "./kernel.ts";
import type { Trait, Traits } from "./traits.ts";
import type { Place, Stated } from "./truth.ts";

/** Says where parts of a plan stand once they are written. */
export interface Where {
  place(node: object): Place;
  definition(node: Entered): string;
  site(call: Call): string;
}

/** A fact that will be told when the files are written. */
export interface Planned {
  trait: Trait;
  tell: (where: Where) => Stated;
}

/** A function from int to int that the service is to use. `varies`: it depends on what is set outside. */
export interface Hook {
  decl: FunctionDecl;
  varies: boolean;
}

/** A domain while it is being planned, and what the server needs of it. */
export class Domain {
  readonly kernel: Kernel;
  readonly traits: Traits;
  readonly dice: Dice;
  readonly index: number;
  /** `bulk_orders`. */
  readonly folder: string;
  /** `order`. */
  readonly entity: string;
  readonly modules: Module[] = [];
  readonly test: Module;
  readonly facts: Planned[] = [];
  readonly hooks: Hook[] = [];
  /** Functions from int to int that other files of the domain may call. */
  readonly offered: FunctionDecl[] = [];
  /** Set outside, they make some calls go elsewhere. */
  readonly env: Record<string, string> = {};
  /** Text files beside the sources. */
  readonly tables: { file: string; text: string }[] = [];
  readonly #names = new Set<string>();

  constructor(options: { kernel: Kernel; traits: Traits; dice: Dice; index: number }) {
    this.kernel = options.kernel;
    this.traits = options.traits;
    this.dice = options.dice;
    this.index = options.index;
    const { folder, entity } = nameOf(options.index);
    this.folder = folder;
    this.entity = entity;
    this.test = newModule(this.folder, "service", "test");
  }

  /** Tells a fact if its trait is on the right side. */
  state(trait: Trait, tell: Planned["tell"]): void {
    if (this.traits.allows(trait)) this.facts.push({ trait, tell });
  }

  /** A name of two words that nothing else in this folder has. */
  name(verbs: readonly string[] = VERBS, nouns: readonly string[] = NOUNS): string {
    for (let tries = 0; ; tries += 1) {
      const plain = `${this.dice.pick(verbs)}_${this.dice.pick(nouns)}`;
      const name = tries < 6 ? plain : `${plain}_${tries - 4}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }

  add(module: Module): Module {
    this.modules.push(module);
    return module;
  }
}

/** A domain with its routes. */
export interface PlannedDomain {
  domain: Domain;
  routes: FunctionDecl;
  /** It is mounted on a router that checks who enters: its own routes do not. */
  isGuarded: boolean;
}

/** @param files how many the domain has: at least 4 */
export function planDomain(options: ConstructorParameters<typeof Domain>[0], files: number): PlannedDomain {
  const domain = new Domain(options);
  const before = (): number => domain.modules.length;
  for (let turn = 0; before() < files - 4; turn += 1) planExtra(domain, turn, files - 4 - before());
  const repository = planRepository(domain);
  const service = planService(domain, repository);
  const planned = planRoutes(domain, repository, service);
  domain.modules.push(domain.test);
  return planned;
}

// --- the repository ----------------------------------------------------------------------------------------------------

interface Repository {
  decl: ClassDecl;
  find: FunctionDecl;
  /** How a term reaches the store: calls on its way, and what happens to it. */
  flow: { trait: Trait; sink: Call; through: Call[]; reaches: boolean; safe: boolean; by: FlowBy };
}
type FlowBy = "parameter" | "quoted" | "masked" | "replaced" | null;

const FLOWS = [
  "flow-parameter",
  "flow-concat",
  "flow-quoted",
  "flow-trimmed",
  "flow-field",
  "flow-overwritten",
] as const;

function planRepository(domain: Domain): Repository {
  const { kernel, entity, folder, traits, index } = domain;
  const module = domain.add(newModule(folder, "repository", "repository"));
  const table = addConst(module, `${entity}_table`, "str", str(folder));
  const decl = addClass(module, `${entity}_repository`, [
    ["store", kernel.store, null],
    ["filter", "str", str("")],
    ["cache", mapOf("str"), map("str")],
  ]);
  const query = (text: Expr, ...values: Expr[]): Call =>
    send(own("store"), kernel.store, "query_rows", text, list("str", ...values));
  const change = (text: Expr, ...values: Expr[]): Call =>
    send(own("store"), kernel.store, "change_rows", text, list("str", ...values));
  const select = (condition: Expr): Expr => concat(str("select * from "), constant(table), str(" where "), condition);

  const trait = traits.turn(index, FLOWS);
  const quoted = (inner: Expr): Expr => select(concat(str("label = '"), inner, str("'")));
  const term = param("term");
  const flowOf = (): { body: Stmt[]; sink: Call; through: Call[]; reaches: boolean; safe: boolean; by: FlowBy } => {
    const found = (sink: Call): Stmt => bind("found", listOf("str"), sink);
    switch (trait) {
      case "flow-parameter": {
        const sink = query(select(str("label = ?")), term);
        return { body: [found(sink)], sink, through: [], reaches: true, safe: true, by: "parameter" };
      }
      case "flow-quoted": {
        const clean = call(kernel.quoteTerm, term);
        const sink = query(local("text"));
        const body = [bind("part", "str", clean), bind("text", "str", quoted(local("part"))), found(sink)];
        return { body, sink, through: [clean], reaches: true, safe: true, by: "quoted" };
      }
      case "flow-trimmed": {
        const tidy = call(kernel.tidyTerm, term);
        const sink = query(local("text"));
        const body = [bind("part", "str", tidy), bind("text", "str", quoted(local("part"))), found(sink)];
        return { body, sink, through: [tidy], reaches: true, safe: false, by: null };
      }
      case "flow-field": {
        const sink = query(quoted(own("filter")));
        return {
          body: [set(own("filter"), term), found(sink)],
          sink,
          through: [],
          reaches: true,
          safe: false,
          by: null,
        };
      }
      case "flow-overwritten": {
        const sink = query(local("text"));
        const body = [
          bind("part", "str", term),
          when(equal(size(local("part"), "str"), int(0)), [give(int(0))]),
          set(local("part"), str("all")),
          bind("text", "str", quoted(local("part"))),
          found(sink),
        ];
        return { body, sink, through: [], reaches: false, safe: true, by: "replaced" };
      }
      case "flow-concat":
      default: {
        const sink = query(local("text"));
        return {
          body: [bind("text", "str", quoted(term)), found(sink)],
          sink,
          through: [],
          reaches: true,
          safe: false,
          by: null,
        };
      }
    }
  };
  const { body, ...flow } = flowOf();
  const find = addMethod(decl, "find_rows", [["term", "str"]], "int", [...body, give(size(local("found")))]);

  const places: [Trait, Stmt[]][] = [];
  const cached = traits.allows("decision-reads") && domain.dice.below(2) === 0;
  const read: Stmt[] = [
    bind("rows", listOf("str"), query(select(str("label = ?")), param("label"))),
    bind("text", "str", concat(param("label"), str("-"), std("text_of", size(local("rows"))))),
  ];
  const look = when(has(own("cache"), param("label"), "str"), [give(at(own("cache"), param("label")))]);
  const keep = put(own("cache"), param("label"), local("text"));
  addMethod(decl, "read_label", [["label", "str"]], "str", [
    ...(cached ? [look] : []),
    ...read,
    ...(cached ? [keep] : []),
    give(local("text")),
  ]);
  places.push(["decision-reads", cached ? [look, keep] : [read[0] as Stmt]]);

  const versioned = traits.allows("decision-writes") && domain.dice.below(2) === 0;
  const write = bind(
    "changed",
    "int",
    versioned
      ? change(
          concat(
            str("update "),
            constant(table),
            str(" set amount = ?, version = version + 1 where label = ? and version = ?"),
          ),
          std("text_of", param("amount")),
          param("label"),
          str("1"),
        )
      : change(
          concat(str("update "), constant(table), str(" set amount = ? where label = ?")),
          std("text_of", param("amount")),
          param("label"),
        ),
  );
  const fresh = when(equal(local("changed"), int(0)), [give(int(0))]);
  addMethod(
    decl,
    "change_row",
    [
      ["label", "str"],
      ["amount", "int"],
    ],
    "int",
    [write, ...(versioned ? [fresh] : []), give(local("changed"))],
  );
  places.push(["decision-writes", versioned ? [write, fresh] : [write]]);

  const soft = traits.allows("decision-deletion") && domain.dice.below(2) === 0;
  const remove = bind(
    "removed",
    "int",
    change(
      soft
        ? concat(str("update "), constant(table), str(" set removed = 1 where label = ?"))
        : concat(str("delete from "), constant(table), str(" where label = ?")),
      param("label"),
    ),
  );
  addMethod(decl, "remove_row", [["label", "str"]], "int", [remove, give(local("removed"))]);
  places.push(["decision-deletion", [remove]]);
  const choices = {
    "decision-reads": cached
      ? (["reads", "remembered after the first", "fewer queries", "changes by others are not seen"] as const)
      : (["reads", "asked each time", "always the newest row", "a query for each read"] as const),
    "decision-writes": versioned
      ? (["writes", "only over the version that was read", "no change is lost", "a write can be refused"] as const)
      : (["writes", "the last one stays", "a write is never refused", "a change by another can be lost"] as const),
    "decision-deletion": soft
      ? (["deletion", "rows are marked", "they can be brought back", "the table only grows"] as const)
      : (["deletion", "rows are deleted", "the table stays small", "nothing can be brought back"] as const),
  };
  for (const [of, nodes] of places) {
    const [topic, choice, gained, given] = choices[of as keyof typeof choices];
    domain.state(of, (where) => ({
      fact: "decision",
      topic,
      choice,
      gained,
      given,
      places: nodes.map((node) => where.place(node)),
    }));
  }
  if (traits.breaks(index, "dead-method")) {
    const dead = addMethod(decl, "read_rows", [["label", "str"]], "int", [
      bind("rows", listOf("str"), query(select(str("label = ?")), param("label"))),
      give(plus(size(local("rows")), int(0))),
    ]);
    domain.state("dead-method", (where) => ({
      fact: "liveness",
      definition: where.definition(dead),
      state: "dead",
      why: "unreferenced",
      lookAlike: where.definition(find),
    }));
  }
  domain.test.cases.push({
    name: `${entity}_rows_are_found_and_changed`,
    body: [
      bind("rows", kernel.store, make(kernel.store, list("str", str("a"), str("b"), str("c")))),
      bind("repository", decl, make(decl, local("rows"))),
      check(send(local("repository"), decl, "find_rows", str("b")), "int"),
      check(send(local("repository"), decl, "read_label", str("b")), "str"),
      check(send(local("repository"), decl, "read_label", str("b")), "str"),
      check(send(local("repository"), decl, "change_row", str("b"), int(7)), "int"),
      check(send(local("repository"), decl, "remove_row", str("b")), "int"),
      check(size(field(local("rows"), "statements")), "int"),
    ],
  });
  return { decl, find, flow: { trait, ...flow } };
}

// --- the service -------------------------------------------------------------------------------------------------------

interface Service {
  decl: ClassDecl;
  /** The call of the repository's `find_rows`. */
  find: Call;
  previews: boolean;
}

function planService(domain: Domain, repository: Repository): Service {
  const { kernel, entity, folder, traits, index } = domain;
  const module = domain.add(newModule(folder, "service", "service"));
  const decl = addClass(module, `${entity}_service`, [["repository", repository.decl, null]]);
  const ask = (method: string, ...args: Expr[]): Call => send(own("repository"), repository.decl, method, ...args);
  const find = ask("find_rows", param("term"));
  addMethod(decl, "find_rows", [["term", "str"]], "int", [give(find)]);
  addMethod(decl, "describe_row", [["label", "str"]], "str", [give(ask("read_label", param("label")))]);

  const noted = (line: string, isLeftOut: boolean): Stmt[] => {
    const note = run(send(constant(kernel.mainJournal), kernel.journal, "note_line", str(line)));
    return isLeftOut ? [] : [note];
  };
  const audit = "what changes a row is noted in the journal first";
  const silent = traits.breaks(index, "pattern-audit");
  const loose = traits.breaks(index, "pattern-clamp");
  const level = bind("level", "int", loose ? param("amount") : call(kernel.clampAmount, param("amount")));
  const change = addMethod(
    decl,
    "change_row",
    [
      ["label", "str"],
      ["amount", "int"],
    ],
    "int",
    [
      ...noted(`change ${entity}`, silent && domain.dice.below(2) === 0),
      level,
      give(ask("change_row", param("label"), local("level"))),
    ],
  );
  const remove = addMethod(decl, "remove_row", [["label", "str"]], "int", [
    ...noted(`remove ${entity}`, silent && change.body.length === 3),
    give(ask("remove_row", param("label"))),
  ]);
  for (const [method, isOutlier] of [
    [change, change.body.length === 2],
    [remove, remove.body.length === 1],
  ] as const) {
    domain.state("pattern-audit", (where) => ({
      fact: "pattern",
      pattern: "audit-before-change",
      category: "logging",
      rule: audit,
      place: where.place(method.body[0] as Stmt),
      outlier: isOutlier,
    }));
  }
  domain.state("pattern-clamp", (where) => ({
    fact: "pattern",
    pattern: "clamped-amounts",
    category: "validation",
    rule: "an amount is clamped before it is written",
    place: where.place(level),
    outlier: loose,
  }));

  const total = (hooks: readonly Hook[]): Stmt[] => [
    bind("total", "int", param("amount")),
    ...hooks.map(({ decl: hook }) => set(local("total"), plus(local("total"), call(hook, param("amount"))))),
    give(local("total")),
  ];
  const steady = domain.hooks.filter(({ varies }) => !varies);
  const varying = domain.hooks.filter(({ varies }) => varies);
  addMethod(decl, "rate_row", [["amount", "int"]], "int", total(steady));
  if (varying.length > 0) addMethod(decl, "preview_row", [["amount", "int"]], "int", total(varying));
  domain.test.cases.push({
    name: `${entity}_service_works`,
    body: [
      bind("rows", kernel.store, make(kernel.store, list("str", str("a"), str("b")))),
      bind("service", decl, make(decl, make(repository.decl, local("rows")))),
      check(send(local("service"), decl, "find_rows", str("a")), "int"),
      check(send(local("service"), decl, "describe_row", str("a")), "str"),
      check(send(local("service"), decl, "change_row", str("a"), int(5)), "int"),
      check(send(local("service"), decl, "remove_row", str("a")), "int"),
      check(send(local("service"), decl, "rate_row", int(4)), "int"),
    ],
  });
  return { decl, find, previews: varying.length > 0 };
}

// --- the routes ----------------------------------------------------------------------------------------------------------

/** A handler while its route is planned. */
interface Handled {
  path: string;
  decl: FunctionDecl;
  open: boolean;
}

type AuthStyle = "auth-route" | "auth-router" | "auth-mount" | "auth-handler" | "auth-lookalike";

function planRoutes(domain: Domain, repository: Repository, service: Service): PlannedDomain {
  const { kernel, entity, folder, traits, index } = domain;
  const module = newModule(folder, "routes", "routes");
  domain.add(module);
  const mainRepository = addConst(
    module,
    `main_repository`,
    repository.decl,
    make(repository.decl, make(kernel.store, list("str", str("a"), str("b"), str("c")))),
  );
  const mainService = addConst(module, `main_service`, service.decl, make(service.decl, constant(mainRepository)));
  const style = traits.turn(index, [
    "auth-route",
    "auth-router",
    "auth-mount",
    "auth-handler",
    "auth-lookalike",
  ] as const);
  const wanted = param("request");
  const ask = (method: string, ...args: Expr[]): Call => send(constant(mainService), service.decl, method, ...args);

  const handlers: Handled[] = [];
  const leftOut = traits.breaks(index, "auth-left-out") && (style === "auth-route" || style === "auth-handler");
  const leftOutPath = domain.dice.pick(["list", "show", "change", "remove", "rate"]);
  const bare = traits.breaks(index, "pattern-envelope") ? domain.dice.pick(["list", "show", "remove", "rate"]) : "";
  const handle = (path: string, before: Stmt[], body: Expr, open = false): void => {
    const guarded = style === "auth-handler" && !open && !(leftOut && path === leftOutPath);
    const refuse = when(not(equal(call(kernel.requireUser, wanted), int(0))), [
      give(make(kernel.response, int(401), str(""))),
    ]);
    const answer = give(path === bare ? make(kernel.response, int(200), body) : call(kernel.respondWith, body));
    const decl = addFunction(
      module,
      `${path}_${entity}`,
      [["request", kernel.request]],
      kernel.response,
      [...(guarded ? [refuse] : []), ...before, answer],
      false,
    );
    handlers.push({ path, decl, open });
    domain.state("pattern-envelope", (where) => ({
      fact: "pattern",
      pattern: "answers-by-one-function",
      category: "api",
      rule: "a handler answers through the function that makes answers",
      place: where.place(answer),
      outlier: path === bare,
    }));
  };

  const term = bind("term", "str", field(wanted, "term"));
  const ofService = ask("find_rows", local("term"));
  handle("list", [term], std("text_of", ofService));
  const around = traits.breaks(index, "pattern-layers");
  const shown = around
    ? send(constant(mainRepository), repository.decl, "read_label", field(wanted, "term"))
    : ask("describe_row", field(wanted, "term"));
  handle("show", [], shown);
  const token = tokenFlow(domain, wanted);
  handle("change", token.body, std("text_of", ask("change_row", field(wanted, "term"), field(wanted, "amount"))));
  handle("remove", [], std("text_of", ask("remove_row", field(wanted, "term"))));
  handle("rate", [], std("text_of", ask("rate_row", field(wanted, "amount"))));
  if (service.previews) handle("preview", [], std("text_of", ask("preview_row", field(wanted, "amount"))));
  const isOpen = traits.allows("auth-open") && style !== "auth-mount" && style !== "auth-lookalike";
  if (isOpen) handle("help", [], str(`${folder} by label`), true);

  const path = [ofService, service.find, ...repository.flow.through];
  const { flow } = repository;
  domain.state(flow.trait, (where) => ({
    fact: "flow",
    source: { type: "user-input", ...where.place(term) },
    sink: { type: "query", ...where.place(flow.sink) },
    path: path.map((node) => where.place(node)),
    reaches: flow.reaches,
    safe: flow.safe,
    by: flow.by,
  }));
  token.state();
  domain.state("pattern-layers", (where) => ({
    fact: "pattern",
    pattern: "routes-ask-services",
    category: "structural",
    rule: "a handler asks its service, not the repository",
    place: where.place(shown),
    outlier: around,
  }));

  const decl = routesOf(domain, module, handlers, { style, isOpen, leftOutPath: leftOut ? leftOutPath : "" });
  testRoutes(domain, decl.routes, handlers);
  return { domain, ...decl };
}

/** The token of a request in the journal, as it is or masked; nothing when neither trait is allowed. */
function tokenFlow(domain: Domain, wanted: Expr): { body: Stmt[]; state: () => void } {
  const { kernel, traits, index } = domain;
  const among = traits.among(["flow-token", "flow-token-masked"] as const);
  const trait = among[(index >> 1) % Math.max(1, among.length)];
  if (trait === undefined || index % 2 === 1) return { body: [], state: () => {} };
  const masked = trait === "flow-token-masked";
  const taken = bind("mark", "str", field(wanted, "token"));
  const mask = call(kernel.maskToken, local("mark"));
  const line = concat(str("by "), masked ? mask : local("mark"));
  const sink = send(constant(kernel.mainJournal), kernel.journal, "note_line", line);
  const state = (): void => {
    domain.state(trait, (where) => ({
      fact: "flow",
      source: { type: "credentials", ...where.place(taken) },
      sink: { type: "log", ...where.place(sink) },
      path: masked ? [where.place(mask)] : [],
      reaches: !masked,
      safe: masked,
      by: masked ? "masked" : null,
    }));
  };
  return { body: [taken, run(sink)], state };
}

const CHECKED_BY = {
  "auth-route": "route",
  "auth-router": "router",
  "auth-mount": "mount",
  "auth-handler": "handler",
  "auth-lookalike": "router",
} as const;

function routesOf(
  domain: Domain,
  module: Module,
  handlers: readonly Handled[],
  how: { style: AuthStyle; isOpen: boolean; leftOutPath: string },
): Pick<PlannedDomain, "routes" | "isGuarded"> {
  const { kernel, folder } = domain;
  const { style, isOpen, leftOutPath } = how;
  const open: ConstDecl | null = isOpen
    ? addConst(module, `open_paths`, listOf("str"), list("str", str("help")))
    : null;
  const byName = (decl: FunctionDecl): Expr => ({ kind: "function-value", decl });
  const guard = (router: string, given: Expr): Stmt => run(send(local(router), kernel.router, "add_guard", given));
  const body: Stmt[] = [bind("routes", kernel.router, make(kernel.router))];
  const isMixed = style === "auth-lookalike";
  // Beside a router that only notes who enters stands one that checks; all but one of the handlers are behind that.
  const exposed = isMixed ? domain.dice.pick(["list", "show", "change", "remove", "rate"]) : "";
  const note = guard("routes", byName(kernel.trackUser));
  if (style === "auth-router") {
    const checks = byName(kernel.requireUser);
    body.push(guard("routes", open === null ? checks : call(kernel.unlessOpen, constant(open), checks)));
  }
  if (isMixed) {
    const forward = lambda(
      kernel.handler,
      ["one"],
      send(local("inner"), kernel.router, "handle_request", param("one")),
    );
    body.push(
      note,
      bind("inner", kernel.router, make(kernel.router)),
      guard("inner", byName(kernel.requireUser)),
      bind("forward", kernel.handler, forward),
    );
  }
  const add = (router: string, path: string, handler: Expr): Stmt =>
    run(send(local(router), kernel.router, "add_handler", str(path), handler));
  for (const handled of handlers) {
    const isLeftOut = handled.path === leftOutPath;
    const isExposed = handled.path === exposed;
    // What only looks like a check stands where one is missing, every second time.
    const twin = isLeftOut && style === "auth-route" && domain.dice.below(2) === 0;
    const wrapped =
      style === "auth-route" && !handled.open && (!isLeftOut || twin)
        ? call(kernel.guardedBy, byName(twin ? kernel.trackUser : kernel.requireUser), byName(handled.decl))
        : byName(handled.decl);
    const added = add(isMixed && !isExposed ? "inner" : "routes", handled.path, wrapped);
    body.push(added);
    if (isMixed && !isExposed) body.push(add("routes", handled.path, local("forward")));
    const checked = !handled.open && !isLeftOut && !isExposed;
    const trait: Trait = handled.open ? "auth-open" : isLeftOut ? "auth-left-out" : style;
    domain.state(trait, (where) => ({
      fact: "route",
      path: `${folder}/${handled.path}`,
      handler: where.definition(handled.decl),
      place: where.place(added),
      checked,
      open: handled.open,
      by: checked ? CHECKED_BY[style] : null,
      check: checked ? where.definition(kernel.requireUser) : null,
    }));
    domain.state(trait, (where) => ({
      fact: "entry-point",
      type: "http-handler",
      definition: where.definition(handled.decl),
      trigger: `${folder}/${handled.path}`,
    }));
    if (!twin && !isExposed) continue;
    const herring = isExposed ? note : added;
    domain.state(trait, (where) => ({
      fact: "trap",
      type: "red-herring",
      place: where.place(herring),
      taken: "a check of who enters",
      really: "a note of who entered: nobody is refused",
      beside: [where.place(kernel.trackUser), where.place(added)],
    }));
    domain.state(trait, (where) => ({
      fact: "avoid",
      place: where.place(herring),
      reason: "unchecked-twin",
      instead: where.definition(kernel.requireUser),
    }));
  }
  body.push(give(local("routes")));
  const routes = addFunction(module, `${folder}_routes`, [], kernel.router, body);
  return { routes, isGuarded: style === "auth-mount" };
}

function testRoutes(domain: Domain, routes: FunctionDecl, handlers: readonly Handled[]): void {
  const { kernel, folder, entity } = domain;
  const body: Stmt[] = [bind("routes", kernel.router, call(routes))];
  for (const { path } of handlers) {
    const request = make(kernel.request, str(folder), str(path), str(TOKEN), str("b"), int(3));
    const answer = send(local("routes"), kernel.router, "handle_request", request);
    const variable = `${path}_reply`;
    body.push(bind(variable, kernel.response, answer), check(field(local(variable), "status"), "int"));
    if (path !== "preview") body.push(check(field(local(variable), "body"), "str"));
  }
  domain.test.cases.push({ name: `${entity}_routes_work`, body });
}

// --- names ---------------------------------------------------------------------------------------------------------------

const ENTITIES = [
  ["orders", "order"],
  ["invoices", "invoice"],
  ["parcels", "parcel"],
  ["tickets", "ticket"],
  ["members", "member"],
  ["courses", "course"],
  ["rooms", "room"],
  ["vehicles", "vehicle"],
  ["meters", "meter"],
  ["recipes", "recipe"],
  ["claims", "claim"],
  ["permits", "permit"],
  ["sensors", "sensor"],
  ["vouchers", "voucher"],
  ["trips", "trip"],
  ["lessons", "lesson"],
  ["bundles", "bundle"],
  ["quotas", "quota"],
  ["stalls", "stall"],
  ["harvests", "harvest"],
] as const;
const ADJECTIVES = [
  "",
  "bulk",
  "late",
  "daily",
  "local",
  "spare",
  "joint",
  "rural",
  "prime",
  "mixed",
  "early",
  "short",
];

/** The folder and entity of the domain `index`: entities repeat under other adjectives, then under numbers. */
function nameOf(index: number): { folder: string; entity: string } {
  const [plural, entity] = ENTITIES[index % ENTITIES.length] as (typeof ENTITIES)[number];
  const round = Math.floor(index / ENTITIES.length);
  const adjective = ADJECTIVES[round % ADJECTIVES.length] as string;
  const number = Math.floor(round / ADJECTIVES.length);
  const folder = [adjective, plural, number === 0 ? "" : String(number + 1)].filter((part) => part !== "").join("_");
  return { folder, entity };
}

/** Few words for many functions: a search by name is wrong more often than right. */
export const VERBS = ["load", "parse", "merge", "apply", "visit", "build", "scale", "shift", "blend", "weigh"];
export const NOUNS = ["level", "margin", "ratio", "share", "weight", "bonus", "charge", "limit", "range", "score"];
