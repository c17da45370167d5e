import { beforeAll, describe, expect, test } from "vitest";
import { CASES as ALL } from "../conformance/javascript/cases.ts";
import { renamed } from "../conformance/javascript/renamed.ts";
import type { TracedSite } from "../src/derive/trace/traced-tests.ts";
import { traceCalls } from "./support/run-cases.ts";

const CASES = ALL.map((one, index) => {
  const program = renamed(one.files, one.code);
  return { ...one, program, folder: `case${index}` };
});

let before: Awaited<ReturnType<typeof traceCalls>>;
let after: Awaited<ReturnType<typeof traceCalls>>;

beforeAll(async () => {
  before = await traceCalls(CASES);
  after = await traceCalls(CASES.map((one) => ({ ...one, files: one.program.files })));
}, 120_000);

/** What was seen, with the places that `move` gives. */
function edges(sites: ReadonlyMap<string, TracedSite> | undefined, move: (place: string) => string): string[] {
  return [...(sites ?? [])]
    .map(([id, { definitions, externals, outside, callbacks }]) => {
      const [, file = "", start = "", end = ""] = /^(.*?):(\d+:\d+)-(\d+:\d+)$/.exec(id) ?? [];
      const entered = [definitions, callbacks].map((list) => list.map(move).sort().join(" "));
      const site = `${move(`${file}:${start}`)} to ${move(`${file}:${end}`)}`;
      return `${site}: ${entered.join(" and back ")} <${externals.join(" ")}> ${outside}`;
    })
    .sort();
}

describe("a program whose names are changed does what it did", () => {
  test.each(CASES)("$behaviour", ({ folder, program }) => {
    expect(after.output).not.toContain(`./${folder}/`);
    const moved = (place: string): string => {
      const [, file = "", line = "", column = ""] = /^(?:case\d+\/)?(.*):(\d+):(\d+)$/.exec(place) ?? [];
      return program.place(file, Number(line), Number(column));
    };
    const same = (place: string): string => place.replace(/^case\d+\//, "");
    expect(edges(after.sites.get(folder), same)).toEqual(edges(before.sites.get(folder), moved));
  });
});
