/** What plants are made of: names, and the functions and classes that they call. */
import type { Stratum } from "../../truth/schema.ts";
import type { DefinitionRef, ExportedClass, ExportedFunction, ModuleBuilder } from "../module-builder.ts";

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
export const VERBS = [
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
export const NOUNS = ["Store", "Parser", "Client", "Node", "Worker", "Reader", "Table", "Queue"];
export const THINGS = [
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
export const METHODS = ["load", "update", "visit", "handle", "check", "format"];

/** The kind of a plain call. */
export function is(stratum: Stratum): { stratum: Stratum; syntax: "call" } {
  return { stratum, syntax: "call" };
}

/** A function of a number in the module at hand, exported half of the time. */
export function localFunction(m: ModuleBuilder): [name: string, definition: number] {
  const name = m.name(VERBS);
  const index = m.define(name);
  const exported = m.dice.below(2) === 0;
  const header = `${exported ? "export " : ""}function ${name}(n${m.type("number")})${m.type("number")} `;
  m.declare(m.defined(index, header, `{\n  return n + ${m.dice.below(100)};\n}`));
  if (exported) m.functions.push({ name, definition: index });
  return [name, index];
}

/** A class with two methods, the second of which calls the first. */
export function localClass(m: ModuleBuilder, hasConstructor: boolean): ExportedClass {
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

/** `new` of a class. */
export function construct(m: ModuleBuilder, made: ExportedClass): string {
  const rest = made.hasConstructor ? "(2)" : "()";
  return m.call({ receiver: "new ", name: made.name, rest, stratum: "direct", syntax: "new", must: [made.entered] });
}
