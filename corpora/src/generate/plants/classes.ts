/** Calls of members of classes, interfaces and literals. */
import type { DefinitionRef, ExportedClass } from "../module-builder.ts";
import { construct, is, localClass, METHODS, NOUNS, THINGS, type Plant } from "./parts.ts";

export const methods: Plant = (m) => {
  const made = localClass(m, m.dice.below(2) === 0);
  const variable = m.name(THINGS);
  m.state(`const ${variable} = ${construct(m, made)};`);
  for (const [name, definition] of made.methods) {
    m.state(
      `total += ${m.call({ receiver: `${variable}.`, name, rest: "(2)", ...is("method"), must: [definition] })};`,
    );
  }
};

export const inheritance: Plant = (m, around) => {
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

export const interfaces: Plant = (m) => {
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

export const literal: Plant = (m) => {
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
