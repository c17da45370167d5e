/** What domains have beside routes, service and repository: calls of every kind, dead code, registries, traps. */
import type { Dice } from "../module-builder.ts";
import type { Domain } from "./domain.ts";
import {
  addClass,
  addConst,
  addFunction,
  addInterface,
  addMethod,
  at,
  bind,
  call,
  type Call,
  check,
  concat,
  constant,
  type Expr,
  type FunctionDecl,
  give,
  int,
  INT_FN,
  invoke,
  lambda,
  less,
  list,
  listOf,
  local,
  make,
  map,
  mapOf,
  type Module,
  newModule,
  own,
  param,
  plus,
  same,
  send,
  set,
  size,
  std,
  type Stmt,
  str,
  times,
  value,
  when,
} from "./ir.ts";
import type { Trait } from "./traits.ts";

type Extra = (domain: Domain, suffix: string) => void;

/** Adds one to the domain; over the domains each has its turn. Whatever is not allowed is replaced by plain rules. */
export function planExtra(domain: Domain, turn: number, room: number): void {
  const suffix = turn < EXTRAS.length ? "" : `_${Math.floor(turn / EXTRAS.length) + 1}`;
  const { trait, files, plan } = EXTRAS[(domain.index + turn) % EXTRAS.length] as (typeof EXTRAS)[number];
  if (files > room || (trait !== null && !domain.traits.allows(trait))) planRules(domain, `_${turn + 1}_more`);
  else plan(domain, suffix);
}

const EXTRAS: readonly { trait: Trait | null; files: number; plan: Extra }[] = [
  { trait: null, files: 1, plan: planRules },
  { trait: null, files: 1, plan: planPricing },
  { trait: "registry", files: 1, plan: planTasks },
  { trait: "outside-mode", files: 1, plan: planModes },
  { trait: "circular", files: 2, plan: planCircle },
  { trait: "generated", files: 1, plan: planColumns },
  { trait: "copy-paste", files: 1, plan: planChecks },
];

/** `export function name(n) { … }`, a different sum each time. */
function plain(domain: Domain, home: Module, exported: boolean): FunctionDecl {
  const body = [give(plus(times(param("n"), int(2 + domain.dice.below(4))), int(domain.dice.below(90))))];
  return addFunction(home, domain.name(), [["n", "int"]], "int", body, exported);
}

function hook(domain: Domain, home: Module, body: Stmt[], varies = false): FunctionDecl {
  const decl = addFunction(home, domain.name(), [["n", "int"]], "int", body);
  domain.hooks.push({ decl, varies });
  const found = call(decl, int(3));
  domain.test.cases.push({
    name: `${decl.name}_gives_a_number`,
    body: [varies ? check(less(int(-1), found), "bool") : check(found, "int")],
  });
  return decl;
}

// --- calls of every kind -------------------------------------------------------------------------------------------------

const CALLS = [
  "calls-direct",
  "calls-imported",
  "calls-method",
  "calls-interface",
  "calls-callback",
  "calls-stored",
  "calls-returned",
  "calls-computed",
  "calls-external",
] as const;
const RULES_PER_FILE = 4;

function planRules(domain: Domain, suffix: string): void {
  const home = domain.add(newModule(domain.folder, `rules${suffix}`, "logic"));
  const among = domain.traits.among(CALLS);
  const start = domain.index * RULES_PER_FILE + domain.modules.length;
  for (let i = 0; i < RULES_PER_FILE; i += 1) {
    const trait = among[(start + i) % Math.max(1, among.length)];
    // A side of the split without any still has functions.
    if (trait === undefined) hook(domain, home, [give(plus(param("n"), int(i)))]);
    else CALL_PLANTS[trait](domain, home);
  }
  domain.offered.push(plain(domain, home, true));
  hook(domain, home, [give(call(domain.offered.at(-1) as FunctionDecl, param("n")))]);
}

const n = param("n");

const CALL_PLANTS: Record<(typeof CALLS)[number], (domain: Domain, home: Module) => void> = {
  "calls-direct": (domain, home) => {
    const inner = plain(domain, home, false);
    hook(domain, home, [give(call(inner, call(inner, n)))]);
  },
  "calls-imported": (domain, home) => {
    const others = domain.offered.filter((decl) => decl.home !== home);
    const chosen = others.length === 0 ? domain.kernel.clampAmount : domain.dice.pick(others);
    hook(domain, home, [give(plus(call(chosen, n), int(1)))]);
  },
  "calls-method": (domain, home) => {
    const decl = addClass(home, domain.name(MAKERS), [["by", "int", null]]);
    const first = domain.name(["apply", "move"], PARTS);
    const second = domain.name(["twice", "again"], PARTS);
    addMethod(decl, first, [["n", "int"]], "int", [give(times(n, own("by")))]);
    addMethod(decl, second, [["n", "int"]], "int", [
      give(send({ kind: "this" }, decl, first, send({ kind: "this" }, decl, first, n))),
    ]);
    hook(domain, home, [
      bind("made", decl, make(decl, int(2 + domain.dice.below(5)))),
      give(plus(send(local("made"), decl, second, n), send(local("made"), decl, first, n))),
    ]);
  },
  "calls-interface": (domain, home) => {
    const { shape, method } = newInterface(domain, home);
    const makers = [1, 2, 3].slice(0, 2 + domain.dice.below(2)).map((by) => {
      const decl = addClass(home, domain.name(MAKERS), [["by", "int", null]], shape);
      addMethod(decl, method, [["n", "int"]], "int", [give(plus(times(n, int(by)), own("by")))]);
      return decl;
    });
    const items = makers.map((decl) => make(decl, int(1 + domain.dice.below(9))));
    hook(domain, home, [
      bind("total", "int", int(0)),
      bind("steps", listOf(shape), list(shape, ...items)),
      {
        kind: "each",
        name: "step",
        type: shape,
        list: local("steps"),
        body: [set(local("total"), plus(local("total"), send(local("step"), shape, method, n)))],
      },
      give(local("total")),
    ]);
  },
  "calls-callback": (domain, home) => {
    const twice = addFunction(
      home,
      domain.name(),
      [
        ["step", INT_FN],
        ["n", "int"],
      ],
      "int",
      [give(invoke(INT_FN, param("step"), invoke(INT_FN, param("step"), n)))],
      false,
    );
    const [one, other] = [plain(domain, home, false), plain(domain, home, false)];
    hook(domain, home, [give(plus(call(twice, value(one), n), call(twice, value(other), n)))]);
  },
  "calls-stored": (domain, home) => {
    const [one, other] = [plain(domain, home, false), plain(domain, home, false)];
    const pick = addFunction(home, domain.name(), [["n", "int"]], "int", [
      bind("chosen", INT_FN, value(one)),
      when(less(n, int(10)), [set(local("chosen"), value(other))]),
      give(invoke(INT_FN, local("chosen"), n)),
    ]);
    // Both ways are taken half of the time; otherwise one of the two is only looked at.
    const more = domain.dice.below(2) === 0 ? call(pick, plus(n, int(20))) : int(4);
    hook(domain, home, [give(plus(call(pick, n), more))]);
  },
  "calls-returned": (domain, home) => {
    const adder = addFunction(home, domain.name(), [["by", "int"]], INT_FN, [
      give(lambda(INT_FN, ["x"], plus(param("x"), param("by")))),
    ]);
    hook(domain, home, [
      bind("first", INT_FN, call(adder, int(3))),
      bind("second", INT_FN, call(adder, int(9))),
      give(invoke(INT_FN, local("first"), invoke(INT_FN, local("second"), n))),
    ]);
  },
  "calls-computed": (domain, home) => {
    const [one, other] = [plain(domain, home, false), plain(domain, home, false)];
    const key: Expr = concat(str("se"), str("cond"));
    hook(domain, home, [
      bind(
        "table",
        mapOf(INT_FN),
        map(INT_FN, [
          ["first", value(one)],
          ["second", value(other)],
        ]),
      ),
      bind("key", "str", key),
      give(invoke(INT_FN, at(local("table"), local("key")), n)),
    ]);
  },
  "calls-external": (domain, home) => {
    hook(domain, home, [
      bind("text", "str", std("upper", std("text_of", n))),
      bind("longer", "str", std("replace", local("text"), str("3"), str("three"))),
      when(std("contains", local("longer"), str("th")), [give(size(std("trim", local("longer")), "str"))]),
      give(size(local("longer"), "str")),
    ]);
  },
};

const MAKERS = ["fixed", "linear", "stepped", "rounded", "seasonal", "shared", "partial", "plain"];
const PARTS = ["step", "part", "unit", "slice"];

function newInterface(domain: Domain, home: Module) {
  const method = domain.name(["weigh", "count"], PARTS);
  return {
    shape: addInterface(home, domain.name(["any", "some"], NOUNS_OF_TYPES), method, [["n", "int"]], "int"),
    method,
  };
}
const NOUNS_OF_TYPES = ["rule", "policy", "measure", "scheme"];

// --- dead, and alive though it does not look so ----------------------------------------------------------------------------

function planPricing(domain: Domain, suffix: string): void {
  const home = domain.add(newModule(domain.folder, `pricing${suffix}`, "logic"));
  const base = plain(domain, home, true);
  domain.offered.push(base);
  hook(domain, home, [give(call(base, n))]);
  const liveness = (
    trait: Trait,
    decl: FunctionDecl,
    state: "dead" | "alive" | "test-only",
    why: "unreferenced" | "only-from-dead-code" | "only-from-tests" | "callback" | "computed-name",
    twin: FunctionDecl | null,
  ): void => {
    domain.state(trait, (where) => ({
      fact: "liveness",
      definition: where.definition(decl),
      state,
      why,
      lookAlike: twin === null ? null : where.definition(twin),
    }));
  };
  const plants: Partial<Record<Trait, () => void>> = {
    "dead-private": () => {
      const pair = [plain(domain, home, false), plain(domain, home, false)] as const;
      // Neither of the two places says which one it is.
      const [used, unused] = domain.dice.below(2) === 0 ? pair : [pair[1], pair[0]];
      hook(domain, home, [give(plus(call(used, n), int(2)))]);
      liveness("dead-private", unused, "dead", "unreferenced", used);
      domain.state("dead-private", (where) => ({
        fact: "trap",
        type: "dead-code",
        place: where.place(unused),
        taken: "a function that runs, as its neighbour does",
        really: "nothing calls it",
        beside: [where.place(used)],
      }));
    },
    "dead-exported": () => liveness("dead-exported", plain(domain, home, true), "dead", "unreferenced", base),
    "dead-chain": () => {
      const end = plain(domain, home, false);
      const start = addFunction(home, domain.name(), [["n", "int"]], "int", [give(plus(call(end, n), int(5)))]);
      liveness("dead-chain", end, "dead", "only-from-dead-code", base);
      liveness("dead-chain", start, "dead", "unreferenced", base);
    },
    "test-only": () => {
      const decl = plain(domain, home, true);
      const asked = check(call(decl, int(6)), "int");
      domain.test.cases.push({ name: `${decl.name}_adds_up`, body: [asked] });
      liveness("test-only", decl, "test-only", "only-from-tests", base);
      domain.state("test-only", (where) => ({
        fact: "trap",
        type: "test-vs-production",
        place: where.place(decl),
        taken: "a function of the program, since it is called",
        really: "only its test calls it",
        beside: [where.place(asked)],
      }));
    },
    "alive-callback": () => {
      const given = plain(domain, home, false);
      const params: [string, typeof INT_FN | "int"][] = [
        ["step", INT_FN],
        ["n", "int"],
      ];
      const fold = addFunction(
        home,
        domain.name(),
        params,
        "int",
        [give(plus(invoke(INT_FN, param("step"), n), int(1)))],
        false,
      );
      hook(domain, home, [give(call(fold, value(given), n))]);
      liveness("alive-callback", given, "alive", "callback", null);
    },
    "alive-computed": () => {
      const [held, other] = [plain(domain, home, false), plain(domain, home, false)];
      const entries: [string, Expr][] = [
        ["ab", value(held)],
        ["ba", value(other)],
      ];
      const table = addConst(home, domain.name(["known", "kept"], PARTS), mapOf(INT_FN), map(INT_FN, entries));
      const step = (first: string, second: string): Expr =>
        invoke(INT_FN, at(constant(table), concat(str(first), str(second))), n);
      hook(domain, home, [give(plus(step("a", "b"), step("b", "a")))]);
      liveness("alive-computed", held, "alive", "computed-name", null);
      liveness("alive-computed", other, "alive", "computed-name", null);
    },
  };
  for (const [trait, plant] of shuffled(domain.dice, Object.entries(plants) as [Trait, () => void][])) {
    if (domain.traits.allows(trait)) plant();
  }
}

/** In an order that is drawn, so that where something stands tells nothing. */
function shuffled<T>(dice: Dice, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(dice.below(left.length), 1)[0] as T);
}

// --- a registry: jobs that a runner knows by name ------------------------------------------------------------------------------

function planTasks(domain: Domain, suffix: string): void {
  const home = domain.add(newModule(domain.folder, `tasks${suffix}`, "logic"));
  const all = shuffled(
    domain.dice,
    [0, 1, 2, 3].map(() => plain(domain, home, false)),
  );
  const retired = all.pop() as FunctionDecl;
  const jobs = ["nightly", "hourly", "weekly"].map((when_, i) => [when_, all[i] as FunctionDecl] as const);
  const table = addConst(
    home,
    domain.name(["all", "planned"], ["tasks", "jobs"]),
    mapOf(INT_FN),
    map(
      INT_FN,
      jobs.map(([when_, decl]) => [`${when_}_${domain.entity}`, value(decl)] as [string, Expr]),
    ),
  );
  const found = invoke(INT_FN, at(constant(table), concat(param("period"), str(`_${domain.entity}`))), n);
  const run = addFunction(
    home,
    domain.name(["start", "perform"], ["task", "job"]),
    [
      ["period", "str"],
      ["n", "int"],
    ],
    "int",
    [give(found)],
  );
  const sums = jobs.map(([when_]) => call(run, str(when_), n) as Expr);
  hook(domain, home, [give(sums.reduce((sum, one) => plus(sum, one)))]);
  for (const [when_, decl] of jobs) {
    domain.state("registry", (where) => ({
      fact: "liveness",
      definition: where.definition(decl),
      state: "alive",
      why: "registry",
      lookAlike: where.definition(retired),
    }));
    domain.state("registry", (where) => ({
      fact: "entry-point",
      type: "cron-job",
      definition: where.definition(decl),
      trigger: `${when_}_${domain.entity}`,
    }));
  }
  domain.state("registry", (where) => ({
    fact: "liveness",
    definition: where.definition(retired),
    state: "dead",
    why: "unreferenced",
    lookAlike: where.definition((jobs[0] as (typeof jobs)[number])[1]),
  }));
  domain.state("registry", (where) => ({
    fact: "trap",
    type: "framework-magic",
    place: where.place(found),
    taken: "a call of nothing that the project names",
    really: "a job that is found by its name, which is put together when it runs",
    beside: jobs.map(([, decl]) => where.place(decl)),
  }));
}

// --- what is set outside decides -----------------------------------------------------------------------------------------------

function planModes(domain: Domain, suffix: string): void {
  const home = domain.add(newModule(domain.folder, `modes${suffix}`, "logic"));
  const variable = `${domain.folder}${suffix}_mode`.toUpperCase();
  const setTo = domain.dice.pick(["fast", "strict", "early", "wide"]);
  domain.env[variable] = setTo;
  const [usual, other] = [plain(domain, home, false), plain(domain, home, false)];
  const chosen = invoke(INT_FN, local("chosen"), n);
  hook(
    domain,
    home,
    [
      bind("mode", "str", call(domain.kernel.readMode, str(variable))),
      bind("chosen", INT_FN, value(usual)),
      when(same(local("mode"), str(setTo)), [set(local("chosen"), value(other))]),
      give(chosen),
    ],
    true,
  );
  const runs = [{}, { [variable]: setTo }] as { [name: string]: string }[];
  for (const [decl, reached] of [
    [usual, 0],
    [other, 1],
  ] as const) {
    domain.state("outside-mode", (where) => ({
      fact: "undecidable",
      call: where.site(chosen),
      definition: where.definition(decl),
      runs: runs.map((env, i) => ({ env, reaches: i === reached })),
    }));
  }
  domain.state("outside-mode", (where) => ({
    fact: "trap",
    type: "dynamic-dispatch",
    place: where.place(chosen),
    taken: "a call with one target",
    really: "what is set outside decides between two",
    beside: [where.place(usual), where.place(other)],
  }));
}

// --- files that import each other ------------------------------------------------------------------------------------------------

function planCircle(domain: Domain, suffix: string): void {
  const left = newModule(domain.folder, `lower${suffix}`, "logic");
  const right = newModule(domain.folder, `upper${suffix}`, "logic");
  left.cycle.push(right);
  right.cycle.push(left);
  domain.add(left);
  domain.add(right);
  const less1 = plus(n, int(-1));
  const down = addFunction(left, domain.name(), [["n", "int"]], "int", []);
  const back: Call = call(down, less1);
  const up = addFunction(right, domain.name(), [["n", "int"]], "int", [
    when(less(n, int(1)), [give(int(1))]),
    give(plus(back, int(2))),
  ]);
  const forth: Call = call(up, less1);
  down.body.push(when(less(n, int(1)), [give(int(0))]), give(plus(forth, int(3))));
  domain.hooks.push({ decl: down, varies: false });
  domain.test.cases.push({ name: `${down.name}_comes_to_an_end`, body: [check(call(down, int(5)), "int")] });
  domain.state("circular", (where) => ({
    fact: "trap",
    type: "circular-dependency",
    place: where.place(forth),
    taken: "a call into a lower file",
    really: "the two files call each other",
    beside: [where.place(back)],
  }));
}

// --- a file made from a table --------------------------------------------------------------------------------------------------

function planColumns(domain: Domain, suffix: string): void {
  const home = domain.add(newModule(domain.folder, `columns${suffix}`, "logic"));
  home.isGenerated = true;
  const table = `tables/${domain.folder}${suffix}.def`;
  const widths = Array.from({ length: 6 }, () => 1 + domain.dice.below(40));
  domain.tables.push({ file: table, text: widths.map((width, i) => `column_${i + 1} ${width}\n`).join("") });
  const marker = domain.name(["width", "size"], ["of"]);
  const columns = widths.map((width, i) =>
    addFunction(home, `${marker}_column_${i + 1}`, [["n", "int"]], "int", [give(plus(times(n, int(width)), int(i)))]),
  );
  const total = columns.map((decl) => call(decl, n) as Expr).reduce((sum, one) => plus(sum, one));
  hook(domain, home, [give(total)]);
  domain.state("generated", (where) => ({
    fact: "trap",
    type: "generated-code",
    place: where.place(columns[0] as FunctionDecl),
    taken: "a file to be edited",
    really: `it is made from ${table}`,
    beside: [],
  }));
  domain.state("generated", (where) => ({
    fact: "avoid",
    place: where.place(columns[0] as FunctionDecl),
    reason: "generated",
    instead: table,
  }));
}

// --- much the same, several times ----------------------------------------------------------------------------------------------

function planChecks(domain: Domain, suffix: string): void {
  const home = domain.add(newModule(domain.folder, `checks${suffix}`, "logic"));
  const subjects = ["width", "height", "depth", "volume", "length"];
  const odd = domain.dice.below(subjects.length);
  const limits = subjects.map(() => 20 + domain.dice.below(70));
  const deciding: Stmt[] = [];
  const decls = subjects.map((subject, i) => {
    const limit = int(limits[i] as number);
    const decide = when(i === odd ? less(n, limit) : less(limit, n), [give(int(1))]);
    deciding.push(decide);
    const name = domain.name(["check"], [subject]);
    return addFunction(home, name, [["n", "int"]], "int", [
      when(less(n, int(0)), [give(int(1))]),
      decide,
      give(int(0)),
    ]);
  });
  hook(domain, home, [give(decls.map((decl) => call(decl, n) as Expr).reduce((sum, one) => plus(sum, one)))]);
  deciding.forEach((decide, i) => {
    domain.state("copy-paste", (where) => ({
      fact: "pattern",
      pattern: `${domain.folder}-checks${suffix}`,
      category: "validation",
      rule: "what lies above its limit is refused",
      place: where.place(decide),
      outlier: i === odd,
    }));
  });
  domain.state("copy-paste", (where) => ({
    fact: "trap",
    type: "copy-paste-variation",
    place: where.place(deciding[odd] as Stmt),
    taken: "the same check as its neighbours",
    really: "it refuses what lies below its limit",
    beside: deciding.filter((_, i) => i !== odd).map((decide) => where.place(decide)),
  }));
}
