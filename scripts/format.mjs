// Formats every source file of both languages: `npm run format`.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  process.stdout.write(
    "Usage: npm run format\n\nRewrites every TypeScript, JSON, YAML and Markdown file with prettier, and every Rust file with cargo fmt.\n",
  );
} else if (process.argv.length > 2) {
  process.stderr.write('drift: "format" takes no arguments.\n');
  process.exitCode = 2;
} else {
  for (const [program, ...args] of [
    [
      process.execPath,
      join(root, "node_modules", "prettier", "bin", "prettier.cjs"),
      "--write",
      "--log-level=warn",
      ".",
    ],
    ["cargo", "fmt", "--all"],
  ]) {
    const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
    if (error) process.stderr.write(`drift: ${error.message}\n`);
    process.exitCode ||= status ?? 3;
  }
}
