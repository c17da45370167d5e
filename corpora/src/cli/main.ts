#!/usr/bin/env node
import { isCode } from "../errors.ts";
import { runCli } from "./program.ts";

// Who reads only the beginning, such as `head`, is no error.
process.stdout.on("error", (error) => {
  if (!isCode(error, "EPIPE")) throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
