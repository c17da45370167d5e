/** Ways to call a function, one each: text for a module, with the truth about it. */
import type { Stratum } from "../truth/schema.ts";
import type { DefinitionRef, ExportedClass, ExportedFunction, ModuleBuilder } from "./module-builder.ts";

/** Something earlier modules offer, and how a module at hand says their path. */
export interface Offer<T> {
  specifier: string;
  offered: T;
}

/** What a plant may use from modules that came before. */
export interface Surroundings {
  someFunction(): Offer<ExportedFunction> | undefined;
  someClass(): Offer<ExportedClass> | undefined;
  /** A module with a default export. */
  someDefault(): Offer<DefinitionRef> | undefined;
}

export type Plant = (m: ModuleBuilder, around: Surroundings) => void;

// Few names for many things: a search by name is wrong more often than right.
const VERBS = [
  "load",
  "parse",
  "render",
  "update",
  "apply",
  "visit",
  "handle",
  "build",
  "check",
  "format",
  "merge",
  "resolve",
];
const NOUNS = ["Store", "Parser", "Client", "Node", "Worker", "Reader", "Table", "Queue"];
const THINGS = [
  "item",
  "entry",
  "current",
  "next",
  "state",
  "table",
  "source",
  "active",
  "config",
  "cache",
  "port",
  "unit",
];
const METHODS = ["load", "update", "visit", "handle", "check", "format"];

const direct: Plant = (m) => {
  const [name, index] = localFunction(m);
  m.state(`total += ${m.call({ name, rest: `(${m.dice.below(9)})`, ...is("direct"), must: [index] })};`);
};

const arrow: Plant = (m) => {
  const name = m.name(VERBS);
  const index = m.define(name);
  m.declare(
    `export const ${name} = ${m.defined(index, `(n${m.type("number")})${m.type("number")} => `, `n - ${m.dice.below(9)}`)};`,
  );
  m.functions.push({ name, definition: index });
  m.state(`total += ${m.call({ name, rest: `(${m.dice.below(9)})`, ...is("direct"), must: [index] })};`);
};

const importedByName: Plant = (m, around) => {
  const found = around.someFunction();
  if (found === undefined) return direct(m, around);
  const name = m.name(VERBS);
  m.import(
    `import { ${found.offered.name === name ? name : `${found.offered.name} as ${name}`} } from "${found.specifier}";`,
  );
  m.state(`total += ${m.call({ name, rest: "(3)", ...is("imported"), must: [found.offered.definition] })};`);
};

const importedNamespace: Plant = (m, around) => {
  const found = around.someFunction();
  if (found === undefined) return arrow(m, around);
  const space = m.name(THINGS);
  const { name, definition } = found.offered;
  m.import(`import * as ${space} from "${found.specifier}";`);
  m.state(`total += ${m.call({ receiver: `${space}.`, name, rest: "(4)", ...is("imported"), must: [definition] })};`);
};

const importedDefault: Plant = (m, around) => {
  const found = around.someDefault();
  if (found === undefined) return direct(m, around);
  const name = m.name(VERBS);
  m.import(`import ${name} from "${found.specifier}";`);
  m.state(`total += ${m.call({ name, rest: "(5)", ...is("imported"), must: [found.offered] })};`);
};

const reexport: Plant = (m, around) => {
  const found = around.someFunction();
  if (found === undefined) return arrow(m, around);
  const name = m.name(VERBS);
  m.import(`export { ${found.offered.name} as ${name} } from "${found.specifier}";`);
  m.functions.push({ name, definition: found.offered.definition });
};

const methods: Plant = (m) => {
  const made = localClass(m, m.dice.below(2) === 0);
  const variable = m.name(THINGS);
  m.state(`const ${variable} = ${construct(m, made)};`);
  for (const [name, definition] of made.methods) {
    m.state(
      `total += ${m.call({ receiver: `${variable}.`, name, rest: "(2)", ...is("method"), must: [definition] })};`,
    );
  }
};

const inheritance: Plant = (m, around) => {
  const found = around.someClass();
  let base: ExportedClass;
  if (found === undefined) base = localClass(m, true);
  else {
    base = { ...found.offered, name: m.name(NOUNS) };
    m.import(
      `import { ${found.offered.name === base.name ? base.name : `${found.offered.name} as ${base.name}`} } from "${found.specifier}";`,
    );
  }
  const name = m.name(NOUNS);
  const [overridden, inherited] = [...base.methods.keys()];
  if (overridden === undefined || inherited === undefined) return;
  const own = base.hasConstructor && m.dice.below(2) === 0 ? m.define(`${name}.constructor`) : undefined;
  const method = m.define(`${name}.${overridden}`);
  const upward = m.call({
    receiver: "super.",
    name: overridden,
    rest: "(n)",
    ...is("method"),
    must: [base.methods.get(overridden) as DefinitionRef],
  });
  const override = m.typed ? "override " : "";
  const members = [
    m.defined(
      method,
      `${override}${overridden}(n${m.type("number")})${m.type("number")} `,
      `{\n    return ${upward} + 1;\n  }`,
    ),
  ];
  if (own !== undefined) {
    const up = m.call({ name: "", rest: "super(n)", stratum: "method", syntax: "super-call", must: [base.entered] });
    members.unshift(m.defined(own, `constructor(n${m.type("number")}) `, `{\n    ${up};\n  }`));
  }
  const header = `export class ${name} extends ${base.name} `;
  const body = `{\n  ${members.join("\n  ")}\n}`;
  // Without a constructor of its own, the class itself is what `new` enters, unless a base class has one.
  const itself = own === undefined ? m.define(name) : undefined;
  m.declare(own === undefined ? m.defined(itself as number, header, body) : m.classAround(own, header, body));
  const made: ExportedClass = {
    name,
    entered: own ?? (base.hasConstructor ? base.entered : (itself as number)),
    hasConstructor: base.hasConstructor,
    methods: new Map([...base.methods, [overridden, method]]),
  };
  const variable = m.name(THINGS);
  m.state(`const ${variable} = ${construct(m, made)};`);
  m.state(
    `total += ${m.call({ receiver: `${variable}.`, name: overridden, rest: "(6)", ...is("method"), must: [method] })};`,
  );
  m.state(
    `total += ${m.call({ receiver: `${variable}.`, name: inherited, rest: "(7)", ...is("method"), must: [base.methods.get(inherited) as DefinitionRef] })};`,
  );
};

const interfaces: Plant = (m) => {
  const method = m.name(METHODS);
  const contract = m.name(NOUNS);
  if (m.typed) m.declare(`interface ${contract} {\n  ${method}(n: number): number;\n}`);
  const made = [0, 1].map((step) => {
    const name = m.name(NOUNS);
    const entered = m.define(name);
    const index = m.define(`${name}.${method}`);
    const inside = m.defined(
      index,
      `${method}(n${m.type("number")})${m.type("number")} `,
      `{\n    return n + ${step};\n  }`,
    );
    const header = `class ${name}${m.typed ? ` implements ${contract}` : ""} `;
    m.declare(m.defined(entered, header, `{\n  ${inside}\n}`));
    return { name, entered, index };
  });
  const each = m.name(THINGS);
  const list = made
    .map(({ name, entered }) =>
      m.call({ receiver: "new ", name, rest: "()", stratum: "direct", syntax: "new", must: [entered] }),
    )
    .join(", ");
  const items = m.name(THINGS);
  m.state(`const ${items}${m.type(`${contract}[]`)} = [${list}];`);
  const called = m.call({
    receiver: `${each}.`,
    name: method,
    rest: "(1)",
    ...is(m.typed ? "interface" : "method"),
    must: made.map((c) => c.index),
  });
  m.state(`for (const ${each} of ${items}) total += ${called};`);
};

const callback: Plant = (m) => {
  const name = m.name(VERBS);
  const parameter = m.name(THINGS);
  const passed = [localFunction(m), localFunction(m)];
  const index = m.define(name);
  const inner = m.call({
    name: parameter,
    rest: "(n)",
    ...is("callback"),
    must: passed.map(([, definition]) => definition),
  });
  const header = `function ${name}(${parameter}${m.type("(n: number) => number")}, n${m.type("number")})${m.type("number")} `;
  m.declare(m.defined(index, header, `{\n  return ${inner};\n}`));
  for (const [given] of passed) {
    m.state(`total += ${m.call({ name, rest: `(${given}, 2)`, ...is("direct"), must: [index] })};`);
  }
};

const stored: Plant = (m) => {
  const held = [localFunction(m), localFunction(m)];
  const variable = m.name(THINGS);
  const called = m.call({
    name: variable,
    rest: "(1)",
    ...is("stored-value"),
    must: held.map(([, definition]) => definition),
  });
  m.state(`for (const ${variable} of [${held.map(([name]) => name).join(", ")}]) total += ${called};`);
};

const returned: Plant = (m) => {
  const name = m.name(VERBS);
  const outer = m.define(name);
  const inner = m.define("(anonymous)");
  const closure = m.defined(inner, `(n${m.type("number")})${m.type("number")} => `, "n + by");
  const header = `function ${name}(by${m.type("number")})${m.type("(n: number) => number")} `;
  m.declare(m.defined(outer, header, `{\n  return ${closure};\n}`));
  const first = m.call({ name, rest: "(1)", ...is("direct"), must: [outer] });
  m.state(`total += ${m.call({ receiver: first, name: "", rest: "(2)", ...is("stored-value"), must: [inner] })};`);
};

const computed: Plant = (m) => {
  const [first, chosen] = localFunction(m);
  const [second] = localFunction(m);
  const table = m.name(THINGS);
  const key = m.name(THINGS);
  m.declare(
    `const ${table}${m.type("Record<string, (n: number) => number>")} = { first: ${first}, second: ${second} };`,
  );
  const joined = m.call({
    receiver: `["fir", "st"].`,
    name: "join",
    rest: `("")`,
    ...is("external"),
    must: [{ external: "join" }],
  });
  m.state(`const ${key} = ${joined};`);
  m.state(
    `total += ${m.call({ receiver: `${table}[${key}]${m.typed ? "!" : ""}`, name: "", rest: "(1)", ...is("computed"), must: [chosen] })};`,
  );
};

const external: Plant = (m) => {
  const [name] = localFunction(m);
  const outside = (receiver: string, callee: string, rest: string): string =>
    m.call({ receiver, name: callee, rest, ...is("external"), must: [{ external: callee }] });
  m.state(`total += ${outside("Math.", "max", "(1, 2)")};`);
  m.state(`total += ${outside("[1, 2].", "map", `(${name})`)}.length;`);
  m.state(`total += ${outside("JSON.", "stringify", "([total])")}.length;`);
};

const externalModule: Plant = (m) => {
  const name = m.name(VERBS);
  m.import(`import { basename as ${name} } from "node:path";`);
  m.state(`total += ${m.call({ name, rest: `("a/b")`, ...is("external"), must: [{ external: "basename" }] })}.length;`);
};

const indirect: Plant = (m) => {
  const [name, index] = localFunction(m);
  const way = m.dice.pick(["call", "apply"]);
  const rest = way === "call" ? "(null, 8)" : "(null, [8])";
  m.state(`total += ${m.call({ receiver: `${name}.`, name: way, rest, ...is("direct"), must: [index] })};`);
};

const optional: Plant = (m) => {
  const [name, index] = localFunction(m);
  const variable = m.name(THINGS);
  m.state(`const ${variable} = total >= -1e9 ? ${name} : undefined;`);
  m.state(
    `total += ${m.call({ name: variable, rest: "?.(1)", stratum: "stored-value", syntax: "optional-call", must: [index] })} ?? 0;`,
  );
};

const tagged: Plant = (m) => {
  const name = m.name(VERBS);
  const index = m.define(name);
  const header = `function ${name}(strings${m.type("TemplateStringsArray")}, n${m.type("number")})${m.type("number")} `;
  m.declare(m.defined(index, header, "{\n  return strings.length + n;\n}"));
  const rest = "`a${total}b`";
  m.state(`total += ${m.call({ name, rest, stratum: "direct", syntax: "tagged-template", must: [index] })};`);
};

const literal: Plant = (m) => {
  const holder = m.name(THINGS);
  const name = m.dice.pick(METHODS);
  const index = m.define(name);
  const method = m.defined(
    index,
    `${name}(n${m.type("number")})${m.type("number")} `,
    `{\n    return n * ${m.dice.below(9)};\n  }`,
  );
  m.declare(`const ${holder} = {\n  ${method},\n};`);
  m.state(`total += ${m.call({ receiver: `${holder}.`, name, rest: "(3)", ...is("method"), must: [index] })};`);
};

const defaultExport: Plant = (m) => {
  if (m.defaultExport !== undefined) return;
  const name = m.name(VERBS);
  const index = m.define(name);
  m.declare(
    m.defined(index, `export default function ${name}(n${m.type("number")})${m.type("number")} `, "{\n  return n;\n}"),
  );
  m.defaultExport = index;
};

/** All of them; a module takes several, and a project of ten files has each. */
export const PLANTS: readonly Plant[] = [
  direct,
  arrow,
  importedByName,
  importedNamespace,
  importedDefault,
  reexport,
  methods,
  inheritance,
  interfaces,
  callback,
  stored,
  returned,
  computed,
  external,
  externalModule,
  indirect,
  optional,
  tagged,
  literal,
  defaultExport,
];

function is(stratum: Stratum): { stratum: Stratum; syntax: "call" } {
  return { stratum, syntax: "call" };
}

function localFunction(m: ModuleBuilder): [name: string, definition: number] {
  const name = m.name(VERBS);
  const index = m.define(name);
  const exported = m.dice.below(2) === 0;
  const header = `${exported ? "export " : ""}function ${name}(n${m.type("number")})${m.type("number")} `;
  m.declare(m.defined(index, header, `{\n  return n + ${m.dice.below(100)};\n}`));
  if (exported) m.functions.push({ name, definition: index });
  return [name, index];
}

/** A class with two methods, the second of which calls the first. */
function localClass(m: ModuleBuilder, hasConstructor: boolean): ExportedClass {
  const name = m.name(NOUNS);
  const first = m.dice.pick(METHODS);
  const second = m.dice.pick(METHODS.filter((method) => method !== first));
  const entered = m.define(hasConstructor ? `${name}.constructor` : name);
  const [one, two] = [m.define(`${name}.${first}`), m.define(`${name}.${second}`)];
  const parameter = `(n${m.type("number")})`;
  const members = [
    `scale${m.type("number")} = 1;`,
    ...(hasConstructor ? [m.defined(entered, `constructor${parameter} `, "{\n    this.scale = n;\n  }")] : []),
    m.defined(one, `${first}${parameter}${m.type("number")} `, "{\n    return n * this.scale;\n  }"),
    m.defined(two, `${second}${parameter}${m.type("number")} `, `{\n    return n - this.scale;\n  }`),
  ];
  const body = `{\n  ${members.join("\n  ")}\n}`;
  const header = `export class ${name} `;
  m.declare(hasConstructor ? m.classAround(entered, header, body) : m.defined(entered, header, body));
  const made = { name, entered, hasConstructor, methods: new Map([[first, one] as const, [second, two] as const]) };
  m.classes.push(made);
  return made;
}

function construct(m: ModuleBuilder, made: ExportedClass): string {
  const rest = made.hasConstructor ? "(2)" : "()";
  return m.call({ receiver: "new ", name: made.name, rest, stratum: "direct", syntax: "new", must: [made.entered] });
}
