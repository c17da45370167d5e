/** What mounts the routes of all domains and starts the program. */
import type { Planned } from "./domain.ts";
import {
  addFunction,
  bind,
  call,
  check,
  field,
  type FunctionDecl,
  give,
  int,
  local,
  make,
  type Module,
  newModule,
  param,
  run,
  send,
  type Expr,
  type Stmt,
  str,
  value,
} from "./ir.ts";
import { type Kernel, TOKEN } from "./kernel.ts";

/** Routes of a domain: `isGuarded` where the router they are mounted on checks who enters. */
export interface Mount {
  folder: string;
  routes: FunctionDecl;
  /** Of the definition of `routes`. */
  id: string;
  isGuarded: boolean;
}

/** Domains that the test of the server asks. */
export const ASKED = 6;

/** @param areas how many files mount the domains; 0: the server does it itself */
export function planServer(
  kernel: Kernel,
  mounts: readonly Mount[],
  areas: number,
): { modules: Module[]; test: Module; facts: Planned[] } {
  const app = newModule("server", "app", "server");
  const size = Math.ceil(mounts.length / Math.max(1, areas));
  const modules = Array.from({ length: areas }, (_, i) => {
    const area = newModule("server", `area_${i + 1}`, "server");
    addFunction(
      area,
      `mount_area_${i + 1}`,
      [["app", kernel.router]],
      "void",
      mounting(kernel, mounts.slice(i * size, (i + 1) * size), param("app")),
    );
    return area;
  });
  const parts: Stmt[] =
    areas === 0
      ? mounting(kernel, mounts, local("app"))
      : modules.map(({ decls }) => run(call(decls[0] as FunctionDecl, local("app"))));
  const create = addFunction(app, "create_app", [], kernel.router, [
    bind("app", kernel.router, make(kernel.router)),
    ...parts,
    give(local("app")),
  ]);
  const request = (area: string): Expr => make(kernel.request, str(area), str("list"), str(TOKEN), str("b"), int(3));
  const ask = (area: string): Expr => send(local("app"), kernel.router, "handle_request", request(area));
  const start = addFunction(app, "start_server", [], "int", [
    bind("app", kernel.router, call(create)),
    bind("reply", kernel.response, ask(mounts[0]?.folder ?? "")),
    give(field(local("reply"), "status")),
  ]);
  const test = newModule("server", "app", "test");
  test.cases.push(
    { name: "the_server_starts", body: [check(call(start), "int", 200)] },
    {
      name: "areas_are_found",
      body: [
        bind("app", kernel.router, call(create)),
        ...[...mounts.slice(0, ASKED).map(({ folder }) => [folder, 200] as const), ["nowhere", 404] as const].map(
          ([folder, status]) => check(field(ask(folder), "status"), "int", status),
        ),
      ],
    },
  );
  return {
    modules: [...modules, app, test],
    test,
    facts: [
      {
        trait: "program-start",
        tell: (where) => ({ fact: "entry-point", type: "main", definition: where.definition(start), trigger: null }),
      },
    ],
  };
}

function mounting(kernel: Kernel, mounts: readonly Mount[], app: Expr): Stmt[] {
  const mount = (on: Expr, folder: string, part: Expr): Stmt =>
    run(send(on, kernel.router, "mount_part", str(folder), part));
  const guarded = mounts.filter(({ isGuarded }) => isGuarded);
  const open = mounts.filter(({ isGuarded }) => !isGuarded);
  const inner = local("members");
  return [
    ...open.map(({ folder, routes }) => mount(app, folder, call(routes))),
    ...(guarded.length === 0
      ? []
      : [
          bind("members", kernel.router, make(kernel.router)),
          run(send(inner, kernel.router, "add_guard", value(kernel.requireUser))),
          ...guarded.flatMap(({ folder, routes }) => [mount(inner, folder, call(routes)), mount(app, folder, inner)]),
        ]),
  ];
}
