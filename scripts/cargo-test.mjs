// `cargo test` with the arguments given, its output shown and also kept in test-results/cargo-test.log, where `npm test`
// reads the counts from. Runs in the folder of the package that calls it.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";

mkdirSync("test-results", { recursive: true });
const log = createWriteStream("test-results/cargo-test.log");
const child = spawn("cargo", ["test", "--no-fail-fast", ...process.argv.slice(2)], {
  stdio: ["ignore", "pipe", "pipe"],
});
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
  console.error(error.message);
  process.exitCode = 3;
});
child.on("close", (code) => {
  log.end();
  process.exitCode ||= code ?? 1;
});
