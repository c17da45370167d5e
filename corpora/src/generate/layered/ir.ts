/**
 * The small language in which a project is planned. It has what the five printed languages have in common, with types
 * for those that want them; each printer writes it in one of them, and `evaluate.ts` runs it. Names are words joined by "_".
 */

export interface ListType {
  kind: "list-type";
  of: Type;
}
/** From texts. */
export interface MapType {
  kind: "map-type";
  of: Type;
}
export interface FnType {
  kind: "fn-type";
  takes: Type[];
  gives: Type;
}
export type Type = "int" | "str" | "bool" | "void" | ListType | MapType | FnType | ClassDecl | InterfaceDecl;

/** What a file is to the others; routes come before services, services before repositories. */
export type Layer = "core" | "repository" | "service" | "routes" | "server" | "logic" | "test";

/** A file. `cycle` holds those of its folder that import it and that it imports. */
export interface Module {
  folder: string;
  name: string;
  layer: Layer;
  decls: Decl[];
  /** Of a test. */
  cases: { name: string; body: Stmt[] }[];
  cycle: Module[];
  /** Made from a table that lies beside it. */
  isGenerated: boolean;
}

export interface Param {
  name: string;
  type: Type;
}
/** `initial` null: the constructor takes it. */
export interface Field extends Param {
  initial: Expr | null;
}
export interface FunctionDecl {
  kind: "function";
  name: string;
  params: Param[];
  gives: Type;
  body: Stmt[];
  home: Module;
  owner: ClassDecl | null;
  exported: boolean;
}
export interface ClassDecl {
  kind: "class";
  name: string;
  fields: Field[];
  methods: FunctionDecl[];
  implements: InterfaceDecl | null;
  home: Module;
}
export interface InterfaceDecl {
  kind: "interface";
  name: string;
  methods: { name: string; params: Param[]; gives: Type }[];
  home: Module;
}
export interface ConstDecl {
  kind: "const";
  name: string;
  type: Type;
  value: Expr;
  home: Module;
}
export type Decl = FunctionDecl | ClassDecl | InterfaceDecl | ConstDecl;

/** Functions of the language's own library. `env` gives "" for what is not set. */
export type Std = "text_of" | "upper" | "trim" | "replace" | "contains" | "env";

export type Call =
  | { kind: "call"; to: FunctionDecl; args: Expr[] }
  | { kind: "send"; on: Expr; type: ClassDecl | InterfaceDecl; method: string; args: Expr[] }
  | { kind: "invoke"; value: Expr; fn: FnType; args: Expr[] }
  | { kind: "new"; of: ClassDecl; args: Expr[] }
  | { kind: "std"; std: Std; args: Expr[] };

export interface Lambda {
  kind: "lambda";
  fn: FnType;
  params: string[];
  body: Expr;
}

export type Expr =
  | Call
  | Lambda
  | { kind: "int"; value: number }
  | { kind: "str"; value: string }
  | { kind: "bool"; value: boolean }
  | { kind: "local"; name: string; isParam: boolean }
  | { kind: "this" }
  | { kind: "constant"; decl: ConstDecl }
  | { kind: "function-value"; decl: FunctionDecl }
  | { kind: "op"; op: "+" | "-" | "*" | "<" | "=="; of: "int" | "str"; left: Expr; right: Expr }
  | { kind: "not"; value: Expr }
  | { kind: "field"; on: Expr; name: string }
  | { kind: "at"; map: Expr; key: Expr }
  | { kind: "has"; map: Expr; key: Expr; of: Type }
  | { kind: "list"; of: Type; items: Expr[] }
  | { kind: "map"; of: Type; entries: [string, Expr][] }
  | { kind: "size"; value: Expr; of: "list" | "str" };

export type Stmt =
  | { kind: "let"; name: string; type: Type; value: Expr }
  | { kind: "set"; place: Expr; value: Expr }
  | { kind: "push"; list: Expr; item: Expr }
  | { kind: "put"; map: Expr; key: Expr; value: Expr }
  | { kind: "if"; condition: Expr; body: Stmt[]; otherwise: Stmt[] }
  | { kind: "each"; name: string; type: Type; list: Expr; body: Stmt[] }
  | { kind: "return"; value: Expr }
  | { kind: "do"; value: Expr }
  /** `wanted` is filled in by who evaluates the test. */
  | { kind: "check"; actual: Expr; of: "int" | "str" | "bool"; wanted: number | string | boolean | null };

/** What a call can enter. A class stands for its constructor, or for itself when it has none. */
export type Entered = FunctionDecl | ClassDecl | Lambda;

// --- short ways to write it --------------------------------------------------------------------------------------

export const int = (value: number): Expr => ({ kind: "int", value });
export const str = (value: string): Expr => ({ kind: "str", value });
export const local = (name: string): Expr => ({ kind: "local", name, isParam: false });
export const param = (name: string): Expr => ({ kind: "local", name, isParam: true });
export const self: Expr = { kind: "this" };
export const constant = (decl: ConstDecl): Expr => ({ kind: "constant", decl });
export const value = (decl: FunctionDecl): Expr => ({ kind: "function-value", decl });
export const field = (on: Expr, name: string): Expr => ({ kind: "field", on, name });
export const own = (name: string): Expr => field(self, name);
export const call = (to: FunctionDecl, ...args: Expr[]): Call => ({ kind: "call", to, args });
export const send = (on: Expr, type: ClassDecl | InterfaceDecl, method: string, ...args: Expr[]): Call => ({
  kind: "send",
  on,
  type,
  method,
  args,
});
export const invoke = (fn: FnType, callee: Expr, ...args: Expr[]): Call => ({
  kind: "invoke",
  value: callee,
  fn,
  args,
});
export const make = (of: ClassDecl, ...args: Expr[]): Call => ({ kind: "new", of, args });
export const std = (name: Std, ...args: Expr[]): Call => ({ kind: "std", std: name, args });
export const not = (inner: Expr): Expr => ({ kind: "not", value: inner });
export const size = (inner: Expr, of: "list" | "str" = "list"): Expr => ({ kind: "size", value: inner, of });
export const at = (map: Expr, key: Expr): Expr => ({ kind: "at", map, key });
export const has = (map: Expr, key: Expr, of: Type): Expr => ({ kind: "has", map, key, of });
const op =
  (sign: "+" | "-" | "*" | "<" | "==", of: "int" | "str") =>
  (left: Expr, right: Expr): Expr => ({ kind: "op", op: sign, of, left, right });
export const plus = op("+", "int");
export const minus = op("-", "int");
export const times = op("*", "int");
export const less = op("<", "int");
export const equal = op("==", "int");
export const same = op("==", "str");
export const concat = (first: Expr, ...more: Expr[]): Expr => more.reduce(op("+", "str"), first);

export const bind = (name: string, type: Type, bound: Expr): Stmt => ({ kind: "let", name, type, value: bound });
export const set = (place: Expr, to: Expr): Stmt => ({ kind: "set", place, value: to });
export const push = (list: Expr, item: Expr): Stmt => ({ kind: "push", list, item });
export const put = (map: Expr, key: Expr, item: Expr): Stmt => ({ kind: "put", map, key, value: item });
export const when = (condition: Expr, body: Stmt[], otherwise: Stmt[] = []): Stmt => ({
  kind: "if",
  condition,
  body,
  otherwise,
});
export const give = (given: Expr): Stmt => ({ kind: "return", value: given });
export const run = (effect: Expr): Stmt => ({ kind: "do", value: effect });
export const check = (actual: Expr, of: "int" | "str" | "bool", wanted: number | string | null = null): Stmt => ({
  kind: "check",
  actual,
  of,
  wanted,
});

export const listOf = (of: Type): ListType => ({ kind: "list-type", of });
export const mapOf = (of: Type): MapType => ({ kind: "map-type", of });
export const fnOf = (takes: Type[], gives: Type): FnType => ({ kind: "fn-type", takes, gives });
export const list = (of: Type, ...items: Expr[]): Expr => ({ kind: "list", of, items });
export const map = (of: Type, entries: [string, Expr][] = []): Expr => ({ kind: "map", of, entries });
/** From ints to an int. */
export const INT_FN = fnOf(["int"], "int");

export function newModule(folder: string, name: string, layer: Layer): Module {
  return { folder, name, layer, decls: [], cases: [], cycle: [], isGenerated: false };
}

export function addFunction(
  home: Module,
  name: string,
  params: [string, Type][],
  gives: Type,
  body: Stmt[],
  exported = true,
): FunctionDecl {
  const made: FunctionDecl = {
    kind: "function",
    name,
    params: typed(params),
    gives,
    body,
    home,
    owner: null,
    exported,
  };
  home.decls.push(made);
  return made;
}

export function addClass(
  home: Module,
  name: string,
  fields: [string, Type, Expr | null][],
  implemented: InterfaceDecl | null = null,
): ClassDecl {
  const made: ClassDecl = {
    kind: "class",
    name,
    fields: fields.map(([of, type, initial]) => ({ name: of, type, initial })),
    methods: [],
    implements: implemented,
    home,
  };
  home.decls.push(made);
  return made;
}

export function addMethod(
  owner: ClassDecl,
  name: string,
  params: [string, Type][],
  gives: Type,
  body: Stmt[],
): FunctionDecl {
  const made: FunctionDecl = {
    kind: "function",
    name,
    params: typed(params),
    gives,
    body,
    home: owner.home,
    owner,
    exported: true,
  };
  owner.methods.push(made);
  return made;
}

export function addInterface(
  home: Module,
  name: string,
  method: string,
  params: [string, Type][],
  gives: Type,
): InterfaceDecl {
  const made: InterfaceDecl = {
    kind: "interface",
    name,
    methods: [{ name: method, params: typed(params), gives }],
    home,
  };
  home.decls.push(made);
  return made;
}

export function addConst(home: Module, name: string, type: Type, bound: Expr): ConstDecl {
  const made: ConstDecl = { kind: "const", name, type, value: bound, home };
  home.decls.push(made);
  return made;
}

function typed(params: [string, Type][]): Param[] {
  return params.map(([name, type]) => ({ name, type }));
}

export function lambda(fn: FnType, params: string[], body: Expr): Lambda {
  return { kind: "lambda", fn, params, body };
}
