/**
 * Makes a source file tell which of its statements run: each is preceded by a call that notes its place. Only text is
 * inserted, never a line; the places are those of the file as it was, also when a change is made as well.
 */
import traverse, { type NodePath } from "@babel/traverse";
import type * as t from "@babel/types";
import { Edits } from "../trace/edits.ts";
import { parseSource } from "../trace/parse-source.ts";
import type { Mutant } from "./mutants.ts";

/** The id of the probe that runs when a file is loaded. */
export function moduleProbe(file: string): string {
  return `${file}:0:0`;
}

/** The id of the probe before a statement, or around what an arrow function returns. */
export function probeId(file: string, node: t.Node): string {
  const { line, column } = (node.loc as t.SourceLocation).start;
  return `${file}:${line}:${column + 1}`;
}

/** Runs when a module is loaded, wherever it stands, or never: nothing is noted about these. */
const SILENT: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "ImportDeclaration",
  "ExportAllDeclaration",
  "TSDeclareFunction",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSModuleDeclaration",
  "TSImportEqualsDeclaration",
  "TSExportAssignment",
  "TSNamespaceExportDeclaration",
  "EmptyStatement",
  "BlockStatement",
]);

/** Whether a probe stands before this statement, or around this value of an arrow function. */
export function isProbed(path: NodePath): boolean {
  const { node } = path;
  if (isArrowValue(path)) return true;
  if (!path.isStatement() || SILENT.has(node.type) || ("declare" in node && node.declare === true)) return false;
  if (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") {
    const { declaration } = node;
    if (declaration == null || SILENT.has(declaration.type) || !isStatementOfValues(declaration)) return false;
    return path.listKey === "body";
  }
  if (path.listKey === "body" || path.listKey === "consequent") return true;
  return isOnlyStatement(path);
}

/** A class with decorators may start behind its `export`. */
function isStatementOfValues(declaration: t.Node): boolean {
  return declaration.type === "VariableDeclaration" && declaration.declare !== true;
}

function isArrowValue({ node, parent, key }: NodePath): boolean {
  return parent?.type === "ArrowFunctionExpression" && key === "body" && node.type !== "BlockStatement";
}

/** The body of a loop or branch that has no braces. */
function isOnlyStatement({ key, parent }: NodePath): boolean {
  return (key === "consequent" || key === "alternate" || key === "body") && LOOPS_AND_BRANCHES.has(parent.type);
}

const LOOPS_AND_BRANCHES: ReadonlySet<string> = new Set([
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
]);

/** A text with probes, and the ids of those that had no room beside a change. */
export interface Probed {
  text: string;
  without: string[];
}

/**
 * The text of `file` with a probe before each statement, and with a change where one is given: what the change replaces
 * has no probes inside.
 *
 * @throws SyntaxError when Babel cannot parse the file as it is
 */
export function withProbes(file: string, original: string, change?: Pick<Mutant, "from" | "to" | "text">): Probed {
  const text = original.replace(/^\uFEFF/, "");
  const ast = parseSource(file, text);
  const edits = new Edits(text);
  const without: string[] = [];
  const { directives, interpreter } = ast.program;
  const directive = directives.at(-1);
  // A script for a shell says so on its first line; behind a directive there may be no semicolon.
  const first = interpreter == null ? 0 : Math.min(text.length, (interpreter.end as number) + 1);
  edits.open(directive?.end ?? first, `${directive === undefined ? "" : ";"}${hit(moduleProbe(file))}`);
  traverse(ast, {
    enter(path) {
      if (!isProbed(path)) return;
      const id = probeId(file, path.node);
      const [from, to] = [path.node.start as number, path.node.end as number];
      // What is replaced as a whole keeps the probe before it.
      if (change !== undefined && change.from < change.to && from >= change.from && to <= change.to) {
        if (from > change.from || isArrowValue(path)) {
          without.push(id);
          return;
        }
      }
      if (isArrowValue(path)) {
        edits.open(from, `(${call(id)}, `);
        edits.close(to, ")");
      } else if (path.listKey === "body" || path.listKey === "consequent") {
        edits.open(from, hit(id));
      } else {
        edits.open(from, `{${hit(id)}`);
        edits.close(to, "}");
      }
    },
  });
  if (change !== undefined) edits.replace(change.from, change.to, change.text);
  return { text: edits.apply(), without };
}

function call(id: string): string {
  return `__drift__.hit(${JSON.stringify(id)})`;
}

function hit(id: string): string {
  return `${call(id)};`;
}
