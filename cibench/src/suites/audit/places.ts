/** The functions and calls of a JavaScript file, by the places under which the trace oracle knows them. */
import { type ParserPlugin, parse } from "@babel/parser";
import type { PlacedFunction } from "../name-functions.ts";

/** A call as it is written. */
export interface PlacedCall {
  /** `file:line:column-endLine:endColumn` of the whole call. */
  id: string;
  file: string;
  line: number;
  column: number;
  /** The function around it; null at the file's top level. */
  caller: string | null;
  /** The last name of what is called; null when it has none. */
  name: string | null;
  isNew: boolean;
}

export interface Places {
  /** Ids are `file:line:column`; a class without a constructor is none. */
  functions: PlacedFunction[];
  /** Without `require`, `import` and a direct `eval`, which the tracer leaves alone. */
  calls: PlacedCall[];
}

/** What the parser gives for every piece of syntax; which other fields there are depends on `type`. */
interface Node {
  type: string;
  start: number;
  end: number;
  loc: { start: { line: number; column: number }; end: { line: number; column: number } };
  [field: string]: unknown;
}

/** Where one is: names around, the function around, and what a function would be called that stands right here. */
interface Around {
  scope: readonly string[];
  caller: string | null;
  bound: string | null;
  /** Where the declaration starts, when that is before the function. */
  declaration: Node | null;
}

/**
 * Reads one file. Functions have the name of their declaration, method, variable or property; one that has none of
 * these is `<anonymous>`.
 *
 * @throws SyntaxError when it cannot be parsed
 */
export function placesIn(file: string, text: string): Places {
  const plugins: ParserPlugin[] = ["jsx", "decorators"];
  const ast = parse(text, { sourceType: "unambiguous", plugins, allowReturnOutsideFunction: true });
  const found: Places = { functions: [], calls: [] };
  new Reader(file, text, found).visit(ast.program as unknown as Node, {
    scope: [],
    caller: null,
    bound: null,
    declaration: null,
  });
  return found;
}

class Reader {
  readonly #file: string;
  readonly #text: string;
  readonly #found: Places;

  constructor(file: string, text: string, found: Places) {
    this.#file = file;
    this.#text = text;
    this.#found = found;
  }

  visit(node: Node, around: Around): void {
    const inner = { ...around, bound: null, declaration: null };
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node, nameOf(node) ?? around.bound, around);
        return;
      case "ObjectMethod":
      case "ClassMethod":
      case "ClassPrivateMethod":
        this.#function(node, joined(around.bound, this.#keyOf(node)), around);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node, around);
        return;
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        for (const child of childrenOf(node)) {
          const named = node.type === "ExportDefaultDeclaration" ? "default" : null;
          this.visit(child, { ...inner, bound: named, declaration: node });
        }
        return;
      case "VariableDeclarator":
        this.#assigned(node["id"] as Node, node["init"] as Node | null, inner);
        return;
      case "AssignmentExpression":
      case "AssignmentPattern":
        this.#assigned(node["left"] as Node, node["right"] as Node, inner);
        return;
      case "ObjectProperty":
      case "ClassProperty":
      case "ClassPrivateProperty":
        for (const child of childrenOf(node)) {
          const bound = child === node["value"] ? joined(around.bound, this.#keyOf(node)) : null;
          this.visit(child, { ...inner, bound });
        }
        return;
      case "ObjectExpression":
        for (const child of childrenOf(node)) this.visit(child, { ...inner, bound: around.bound });
        return;
      case "CallExpression":
      case "OptionalCallExpression":
      case "NewExpression":
      case "TaggedTemplateExpression":
        this.#call(node, around.caller);
        break;
      default:
    }
    for (const child of childrenOf(node)) this.visit(child, inner);
  }

  #function(node: Node, name: string | null, around: Around): void {
    const scope = [...around.scope, name ?? "<anonymous>"];
    const declaration = node.type === "FunctionDeclaration" ? around.declaration : null;
    const { line, column } = (declaration ?? node).loc.start;
    const id = `${this.#file}:${line}:${column + 1}`;
    this.#found.functions.push({
      id,
      file: this.#file,
      qualifiedName: scope.join("."),
      isAnonymous: node.type === "ArrowFunctionExpression" || name === null,
      line,
      column: column + 1,
      endLine: node.loc.end.line,
      endColumn: node.loc.end.column + 1,
    });
    for (const child of childrenOf(node)) {
      this.visit(child, { scope, caller: id, bound: null, declaration: null });
    }
  }

  /** Fields and static blocks run where the class is made, as far as calls are concerned. */
  #class(node: Node, around: Around): void {
    const scope = [...around.scope, nameOf(node) ?? around.bound ?? "<class>"];
    for (const child of childrenOf(node)) {
      const isBody = child === node["body"];
      this.visit(child, {
        scope: isBody ? scope : around.scope,
        caller: around.caller,
        bound: null,
        declaration: null,
      });
    }
  }

  #assigned(target: Node, value: Node | null, around: Around): void {
    this.visit(target, around);
    if (value === null) return;
    const written = this.#textOf(target).replace(/^this\./, "");
    this.visit(value, { ...around, bound: /^[\w$.]+$/.test(written) ? written : null });
  }

  #call(node: Node, caller: string | null): void {
    const callee = (node["callee"] ?? node["tag"]) as Node;
    if (callee.type === "Import" || /^(?:require|eval)$/.test(nameOf({ ...node, id: callee }) ?? "")) return;
    const { start, end } = node.loc;
    const named = callee.type === "Identifier" ? callee : (callee["property"] as Node | undefined);
    this.#found.calls.push({
      id: `${this.#file}:${start.line}:${start.column + 1}-${end.line}:${end.column + 1}`,
      file: this.#file,
      line: start.line,
      column: start.column + 1,
      caller,
      name: callee.type === "Super" ? "super" : named?.type === "Identifier" ? (named["name"] as string) : null,
      isNew: node.type === "NewExpression",
    });
  }

  #keyOf(node: Node): string {
    const key = node["key"] as Node;
    if (node["computed"] === true) return `[${this.#textOf(key)}]`;
    return key.type === "StringLiteral" ? String(key["value"]) : this.#textOf(key);
  }

  #textOf(node: Node): string {
    return this.#text.slice(node.start, node.end);
  }
}

function nameOf(node: Node): string | null {
  const id = node["id"] as Node | null | undefined;
  return id?.type === "Identifier" ? (id["name"] as string) : null;
}

function joined(outer: string | null, name: string): string {
  return outer === null ? name : `${outer}.${name}`;
}

/** In the order of the text. */
function childrenOf(node: Node): Node[] {
  return Object.entries(node)
    .filter(([field]) => !/^(?:loc|errors|comments|\w+Comments|extra)$/.test(field))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is Node => typeof value === "object" && value !== null && "type" in value && "loc" in value)
    .sort((a, b) => a.start - b.start);
}
