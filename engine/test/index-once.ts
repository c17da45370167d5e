// Indexes the folder named first and says when; the process that `kill.test.ts` kills.
import { open } from "../src/index.ts";

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("a folder is needed");
const project = await open(root);
process.stdout.write("open\n");
await project.index({ onProgress: ({ phase, done, total }) => process.stdout.write(`${phase} ${done}/${total}\n`) });
process.stdout.write("done\n");
