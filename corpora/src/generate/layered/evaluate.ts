/**
 * Runs a plan: what its tests must find, and which function each of its calls enters. It reads the plan and no printed
 * text, so that a printer that writes something else is found out by the tests of what it wrote.
 */
import type { Call, ClassDecl, ConstDecl, Entered, Expr, FunctionDecl, Lambda, Module, Stmt } from "./ir.ts";

class Thing {
  readonly of: ClassDecl;
  readonly fields = new Map<string, Value>();
  constructor(of: ClassDecl) {
    this.of = of;
  }
}
class Closure {
  readonly code: FunctionDecl | Lambda;
  readonly scope: Scope | null;
  constructor(code: FunctionDecl | Lambda, scope: Scope | null) {
    this.code = code;
    this.scope = scope;
  }
}
type Value = number | string | boolean | Value[] | Map<string, Value> | Thing | Closure | null;

interface Scope {
  names: Map<string, Value>;
  self: Thing | null;
  outer: Scope | null;
}

/** More steps than any plan takes: a plan that does not end is a mistake in it. */
const MAX_DEPTH = 300;

export class Evaluator {
  /** What each call entered that was made; nothing for calls into the library. */
  #entered = new Map<Call, Set<Entered>>();
  /** Everything that was entered. */
  #alive = new Set<Entered>();
  readonly #constants = new Map<ConstDecl, Value>();
  #env: Readonly<Record<string, string>> = {};
  #depth = 0;

  /** Runs the tests of a module; checks without a wanted value get theirs. `env` holds what is set outside. */
  runTests(module: Module, env: Readonly<Record<string, string>> = {}): void {
    this.#env = env;
    for (const { body } of module.cases) this.#block(body, { names: new Map(), self: null, outer: null });
    this.#env = {};
  }

  /** What was entered since the last time; constants outside the modules that `isKept` names start anew. */
  harvest(isKept: (module: Module) => boolean): { entered: Map<Call, Set<Entered>>; alive: Set<Entered> } {
    const harvested = { entered: this.#entered, alive: this.#alive };
    this.#entered = new Map();
    this.#alive = new Set();
    for (const decl of [...this.#constants.keys()]) if (!isKept(decl.home)) this.#constants.delete(decl);
    return harvested;
  }

  #enter(site: Call, entered: Entered): void {
    const known = this.#entered.get(site);
    if (known === undefined) this.#entered.set(site, new Set([entered]));
    else known.add(entered);
    this.#alive.add(entered);
  }

  #call(code: FunctionDecl | Lambda, args: Value[], receiver: Thing | null, outer: Scope | null): Value {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Error("the plan does not end");
    const names = code.kind === "lambda" ? code.params : code.params.map(({ name }) => name);
    const scope: Scope = {
      names: new Map(names.map((name, i) => [name, args[i] ?? null])),
      self: receiver ?? outer?.self ?? null,
      outer,
    };
    const result =
      code.kind === "lambda" ? this.#value(code.body, scope) : (this.#block(code.body, scope)?.value ?? null);
    this.#depth -= 1;
    return result;
  }

  /** What a `return` in it gave; undefined when there was none. */
  #block(body: readonly Stmt[], scope: Scope): { value: Value } | undefined {
    for (const statement of body) {
      const returned = this.#statement(statement, scope);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  #statement(statement: Stmt, scope: Scope): { value: Value } | undefined {
    switch (statement.kind) {
      case "let":
        scope.names.set(statement.name, this.#value(statement.value, scope));
        return undefined;
      case "set": {
        const { place } = statement;
        const given = this.#value(statement.value, scope);
        if (place.kind === "field") (this.#value(place.on, scope) as Thing).fields.set(place.name, given);
        else if (place.kind === "local") holderOf(scope, place.name).set(place.name, given);
        return undefined;
      }
      case "push":
        (this.#value(statement.list, scope) as Value[]).push(this.#value(statement.item, scope));
        return undefined;
      case "put": {
        const map = this.#value(statement.map, scope) as Map<string, Value>;
        map.set(this.#value(statement.key, scope) as string, this.#value(statement.value, scope));
        return undefined;
      }
      case "if":
        return this.#block(
          this.#value(statement.condition, scope) === true ? statement.body : statement.otherwise,
          scope,
        );
      case "each": {
        for (const item of [...(this.#value(statement.list, scope) as Value[])]) {
          scope.names.set(statement.name, item);
          const returned = this.#block(statement.body, scope);
          if (returned !== undefined) return returned;
        }
        return undefined;
      }
      case "return":
        return { value: this.#value(statement.value, scope) };
      case "do":
        this.#value(statement.value, scope);
        return undefined;
      case "check":
      default: {
        const found = this.#value(statement.actual, scope);
        statement.wanted ??= found as number | string | boolean;
        return undefined;
      }
    }
  }

  #value(expr: Expr, scope: Scope): Value {
    switch (expr.kind) {
      case "int":
      case "str":
      case "bool":
        return expr.value;
      case "local":
        return holderOf(scope, expr.name).get(expr.name) ?? null;
      case "this":
        return scope.self;
      case "constant": {
        const known = this.#constants.get(expr.decl);
        if (known !== undefined) return known;
        const made = this.#value(expr.decl.value, { names: new Map(), self: null, outer: null });
        this.#constants.set(expr.decl, made);
        return made;
      }
      case "function-value":
        return new Closure(expr.decl, null);
      case "lambda":
        return new Closure(expr, scope);
      case "op":
        return operate(expr.op, this.#value(expr.left, scope), this.#value(expr.right, scope));
      case "not":
        return this.#value(expr.value, scope) !== true;
      case "field":
        return (this.#value(expr.on, scope) as Thing).fields.get(expr.name) ?? null;
      case "at":
        return (this.#value(expr.map, scope) as Map<string, Value>).get(this.#value(expr.key, scope) as string) ?? null;
      case "has":
        return (this.#value(expr.map, scope) as Map<string, Value>).has(this.#value(expr.key, scope) as string);
      case "list":
        return expr.items.map((item) => this.#value(item, scope));
      case "map":
        return new Map(expr.entries.map(([key, item]) => [key, this.#value(item, scope)]));
      case "size":
        return (this.#value(expr.value, scope) as Value[] | string).length;
      case "call":
      case "send":
      case "invoke":
      case "new":
      case "std":
      default:
        return this.#answer(expr, scope);
    }
  }

  #answer(expr: Call, scope: Scope): Value {
    switch (expr.kind) {
      case "call": {
        const args = expr.args.map((arg) => this.#value(arg, scope));
        this.#enter(expr, expr.to);
        return this.#call(expr.to, args, null, null);
      }
      case "send": {
        const receiver = this.#value(expr.on, scope) as Thing;
        const args = expr.args.map((arg) => this.#value(arg, scope));
        const method = receiver.of.methods.find(({ name }) => name === expr.method);
        if (method === undefined) throw new Error(`${receiver.of.name} has no method ${expr.method}`);
        this.#enter(expr, method);
        return this.#call(method, args, receiver, null);
      }
      case "invoke": {
        const { code, scope: outer } = this.#value(expr.value, scope) as Closure;
        const args = expr.args.map((arg) => this.#value(arg, scope));
        this.#enter(expr, code);
        return this.#call(code, args, null, outer);
      }
      case "new": {
        const made = new Thing(expr.of);
        const args = expr.args.map((arg) => this.#value(arg, scope));
        this.#enter(expr, expr.of);
        for (const { name, initial } of expr.of.fields) {
          made.fields.set(name, initial === null ? (args.shift() ?? null) : this.#value(initial, scope));
        }
        return made;
      }
      case "std":
      default: {
        if (!this.#entered.has(expr)) this.#entered.set(expr, new Set());
        const [first, second, third] = expr.args.map((arg) => this.#value(arg, scope)) as (string | number)[];
        if (expr.std === "text_of") return String(first);
        return this.#library(expr.std, first as string, second as string, third as string);
      }
    }
  }

  #library(name: Extract<Call, { kind: "std" }>["std"], first: string, second: string, third: string): Value {
    switch (name) {
      case "text_of":
        return first;
      case "upper":
        return first.toUpperCase();
      case "trim":
        return first.trim();
      case "replace":
        return first.replaceAll(second, third);
      case "contains":
        return first.includes(second);
      case "env":
      default:
        return this.#env[first] ?? "";
    }
  }
}

function operate(op: Extract<Expr, { kind: "op" }>["op"], left: Value, right: Value): Value {
  if (op === "==") return left === right;
  if (op === "+" && typeof left === "string") return left + (right as string);
  const [a, b] = [left as number, right as number];
  return op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : a < b;
}

function holderOf(scope: Scope, name: string): Map<string, Value> {
  for (let at: Scope | null = scope; at !== null; at = at.outer) if (at.names.has(name)) return at.names;
  throw new Error(`the plan has no ${name} here`);
}
