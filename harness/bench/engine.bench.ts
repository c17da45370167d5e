/** What a user of `@drift/engine` waits for: the first index, opening again, one query, the whole graph. */
import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { DriftError, open } from "@drift/engine";
import type { BenchCase } from "../src/runners/tinybench.ts";

/** A folder that was never indexed: read, parse, resolve, save. */
const indexCold: BenchCase = {
  id: "engine/index-cold",
  samples: { quick: 8, full: 30 },
  async prepare({ root, scratch }) {
    const first = await open(root, { indexPath: path.join(scratch, "assert.db") });
    const { parsed, stats } = await first.index();
    await first.close();
    assertThat(parsed > 0 && stats.callSites > 0, "a cold index parses files and finds calls");
    return {
      run: async () => {
        const project = await open(root, { indexPath: path.join(scratch, `${randomUUID()}.db`) });
        await project.index();
        await project.close();
      },
      close: async () => {},
    };
  },
};

/** The same folder again, nothing changed: no file is parsed. */
const reopenUnchanged: BenchCase = {
  id: "engine/reopen-unchanged",
  samples: { quick: 12, full: 50 },
  async prepare({ root, scratch }) {
    const indexPath = path.join(scratch, "index.db");
    const first = await open(root, { indexPath });
    await first.index();
    await first.close();
    const again = await open(root, { indexPath });
    const { parsed, reused } = await again.index();
    await again.close();
    assertThat(parsed === 0 && reused > 0, "an unchanged folder is not parsed again");
    return {
      run: async () => {
        const project = await open(root, { indexPath });
        await project.index();
        await project.close();
      },
      close: async () => {},
    };
  },
};

/** Who calls one function: every function in turn, so that no cache of one answer helps. */
const callersQuery: BenchCase = {
  id: "engine/callers",
  samples: { quick: 200, full: 1000 },
  async prepare({ root }) {
    const project = await open(root, { indexPath: null });
    await project.index();
    const ids = (await project.symbols()).map(({ id }) => id);
    const { callSites } = await project.callGraph();
    const called = callSites.flatMap(({ targets }) => targets.flatMap(({ id }) => id ?? []))[0];
    assertThat(called !== undefined && (await project.callers(called)).length > 0, "a called function has callers");
    let next = 0;
    return {
      run: async () => project.callers(ids[next++ % ids.length] ?? called),
      close: () => project.close(),
    };
  },
};

/** Every function and call of the folder, out of an index in memory. */
const wholeGraph: BenchCase = {
  id: "engine/call-graph",
  samples: { quick: 12, full: 50 },
  async prepare({ root }) {
    const project = await open(root, { indexPath: null });
    await project.index();
    const [graph, stats] = [await project.callGraph(), await project.stats()];
    assertThat(
      graph.callSites.length === stats.callSites && stats.callSites > 0,
      "the graph holds every call of the index",
    );
    return { run: async () => project.callGraph(), close: () => project.close() };
  },
};

export const ENGINE_CASES: readonly BenchCase[] = [indexCold, reopenUnchanged, callersQuery, wholeGraph];

function assertThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new DriftError("BENCH_WRONG_ANSWER", `the bench would time a wrong answer: not true that ${what}`);
}
