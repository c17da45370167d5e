import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dirname, join as joinPosix } from "node:path/posix";
import { jobs } from "../bootstrap/jobs.mjs";
import { filesUnder } from "./files.mjs";
import { run } from "./turbo.mjs";

/** Commands of other programs that a fenced block may show. */
const foreign =
  /^(git (clone|checkout|log|diff)|cd|bash \.ci\/run|nvm install|rustup (update|toolchain)|cargo (test|bench|doc)|sudo apt-get|curl|xcode-select)\b/;

/**
 * Whether every command that the docs show can be typed: its script is declared, its verb exists, and each of its options
 * stands in the command's own `--help`, which is run for it.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv }} context
 * @returns {Promise<string[]>} a line for each command that does not work
 */
export async function docProblems({ root, env }) {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const helps = new Map();
  const helpOf = (script, verb) => {
    const args = [script, ...(verb === undefined ? [] : [verb]), "--help"];
    const key = args.join(" ");
    if (!helps.has(key))
      helps.set(
        key,
        run(process.execPath, [join(root, "scripts", "bootstrap.mjs"), ...args], {
          root,
          env: { ...env, COLUMNS: "200" },
        }),
      );
    return helps.get(key);
  };
  const problems = [];
  for (const path of filesUnder(root, ".", /\.md$/)) {
    const text = readFileSync(join(root, path), "utf8");
    if (!pages.test(path)) problems.push(...pathProblems(path, text, (target) => existsSync(join(root, target))));
    for (const { line, command } of commandsIn(text)) {
      const problem = await commandProblem(command, { scripts, helpOf });
      if (problem !== undefined) problems.push(`${path}:${line}: "${command}": ${problem}`);
    }
  }
  return problems;
}

/**
 * The commands in the shell blocks of a Markdown text; lines of output and comments are left out.
 *
 * @param {string} text @returns {{ line: number, command: string }[]} in the order of the text, lines from 1
 */
export function commandsIn(text) {
  const commands = [];
  let language;
  for (const [index, content] of text.split("\n").entries()) {
    const [, fence] = /^\s*```\s*(\w*)/.exec(content) ?? [];
    if (fence !== undefined) {
      language = language === undefined ? fence : undefined;
    } else if (["sh", "bash", "shell", "console"].includes(language)) {
      const command = content
        .trim()
        .replace(language === "console" ? /^\$ / : /^(?!)/, "")
        .replace(/\s+#\s.*$/, "");
      const isCommand =
        language === "console" ? content.trim().startsWith("$ ") : command !== "" && !command.startsWith("#");
      if (isCommand) commands.push({ line: index + 1, command });
    }
  }
  return commands;
}

/** Pages of the site: their links are addresses there, which the site's own tests follow. */
const pages = /^site\/src\//;

/** Folders whose files are made on demand, so that a fresh clone does not have them. */
const made = /^(engine\/native|results\/(history|local|raw)|site\/dist|\.toolchain|\.turbo)/;

/**
 * The links and the paths in `code` that lead nowhere. A path starts with a folder of the repository's root, or, in a
 * package's README, with one of the package.
 *
 * @param {string} file from the root @param {string} text @param {(path: string) => boolean} exists for a path from the root
 * @returns {string[]}
 */
export function pathProblems(file, text, exists) {
  const here = dirname(file);
  const problems = [];
  let fenced = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*```/.test(line)) fenced = !fenced;
    if (fenced) continue;
    const links = [...line.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => joinPosix(here, target));
    const named = [
      ...line.matchAll(
        /`((?:\.ci|\.github|cibench|corpora|crates|engine|harness|results|scripts|site|src|test)\/[\w./-]*)`/g,
      ),
    ].map(([, target]) => target);
    const candidates = [
      ...links.map((target) => [target]),
      ...named.map((target) => [target, joinPosix(here, target)]),
    ];
    for (const [target, ...others] of candidates) {
      if (![target, ...others].some((path) => made.test(path) || exists(path)))
        problems.push(`${file}:${index + 1}: there is no ${target}`);
    }
  }
  return problems;
}

/**
 * What keeps a command from working; undefined when nothing does.
 *
 * @param {string} command
 * @param {{ scripts: Record<string, string>, helpOf: (script: string, verb?: string) => Promise<{ output: string, exitCode: number }> }} context
 */
export async function commandProblem(command, { scripts, helpOf }) {
  const words = command.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  if (words[0] !== "npm")
    return foreign.test(command) ? undefined : "the docs test does not know this program (scripts/checks/docs.mjs)";
  const rest = words.slice(1).filter((word) => word !== "--silent" && word !== "-s");
  const script = rest[0] === "run" ? rest[1] : rest[0];
  if (script === undefined || scripts[script] === undefined) return `package.json has no script "${script}"`;
  if (!Object.hasOwn(jobs, script)) return `scripts/bootstrap.mjs has no job "${script}"`;
  const dashes = rest.indexOf("--");
  const args = dashes === -1 ? [] : rest.slice(dashes + 1);
  if (rest.slice(rest[0] === "run" ? 2 : 1, dashes === -1 ? undefined : dashes).length > 0)
    return 'put "--" before the arguments, or npm keeps the options to itself';
  const verb = /^[a-z][a-z-]*$/.test(args[0] ?? "") ? args[0] : undefined;
  const { output, exitCode } = await helpOf(script, verb);
  if (exitCode !== 0) return `its --help ended with code ${exitCode}`;
  const options = args.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]);
  const absent = options.filter((option) => !new RegExp(`(^|[\\s,[|(])${option}(?![\\w-])`, "m").test(output));
  return absent.length > 0 ? `its --help does not know ${absent.join(", ")}` : undefined;
}
