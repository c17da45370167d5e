import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * A checkout in a temporary folder whose PATH holds nothing but pretended programs: npm "installs" a pretended pnpm,
 * which "installs" a pretended turbo, which "builds" the addon. Each appends a line to `calls`. Nothing opens the network.
 *
 * The job `callgraph` prints its arguments and folder as JSON; `callgraph exit N` ends with code N; `callgraph wait` says
 * "ready", waits for a signal, and ends with code 42 when SIGTERM comes.
 */
export function fakeMachine() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "drift machine ")));
  chmodSync(folder, 0o755);
  const root = join(folder, "checkout");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const path of ["scripts/bootstrap.mjs", "scripts/bootstrap"])
    cpSync(join(repository, path), join(root, path), { recursive: true });
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of ["crates", "engine", "corpora", "cibench", "harness", "site"]) write(`${name}/package.json`, "{}");
  write("package.json", "{}");
  write("pnpm-workspace.yaml", "");
  write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n\nsnapshots:\n\n  a@1.0.0: {}\n");
  write("Cargo.lock", '[[package]]\nname = "a"\n');
  write("crates/drift-a/src/lib.rs", "// nothing\n");
  write(
    "engine/bin/callgraph.mjs",
    `const [verb, code] = process.argv.slice(2);
if (verb === "exit") process.exit(Number(code));
else if (verb === "wait") { process.on("SIGTERM", () => process.exit(42)); setInterval(() => {}, 1000); console.log("ready"); }
else console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), firstOnPath: process.env.PATH.split(":")[0] }));
`,
  );

  const program = (path, body) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  };
  const version = '[ "$1" = --version ] && exit 0';
  const log = `echo "$(basename "$0") $*" >> "${folder}/calls"`;
  program(join(bin, "cargo"), "echo cargo 1.95.0");
  program(join(bin, "rustc"), "echo 'rustc 1.95.0 (59807616e 2026-04-14)'");
  program(join(bin, "cc"), "echo cc 12");
  program(
    join(bin, "npm"),
    `${log}\necho npm talks\n[ -n "$SLOW_NPM" ] && : > "${folder}/npm-began" && while [ ! -e "${folder}/go-on" ]; do sleep 0.05; done\nmkdir -p .toolchain/node_modules/.bin\ncp "${folder}/pretended-pnpm" .toolchain/node_modules/.bin/pnpm\nln -s "$REAL_NODE" .toolchain/node_modules/.bin/node`,
  );
  program(
    join(folder, "pretended-pnpm"),
    `${version}\n${log}\necho pnpm talks\nmkdir -p node_modules/.bin\n: > node_modules/.modules.yaml\ncp "${folder}/pretended-turbo" node_modules/.bin/turbo`,
  );
  program(
    join(folder, "pretended-turbo"),
    `${log}\necho turbo talks; echo "   Compiling a v1.0.0" >&2\nmkdir -p engine/native\necho binary > engine/native/engine.node`,
  );
  for (const name of ["sh", "mkdir", "cp", "ln", "sleep", "basename"]) linkSystemProgram(name, bin);

  return {
    root,
    folder,
    write,
    /** Replaces a program on PATH by a shell script; undefined takes it away. */
    setProgram(name, body) {
      rmSync(join(bin, name), { force: true });
      if (body !== undefined) program(join(bin, name), body);
    },
    setPnpm: (body) => program(join(folder, "pretended-pnpm"), `${version}\n${log}\n${body}`),
    setTurbo: (body) => program(join(folder, "pretended-turbo"), body),
    /** The pretended programs called so far, as typed, without the folder's name. */
    calls: () =>
      existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n") : [],
    start(args, options) {
      return startBootstrap(args, { root, bin, ...options });
    },
    /** Runs `node scripts/bootstrap.mjs` to its end. */
    bootstrap(args, options) {
      return startBootstrap(args, { root, bin, ...options }).ended;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startBootstrap(args, { root, bin, env = {}, cwd = root, nodeArgs = [], uid, node = process.execPath }) {
  const child = spawn(node, [...nodeArgs, join(root, "scripts", "bootstrap.mjs"), ...args], {
    cwd,
    env: { PATH: bin, REAL_NODE: node, ...env },
    ...(uid === undefined ? {} : { uid }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, stderr: () => stderr, stdout: () => stdout };
}

function linkSystemProgram(name, bin) {
  const found = (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find(existsSync);
  if (found === undefined) throw new Error(`this test needs ${name} on PATH`);
  symlinkSync(found, join(bin, name));
}

/** A copy of this Node that other users may run too. */
export function copyNode(folder) {
  const path = join(folder, "node");
  copyFileSync(process.execPath, path);
  chmodSync(path, 0o755);
  return path;
}

/** Waits until a condition holds; the test's own time limit ends it when it never does. */
export async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
