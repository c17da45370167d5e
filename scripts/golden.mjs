// `npm run golden`: the "golden" task of every package that has one, through the task graph.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { rewrite } from "./checks/rewrite.mjs";

process.exitCode = await rewrite("golden", {
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  argv: process.argv.slice(2),
  env: process.env,
  summary: "Rewrites the expected outputs that tests compare with; read the diff like code.",
});
