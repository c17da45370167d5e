/**
 * Whether every position of a truth exists and parses to what the truth claims. JavaScript and TypeScript are parsed
 * with Babel, which the static oracle does not use; of Python each claimed piece of text is parsed by itself; of Java and Go the
 * text must begin and end as what is claimed does (`positions-braces.ts`).
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type ParserPlugin, parse } from "@babel/parser";
import type * as t from "@babel/types";
import { execa } from "execa";
import { findPython, WANTED } from "../derive/python/interpreter.ts";
import { CorpusError } from "../errors.ts";
import { isOfPackage } from "../truth/import-packages.ts";
import type { CallGraphTruth, Definition, SiteSyntax, SiteTruth, Span } from "../truth/schema.ts";
import type { Finding } from "./finding.ts";
import { checkBraces } from "./positions-braces.ts";

/** @throws CorpusError `CORPUS_CLIENT` when Python files are to be checked and there is no Python */
export async function checkPositions(truth: CallGraphTruth, root: string): Promise<Finding[]> {
  const definitions = Map.groupBy(truth.definitions, ({ file }) => file);
  const sites = Map.groupBy(truth.sites, ({ file }) => file);
  const findings: Finding[] = [];
  const report: Report = (at, message) => findings.push({ corpus: truth.corpus, rule: "position", at, message });
  const pieces: Piece[] = [];
  for (const file of new Set([...definitions.keys(), ...sites.keys()])) {
    const text = await readFile(path.join(root, file), "utf8").catch(() => null);
    if (text === null) {
      report(file, "there is no such file");
      continue;
    }
    const isPython = /\.pyi?$/.test(file);
    const lines = text.split(isPython ? /\r\n|\n|\r/ : /\r\n|\n|\r|\u2028|\u2029/);
    const claims = { lines, sites: sites.get(file) ?? [], definitions: definitions.get(file) ?? [] };
    for (const { callee, id } of claims.sites) {
      if (callee === null) continue;
      const written = (lines[callee.line - 1] ?? "").slice(callee.column - 1);
      // `o["name"]()` has its name in quotes.
      if (written.startsWith(callee.name) || /^["'`]/.test(written)) continue;
      report(id, `the callee's name ${callee.name} does not stand at ${callee.line}:${callee.column}`);
    }
    for (const { id, classHeader } of claims.definitions) {
      if (classHeader === undefined) continue;
      const { line, column, body } = classHeader;
      const header = textOf(lines, { line, column, endLine: body.line, endColumn: body.column });
      if (!CLASS_HEADER.test(header)) report(id, `no class stands at ${line}:${column}`);
    }
    if (isOfPackage(file)) checkBraces(claims, textOf, report);
    else if (isPython) pieces.push(...piecesOf(claims));
    else checkScript(file, text, claims, report);
  }
  if (pieces.length > 0) await checkPieces(pieces, report);
  return findings;
}

/** What a class starts with: decorators, `export` and the like, and the word itself. */
const CLASS_HEADER = /^(?=@|(?:export|abstract|declare|public|protected|private|static|final)\s|class\b)[^]*\bclass\b/;

export type Report = (at: string, message: string) => void;

export interface Claims {
  lines: readonly string[];
  sites: readonly SiteTruth[];
  definitions: readonly Definition[];
}

// --- JavaScript and TypeScript -------------------------------------------------------------------------------------

function checkScript(file: string, text: string, claims: Claims, report: Report): void {
  const found = new Map<string, t.Node>();
  try {
    collect(parseScript(file, text).program, null, found);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (claims.sites.length > 0) report(file, `does not parse: ${error.message}`);
    return;
  }
  for (const { id, span, syntax } of claims.sites) {
    const node = found.get(`call ${key(span)}`);
    if (node === undefined) report(id, "no call stands there");
    else if (!isWritten(node, syntax)) report(id, `it is a ${node.type}, not ${syntax}`);
  }
  for (const { id, span, body } of claims.definitions) {
    const node = found.get(`definition ${key(span)}`);
    if (node === undefined) report(id, "no function or class stands there");
    else if (bodyOf(node) !== `${body.line}:${body.column}`) report(id, "its body starts somewhere else");
  }
}

function parseScript(file: string, text: string): t.File {
  const typed = /\.[cm]?tsx?$/.test(file);
  const language: ParserPlugin[] = typed ? ["typescript", ...(file.endsWith("x") ? (["jsx"] as const) : [])] : ["jsx"];
  return parse(text, {
    sourceType: "unambiguous",
    plugins: [...language, "decorators"],
    allowReturnOutsideFunction: true,
    createParenthesizedExpressions: true,
  });
}

const CALLS = new Set(["CallExpression", "OptionalCallExpression", "NewExpression", "TaggedTemplateExpression"]);
const FUNCTIONS = new Set([
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "ObjectMethod", "ClassMethod"],
  ...["ClassPrivateMethod", "ClassDeclaration", "ClassExpression"],
]);

/** Every call and definition below `node`, by kind and place; a declaration starts at its `export`. */
function collect(node: t.Node, parent: t.Node | null, found: Map<string, t.Node>): void {
  const { type } = node;
  if (CALLS.has(type)) found.set(`call ${keyOf(node, node)}`, node);
  else if (FUNCTIONS.has(type)) {
    const exported = parent?.type === "ExportNamedDeclaration" || parent?.type === "ExportDefaultDeclaration";
    found.set(`definition ${keyOf(exported && type.endsWith("Declaration") ? parent : node, node)}`, node);
  }
  for (const [name, value] of Object.entries(node)) {
    if (name === "loc" || name.endsWith("omments")) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown]) {
      if (isNode(child)) collect(child, node, found);
    }
  }
}

function isNode(value: unknown): value is t.Node {
  return typeof value === "object" && value !== null && "type" in value && "loc" in value;
}

function isWritten(node: t.Node, syntax: SiteSyntax): boolean {
  const isSuper = node.type === "CallExpression" && (node.callee.type as string) === "Super";
  const isOptional = node.type === "OptionalCallExpression" && node.optional;
  const isCall = node.type === "CallExpression" || node.type === "OptionalCallExpression";
  const is: Record<SiteSyntax, boolean> = {
    new: node.type === "NewExpression",
    "tagged-template": node.type === "TaggedTemplateExpression",
    "super-call": isSuper,
    "optional-call": isOptional,
    call: isCall && !isSuper && !isOptional,
  };
  return is[syntax];
}

function bodyOf(node: t.Node): string {
  const { loc } = (node as t.Function | t.Class).body;
  return `${loc?.start.line}:${(loc?.start.column ?? 0) + 1}`;
}

function key({ line, column, endLine, endColumn }: Span): string {
  return `${line}:${column}-${endLine}:${endColumn}`;
}

function keyOf(start: t.Node, end: t.Node): string {
  const from = (start.loc as t.SourceLocation).start;
  const to = (end.loc as t.SourceLocation).end;
  return `${from.line}:${from.column + 1}-${to.line}:${to.column + 1}`;
}

// --- Python --------------------------------------------------------------------------------------------------------

/** A stretch of text that is claimed to be a call, or a definition with what stands before it on its line. */
interface Piece {
  id: string;
  kind: "call" | "definition";
  before: string;
  text: string;
}

function piecesOf({ lines, sites, definitions }: Claims): Piece[] {
  const piece = (kind: Piece["kind"], { id, span }: { id: string; span: Span }): Piece => ({
    id,
    kind,
    before: (lines[span.line - 1] ?? "").slice(0, span.column - 1),
    text: textOf(lines, span),
  });
  return [...sites.map((site) => piece("call", site)), ...definitions.map((one) => piece("definition", one))];
}

function textOf(lines: readonly string[], { line, column, endLine, endColumn }: Span): string {
  const taken = lines.slice(line - 1, endLine);
  const last = (taken.at(-1) ?? "").slice(0, endColumn - 1);
  return [...taken.slice(0, -1), last].join("\n").slice(column - 1);
}

/** Reads pieces as JSON, prints the ids of those that are not what they should be. Nothing of a corpus is run. */
const PYTHON = `
import ast, json, sys
def expression(text):
    try:
        return ast.parse("(\\n" + text + "\\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return None
def definition(before, text):
    try:
        body = ast.parse("if 1:\\n" + before + text + "\\n" if before else text + "\\n").body
        body = body[0].body if before else body
        return len(body) == 1 and isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    except (SyntaxError, ValueError):
        return False
def right(piece):
    if piece["kind"] == "call":
        return isinstance(expression(piece["text"]), ast.Call)
    return definition(piece["before"], piece["text"]) or isinstance(expression(piece["text"]), ast.Lambda)
json.dump([piece["id"] for piece in json.load(sys.stdin) if not right(piece)], sys.stdout)
`;

async function checkPieces(pieces: readonly Piece[], report: Report): Promise<void> {
  const python = await findPython();
  if (python === null) throw new CorpusError("CORPUS_CLIENT", WANTED.message, { hint: WANTED.hint });
  const { stdout, exitCode, failed } = await execa(python.command, ["-I", "-W", "ignore", "-c", PYTHON], {
    input: JSON.stringify(pieces),
    reject: false,
    timeout: 120_000,
  });
  if (failed) {
    throw new CorpusError(
      "CORPUS_CLIENT",
      `Python positions cannot be checked: python3 ended with ${exitCode ?? "no"} code`,
      {
        hint: "Install Python 3.11 or newer.",
      },
    );
  }
  const kinds = new Map(pieces.map(({ id, kind }) => [id, kind]));
  for (const id of JSON.parse(stdout) as string[]) {
    report(id, kinds.get(id) === "call" ? "no call stands there" : "no function or class stands there");
  }
}
