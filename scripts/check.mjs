// What can be said without running the code: `npm run check`.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runSteps } from "./checks/run-steps.mjs";
import { steps } from "./checks/steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checks = steps.filter(({ check }) => check);
const usage = `Usage: npm run check

Checks, without running the tests:
${checks.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`).join("\n")}

Exit codes: 0 all is well, 1 something is not, 2 bad arguments, 3 something needed is missing.
`;

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  process.stdout.write(usage);
} else if (process.argv.length > 2) {
  process.stderr.write(`drift: "check" takes no arguments.\n\n${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = await runSteps(checks, {
    root,
    env: process.env,
    force: false,
    print: (line) => process.stdout.write(`${line}\n`),
    printError: (text) => process.stderr.write(text),
  });
}
