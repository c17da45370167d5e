/**
 * Makes a source file report which function each of its calls enters, and when a function is entered. Only text is inserted, never a line: stack traces
 * and snapshots keep their line numbers. Parsed with Babel, which shares nothing with the compiler oracle.
 */
import traverse, { type NodePath } from "@babel/traverse";
import type * as t from "@babel/types";
import { Edits } from "./edits.ts";
import { classMarker, functionMarker } from "./markers.ts";
import { parseSource } from "./parse-source.ts";

/** Numbers of sites and definitions over all files of a corpus; the runtime only knows numbers. */
export class Registry {
  readonly sites: string[] = [];
  readonly definitions: string[] = [];

  site(id: string): number {
    return this.sites.push(id) - 1;
  }

  definition(id: string): number {
    return this.definitions.push(id) - 1;
  }
}

/**
 * The instrumented text of `file`.
 *
 * @param options `withSites` is false for files whose functions may be entered but whose calls are not asked about
 * @throws SyntaxError when Babel cannot parse it
 */
export function instrument(options: { file: string; text: string; registry: Registry; withSites: boolean }): string {
  const { file, registry } = options;
  // A byte order mark stands before the first column.
  const text = options.text.replace(/^\uFEFF/, "");
  const ast = parseSource(file, text);
  const edits = new Edits(text);
  const placeOf = (node: t.Node): string => `${file}:${line(node)}:${column(node)}`;
  traverse(ast, {
    Function(path) {
      if (path.isClassMethod() && path.node.kind === "constructor") return; // Entered through its class.
      markFunction(path, edits, registry.definition(placeOf(declarationStart(path))));
    },
    Class(path) {
      const own = path.node.body.body.find(
        (m): m is t.ClassMethod => m.type === "ClassMethod" && m.kind === "constructor",
      );
      if (own === undefined) {
        markClass(
          path,
          classMarker(undefined, registry.definition(placeOf(declarationStart(path))), depthOf(path)),
          edits,
        );
      } else {
        const index = registry.definition(placeOf(own));
        markEntry(own.body, classMarker(index, undefined, depthOf(path)), index, edits);
      }
    },
    "CallExpression|OptionalCallExpression|NewExpression|TaggedTemplateExpression"(path: NodePath) {
      const node = path.node as
        t.CallExpression | t.OptionalCallExpression | t.NewExpression | t.TaggedTemplateExpression;
      if (!options.withSites || isModuleLoad(node)) return;
      const end = node.loc as t.SourceLocation;
      const site = registry.site(`${placeOf(node)}-${end.end.line}:${end.end.column + 1}`);
      markCall(path, node, site, edits, registry, placeOf);
    },
  });
  return edits.apply();
}

// --- definitions -------------------------------------------------------------------------------------------------

function markFunction(path: NodePath<t.Function>, edits: Edits, index: number): void {
  const { body, generator } = path.node;
  const marker = functionMarker(index, depthOf(path));
  if (body.type === "BlockStatement") {
    // The body of a generator starts when somebody asks for its first value, not when it is entered.
    if (generator === true) edits.open(offset(body.start) + 1, marker);
    else markEntry(body, marker, index, edits);
    return;
  }
  // `x => x` has no statement to put a mark into; a parenthesis keeps a line break from ending the `return`.
  edits.open(offset(body.start), `{${marker}${entry(index)}return (`);
  edits.close(offset(path.node.end), ")}");
}

/** Reports that a body is entered, behind its directives. */
function markEntry(body: t.BlockStatement, marker: string, index: number, edits: Edits): void {
  const directive = body.directives.at(-1);
  edits.open(offset(body.start) + 1, directive === undefined ? marker + entry(index) : marker);
  if (directive !== undefined) edits.close(offset(directive.end), `;${entry(index)}`);
}

function entry(index: number): string {
  return `__drift__.enter(${index});`;
}

/** A declaration starts at its `export`, as it does for the compiler. */
function declarationStart(path: NodePath): t.Node {
  const parent = path.parent;
  const exported = parent.type === "ExportNamedDeclaration" || parent.type === "ExportDefaultDeclaration";
  const declared = path.node.type === "FunctionDeclaration" || path.node.type === "ClassDeclaration";
  return exported && declared ? parent : path.node;
}

/** A class without a constructor gets the one it has by default: what marks it must stay inside, whatever is made of it. */
function markClass(path: NodePath<t.Class>, marker: string, edits: Edits): void {
  const isDeclared = path.node.type === "ClassDeclaration" && path.node.declare === true;
  if (isDeclared) return;
  const isDerived = path.node.superClass != null;
  const body = isDerived ? `constructor(...drift){${marker}super(...drift)}` : `constructor(){${marker}}`;
  edits.open(offset(path.node.body.start) + 1, body);
}

/**
 * In how many functions and classes one stands, their headers included. Its text holds its own marker and those of all
 * that stand inside, which are deeper.
 */
function depthOf(path: NodePath): number {
  let depth = 0;
  for (let at = path.parentPath; at !== null; at = at.parentPath) if (at.isFunction() || at.isClass()) depth += 1;
  return depth;
}

// --- calls -------------------------------------------------------------------------------------------------------

const OBJECT_OPTIONAL = 1;
const CALL_OPTIONAL = 2;

function markCall(
  path: NodePath,
  node: t.CallExpression | t.OptionalCallExpression | t.NewExpression | t.TaggedTemplateExpression,
  site: number,
  edits: Edits,
  registry: Registry,
  placeOf: (node: t.Node) => string,
): void {
  const written = node.type === "TaggedTemplateExpression" ? node.tag : node.callee;
  const callee = bare(written as t.Expression);
  if ((callee.type as string) === "Super") {
    const owner = path.findParent((parent) => parent.isClass())?.node as t.Class | undefined;
    const own = owner?.body.body.find((m) => m.type === "ClassMethod" && m.kind === "constructor");
    // The constructor that holds `super(…)`: `new.target` may be a class far below it.
    const here = own === undefined ? -1 : registry.definitions.lastIndexOf(placeOf(own));
    const at = offset(callee.end);
    const parenthesis = edits.text.indexOf("(", at);
    const separator = node.type === "CallExpression" && node.arguments.length > 0 ? ", " : "";
    edits.open(parenthesis + 1, `...__drift__.super(${site}, new.target, ${here})${separator}`);
    return;
  }
  if (node.type === "NewExpression") {
    markNew(path, node, site, edits);
    return;
  }
  if (!isMember(callee)) {
    // With its parentheses: `(0, f)(x)`.
    edits.open(offset(written.start), `__drift__.value(${site}, `);
    edits.close(offset(written.end), ")");
    return;
  }
  markMember(node, callee, offset(written.end), site, edits);
}

/**
 * `new C(x)` becomes `__drift__.construct(site, C, [x])`. An error keeps its `new`, because its stack starts there:
 * `new (__drift__.chosen(site, E))(x, ...__drift__.made(site))`.
 */
function markNew(path: NodePath, node: t.NewExpression, site: number, edits: Edits): void {
  const { callee } = node;
  const headEnd = offset(node.typeArguments?.end ?? callee.end);
  const parenthesis = headEnd === offset(node.end) ? undefined : edits.text.indexOf("(", headEnd);
  if (path.parent.type === "ThrowStatement" || /(?:Error|Exception)$/.test(lastName(callee as t.Expression))) {
    edits.open(offset(callee.start), `(__drift__.chosen(${site}, `);
    edits.close(offset(callee.end), "))");
    const made = `...__drift__.made(${site})`;
    if (parenthesis === undefined) edits.close(offset(node.end), `(${made})`);
    else edits.open(parenthesis + 1, node.arguments.length === 0 ? made : "");
    const last = node.arguments.at(-1);
    if (last != null) edits.close(offset(last.end), `, ${made}`);
    return;
  }
  const gap = newlines(edits.text.slice(offset(node.start), offset(callee.start)));
  edits.replace(offset(node.start), offset(callee.start), `${gap}__drift__.construct(${site}, `);
  if (parenthesis === undefined) {
    edits.close(offset(callee.end), ", [])");
    if (node.typeArguments != null) edits.replace(offset(node.typeArguments.start), headEnd, "");
    return;
  }
  const between = newlines(edits.text.slice(offset(callee.end), parenthesis));
  edits.replace(offset(callee.end), parenthesis + 1, `${between}, [`);
  edits.replace(offset(node.end) - 1, offset(node.end), "])");
}

function lastName(callee: t.Expression): string {
  if (callee.type === "Identifier") return callee.name;
  return callee.type === "MemberExpression" && callee.property.type === "Identifier" ? callee.property.name : "";
}

/** `o.m(x)` becomes `__drift__.member(site, flags, o, "m")(x)`: `o` and then `o.m` are evaluated once, before `x`. */
function markMember(
  node: t.CallExpression | t.OptionalCallExpression | t.TaggedTemplateExpression,
  callee: t.MemberExpression | t.OptionalMemberExpression,
  calleeEnd: number,
  site: number,
  edits: Edits,
): void {
  const { object, property } = callee;
  if (object.type === "Super") {
    edits.open(offset(callee.start), `__drift__.inherited(${site}, this, `);
    edits.close(offset(callee.end), ")");
    return;
  }
  const chained = callee.type === "OptionalMemberExpression" && node.type === "OptionalCallExpression";
  const optional = node.type === "OptionalCallExpression" && node.optional;
  const flags = (chained ? OBJECT_OPTIONAL : 0) | (optional ? CALL_OPTIONAL : 0);
  edits.open(offset(callee.start), `__drift__.member(${site}, ${flags}, `);
  const gap = newlines(edits.text.slice(offset(object.end), offset(property.start)));
  if (callee.computed) {
    edits.replace(offset(object.end), offset(property.start), `${gap}, (`);
    edits.replace(
      offset(property.end),
      offset(callee.end),
      `${newlines(edits.text.slice(offset(property.end), offset(callee.end)))}))`,
    );
  } else if (property.type === "PrivateName") {
    edits.replace(offset(object.end), offset(callee.end), `${gap}, (o) => o.#${property.id.name})`);
  } else {
    edits.replace(
      offset(object.end),
      offset(callee.end),
      `${gap}, ${JSON.stringify((property as t.Identifier).name)})`,
    );
  }
  // A short-circuited chain must still skip the call and its arguments.
  if (chained && !optional) edits.close(calleeEnd, "?.", true);
}

function isMember(node: t.Node): node is t.MemberExpression | t.OptionalMemberExpression {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
}

/** Imports load modules, and a direct `eval` sees the scope it stands in: both stay as they are. */
function isModuleLoad(node: t.Node): boolean {
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return false;
  const { callee } = node;
  if (callee.type === "Import") return true;
  return callee.type === "Identifier" && (callee.name === "require" || callee.name === "eval");
}

/** Without parentheses and type assertions, which do not exist at run time. */
function bare(node: t.Expression): t.Expression {
  let inner = node;
  while (
    inner.type === "ParenthesizedExpression" ||
    inner.type === "TSAsExpression" ||
    inner.type === "TSNonNullExpression" ||
    inner.type === "TSSatisfiesExpression" ||
    inner.type === "TSTypeAssertion" ||
    inner.type === "TSInstantiationExpression"
  ) {
    inner = inner.expression;
  }
  return inner;
}

function newlines(text: string): string {
  return "\n".repeat(text.split("\n").length - 1);
}

function offset(position: number | null | undefined): number {
  return position as number; // Every node of a parsed file has one.
}

function line(node: t.Node): number {
  return (node.loc as t.SourceLocation).start.line;
}

function column(node: t.Node): number {
  return (node.loc as t.SourceLocation).start.column + 1;
}
