// A cargo command for the task graph, in the folder of the package that calls it: `node ../scripts/cargo.mjs test ...`.
//
// It names this computer's own target, as the build of the addon does, so that both find each other's compiled crates.
// The output is shown, and kept in test-results/cargo-<command>.log, where `npm test` reads the counts from.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";

const [command, ...rest] = process.argv.slice(2);
const ends = rest.indexOf("--");
const [own, passed] = ends === -1 ? [rest, []] : [rest.slice(0, ends), rest.slice(ends)];
const [, host] = /^host: (\S+)$/m.exec(spawnSync("rustc", ["-vV"], { encoding: "utf8" }).stdout ?? "") ?? [];

if (command === undefined || host === undefined) {
  console.error(command === undefined ? "drift: which cargo command?" : "drift: rustc does not answer");
  process.exitCode = command === undefined ? 2 : 3;
} else {
  mkdirSync("test-results", { recursive: true });
  const log = createWriteStream(`test-results/cargo-${command}.log`);
  const child = spawn("cargo", [command, "--target", host, ...own, ...passed], { stdio: ["ignore", "pipe", "pipe"] });
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
