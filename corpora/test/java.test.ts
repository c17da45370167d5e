import { expect, test } from "vitest";
import { defaultCacheDir } from "../src/cache.ts";
import { deriveJavaStatic, deriveJavaTrace } from "../src/derive/java.ts";
import { findJdk } from "../src/derive/java/jdk.ts";
import { interpreterOf } from "../src/derive/oracles.ts";
import { checkPositions } from "../src/lint/positions.ts";
import { CorpusError } from "../src/errors.ts";
import { type FetchedCorpus, fetchTestDependencies } from "../src/fetch.ts";
import { findCorpus } from "../src/manifest.ts";
import { ImportScanner } from "../src/truth/import-scan.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { OPEN } from "./support/python.ts";
import { blankTruth } from "./support/truth.ts";

const jdk = await findJdk();
const cacheDir = defaultCacheDir(process.env);
const SHAPES = `package p;
interface Shape { double area(); default String say() { return "" + area(); } }
abstract class Base { Base() {} Base(int n) { this(); } abstract void go(); }
class Square extends Base implements Shape {
  public double area() { return twice(2.0); }
  static double twice(double x) { return Math.abs(x) * 2; }
  void go() {}
}
class Round extends Base implements Shape {
  Round() { super(1); }
  public double area() { return 3; }
  final void go() {}
}
class Plain {}
`;
const USES = `package p;
import java.util.function.Supplier;
class Uses {
  double all(Shape shape, Base base, Round round, Supplier<String> given) {
    given.get();
    Supplier<String> own = () -> shape.say();
    base.go(); round.go(); own.get();
    new Plain(); new Square(); new Round();
    new Base(3) { void go() { } }.go();
    return shape.area() + Square.twice(1) + own.hashCode();
  }
}
`;
const FILES = { "main/p/Shapes.java": SHAPES, "main/p/Uses.java": USES };

/** What a call enters, by the last words of definitions: `!` when it is certain, `+` when it may leave the corpus. */
async function calls(
  files: Record<string, string>,
  tests: Record<string, string> = {},
): Promise<Record<string, string>> {
  const measured = Object.keys(files).sort();
  const root = folderWith({ ...files, ...tests });
  const { definitions, sites } = await deriveJavaStatic({
    root,
    measured,
    context: [],
    tests: Object.keys(tests).sort(),
    compilerOptions: { release: "11" },
    cacheDir,
  });
  const names = new Map(definitions.map(({ id, name }) => [id, name]));
  const found = await checkPositions(
    { ...blankTruth({ definitions }), sites: sites.map((site) => ({ ...blank, ...site })) },
    root,
  );
  expect(found).toEqual([]);
  const texts = new Map(Object.entries(files).map(([file, text]) => [file, text.split("\n")]));
  return Object.fromEntries(
    sites.map(({ file, span, must, may, stratum }) => {
      const text = (texts.get(file)?.[span.line - 1] ?? "").slice(span.column - 1, span.endColumn - 1);
      const targets = [...must, ...may].map((one) => ("definition" in one ? (names.get(one.definition) ?? "?") : "+"));
      return [text, `${stratum} ${targets.sort().join(" ")}${must.length === 1 ? "!" : ""}`];
    }),
  );
}

const blank = {
  ...{ closed: false, by: [], traced: [], callbacks: [], witness: null, easy: false, unknownReason: null },
  baselines: { grep: null, importGraph: null, constant: null },
};

test.runIf(jdk !== null)("javac says what each call of Java can enter", async () => {
  expect(await calls(FILES)).toEqual({
    "area()": "interface Round.area Square.area",
    "this()": "direct Base.constructor!",
    "twice(2.0)": "direct Square.twice!",
    "Math.abs(x)": "external +!",
    "super(1)": "direct Base.constructor!",
    // Any lambda for this interface, or one from elsewhere.
    "given.get()": "interface + <lambda>",
    "own.get()": "interface + <lambda>",
    "shape.say()": "method Shape.say",
    "base.go()": "interface <anonymous>.go Round.go Square.go",
    // Nobody can override it.
    "round.go()": "method Round.go!",
    "new Plain()": "imported Plain!",
    // Who has no constructor enters that of the base.
    "new Square()": "imported Base.constructor!",
    "new Round()": "imported Round.constructor!",
    "new Base(3) { void go() { } }": "imported Base.constructor!",
    "new Base(3) { void go() { } }.go()": "method <anonymous>.go",
    "shape.area()": "interface Round.area Square.area",
    "Square.twice(1)": "imported Square.twice!",
    "own.hashCode()": "external +!",
  });
});

test.runIf(jdk !== null)("what classes, lambdas and references of tests have counts as outside", async () => {
  const files = {
    "main/p/Box.java": `package p;
interface Shape { int area(); default int twice() { return 2; } }
interface Rule { boolean holds(int n); }
interface Part { int size(); }
class Box implements Shape { public int area() { return 4; } static boolean even(int n) { return n % 2 == 0; } }
class Big implements Part { public int size() { return 9; } }
class Uses {
  int all(Shape shape, Rule rule, Part part, Uses uses) {
    rule.holds(1);
    return shape.area() + shape.twice() + part.size() + uses.one();
  }
  int one() { return 1; }
}
`,
  };
  // Without the library of the tests; what inherits from it could be anything, and is left out.
  const tests = {
    "test/p/BoxTest.java": `package p;
import org.junit.Test;
class BoxTest extends org.junit.Base {
  @Test void uses() {
    Shape shape = new Shape() { public int area() { return 1; } };
    new Uses().all(shape, Box::even, new Big(), new Uses());
    Assert.fails(() -> new Uses().all(shape, n -> n > 1, null, null));
  }
}
`,
  };
  const without = await calls(files);
  expect(without).toMatchObject({ "shape.area()": "interface Box.area", "rule.holds(1)": "interface " });
  expect(await calls(files, tests)).toEqual({
    ...without,
    "shape.area()": "interface + Box.area",
    "rule.holds(1)": "interface + Box.even",
  });
  // What tests alone have stays unknown.
  const { "test/p/BoxTest.java": text } = tests;
  const onlyTests = await calls(files, { "test/p/BoxTest.java": text.replace("Box::even", "n -> true") });
  expect(onlyTests["rule.holds(1)"]).toBe("interface ");
});

test.runIf(jdk !== null)("sources that do not compile are an error, with what javac says", async () => {
  await expect(calls({ "main/A.java": "class A { void f() { g(); } }" })).rejects.toMatchObject({
    code: "CORPUS_TRUTH",
    hint: expect.stringContaining("cannot find symbol"),
  });
});

/** What tests of Java need, of a corpus that was fetched before; null when it is not in the cache. */
const wanted = findCorpus("commons-cli").tests?.dependencies ?? [];
const isReady =
  jdk !== null &&
  (await fetchTestDependencies(findCorpus("commons-cli"), { cacheDir, offline: true }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof CorpusError) return false;
      throw error;
    },
  ));

test.runIf(isReady)("calls that the compiler hands on to a private method of another class are traced", async () => {
  const files = {
    "main/p/Outer.java": `package p;
public class Outer {
  private int kept = 1;
  private int secret(int n) { return n + kept; }
  private static int shared() { return 2; }
  public class Inner {
    public int ask() {
      kept = 5;
      return secret(1) + shared() + kept;
    }
  }
}
`,
    "test/p/OuterTest.java": `package p;
import org.junit.jupiter.api.Test;
public class OuterTest {
  @Test public void asks() { if (new Outer().new Inner().ask() != 13) throw new AssertionError(); }
}
`,
  };
  const tests = {
    ...{ runner: "junit", include: ["test/**"], exclude: [], ownProcess: [], conditions: [], timeoutMs: 120_000 },
    dependencies: wanted,
  };
  const compilerOptions = { release: "8" };
  const spec = manifestOf({}, { language: "java", tests, compilerOptions }) as FetchedCorpus["spec"];
  const fetched = { spec, root: folderWith(files), files: ["main/p/Outer.java"] };
  const traced = await deriveJavaTrace(fetched, { cacheDir, offline: true, context: [], sandbox: OPEN });
  expect(traced).toMatchObject({ broken: false, notRun: null, agreement: 1, plain: { passed: 1, failed: 0 } });
  const entered = [...traced.sites].map(([id, { definitions }]) => [id, definitions]);
  expect(Object.fromEntries(entered)).toEqual({
    "main/p/Outer.java:9:14-9:23": ["main/p/Outer.java:4:3"],
    "main/p/Outer.java:9:26-9:34": ["main/p/Outer.java:5:3"],
  });
});

test("without a JDK nothing is read or run, and the reason is said", async () => {
  const env = { PATH: folderWith() };
  expect(await findJdk(env)).toBeNull();
  const options = {
    root: folderWith(FILES),
    measured: Object.keys(FILES),
    context: [],
    compilerOptions: {},
    cacheDir,
    env,
  };
  await expect(deriveJavaStatic(options)).rejects.toMatchObject({ code: "CORPUS_CLIENT" });
  const tests = {
    runner: "junit",
    include: ["test/**"],
    exclude: [],
    ownProcess: [],
    conditions: [],
    dependencies: [],
    timeoutMs: 1,
  };
  const spec = manifestOf({}, { language: "java", tests }) as FetchedCorpus["spec"];
  const fetched = { spec, root: options.root, files: options.measured };
  const traced = await deriveJavaTrace(fetched, { cacheDir: folderWith(), context: [], sandbox: OPEN, env });
  expect(traced).toMatchObject({ broken: true, notRun: expect.stringContaining("no Java development kit") });
  expect(await interpreterOf(spec, env)).toBeNull();
});

test("what a Java file imports are types, packages, and the rest of its own package", () => {
  const files = ["main/p/A.java", "main/p/B.java", "main/q/C.java", "main/q/D.java", "main/r/E.java"];
  const scan = (text: string): string[] => new ImportScanner(files).scan("main/p/A.java", text).imported;
  expect(scan("import q.C;")).toEqual(["main/p/B.java", "main/q/C.java"]);
  expect(scan("import static r.E.run;\nimport q.*;")).toEqual([
    "main/p/B.java",
    "main/r/E.java",
    "main/q/C.java",
    "main/q/D.java",
  ]);
  expect(scan("import java.util.List;")).toEqual(["main/p/B.java"]);
});
