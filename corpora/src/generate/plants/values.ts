/** Calls of functions that are handed on as values, and other ways of writing a call. */
import { is, localFunction, THINGS, VERBS, type Plant } from "./parts.ts";

export const callback: Plant = (m) => {
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

export const stored: Plant = (m) => {
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

export const returned: Plant = (m) => {
  const name = m.name(VERBS);
  const outer = m.define(name);
  const inner = m.define("(anonymous)");
  const closure = m.defined(inner, `(n${m.type("number")})${m.type("number")} => `, "n + by");
  const header = `function ${name}(by${m.type("number")})${m.type("(n: number) => number")} `;
  m.declare(m.defined(outer, header, `{\n  return ${closure};\n}`));
  const first = m.call({ name, rest: "(1)", ...is("direct"), must: [outer] });
  m.state(`total += ${m.call({ receiver: first, name: "", rest: "(2)", ...is("stored-value"), must: [inner] })};`);
};

export const computed: Plant = (m) => {
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

export const indirect: Plant = (m) => {
  const [name, index] = localFunction(m);
  const way = m.dice.pick(["call", "apply"]);
  const rest = way === "call" ? "(null, 8)" : "(null, [8])";
  m.state(`total += ${m.call({ receiver: `${name}.`, name: way, rest, ...is("direct"), must: [index] })};`);
};

export const optional: Plant = (m) => {
  const [name, index] = localFunction(m);
  const variable = m.name(THINGS);
  m.state(`const ${variable} = total >= -1e9 ? ${name} : undefined;`);
  m.state(
    `total += ${m.call({ name: variable, rest: "?.(1)", stratum: "stored-value", syntax: "optional-call", must: [index] })} ?? 0;`,
  );
};

export const tagged: Plant = (m) => {
  const name = m.name(VERBS);
  const index = m.define(name);
  const header = `function ${name}(strings${m.type("TemplateStringsArray")}, n${m.type("number")})${m.type("number")} `;
  m.declare(m.defined(index, header, "{\n  return strings.length + n;\n}"));
  const rest = "`a${total}b`";
  m.state(`total += ${m.call({ name, rest, stratum: "direct", syntax: "tagged-template", must: [index] })};`);
};
