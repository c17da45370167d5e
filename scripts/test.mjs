// Every test and check of both languages, as one run: `npm test`. The last line is "N passed, N failed".
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findBrowser, installBrowser } from "./checks/browser.mjs";
import { runSteps } from "./checks/run-steps.mjs";
import { steps } from "./checks/steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const usage = `Usage: npm test [-- --only <step>[,<step>...]] [--force]

Runs every test and check, prints a line for each step, and closes with the line "N passed, N failed".

Options:
  --only <steps>  these steps alone
  --force         run again what the cache already has
  --help          this text

Steps:
${steps.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`).join("\n")}

Exit codes: 0 everything passed, 1 something failed, 2 bad arguments, 3 something needed is missing.
`;

process.exitCode = await main(process.argv.slice(2), process.env);

async function main(argv, env) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        only: { type: "string" },
        force: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`drift: ${error.message}\n\n${usage}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = values.only?.split(",");
  const unknown = wanted?.filter((name) => steps.every((step) => step.name !== name)) ?? [];
  if (unknown.length > 0) {
    process.stderr.write(`drift: there is no step "${unknown.join('", "')}".\n\n${usage}`);
    return 2;
  }
  const chosen = steps.filter(({ name }) => wanted === undefined || wanted.includes(name));
  const browser = chosen.some(({ name }) => name === "packages") ? browserFor(env) : undefined;
  return runSteps(chosen, {
    root,
    env: { ...env, ...(browser === undefined ? {} : { DRIFT_BROWSER: browser }) },
    force: values.force,
    print: (line) => process.stdout.write(`${line}\n`),
    printError: (text) => process.stderr.write(text),
  });
}

/** In CI a browser that is absent is installed; elsewhere the tests that need one say "not run: no browser". */
function browserFor(env) {
  const say = (line) => process.stderr.write(`drift: ${line}\n`);
  const found = findBrowser(env);
  if (found !== undefined || env.CI !== "true") return found;
  say("no Chrome or Chromium was found; installing Debian's");
  return installBrowser({ env, say });
}
