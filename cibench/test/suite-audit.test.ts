import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UNSAFE } from "@drift/corpora/tracing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SuiteAuditOutput, SuiteAuditOutput as Schema, type SuiteErratum } from "../src/schema/suite.ts";
import { auditSuite } from "../src/suites/audit/audit.ts";
import { describeAudit } from "../src/suites/audit/describe.ts";
import { verifyErrata } from "../src/suites/audit/errata.ts";
import { placesIn } from "../src/suites/audit/places.ts";
import { readCases } from "../src/suites/cases.ts";

const FOLDERS: string[] = [];
afterAll(() => FOLDERS.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

type Labels = Record<string, string[]>;

function suiteWith(cases: Record<string, { files: Record<string, string>; labels: Labels }>): string {
  const root = mkdtempSync(path.join(tmpdir(), "drift-audit-"));
  FOLDERS.push(root);
  for (const [id, { files, labels }] of Object.entries(cases)) {
    for (const [name, text] of Object.entries({ ...files, "callgraph.json": JSON.stringify(labels) })) {
      mkdirSync(path.dirname(path.join(root, id, name)), { recursive: true });
      writeFileSync(path.join(root, id, name), text);
    }
  }
  return root;
}

/** What this file wrote itself runs without a sandbox, so that these tests say the same on every computer. */
async function audit(
  cases: Parameters<typeof suiteWith>[0],
  errata: readonly SuiteErratum[] | null = null,
): Promise<SuiteAuditOutput> {
  const output = await auditSuite({
    suite: "swarm-js",
    cases: readCases(suiteWith(cases)),
    sandbox: UNSAFE,
    errata,
    timeoutMs: 30_000,
  });
  return Schema.parse(output);
}

/** The edges of one program, as `caller > callee how` and so on. */
async function auditProgram(text: string, labels: Labels, more: Record<string, string> = {}) {
  const { cases } = await audit({ "one/case": { files: { "main.js": text, ...more }, labels } });
  const one = cases[0] as SuiteAuditOutput["cases"][number];
  const edges = (list: readonly { edge: readonly [string, string]; how?: string; finding?: string }[]): string[] =>
    list.map(({ edge: [caller, callee], how, finding }) => `${caller} > ${callee} ${how ?? finding ?? ""}`);
  return {
    outcome: one.outcome,
    message: one.message,
    confirmed: edges(one.confirmed),
    unlabelled: edges(one.unlabelled),
    unwitnessed: edges(one.unwitnessed),
    builtins: { confirmed: edges(one.builtins.confirmed), unlabelled: edges(one.builtins.unlabelled) },
    observed: [...one.unlabelled, ...one.unwitnessed].map(({ observed }) => observed),
  };
}

describe("what a run has is told from what the label says", () => {
  test("calls, in scripts that must not be strict", async () => {
    const text = "function f() { g(); }\nfunction g() {}\nlet a = b = f;\nb();\n";
    expect(await auditProgram(text, { main: ["main.f"], "main.g": [] })).toMatchObject({
      outcome: "ended",
      message: null,
      confirmed: ["main > main.f call"],
      unlabelled: ["main.f > main.g call"],
      observed: ["main.js:1:16 g() entered main.g"],
    });
  });

  test("modules, packages and CommonJS, under the names of their files", async () => {
    const text = 'import { f } from "./pkg/index.js";\nimport old from "./old.cjs";\nf();\nold.g();\n';
    const more = { "pkg/index.js": "export function f() {}\n", "old.cjs": "exports.g = function () {};\n" };
    expect(await auditProgram(text, { main: ["pkg.f", "old.g"] }, more)).toMatchObject({
      confirmed: ["main > pkg.f call", "main > old.g call"],
      unlabelled: [],
    });
  });

  test("functions given to built-ins are entered from the caller of the built-in, and from the built-in", async () => {
    const text = "function f(x) { return x; }\n[1].map(f);\n[2].forEach((x) => f(x));\n";
    const seen = await auditProgram(text, { main: ["main.f", "<builtin>.map"], "<builtin>.map": ["main.f"] });
    expect(seen.confirmed).toEqual(["main > main.f callback"]);
    expect(seen.unlabelled).toEqual(["main > main.<arrow1> callback", "main.<arrow1> > main.f call"]);
    expect(seen.builtins).toEqual({
      confirmed: ["main > <builtin>.map call", "<builtin>.map > main.f callback"],
      unlabelled: ["main > <builtin>.forEach call", "<builtin>.forEach > main.<arrow1> callback"],
    });
  });

  test("iteration, accessors and evaluated text enter functions without a call in the text", async () => {
    const text = [
      "class Box {",
      "  *[Symbol.iterator]() {",
      '    "use strict";',
      "    yield 1;",
      "  }",
      "  get size() { return f(); }",
      "}",
      "function f() { return 1; }",
      "function walk(box) { for (const x of box) void x; }",
      "walk(new Box());",
      "new Box().size;",
      'eval("f()");',
    ].join("\n");
    const labels = { main: ["main.walk"], "main.walk": ["main.Box[Symbol.iterator]"] };
    const seen = await auditProgram(text, labels);
    expect(seen.confirmed).toEqual(["main > main.walk call", "main.walk > main.Box[Symbol.iterator] implicit"]);
    expect(seen.unlabelled).toEqual([
      "main.Box.size > main.f call",
      "main > main.Box.size implicit",
      "main > main.f implicit",
    ]);
    expect(seen.builtins.unlabelled).toEqual(["main > <builtin>.eval implicit"]);
  });

  test("classes: a constructor of their own, an inherited one, none at all, and super", async () => {
    const text = [
      "class A { constructor() {} m() {} }",
      "class B extends A {}",
      "class C extends A { constructor() { super(); } static make = () => new C(); }",
      "class D {}",
      "new B().m();",
      "C.make();",
      "new D();",
    ].join("\n");
    const labels = {
      main: ["main.A.constructor", "main.A.m", "main.C.make", "main.D.constructor"],
      "main.C.make": ["main.C.constructor"],
      "main.C.constructor": ["main.A.constructor"],
    };
    const seen = await auditProgram(text, labels);
    expect(seen.confirmed.length).toBe(5);
    expect(seen.unlabelled).toEqual([]);
    expect(seen.unwitnessed).toEqual(["main > main.D.constructor no-such-function"]);
  });
});

describe("a labelled edge that no run has", () => {
  test("cannot happen where every call of the caller ran and entered others", async () => {
    const text = "function f() {}\nfunction g() {}\nclass K {}\nfunction h() { f(); new K(); }\nh();\n";
    const seen = await auditProgram(text, { main: ["main.h"], "main.h": ["main.f", "main.g"], "main.f": ["main.g"] });
    expect(seen.unwitnessed).toEqual(["main.h > main.g entered-others", "main.f > main.g entered-others"]);
    expect(seen.observed).toEqual([
      "main.h ran: 4:16 f() entered main.f; 4:21 new K() entered a class without a constructor",
      "main.f ran and makes no call",
    ]);
  });

  test("cannot happen where the callee is no function, by name or by value", async () => {
    const text = "function f(x) { x(); }\nfunction g() {}\nf({ g });\n";
    const seen = await auditProgram(text, { main: ["main.f", "main.gone"], "main.f": ["main.g"] });
    expect(seen).toMatchObject({ outcome: "threw", message: "TypeError: x is not a function" });
    expect(seen.unwitnessed).toEqual(["main > main.gone no-such-function", "main.f > main.g not-callable"]);
  });

  test("is left alone where the call, the caller or the program did not run", async () => {
    const text = "function f() {}\nfunction idle() { f(); }\nif (process.argv.length > 9) f();\n";
    const seen = await auditProgram(text, { main: ["main.f"], "main.idle": ["main.f"] });
    expect(seen.unwitnessed).toEqual(["main > main.f not-run", "main.idle > main.f not-run"]);
    const broken = await auditProgram(
      'import { x } from "./other.js";\nfunction f() {}\nf(x);\n',
      { main: ["main.f"] },
      {
        "other.js": "export const y = 1;\n",
      },
    );
    expect(broken).toMatchObject({ outcome: "threw", unwitnessed: ["main > main.f not-run"] });
    expect(broken.message).toMatch(/^SyntaxError: .*does not provide an export named 'x'$/);
  });

  test("a program that throws what it wants to is said to, and what it did before counts", async () => {
    const text = "class Oops extends Error { constructor() { super(); } }\nthrow new Oops();\n";
    const seen = await auditProgram(text, { main: ["main.Oops.constructor"] });
    expect(seen).toMatchObject({ outcome: "threw", confirmed: ["main > main.Oops.constructor call"] });
    expect(seen.builtins.unlabelled).toEqual(["main.Oops.constructor > <builtin>.Error call"]);
  });
});

describe("a program in Python", () => {
  async function auditPython(text: string, labels: Labels, more: Record<string, string> = {}) {
    const files = { "main.py": text, ...more };
    const cases = readCases(suiteWith({ "one/case": { files, labels } }));
    const output = await auditSuite({ suite: "pycg", cases, sandbox: UNSAFE, errata: null, timeoutMs: 60_000 });
    const { confirmed, unlabelled, unwitnessed, builtins, outcome, message } = Schema.parse(output).cases[0] as Audited;
    const shown = [...confirmed, ...unlabelled].map(
      ({ edge: [caller, callee], how }) => `${caller} > ${callee} ${how}`,
    );
    const missed = unwitnessed.map(({ edge: [caller, callee], finding }) => `${caller} > ${callee} ${finding}`);
    const natives = [...builtins.confirmed, ...builtins.unlabelled].map(({ edge }) => edge.join(" > "));
    return { outcome, message, shown, missed, natives };
  }

  test("calls, decorators, iteration and generators are seen, and a class without __init__ is no function", async () => {
    const text = [
      "from pkg import helper",
      "def mark(f): return f",
      "@mark",
      "def gen():",
      "    yield helper()",
      "class Box:",
      "    def __iter__(self): return gen()",
      "class Kept(Box):",
      "    def __init__(self, key=lambda x: x): self.key = key",
      "for one in Box(): print(one)",
      "sorted([1], key=Kept().key)",
      "eval('mark(1)')",
    ].join("\n");
    const seen = await auditPython(text, { main: ["pkg.helper"] }, { "pkg/__init__.py": "def helper(): return 1\n" });
    expect(seen).toMatchObject({ outcome: "ended", message: null, missed: ["main > pkg.helper entered-others"] });
    expect(seen.shown.toSorted()).toEqual([
      "main > main.Box.__iter__ implicit",
      "main > main.Kept.__init__ call",
      "main > main.Kept.__init__.<lambda1> callback",
      "main > main.mark implicit",
      "main.Box.__iter__ > main.gen call",
      "main.gen > pkg.helper call",
    ]);
    expect(seen.natives.toSorted()).toEqual([
      "<builtin>.sorted > main.Kept.__init__.<lambda1>",
      "main > <builtin>.eval",
      "main > <builtin>.print",
      "main > <builtin>.sorted",
    ]);
  });

  test("that cannot import something, calls what is none, or has no main file, is said to", async () => {
    const outside = await auditPython("from gone import f\nf()\n", { main: ["gone.f"] });
    expect(outside).toMatchObject({ outcome: "threw", missed: ["main > gone.f not-run"] });
    expect(outside.message).toBe("ModuleNotFoundError: No module named 'gone'");
    const value = await auditPython("def g(): pass\ndef f(x):\n    x()\nf(1)\n", {
      main: ["main.f"],
      "main.f": ["main.g"],
    });
    expect(value).toMatchObject({ outcome: "threw", missed: ["main.f > main.g not-callable"] });
    const none = await audit({ "one/case": { files: { "other.py": "" }, labels: { main: [] } } });
    expect(none.cases[0]).toMatchObject({ outcome: "not-run", message: "it has no main file" });
  });
});

type Audited = SuiteAuditOutput["cases"][number];

describe("errata", () => {
  const suite = {
    "calls/right": { files: { "main.js": "function f() {}\nf();\n" }, labels: { main: ["main.f"] } },
    "calls/wrong": {
      files: { "main.js": "function f() {}\nfunction g() {}\ng();\n" },
      labels: { main: ["main.f"] },
    },
    "empty/none": { files: { "other.js": "" }, labels: { main: ["main.f"] } },
    "empty/text": { files: { "main.js": "function (" }, labels: { main: ["main.f"] } },
    "endless/loop": { files: { "main.js": "for (;;);\n" }, labels: { main: [] } },
  };
  const erratum = (decision: "add" | "remove", callee: string, observed: string): SuiteErratum => ({
    case: "calls/wrong",
    edge: ["main", callee],
    decision,
    observed,
    reason: "the other one runs",
  });
  const good = [
    erratum("remove", "main.f", "main ran: 3:1 g() entered main.g"),
    erratum("add", "main.g", "main.js:3:1 g() entered main.g"),
  ];
  let output: SuiteAuditOutput;
  beforeAll(async () => {
    const cases = readCases(suiteWith(suite));
    output = await auditSuite({ suite: "swarm-js", cases, sandbox: UNSAFE, errata: good, timeoutMs: 3_000 });
  });

  test("are proven by a fresh execution, and cases that cannot be run are said", () => {
    expect(output.errata).toEqual({ proven: 2, unproven: [], uncovered: [] });
    expect(output.totals).toEqual({
      cases: 5,
      ended: 2,
      threw: 0,
      stopped: 1,
      notRun: 2,
      confirmed: 1,
      unlabelled: 1,
      unwitnessed: 3,
    });
    expect(output.conventions.call).toEqual({ witnessed: 2, labelled: 1 });
    expect(output.cases.map(({ message }) => message?.replace(/: Unexpected.*/s, ""))).toEqual([
      undefined,
      undefined,
      "it has no main file",
      "it cannot be parsed",
      "it was stopped at the limit on time",
    ]);
  });

  test("that an execution does not show, or shows otherwise, are not proven; what none says is told", () => {
    const wrong = [
      erratum("add", "main.f", "main.js:3:1 f() entered main.f"),
      erratum("remove", "main.f", "main did not run"),
      { ...erratum("add", "main.g", "x"), case: "calls/right" },
    ];
    const verdicts = verifyErrata(output.cases, wrong);
    expect(verdicts.proven).toBe(0);
    expect(verdicts.unproven.map(({ problem }) => problem)).toEqual([
      "this execution does not show it, or the label is not as it says",
      "this execution showed something else: main ran: 3:1 g() entered main.g",
      "this execution does not show it, or the label is not as it says",
    ]);
    expect(verdicts.uncovered).toEqual([
      { case: "calls/wrong", edge: ["main", "main.g"], decision: "add", observed: "main.js:3:1 g() entered main.g" },
    ]);
  });

  test("and all the rest can be read", () => {
    const text = describeAudit(output);
    expect(text).toContain("calls/wrong (ended): 0 confirmed, 0 with built-ins\n  + main → main.g (call): main.js:3:1");
    expect(text).toContain("  - main → main.f (entered-others): main ran: 3:1 g() entered main.g");
    expect(text).toContain("errata: 2 proven, 0 not proven; 0 label errors without one");
    const errata = verifyErrata(output.cases, [erratum("add", "main.f", "x")]);
    expect(describeAudit({ ...output, errata })).toContain(
      "  not proven: add calls/wrong main → main.f: this execution",
    );
  });
});

describe("functions have the names that readers give them", () => {
  test.each([
    ["export default function () {}", ["default"]],
    ["export function f(x = () => 1) {}", ["f", "f.x"]],
    ["const o = { m() {}, 'n': () => 1, [k]: function () {} };", ["o.m", "o.n", "o.[k]"]],
    [
      "class A { #p() {} static s = () => 1; static { g(() => 2); } get x() { return 1; } }",
      ["A.#p", "A.s", "A.<anonymous>", "A.x"],
    ],
    ["A.B = class { m() {} }; this.h = () => 1;", ["A.B.m", "h"]],
    ["const C = class { m() {} }; f(class { m() {} });", ["C.m", "<class>.m"]],
    ["const [x = () => 1] = y; o[k] = () => 2;", ["x", "<anonymous>"]],
  ])("%s", (text, names) => {
    expect(placesIn("main.js", text).functions.map(({ qualifiedName }) => qualifiedName)).toEqual(names);
  });

  test("calls know where they stand, and loading a module is none", () => {
    const text =
      "require('x'); import('y'); eval('1'); f(); new N; t`x`; a.b?.c(); (g())();\nfunction f() { o[k](); }\n";
    const { calls, functions } = placesIn("main.js", text);
    expect(calls.map(({ name }) => name)).toEqual(["f", "N", "t", "c", null, "g", "k"]);
    expect(calls.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(calls.at(-1)?.caller).toBe(functions[0]?.id);
  });
});
