// A cargo command for the task graph, in the folder of the package that calls it: `node ../scripts/cargo.mjs test ...`.
// The output is shown, and kept in test-results/cargo-<command>.log, where `npm test` reads the counts from.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";

const [command, ...rest] = process.argv.slice(2);

if (command === undefined) {
  console.error("drift: which cargo command?");
  process.exitCode = 2;
} else {
  mkdirSync("test-results", { recursive: true });
  const log = createWriteStream(`test-results/cargo-${command}.log`);
  const child = spawn("cargo", [command, ...rest], { stdio: ["ignore", "pipe", "pipe"] });
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.on("data", (chunk) => {
      to.write(chunk);
      log.write(chunk);
    });
  }
  child.on("error", (error) => {
    console.error(`drift: ${error.message}`);
    process.exitCode = 3;
  });
  child.on("close", (code) => {
    log.end();
    process.exitCode ||= code ?? 1;
  });
}
