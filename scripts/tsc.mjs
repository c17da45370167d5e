// Type checks the package it is called in, with the compiler that the repository pins.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const { status, error } = spawnSync(process.execPath, [compiler, "--noEmit", "-p", "."], { stdio: "inherit" });
if (error) throw error;
process.exitCode = status ?? 1;
