/**
 * The process that the index comparison times: `node index-once.ts <folder> <index file>` indexes a folder from nothing
 * into a saved index and prints its counts.
 */
import { open } from "@drift/engine";

const [root, indexPath] = process.argv.slice(2);
if (root === undefined || indexPath === undefined) {
  process.stderr.write("usage: node index-once.ts <folder> <index file>\n");
  process.exitCode = 2;
} else {
  const project = await open(root, { indexPath });
  const { stats } = await project.index();
  await project.close();
  process.stdout.write(`${JSON.stringify(stats)}\n`);
}
