/** The engine on a small generated project: what an editor or an agent asks again and again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open, type Project } from "@drift/engine";
import { assertThat, type FastCase } from "./case.ts";

const MODULES = 6;

/** Modules that call each other, classes with inheritance, callbacks: the same bytes in every process. */
function writeTypeScript(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < MODULES; i++) {
    const imports = i === 0 ? "" : `import { Shape${i - 1}, sum${i - 1} } from "./unit${i - 1}.js";\n`;
    const base = i === 0 ? "" : ` extends Shape${i - 1}`;
    const call = i === 0 ? "0" : `sum${i - 1}(values)`;
    writeFileSync(
      join(folder, `unit${i}.ts`),
      `${imports}export class Shape${i}${base} {
  area(): number { return this.side() * ${i + 1}; }
  side(): number { return ${i} + 1; }
}
export function sum${i}(values: readonly number[]): number {
  const shape = new Shape${i}();
  const scaled = values.map((value) => scale${i}(value, shape.area()));
  return scaled.reduce((total, value) => total + value, ${call});
}
function scale${i}(value: number, by: number): number { return by === 0 ? value : value * by; }
`,
    );
  }
}

function writePython(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < MODULES; i++) {
    const imports = i === 0 ? "" : `from unit${i - 1} import Shape${i - 1}, total${i - 1}\n\n`;
    writeFileSync(
      join(folder, `unit${i}.py`),
      `${imports}class Shape${i}${i === 0 ? "" : `(Shape${i - 1})`}:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.scale(self.side)

    def scale(self, value):
        return value * ${i + 1}

def total${i}(values):
    shapes = [Shape${i}(value) for value in values]
    return sum(shape.area() for shape in shapes)${i === 0 ? "" : ` + total${i - 1}(values)`}
`,
    );
  }
}

const WRITERS = { ts: writeTypeScript, py: writePython };

async function indexed(folder: string, indexPath: string | null): Promise<Project> {
  const project = await open(folder, { indexPath });
  await project.index({ threads: 1 });
  return project;
}

/** Opens a folder that was never indexed, in memory. */
function indexCase(language: keyof typeof WRITERS): FastCase {
  return {
    id: `engine/index-${language}`,
    async prepare(scratch) {
      WRITERS[language](scratch);
      const project = await indexed(scratch, null);
      const { files, callSites } = await project.stats();
      assertThat(files === MODULES && callSites >= 3 * MODULES, "every file and its calls are found");
      await project.close();
      return {
        run: async () => {
          const again = await indexed(scratch, null);
          await again.close();
        },
      };
    },
  };
}

/** One question to an index that is there. */
function queryCase(name: string, ask: (project: Project, ids: readonly string[]) => Promise<unknown>): FastCase {
  return {
    id: `engine/${name}`,
    async prepare(scratch) {
      writeTypeScript(scratch);
      const project = await indexed(scratch, null);
      const ids = (await project.symbols()).map(({ id }) => id);
      assertThat(
        ids.some((id) => id.endsWith("#sum0")),
        "the project's functions are known",
      );
      assertThat(
        (await project.callers(ids.find((id) => id.endsWith("#sum0")) as string)).length === 1,
        "sum0 has one caller",
      );
      return { run: () => ask(project, ids), close: () => project.close() };
    },
  };
}

const reopen: FastCase = {
  id: "engine/reopen",
  async prepare(scratch) {
    const folder = join(scratch, "project");
    const indexPath = join(scratch, "index.db");
    writeTypeScript(folder);
    await (await indexed(folder, indexPath)).close();
    return {
      run: async () => {
        const project = await open(folder, { indexPath });
        const { parsed } = await project.index({ threads: 1 });
        assertThat(parsed === 0, "an unchanged folder is not parsed again");
        await project.close();
      },
    };
  },
};

export const ENGINE_CASES: readonly FastCase[] = [
  indexCase("ts"),
  indexCase("py"),
  reopen,
  queryCase("call-graph", (project) => project.callGraph()),
  queryCase("symbols", (project) => project.symbols()),
  queryCase("callers", async (project, ids) => {
    for (const id of ids) await project.callers(id);
  }),
  queryCase("callees", async (project, ids) => {
    for (const id of ids) await project.callees(id);
  }),
];
