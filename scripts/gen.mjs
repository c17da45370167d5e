// `npm run gen`: the "gen" task of every package that has one, through the task graph.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { rewrite } from "./checks/rewrite.mjs";

process.exitCode = await rewrite("gen", {
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  argv: process.argv.slice(2),
  env: process.env,
  summary: "Rewrites every generated file: bindings of the native engine, JSON Schemas, command docs.",
});
