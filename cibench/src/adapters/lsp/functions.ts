/**
 * Servers point at names, a call enters a function. What a name in the text stands for is read from the text alone:
 * `f` in `const f = () => 1` is the function behind it, a parameter is none, and what is imported from a package is outside.
 */
import { parse, type ParserPlugin } from "@babel/parser";

/** What a name stands for; lines and columns are 1-based. */
export type Named = { kind: "function" | "class"; line: number; column: number } | { kind: "outside" };

/** @returns what the name at a 1-based place stands for, null when that is no function, or cannot be told */
export type NameReader = (line: number, column: number) => Named | null;

/** @param file its ending says the language; of a language that is not known every place is taken for a function */
export function nameReader(file: string, text: string): NameReader {
  if (/\.[cm]?[jt]sx?$/.test(file)) return scriptNames(file, text);
  if (file.endsWith(".py")) return pythonNames(text);
  // A stub has no bodies: nothing can be entered there.
  if (file.endsWith(".pyi")) return () => null;
  return (line, column) => ({ kind: "function", line, column });
}

function pythonNames(text: string): NameReader {
  const lines = text.split(/\r\n|\n|\r/);
  return (line, column) => {
    const content = lines[line - 1] ?? "";
    const [before, after] = [content.slice(0, column - 1), content.slice(column - 1)];
    if (/\bdef\s+$/.test(before)) return { kind: "function", line, column };
    if (/\bclass\s+$/.test(before)) return { kind: "class", line, column };
    const lambda = /^\w+\s*(?::[^=]*)?=\s*(?=lambda\b)/.exec(after);
    return lambda && { kind: "function", line, column: column + lambda[0].length };
  };
}

interface Node {
  type: string;
  start: number;
  loc: { start: { line: number; column: number } };
  [property: string]: unknown;
}

function scriptNames(file: string, text: string): NameReader {
  const names = new Map<string, Named>();
  const root = parseScript(file, text);
  if (root !== null) visit(root, names);
  return (line, column) => names.get(`${line}:${column}`) ?? null;
}

function parseScript(file: string, text: string): Node | null {
  const typed: ParserPlugin[] = /\.[cm]?tsx?$/.test(file) ? ["typescript"] : [];
  const jsx: ParserPlugin[] = /\.[cm]?ts$/.test(file) ? [] : ["jsx"];
  try {
    const plugins: ParserPlugin[] = [...typed, ...jsx, "decorators"];
    return parse(text, { sourceType: "unambiguous", errorRecovery: true, plugins }).program as unknown as Node;
  } catch {
    return null;
  }
}

const FUNCTIONS = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ObjectMethod",
  "ClassMethod",
  "ClassPrivateMethod",
]);
const CLASSES = new Set(["ClassDeclaration", "ClassExpression"]);
/** A node that binds a value to a name, and which of its properties are these. */
const BINDINGS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  VariableDeclarator: ["id", "init"],
  AssignmentExpression: ["left", "right"],
  AssignmentPattern: ["left", "right"],
  ObjectProperty: ["key", "value"],
  ClassProperty: ["key", "value"],
  ClassPrivateProperty: ["key", "value"],
  ClassAccessorProperty: ["key", "value"],
};

function visit(node: Node, names: Map<string, Named>): void {
  const call = namedBy(node);
  if (call !== null) for (const name of [node, nameIn(node)]) put(names, name, call);
  const binding = BINDINGS[node.type];
  if (binding !== undefined) {
    const [name, value] = binding.map((property) => (node[property] ?? null) as Node | null);
    const bound = value && (namedBy(unwrapped(value)) ?? requiredBy(unwrapped(value)));
    if (name && bound) for (const one of boundNames(name)) put(names, one, bound);
  }
  if (node.type === "ImportDeclaration" && isPackage(node["source"] as Node)) {
    for (const specifier of node["specifiers"] as Node[]) {
      for (const name of [specifier, specifier["local"], specifier["imported"]]) put(names, name as Node, OUTSIDE);
    }
  }
  for (const value of Object.values(node)) {
    const children = (Array.isArray(value) ? value : [value]).filter(isNode);
    if (Array.isArray(value)) putOverloads(children, names);
    for (const child of children) visit(child, names);
  }
}

const OUTSIDE: Named = { kind: "outside" };

/** The first to say something about a place is right: it is the outermost. */
function put(names: Map<string, Named>, name: Node | null | undefined, named: Named): void {
  if (!name) return;
  const { line, column } = name.loc.start;
  const key = `${line}:${column + 1}`;
  if (!names.has(key)) names.set(key, named);
}

/** To make an object of a class is to enter its constructor, if it has one of its own. */
function namedBy(node: Node): Named | null {
  const kind = FUNCTIONS.has(node.type) ? "function" : CLASSES.has(node.type) ? "class" : null;
  if (kind === null) return null;
  const members = kind === "class" ? ((node["body"] as Node)["body"] as Node[]) : [];
  const own = members.find((member) => member.type === "ClassMethod" && member["kind"] === "constructor");
  const { line, column } = (own ?? node).loc.start;
  return { kind, line, column: column + 1 };
}

function requiredBy(node: Node): Named | null {
  if (node.type !== "CallExpression" || (node["callee"] as Node)["name"] !== "require") return null;
  const [source] = node["arguments"] as Node[];
  return source !== undefined && isPackage(source) ? OUTSIDE : null;
}

function isPackage({ value }: Node): boolean {
  return typeof value === "string" && !/^[./]/.test(value);
}

function nameIn(node: Node): Node | null {
  return (node["id"] ?? node["key"] ?? null) as Node | null;
}

/** `a.b.f = …` binds `f`; servers point there, or at the whole. */
function boundNames(name: Node): Node[] {
  if (name.type === "MemberExpression") return [name, name["property"] as Node];
  if (name.type === "ObjectPattern") {
    return (name["properties"] as Node[]).flatMap((one) => [one, (one["value"] ?? one["argument"]) as Node]);
  }
  return [name];
}

/** Types and parentheses around a value do not change it. */
function unwrapped(value: Node): Node {
  const inner = value["expression"];
  return /^TS(?:.*Expression|TypeAssertion)$|^ParenthesizedExpression$/.test(value.type) && isNode(inner)
    ? unwrapped(inner)
    : value;
}

/** A signature without a body stands for the next function of its name. */
function putOverloads(siblings: readonly Node[], names: Map<string, Named>): void {
  let waiting: Node[] = [];
  for (const sibling of siblings) {
    const node = (sibling["declaration"] as Node | null | undefined) ?? sibling;
    if (/^TSDeclare(Function|Method)$/.test(node.type)) waiting.push(sibling, node);
    else {
      const named = namedBy(node);
      const key = nameText(node);
      for (const one of waiting) {
        if (named === null || nameText((one["declaration"] as Node | undefined) ?? one) !== key) continue;
        for (const name of [one, nameIn(one)]) put(names, name, named);
      }
      waiting = [];
    }
  }
}

function nameText(node: Node): unknown {
  return nameIn(node)?.["name"] ?? nameIn(node)?.["value"];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "loc" in value && Boolean(value.loc);
}
