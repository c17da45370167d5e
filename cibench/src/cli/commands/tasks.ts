/** `cibench tasks`: the questions, for who answers them elsewhere. */
import type { Command } from "commander";
import { requestsOf } from "../../adapters/command.ts";
import { DEFINITIONS } from "../../categories/all.ts";
import type { AnyTask } from "../../schema/task.ts";
import { EXIT, type Io } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { corpusOption, offlineOption } from "../options.ts";

export function addTasksCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("tasks")
    .description("Print what a program would be asked, a line of JSON each; its answers are for run --predictions.")
    .addOption(corpusOption("all"))
    .addOption(offlineOption())
    .action(async ({ corpus, offline }: { corpus: string; offline: boolean }) => {
      for (const one of await loadCorpora(corpus, offline, io)) {
        for (const { task } of DEFINITIONS.flatMap((definition) => definition.prepare(one) ?? [])) {
          const requests = requestsOf(task as AnyTask, one.fetched.root);
          io.stdout(requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
        }
      }
      finish(EXIT.fine);
    });
}
