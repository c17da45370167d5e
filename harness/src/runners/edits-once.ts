/**
 * The process in which a loaded project is edited and asked: `node edits-once.ts <folder> <index file> <request as JSON>`
 * prints what each step took, as JSON. See `suites/incremental.ts`.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { open, type Project } from "@drift/engine";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { edited, EDIT_KINDS, type EditKind, isEditable } from "../suites/edits.ts";
import { type EditsAnswer, EditsRequest } from "../suites/incremental.ts";

const [root, indexPath, text] = process.argv.slice(2);
if (root === undefined || indexPath === undefined || text === undefined) {
  process.stderr.write("usage: node edits-once.ts <folder> <index file> <request>\n");
  process.exitCode = 2;
} else {
  const answer = await run(root, indexPath, EditsRequest.parse(JSON.parse(text)));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function run(root: string, indexPath: string, request: EditsRequest): Promise<EditsAnswer> {
  const random = xoroshiro128plus(request.seed);
  const pick = <T>(from: readonly T[]): T => from[uniformInt(random, 0, from.length - 1)] as T;
  const project = await open(root, { indexPath });
  await project.index();
  const graph = await project.callGraph();
  const files = [...new Set(graph.functions.map(({ file }) => file))].filter(isEditable).sort();
  const central = mostCalled(graph.callSites.flatMap((site) => site.targets.map(({ id }) => [site.file, id] as const)));
  const answer: EditsAnswer = { edits: {}, central: null, queries: null, checked: 0, wrong: 0 };
  let number = 0;
  const edit = async (file: string, kind: EditKind): Promise<number> => {
    const at = path.join(root, file);
    fs.writeFileSync(at, edited(file, fs.readFileSync(at, "utf8"), kind, (number += 1)));
    const start = performance.now();
    await project.index({ changed: [file] });
    return performance.now() - start;
  };
  const check = async (): Promise<void> => {
    answer.checked += 1;
    if (!(await isAsCold(project, root))) answer.wrong += 1;
  };
  for (const kind of EDIT_KINDS) {
    const samples: number[] = [];
    for (let at = 0; at < request.edits[kind] && files.length > 0; at += 1) {
      samples.push(await edit(pick(files), kind));
      if (at < request.checks) await check();
    }
    answer.edits[kind] = samples;
  }
  if (central !== null && isEditable(central.file)) {
    answer.central = { callingFiles: central.files, samples: {} };
    for (const kind of EDIT_KINDS) {
      const samples: number[] = [];
      const times = Math.min(request.edits[kind], 3);
      for (let at = 0; at < times; at += 1) samples.push(await edit(central.file, kind));
      answer.central.samples[kind] = samples;
    }
    await check();
  }
  const ids = (await project.symbols()).map(({ id }) => id);
  if (ids.length > 0) {
    await project.callers(pick(ids));
    const timed = async (ask: (id: string) => Promise<unknown>): Promise<number[]> => {
      const samples: number[] = [];
      for (let at = 0; at < request.queries; at += 1) {
        const id = pick(ids);
        const start = performance.now();
        await ask(id);
        samples.push(performance.now() - start);
      }
      return samples;
    };
    answer.queries = {
      callers: await timed((id) => project.callers(id)),
      reachCallees: await timed((id) => project.reach(id, { depth: 5 })),
      reachCallers: await timed((id) => project.reach(id, { depth: 5, direction: "callers" })),
    };
  }
  await project.close();
  return answer;
}

/** The file that most other files call into. */
function mostCalled(calls: readonly (readonly [from: string, id: string | undefined])[]): {
  file: string;
  files: number;
} | null {
  const callers = new Map<string, Set<string>>();
  for (const [from, id] of calls) {
    const file = id?.slice(0, id.indexOf("#"));
    if (file === undefined || file === from) continue;
    const known = callers.get(file) ?? new Set();
    callers.set(file, known.add(from));
  }
  const most = [...callers].toSorted(([a, m], [b, n]) => n.size - m.size || (a < b ? -1 : 1))[0];
  return most === undefined ? null : { file: most[0], files: most[1].size };
}

async function isAsCold(project: Project, root: string): Promise<boolean> {
  const cold = await open(root, { indexPath: null });
  await cold.index();
  const [kept, anew] = [await project.callGraphJson(), await cold.callGraphJson()];
  await cold.close();
  return Buffer.from(kept).equals(Buffer.from(anew));
}
