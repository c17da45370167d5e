import { callgraph } from "./callgraph-command.ts";

// A reader that has seen enough closes the pipe; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 70));

try {
  process.exitCode = await callgraph(process.argv.slice(2), {
    cwd: process.cwd(),
    stdout: (data) => new Promise((resolve) => process.stdout.write(data, () => resolve())),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    nowMs: () => performance.now(),
  });
} catch (error) {
  process.stderr.write(`callgraph: a bug in Drift: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 70;
}
