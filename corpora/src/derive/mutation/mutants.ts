/** The small changes that can be made to a file of JavaScript or TypeScript: what they replace, and by what. */
import traverse, { type NodePath } from "@babel/traverse";
import type * as t from "@babel/types";
import type { Operator } from "../../truth/mutation.ts";
import type { Span } from "../../truth/schema.ts";
import { parseSource } from "../trace/parse-source.ts";
import { isProbed, moduleProbe, probeId } from "./probes.ts";

/** A change that can be made, in any language. It never changes the number of lines. */
export interface Mutant {
  /** As in the truth: `file:line:column-endLine:endColumn operator`. */
  id: string;
  operator: Operator;
  file: string;
  /** The stretch of the file's text that is replaced, in UTF-16 units from 0. */
  from: number;
  to: number;
  /** What stands there instead. */
  text: string;
  span: Span;
  /** Id of the statement that runs when the changed line does. */
  probe: string;
  /** Where the function around it starts, as a definition's id; null outside of functions. */
  owner: string | null;
}

/** The text of a file with a change. */
export function mutated(text: string, { from, to, text: changed }: Pick<Mutant, "from" | "to" | "text">): string {
  return text.slice(0, from) + changed + text.slice(to);
}

/** The id of a change, which follows from its place and operator. */
export function mutantId(file: string, span: Span, operator: Operator): string {
  return `${file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn} ${operator}`;
}

const NAME = "driftAdded";
const THROWN = 'throw new Error("drift");';
/** The compiler must not see that the rest never runs: it would say so instead of the tests. */
const THROWN_TYPED = `if (Boolean(1)) ${THROWN}`;
const SHIFTED: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };

/**
 * Every change of a file, in the order of the walk. Lines that no statement can be told from (defaults of parameters,
 * fields of classes) are left alone.
 *
 * @throws SyntaxError when Babel cannot parse it
 */
export function mutantsOf(file: string, text: string): Mutant[] {
  if (text.startsWith("\uFEFF")) return []; // A byte order mark stands before the first column.
  return new Finder(file, text).find(parseSource(file, text));
}

class Finder {
  readonly #file: string;
  readonly #text: string;
  readonly #isTyped: boolean;
  readonly #found: Mutant[] = [];
  readonly #lineStarts: number[];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#isTyped = /\.[cm]?tsx?$/.test(file);
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((end) => end.index + end[0].length)];
  }

  find(tree: t.File): Mutant[] {
    traverse(tree, {
      Program: (path) => this.#exports(path.node),
      Function: (path) => {
        this.#throwAtEntry(path);
        this.#addParameter(path);
        if (path.isArrowFunctionExpression() && path.node.body.type !== "BlockStatement") {
          this.#returnNothing(path.node.body, probeId(this.#file, path.node.body), path);
        }
      },
      IfStatement: (path) => this.#negate(path, path.node.test),
      ConditionalExpression: (path) => this.#negate(path, path.node.test),
      BinaryExpression: (path) => this.#shift(path),
      ReturnStatement: (path) => {
        if (path.node.argument != null) this.#returnNothing(path.node.argument, this.#probeOf(path), path);
      },
      AwaitExpression: (path) => this.#dropAwait(path),
      ExpressionStatement: (path) => this.#removeStatement(path),
      NumericLiteral: (path) => this.#number(path),
      BooleanLiteral: (path) => {
        if (!isInType(path)) this.#constant(path, String(!path.node.value));
      },
      StringLiteral: (path) => this.#string(path),
      TSTypeAnnotation: (path) => this.#changeType(path),
    });
    return this.#found;
  }

  // --- places ------------------------------------------------------------------------------------------------------

  #add(operator: Operator, from: number, to: number, text: string, probe: string | null, path: NodePath | null): void {
    if (probe === null) return;
    const [start, end] = [this.#position(from), this.#position(to)];
    const span = { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
    const lost = lineBreaks(this.#text.slice(from, to)) - lineBreaks(text);
    const padded = text + "\n".repeat(Math.max(0, lost));
    const id = mutantId(this.#file, span, operator);
    this.#found.push({
      id,
      operator,
      file: this.#file,
      from,
      to,
      text: padded,
      span,
      probe,
      owner: path === null ? null : this.#ownerOf(path),
    });
  }

  #position(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.#lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  #ownerOf(path: NodePath): string | null {
    const owner = path.isFunction() ? path : path.getFunctionParent();
    if (owner === null) return null;
    const parent = owner.parent;
    const isExported = parent.type === "ExportNamedDeclaration" || parent.type === "ExportDefaultDeclaration";
    const start = isExported && owner.node.type === "FunctionDeclaration" ? parent : owner.node;
    const { line, column } = this.#position(start.start as number);
    return `${this.#file}:${line}:${column}`;
  }

  /** The statement that runs when this does; null when there is none that says so. */
  #probeOf(path: NodePath): string | null {
    for (let at: NodePath | null = path; at !== null; at = at.parentPath) {
      if (isProbed(at)) return probeId(this.#file, at.node);
      if (at.isFunction() || at.isClassProperty() || at.isClassPrivateProperty() || at.isClassAccessorProperty())
        return null;
    }
    return moduleProbe(this.#file);
  }

  /** The first statement of a body; null when there is none. */
  #firstOf(path: NodePath<t.Function>): string | null {
    const body = path.get("body") as NodePath;
    if (!body.isBlockStatement()) return probeId(this.#file, body.node);
    const first = body.get("body").find((statement) => isProbed(statement));
    return first === undefined ? null : probeId(this.#file, first.node);
  }

  #slice(node: t.Node): string {
    return this.#text.slice(node.start as number, node.end as number);
  }

  // --- functions ---------------------------------------------------------------------------------------------------

  #throwAtEntry(path: NodePath<t.Function>): void {
    const { body } = path.node;
    if (body.type !== "BlockStatement") return;
    const directive = body.directives.at(-1);
    const at = directive?.end ?? (body.start as number) + 1;
    const thrown = this.#isTyped ? THROWN_TYPED : THROWN;
    const text = directive === undefined ? ` ${thrown}` : `; ${thrown}`;
    this.#add("throw-at-entry", at, at, text, this.#firstOf(path), path);
  }

  #addParameter(path: NodePath<t.Function>): void {
    const { node } = path;
    const [first] = node.params;
    const isAccessor = "kind" in node && (node.kind === "get" || node.kind === "set");
    if (first === undefined || isAccessor || (first.type === "Identifier" && first.name === "this")) return;
    const [from, to] = [first.start as number, first.end as number];
    const added = this.#isTyped ? `${NAME}: number` : NAME;
    const probe = this.#firstOf(path);
    const isBare =
      node.type === "ArrowFunctionExpression" && !/\(\s*$/.test(this.#text.slice(node.start as number, from));
    if (isBare) this.#add("add-parameter", from, to, `(${added}, ${this.#slice(first)})`, probe, path);
    else this.#add("add-parameter", from, from, `${added}, `, probe, path);
  }

  #returnNothing(value: t.Node, probe: string | null, path: NodePath): void {
    if (/^(?:undefined|null|void 0)$/.test(this.#slice(value)) || path.getFunctionParent() === null) {
      if (!path.isArrowFunctionExpression()) return;
    }
    this.#add("return-nothing", value.start as number, value.end as number, "undefined", probe, path);
  }

  #changeType(path: NodePath<t.TSTypeAnnotation>): void {
    const { typeAnnotation: type } = path.node;
    const other = OTHER_TYPE[type.type] ?? "symbol";
    if (other === "") return;
    const around = path.parentPath;
    const isOfFunction = around.isFunction() || (around.listKey === "params" && isFunctionPath(around.parentPath));
    const owner = around.isFunction() ? around : around.parentPath;
    // A declaration runs nothing: it is as if the module did.
    const probe = isOfFunction
      ? this.#firstOf(owner as NodePath<t.Function>)
      : (this.#probeOf(path) ?? moduleProbe(this.#file));
    this.#add("change-type", type.start as number, type.end as number, other, probe, path);
  }

  // --- statements and expressions ----------------------------------------------------------------------------------

  #negate(path: NodePath, test: t.Expression): void {
    const text = `!(${this.#slice(test)})`;
    this.#add("negate-condition", test.start as number, test.end as number, text, this.#probeOf(path), path);
  }

  #shift(path: NodePath<t.BinaryExpression>): void {
    const { operator, left, right } = path.node;
    const shifted = SHIFTED[operator];
    const [from, to] = [left.end as number, right.start as number];
    const between = this.#text.slice(from, to);
    if (shifted === undefined || between.trim() !== operator) return;
    this.#add("shift-boundary", from, to, between.replace(operator, shifted), this.#probeOf(path), path);
  }

  #dropAwait(path: NodePath<t.AwaitExpression>): void {
    const [from, to] = [path.node.start as number, path.node.argument.start as number];
    // Without a semicolon before it, what starts with a bracket would go on where the line above ended.
    const isRisky = path.parent.type === "ExpressionStatement" && /^[([`+\-/]/.test(this.#text.slice(to));
    if (isRisky || this.#text.slice(from, to).trim() !== "await") return;
    this.#add("drop-await", from, to, "", this.#probeOf(path), path);
  }

  #removeStatement(path: NodePath<t.ExpressionStatement>): void {
    const { expression } = path.node;
    const inner = expression.type === "AwaitExpression" ? expression.argument : expression;
    const isCall = inner.type === "CallExpression" && inner.callee.type !== "Super" && inner.callee.type !== "Import";
    const isAssignment = inner.type === "AssignmentExpression" && exportedName(inner.left) === null;
    if (!isCall && !isAssignment) return;
    if (isCall && inner.callee.type === "Identifier" && inner.callee.name === "require") return;
    this.#add("remove-statement", path.node.start as number, path.node.end as number, ";", this.#probeOf(path), path);
  }

  #number(path: NodePath<t.NumericLiteral>): void {
    const { value } = path.node;
    if (!isInType(path) && !isKey(path) && Math.abs(value) < 1e15) this.#constant(path, String(value + 1));
  }

  #constant(path: NodePath, text: string): void {
    const { start, end } = path.node;
    this.#add("change-constant", start as number, end as number, text, this.#probeOf(path), path);
  }

  #string(path: NodePath<t.StringLiteral>): void {
    const { parent } = path;
    // Prose is rarely tested, and names of modules and keys are no constants.
    const isName =
      parent.type === "ImportDeclaration" ||
      parent.type === "ExportNamedDeclaration" ||
      parent.type === "ExportAllDeclaration" ||
      parent.type === "JSXAttribute" ||
      (parent.type === "CallExpression" && (isNamed(parent.callee, "require") || parent.callee.type === "Import"));
    if (isName || isInType(path) || isKey(path) || path.node.value.includes(" ")) return;
    const at = (path.node.end as number) - 1;
    this.#add("change-constant", at, at, "~", this.#probeOf(path), path);
  }

  // --- exports -----------------------------------------------------------------------------------------------------

  #exports(program: t.Program): void {
    const declared = new Map<string, number>();
    for (const statement of program.body) {
      const name = declaredName("declaration" in statement ? statement.declaration : statement);
      if (name !== null) declared.set(name, (declared.get(name) ?? 0) + 1);
    }
    for (const statement of program.body) {
      if (statement.type === "ExportNamedDeclaration") this.#exported(statement, declared);
      else if (statement.type === "ExpressionStatement" && statement.expression.type === "AssignmentExpression") {
        this.#assigned(statement.expression);
      }
    }
  }

  #exported(statement: t.ExportNamedDeclaration, declared: ReadonlyMap<string, number>): void {
    const probe = moduleProbe(this.#file);
    const { declaration, specifiers } = statement;
    const name = declaredName(declaration);
    // Of overloads and merged declarations all or none must be exported.
    if (declaration != null && name !== null && declared.get(name) === 1) {
      const [from, to] = [statement.start as number, declaration.start as number];
      const isType = declaration.type === "TSInterfaceDeclaration" || declaration.type === "TSTypeAliasDeclaration";
      this.#add("remove-export", from, to, "", probe, null);
      this.#add(
        "rename-export",
        from,
        to,
        `export ${isType ? "type " : ""}{ ${name} as ${name}Renamed }; `,
        probe,
        null,
      );
    }
    for (const [at, specifier] of specifiers.entries()) {
      if (specifier.type !== "ExportSpecifier" || specifier.exported.type !== "Identifier") continue;
      const { local, exported } = specifier;
      this.#removeFrom(specifiers, at, probe);
      if (exported.name === "default") continue;
      const renamed = `${this.#slice(local)} as ${exported.name}Renamed`;
      this.#add("rename-export", local.start as number, exported.end as number, renamed, probe, null);
    }
  }

  /** `module.exports = { … }`, `module.exports.name = …` and `exports.name = …`. */
  #assigned({ left, right }: t.AssignmentExpression): void {
    const probe = moduleProbe(this.#file);
    const name = exportedName(left);
    if (name === null) return;
    if (name !== "" && left.type === "MemberExpression") {
      const { property } = left;
      // The value is still made, and kept by nobody.
      const nowhere = `Object().${name}`;
      this.#add("remove-export", left.start as number, left.end as number, nowhere, probe, null);
      this.#add("rename-export", property.start as number, property.end as number, `${name}Renamed`, probe, null);
      return;
    }
    if (right.type !== "ObjectExpression") return;
    for (const [at, property] of right.properties.entries()) {
      if (property.type === "SpreadElement" || property.computed || property.key.type !== "Identifier") continue;
      const { key } = property;
      const isShort = property.type === "ObjectProperty" && property.shorthand;
      this.#removeFrom(right.properties, at, probe);
      const text = isShort ? `${key.name}Renamed: ${key.name}` : `${key.name}Renamed`;
      this.#add("rename-export", key.start as number, key.end as number, text, probe, null);
    }
  }

  /** Takes one of a list away, with the comma that parts it from the next or the one before. */
  #removeFrom(list: readonly t.Node[], at: number, probe: string): void {
    const [one, before, after] = [list[at] as t.Node, list[at - 1], list[at + 1]];
    const from = after === undefined && before !== undefined ? before.end : one.start;
    const to = after === undefined ? one.end : after.start;
    this.#add("remove-export", from as number, to as number, "", probe, null);
  }
}

/** Types by what is put in their place; "" for those that allow everything or say nothing. */
const OTHER_TYPE: Partial<Record<t.TSType["type"], string>> = {
  TSStringKeyword: "number",
  TSNumberKeyword: "string",
  TSBooleanKeyword: "string",
  TSAnyKeyword: "",
  TSUnknownKeyword: "",
  TSVoidKeyword: "",
  TSNeverKeyword: "",
  TSTypePredicate: "",
  TSThisType: "",
  TSSymbolKeyword: "string",
};

/** The name that a top-level declaration binds; null for none or several. */
function declaredName(declaration: t.Node | null | undefined): string | null {
  if (declaration == null) return null;
  if (declaration.type === "VariableDeclaration") {
    const [only, ...more] = declaration.declarations;
    return only?.id.type === "Identifier" && more.length === 0 ? only.id.name : null;
  }
  const isNamed =
    declaration.type === "FunctionDeclaration" ||
    declaration.type === "TSDeclareFunction" ||
    declaration.type === "ClassDeclaration" ||
    declaration.type === "TSInterfaceDeclaration" ||
    declaration.type === "TSTypeAliasDeclaration" ||
    declaration.type === "TSEnumDeclaration";
  return isNamed && declaration.id?.type === "Identifier" ? declaration.id.name : null;
}

/** What an assignment exports: a name, "" for all of `module.exports`, null for nothing. */
function exportedName(left: t.Node): string | null {
  if (left.type !== "MemberExpression" || left.computed || left.property.type !== "Identifier") return null;
  const { object, property } = left;
  if (isNamed(object, "module")) return property.name === "exports" ? "" : null;
  return isNamed(object, "exports") || exportedName(object) === "" ? property.name : null;
}

function isNamed(node: t.Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

/** The name of a member that is written as a literal. */
function isKey(path: NodePath): boolean {
  const { parent } = path;
  return path.key === "key" && "key" in parent && !("computed" in parent && parent.computed);
}

function isFunctionPath(path: NodePath | null): boolean {
  return path !== null && path.isFunction();
}

function isInType(path: NodePath): boolean {
  return (
    path.parent.type.startsWith("TS") && path.parent.type !== "TSEnumMember" && !TYPED_VALUES.has(path.parent.type)
  );
}

const TYPED_VALUES: ReadonlySet<string> = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

function lineBreaks(text: string): number {
  return text.match(/\r\n|[\n\r\u2028\u2029]/g)?.length ?? 0;
}
