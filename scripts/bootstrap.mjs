// A fresh machine to a running job: `node scripts/bootstrap.mjs <job> [arguments...]`.
//
// The first lines are plain enough for any Node that knows modules, so that a too old one is told so in a sentence
// instead of failing on syntax. Everything else is in bootstrap/, read bootstrap/main.mjs first.
import process from "node:process";

const oldestNode = 20;
const major = Number(process.versions.node.split(".")[0]);

if (major < oldestNode) {
  console.error(
    "Node " +
      process.versions.node +
      " is too old for the set-up, which needs Node " +
      oldestNode +
      " or newer: " +
      'install a current one (for example "nvm install 24"), then run the command again.',
  );
  process.exitCode = 3;
} else {
  void import("./bootstrap/main.mjs").then(({ main }) => main(process.argv.slice(2)));
}
