/** Everything a program writes to its names: what may be bound to a variable or property beside its declaration. */
import ts from "typescript-classic";
import { bare, baseOf } from "./positions.ts";

/** A value written somewhere; null when it cannot be seen (destructuring, `++`, loops). */
export type Written = ts.Expression | null;

export class Bindings {
  /** Writes to variables, functions and imports, by symbol. */
  readonly variables = new Map<ts.Symbol, Written[]>();
  /** Writes to properties whose declaration is known, by declaration. */
  readonly properties = new Map<ts.Node, Written[]>();
  /** Writes to properties of receivers without a type, by property name. */
  readonly untyped = new Map<string, Written[]>();
  /** Declarations of types that are written to under a computed key. */
  readonly computed = new Set<ts.Node>();
  /** Members of a type in the order base -> implementation: overriding, implementing and redeclaring members. */
  readonly below = new Map<ts.Node, Set<ts.Node>>();
  /** Values that object literals give to the members of the type they are written for. */
  readonly implementations = new Map<ts.Node, Written[]>();
  readonly classes: ts.ClassLikeDeclaration[] = [];
  /** Classes whose constructor may give back something else than a new instance. */
  readonly unlike = new Set<ts.Node>();
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker, files: readonly ts.SourceFile[]) {
    this.#checker = checker;
    for (const file of files) this.#visit(file);
  }

  readonly #visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      this.#write(node.left, node.operatorToken.kind === ts.SyntaxKind.EqualsToken ? node.right : conditional(node));
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken) {
        this.#write(node.operand, null);
      }
    } else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      if (!ts.isVariableDeclarationList(node.initializer)) this.#write(node.initializer, null);
    } else if (ts.isReturnStatement(node) && node.expression !== undefined) {
      const owner = ts.findAncestor(node, ts.isFunctionLike);
      if (owner !== undefined && ts.isConstructorDeclaration(owner) && !isInstance(node.expression, owner.parent)) {
        this.unlike.add(owner.parent);
      }
    } else if (ts.isDeleteExpression(node)) {
      this.#write(node.expression, null);
    } else if (ts.isCallExpression(node)) {
      this.#define(node);
    } else if (ts.isObjectLiteralExpression(node)) {
      this.#implement(node);
    } else if (ts.isClassLike(node)) {
      this.classes.push(node);
      this.#inherit(node, heritageTypes(this.#checker, node));
    } else if (ts.isInterfaceDeclaration(node)) {
      this.#inherit(node, heritageTypes(this.#checker, node));
    }
    ts.forEachChild(node, this.#visit);
  };

  #write(target: ts.Expression, value: Written): void {
    const left = bare(target);
    if (ts.isIdentifier(left)) {
      const symbol = this.#checker.getSymbolAtLocation(left);
      if (symbol !== undefined) push(this.variables, symbol, value);
    } else if (ts.isPropertyAccessExpression(left)) {
      this.#writeProperty(this.#checker.getSymbolAtLocation(left.name), left.name.text, value);
    } else if (ts.isElementAccessExpression(left)) {
      const key = bare(left.argumentExpression);
      const type = this.#checker.getTypeAtLocation(key);
      const names = keyNames(type);
      const owner = this.#checker.getTypeAtLocation(left.expression);
      const members = names?.map((name) => propertyNamed(this.#checker, owner, name));
      const isWritten = ts.isStringLiteralLike(key) || members?.every((member) => member !== undefined) === true;
      if (names !== null && isWritten) {
        names.forEach((name, index) => this.#writeProperty(members?.[index], name, value));
      } else {
        // An index replaces elements, not members.
        if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return;
        for (const declaration of ownerDeclarations(this.#checker, left.expression)) this.computed.add(declaration);
      }
    } else if (ts.isArrayLiteralExpression(left)) {
      for (const element of left.elements)
        this.#write(ts.isSpreadElement(element) ? element.expression : element, null);
    } else if (ts.isObjectLiteralExpression(left)) {
      for (const property of left.properties) {
        if (ts.isPropertyAssignment(property)) this.#write(property.initializer, null);
        else if (ts.isShorthandPropertyAssignment(property)) {
          const symbol = this.#checker.getShorthandAssignmentValueSymbol(property);
          if (symbol !== undefined) push(this.variables, symbol, null);
        } else if (ts.isSpreadAssignment(property)) this.#write(property.expression, null);
      }
    } else if (ts.isBinaryExpression(left) && left.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.#write(left.left, null); // A default inside a destructuring pattern.
    }
  }

  #writeProperty(symbol: ts.Symbol | undefined, name: string, value: Written): void {
    const declarations = symbol?.declarations ?? [];
    if (declarations.length === 0) push(this.untyped, name, value);
    for (const declaration of declarations) push(this.properties, declaration, value);
  }

  /** `Object.defineProperty(o, "name", …)` and `Reflect.set(o, "name", …)` write without an assignment. */
  #define(node: ts.CallExpression): void {
    const callee = bare(node.expression);
    const key = node.arguments[1];
    if (!ts.isPropertyAccessExpression(callee) || key === undefined || !ts.isStringLiteralLike(key)) return;
    if (callee.name.text !== "defineProperty" && callee.name.text !== "set") return;
    if (!ts.isIdentifier(callee.expression) || !/^(?:Object|Reflect)$/.test(callee.expression.text)) return;
    const receiver = node.arguments[0];
    const type = receiver === undefined ? undefined : this.#checker.getTypeAtLocation(receiver);
    const described = callee.name.text === "set" ? node.arguments[2] : describedValue(node.arguments[2]);
    this.#writeProperty(type?.getProperty(key.text), key.text, described ?? null);
  }

  #implement(literal: ts.ObjectLiteralExpression): void {
    const contextual = this.#checker.getContextualType(literal);
    if (contextual === undefined) return;
    for (const property of literal.properties) {
      const name = property.name === undefined ? null : memberName(this.#checker, property.name);
      if (name === null) continue;
      const value = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : ts.isMethodDeclaration(property)
            ? property
            : null;
      for (const declaration of memberDeclarations(this.#checker, contextual, name)) {
        if (declaration === property) continue;
        if (value !== null && ts.isMethodDeclaration(value)) link(this.below, declaration, value);
        else push(this.implementations, declaration, value);
      }
    }
  }

  #inherit(node: ts.ClassLikeDeclaration | ts.InterfaceDeclaration, bases: readonly ts.Type[]): void {
    for (const member of node.members) {
      const name = member.name === undefined ? null : memberName(this.#checker, member.name);
      if (name === null) continue;
      const isStatic =
        ts.canHaveModifiers(member) && member.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword);
      const above = ts.isClassLike(node) ? baseOf(node) : undefined;
      // Static members are overridden too: `this` and `this.constructor` may be a class further below.
      const owners =
        isStatic !== true ? bases : above === undefined ? [] : [this.#checker.getTypeAtLocation(above.expression)];
      for (const base of owners) {
        for (const declaration of memberDeclarations(this.#checker, base, name)) {
          if (declaration !== member) link(this.below, declaration, member);
        }
      }
    }
    // A class may implement an interface by a member it inherits.
    if (!ts.isClassLike(node)) return;
    const own = this.#checker.getTypeAtLocation(node);
    for (const base of bases) {
      for (const property of base.getProperties()) {
        const inherited = own.getProperty(property.name);
        for (const above of property.declarations ?? []) {
          for (const below of inherited?.declarations ?? []) if (above !== below) link(this.below, above, below);
        }
      }
    }
  }
}

/** `this`, or a new instance of the class itself. */
function isInstance(expression: ts.Expression, owner: ts.ClassLikeDeclaration): boolean {
  const value = bare(expression);
  if (value.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isNewExpression(value) && ts.isIdentifier(value.expression) && value.expression.text === owner.name?.text;
}

/** What declares the members of an object: its type, or for `F.prototype` the function or class `F`. */
export function ownerDeclarations(checker: ts.TypeChecker, object: ts.Expression): readonly ts.Node[] {
  const symbol =
    ts.isPropertyAccessExpression(object) && object.name.text === "prototype"
      ? checker.getSymbolAtLocation(object.expression)
      : checker.getTypeAtLocation(object).getSymbol();
  return symbol?.declarations ?? [];
}

/** Declarations of the member `name` of a type; of every constituent that has it, for a union. */
export function memberDeclarations(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Node[] {
  const types = type.isUnion() ? type.types : [type];
  return types.flatMap((part) => propertyNamed(checker, part, name)?.declarations ?? []);
}

/** The member `name` of a type, where a name is one of {@link keyNames} or {@link memberName}. */
export function propertyNamed(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Symbol | undefined {
  if (!name.startsWith(UNIQUE_SYMBOL)) return checker.getPropertyOfType(type, name);
  return checker.getPropertiesOfType(checker.getApparentType(type)).find((p) => String(p.escapedName) === name);
}

/** How the compiler names members that stand under a constant symbol. */
const UNIQUE_SYMBOL = "__@";
const MOST_KEYS = 20;

/** The names that a key of this type can be: literals and constant symbols; null when it can be any. */
export function keyNames(type: ts.Type): string[] | null {
  const types = type.isUnion() ? type.types : [type];
  if (types.length > MOST_KEYS) return null;
  const names = types.map((part) => {
    if (part.isStringLiteral()) return part.value;
    return (part.flags & ts.TypeFlags.UniqueESSymbol) !== 0
      ? String((part as ts.UniqueESSymbolType).escapedName)
      : null;
  });
  return names.every((name) => name !== null) ? names : null;
}

/** The name under which a member stands; null for private ones and keys that are known at run time only. */
function memberName(checker: ts.TypeChecker, name: ts.PropertyName): string | null {
  if (ts.isPrivateIdentifier(name)) return null;
  if (!ts.isComputedPropertyName(name)) return ts.isBigIntLiteral(name) ? name.getText() : name.text;
  const names = keyNames(checker.getTypeAtLocation(name.expression));
  return names?.length === 1 ? (names[0] ?? null) : null;
}

function heritageTypes(checker: ts.TypeChecker, node: ts.ClassLikeDeclaration | ts.InterfaceDeclaration): ts.Type[] {
  return (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => checker.getTypeAtLocation(type)));
}

/** `a ||= b`, `a ??= b` and `a &&= b` may bind `b`; arithmetic assignments bind something that is no function. */
function conditional(node: ts.BinaryExpression): Written {
  const kind = node.operatorToken.kind;
  return kind === ts.SyntaxKind.BarBarEqualsToken ||
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken
    ? node.right
    : null;
}

/** The `value` of a property descriptor that is written out. */
function describedValue(descriptor: ts.Expression | undefined): Written {
  if (descriptor === undefined || !ts.isObjectLiteralExpression(descriptor)) return null;
  for (const property of descriptor.properties) {
    if (property.name?.getText() !== "value") continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return null;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function push<K>(map: Map<K, Written[]>, key: K, value: Written): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function link(map: Map<ts.Node, Set<ts.Node>>, above: ts.Node, below: ts.Node): void {
  const set = map.get(above);
  if (set === undefined) map.set(above, new Set([below]));
  else set.add(below);
}
