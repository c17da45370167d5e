/** The part that every project has: requests and routers, who may enter, a store, a journal, small functions of text. */
import {
  addClass,
  addConst,
  addFunction,
  addMethod,
  at,
  bind,
  call,
  type ClassDecl,
  concat,
  constant,
  type ConstDecl,
  equal,
  field,
  fnOf,
  type FnType,
  type FunctionDecl,
  give,
  has,
  int,
  invoke,
  lambda,
  less,
  list,
  listOf,
  local,
  make,
  map,
  mapOf,
  type Module,
  newModule,
  not,
  own,
  param,
  push,
  put,
  run,
  same,
  send,
  size,
  std,
  str,
  when,
} from "./ir.ts";

/** What domains use of it. */
export interface Kernel {
  modules: Module[];
  request: ClassDecl;
  response: ClassDecl;
  router: ClassDecl;
  handler: FnType;
  guard: FnType;
  respondWith: FunctionDecl;
  requireUser: FunctionDecl;
  trackUser: FunctionDecl;
  guardedBy: FunctionDecl;
  unlessOpen: FunctionDecl;
  store: ClassDecl;
  journal: ClassDecl;
  mainJournal: ConstDecl;
  quoteTerm: FunctionDecl;
  tidyTerm: FunctionDecl;
  maskToken: FunctionDecl;
  clampAmount: FunctionDecl;
  readMode: FunctionDecl;
}

/** A token that is known. */
export const TOKEN = "k-771";

export function planKernel(): Kernel {
  const http = planHttp();
  const store = planStore();
  const access = planAccess(http, store.mainJournal, store.journal);
  const text = planText();
  return {
    ...http,
    ...store,
    ...access,
    ...text,
    modules: [http.module, store.module, access.module, text.module],
  };
}

function planHttp() {
  const module = newModule("core", "http", "core");
  const response = addClass(module, "response", [
    ["status", "int", null],
    ["body", "str", null],
  ]);
  const request = addClass(module, "request", [
    ["area", "str", null],
    ["path", "str", null],
    ["token", "str", null],
    ["term", "str", null],
    ["amount", "int", null],
  ]);
  const handler = fnOf([request], response);
  const guard = fnOf([request], "int");
  const router = addClass(module, "router", [
    ["guards", listOf(guard), list(guard)],
    ["handlers", mapOf(handler), map(handler)],
  ]);
  router.fields.push({ name: "parts", type: mapOf(router), initial: map(router) });
  addMethod(router, "add_guard", [["guard", guard]], "void", [push(own("guards"), param("guard"))]);
  addMethod(
    router,
    "add_handler",
    [
      ["path", "str"],
      ["handler", handler],
    ],
    "void",
    [put(own("handlers"), param("path"), param("handler"))],
  );
  addMethod(
    router,
    "mount_part",
    [
      ["area", "str"],
      ["part", router],
    ],
    "void",
    [put(own("parts"), param("area"), param("part"))],
  );
  const wanted = param("request");
  addMethod(router, "handle_request", [["request", request]], response, [
    {
      kind: "each",
      name: "guard",
      type: guard,
      list: own("guards"),
      body: [
        bind("status", "int", invoke(guard, local("guard"), wanted)),
        when(not(equal(local("status"), int(0))), [give(make(response, local("status"), str("")))]),
      ],
    },
    when(has(own("parts"), field(wanted, "area"), router), [
      give(send(at(own("parts"), field(wanted, "area")), router, "handle_request", wanted)),
    ]),
    when(has(own("handlers"), field(wanted, "path"), handler), [
      bind("handler", handler, at(own("handlers"), field(wanted, "path"))),
      give(invoke(handler, local("handler"), wanted)),
    ]),
    give(make(response, int(404), str(""))),
  ]);
  const respondWith = addFunction(module, "respond_with", [["body", "str"]], response, [
    give(make(response, int(200), param("body"))),
  ]);
  return { module, request, response, router, handler, guard, respondWith };
}

function planStore() {
  const module = newModule("core", "store", "core");
  const store = addClass(module, "store", [
    ["rows", listOf("str"), null],
    ["statements", listOf("str"), list("str")],
  ]);
  const params: [string, "str" | ReturnType<typeof listOf>][] = [
    ["text", "str"],
    ["values", listOf("str")],
  ];
  addMethod(store, "query_rows", params, listOf("str"), [push(own("statements"), param("text")), give(own("rows"))]);
  addMethod(store, "change_rows", params, "int", [push(own("statements"), param("text")), give(size(param("values")))]);
  const journal = addClass(module, "journal", [["lines", listOf("str"), list("str")]]);
  addMethod(journal, "note_line", [["line", "str"]], "void", [push(own("lines"), param("line"))]);
  const mainJournal = addConst(module, "main_journal", journal, make(journal));
  return { module, store, journal, mainJournal };
}

function planAccess(
  { request, response, handler, guard }: Pick<Kernel, "request" | "response" | "handler" | "guard">,
  mainJournal: ConstDecl,
  journal: ClassDecl,
) {
  const module = newModule("core", "access", "core");
  const sessions = addConst(
    module,
    "known_sessions",
    mapOf("str"),
    map("str", [
      [TOKEN, str("ana")],
      ["k-902", str("leo")],
    ]),
  );
  const knownToken = addFunction(module, "known_token", [["token", "str"]], "bool", [
    give(has(constant(sessions), param("token"), "str")),
  ]);
  const wanted = param("request");
  const requireUser = addFunction(module, "require_user", [["request", request]], "int", [
    when(call(knownToken, field(wanted, "token")), [give(int(0))]),
    give(int(401)),
  ]);
  const trackUser = addFunction(module, "track_user", [["request", request]], "int", [
    when(call(knownToken, field(wanted, "token")), [
      run(send(constant(mainJournal), journal, "note_line", field(wanted, "area"))),
    ]),
    give(int(0)),
  ]);
  const runGuarded = addFunction(
    module,
    "run_guarded",
    [
      ["guard", guard],
      ["handler", handler],
      ["request", request],
    ],
    response,
    [
      bind("status", "int", invoke(guard, param("guard"), wanted)),
      when(not(equal(local("status"), int(0))), [give(make(response, local("status"), str("")))]),
      give(invoke(handler, param("handler"), wanted)),
    ],
    false,
  );
  const guardedBy = addFunction(
    module,
    "guarded_by",
    [
      ["guard", guard],
      ["handler", handler],
    ],
    handler,
    [give(lambda(handler, ["one"], call(runGuarded, param("guard"), param("handler"), param("one"))))],
  );
  const checkUnless = addFunction(
    module,
    "check_unless",
    [
      ["paths", listOf("str")],
      ["guard", guard],
      ["request", request],
    ],
    "int",
    [
      {
        kind: "each",
        name: "path",
        type: "str",
        list: param("paths"),
        body: [when(same(local("path"), field(wanted, "path")), [give(int(0))])],
      },
      give(invoke(guard, param("guard"), wanted)),
    ],
    false,
  );
  const unlessOpen = addFunction(
    module,
    "unless_open",
    [
      ["paths", listOf("str")],
      ["guard", guard],
    ],
    guard,
    [give(lambda(guard, ["one"], call(checkUnless, param("paths"), param("guard"), param("one"))))],
  );
  return { module, requireUser, trackUser, guardedBy, unlessOpen };
}

function planText() {
  const module = newModule("core", "text", "core");
  const ofText = (name: string, given: string, body: Parameters<typeof addFunction>[4]): FunctionDecl =>
    addFunction(module, name, [[given, "str"]], "str", body);
  const quoteTerm = ofText("quote_term", "term", [give(std("replace", param("term"), str("'"), str("''")))]);
  const tidyTerm = ofText("tidy_term", "term", [give(std("upper", std("trim", param("term"))))]);
  const maskToken = ofText("mask_token", "token", [
    give(concat(str("***"), std("text_of", size(param("token"), "str")))),
  ]);
  const readMode = ofText("read_mode", "name", [give(std("env", param("name")))]);
  const clampAmount = addFunction(module, "clamp_amount", [["amount", "int"]], "int", [
    when(less(param("amount"), int(0)), [give(int(0))]),
    when(less(int(900), param("amount")), [give(int(900))]),
    give(param("amount")),
  ]);
  return { module, quoteTerm, tidyTerm, maskToken, clampAmount, readMode };
}
