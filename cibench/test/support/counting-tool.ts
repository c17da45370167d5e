/** A program that speaks JSON lines and writes down what it was asked; it can be made to end at a question. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface CountingTool {
  /** The command line. */
  command: string;
  /** Tasks and items in the order in which they were asked, over all its processes. */
  asked: () => string[];
}

/**
 * @param answer run for each question; `request`, `say`, `asked` (how many items any process was asked) and `version` are at hand
 * @param version what it says of itself
 */
export function countingTool(folder: string, answer: string, version = "1"): CountingTool {
  const [file, log] = [join(folder, "counting.mjs"), join(folder, "counting.log")];
  writeFileSync(
    file,
    `import { appendFileSync, existsSync, readFileSync } from "node:fs";
     import { createInterface } from "node:readline";
     const log = ${JSON.stringify(log)};
     const say = (reply) => process.stdout.write(JSON.stringify(reply) + "\\n");
     for await (const line of createInterface({ input: process.stdin })) {
       const request = JSON.parse(line);
       if (request.type === "hello") say({ version: ${JSON.stringify(version)}, categories: ["call-graph"] });
       else if (request.type === "open") say({ ready: true });
       else {
         appendFileSync(log, request.taskId + " " + request.item.id + "\\n");
         const asked = readFileSync(log, "utf8").split("\\n").length - 1;
         ${answer}
       }
     }`,
  );
  return {
    command: `"${process.execPath}" "${file}"`,
    asked: () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []),
  };
}

/** Says that the item is outside. */
export const SAY_EXTERNAL = `say({ taskId: request.taskId, itemId: request.item.id, status: "external", targets: [] });`;
