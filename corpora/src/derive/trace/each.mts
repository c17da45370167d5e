/**
 * Runs inside the sandbox: a process for each test file, two at a time. Their points go into one report that ends as
 * node's own does; a file that fails without a failing point counts as one itself.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

interface TestFile {
  file: string;
  command: string[];
}

const [list = "", report = ""] = process.argv.slice(2);
const files = JSON.parse(readFileSync(list, "utf8")) as TestFile[];
const points = new Map<string, string[]>();
let next = 0;

async function work(): Promise<void> {
  for (let one = files[next++]; one !== undefined; one = files[next++]) points.set(one.file, await run(one));
}

function run({ file, command }: TestFile): Promise<string[]> {
  const [program = "", ...rest] = command;
  // The hooks in the test's process say which test they speak of.
  const env = { ...process.env, DRIFT_TRACE_TEST: path.resolve(file) };
  const child = spawn(program, rest, { env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const found = said.split("\n").filter((line) => /^(?:not )?ok \d+/.test(line) && !/ # (?:SKIP|TODO)/i.test(line));
      const failed = found.some((line) => line.startsWith("not"));
      resolve(code === 0 || failed ? found : [...found, `not ok 0 ${file}`]);
    });
  });
}

await Promise.all([work(), work()]);
const all = files.flatMap(({ file }) => points.get(file) ?? []);
const failures = all.filter((line) => line.startsWith("not")).length;
writeFileSync(report, `${all.join("\n")}\n# pass ${all.length - failures}\n# fail ${failures}\n`);
