import { readFileSync } from "node:fs";
import { expect, expectTypeOf, test } from "vitest";
import type * as Binding from "../src/binding/index.d.ts";
import { loadNative } from "../src/binding/load.ts";
import type * as Types from "../src/types.ts";
import { folder } from "./folder.ts";

test("what the engine returns is what the types promise", () => {
  expectTypeOf<Binding.FunctionSymbol>().toEqualTypeOf<Types.FunctionSymbol>();
  expectTypeOf<Binding.CallTarget>().toEqualTypeOf<Types.CallTarget>();
  expectTypeOf<Binding.CallSite>().toEqualTypeOf<Types.CallSite>();
  expectTypeOf<Binding.IndexStats>().toEqualTypeOf<Types.IndexStats>();
  expectTypeOf<Binding.IndexSummary>().toEqualTypeOf<Types.IndexSummary>();
  expectTypeOf<Binding.IndexProgress>().toEqualTypeOf<Types.IndexProgress>();
  expectTypeOf<Binding.SymbolQuery>().toEqualTypeOf<Types.SymbolQuery>();
});

test("the committed binding is the one that this engine was built with", () => {
  const words = (path: string): string[] =>
    readFileSync(new URL(path, import.meta.url), "utf8")
      .replaceAll(/\/\*[^]*?\*\/|\/\/.*|[;,|]/g, " ")
      .split(/\s+/)
      .filter((word) => word !== "");
  expect(words("../src/binding/index.d.ts").join("")).toBe(words("../native/index.d.ts").join(""));
});

test("an absent engine is explained", () => {
  expect(() => loadNative(folder())).toThrow(
    expect.objectContaining({ code: "NATIVE_MISSING", hint: expect.stringContaining("npm run") as string }),
  );
  expect(() => loadNative("/nowhere")).toThrow(expect.objectContaining({ code: "NATIVE_MISSING" }));
});

test("an engine that does not load is explained", () => {
  const name = `drift.${process.platform}-${process.arch}.node`;
  expect(() => loadNative(folder({ [name]: "not a library" }))).toThrow(
    expect.objectContaining({ code: "NATIVE_BROKEN", cause: expect.any(Error) as Error }),
  );
});
