/** Calls of functions that are bound by a declaration or an import. */
import { is, localFunction, THINGS, VERBS, type Plant } from "./parts.ts";

export const direct: Plant = (m) => {
  const [name, index] = localFunction(m);
  m.state(`total += ${m.call({ name, rest: `(${m.dice.below(9)})`, ...is("direct"), must: [index] })};`);
};

export const arrow: Plant = (m) => {
  const name = m.name(VERBS);
  const index = m.define(name);
  m.declare(
    `export const ${name} = ${m.defined(index, `(n${m.type("number")})${m.type("number")} => `, `n - ${m.dice.below(9)}`)};`,
  );
  m.functions.push({ name, definition: index });
  m.state(`total += ${m.call({ name, rest: `(${m.dice.below(9)})`, ...is("direct"), must: [index] })};`);
};

export const importedByName: Plant = (m, around) => {
  const found = around.someFunction();
  if (found === undefined) return direct(m, around);
  const name = m.name(VERBS);
  m.import(
    `import { ${found.offered.name === name ? name : `${found.offered.name} as ${name}`} } from "${found.specifier}";`,
  );
  m.state(`total += ${m.call({ name, rest: "(3)", ...is("imported"), must: [found.offered.definition] })};`);
};

export const importedNamespace: Plant = (m, around) => {
  const found = around.someFunction();
  if (found === undefined) return arrow(m, around);
  const space = m.name(THINGS);
  const { name, definition } = found.offered;
  m.import(`import * as ${space} from "${found.specifier}";`);
  m.state(`total += ${m.call({ receiver: `${space}.`, name, rest: "(4)", ...is("imported"), must: [definition] })};`);
};

export const importedDefault: Plant = (m, around) => {
  const found = around.someDefault();
  if (found === undefined) return direct(m, around);
  const name = m.name(VERBS);
  m.import(`import ${name} from "${found.specifier}";`);
  m.state(`total += ${m.call({ name, rest: "(5)", ...is("imported"), must: [found.offered] })};`);
};

export const reexport: Plant = (m, around) => {
  const found = around.someFunction();
  if (found === undefined) return arrow(m, around);
  const name = m.name(VERBS);
  m.import(`export { ${found.offered.name} as ${name} } from "${found.specifier}";`);
  m.functions.push({ name, definition: found.offered.definition });
};

export const defaultExport: Plant = (m) => {
  if (m.defaultExport !== undefined) return;
  const name = m.name(VERBS);
  const index = m.define(name);
  m.declare(
    m.defined(index, `export default function ${name}(n${m.type("number")})${m.type("number")} `, "{\n  return n;\n}"),
  );
  m.defaultExport = index;
};

export const external: Plant = (m) => {
  const [name] = localFunction(m);
  const outside = (receiver: string, callee: string, rest: string): string =>
    m.call({ receiver, name: callee, rest, ...is("external"), must: [{ external: callee }] });
  m.state(`total += ${outside("Math.", "max", "(1, 2)")};`);
  m.state(`total += ${outside("[1, 2].", "map", `(${name})`)}.length;`);
  m.state(`total += ${outside("JSON.", "stringify", "([total])")}.length;`);
};

export const externalModule: Plant = (m) => {
  const name = m.name(VERBS);
  m.import(`import { basename as ${name} } from "node:path";`);
  m.state(`total += ${m.call({ name, rest: `("a/b")`, ...is("external"), must: [{ external: "basename" }] })}.length;`);
};
