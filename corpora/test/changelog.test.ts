import fc from "fast-check";
import { expect, test } from "vitest";
import { namedIn, readChangelog } from "../src/derive/changelog.ts";

/** Sections as `version: entry | entry`, with a `-` before entries that are not about code. */
function check(text: string, expected: string[]): void {
  const shown = readChangelog(text).map(({ version, entries }) =>
    `${version}: ${entries.map((one) => `${one.isCode ? "" : "- "}${one.text.replaceAll("\n", " / ")}`).join(" | ")}`.trim(),
  );
  expect(shown).toEqual(expected);
}

test("Markdown: versions are titles, entries their list items with all their lines", () => {
  check(
    [
      "# Changelog",
      "- stands before any version",
      "## [1.2.0](https://example.org/1.2.0) - 2026-01-02",
      "Some words that are no list.",
      "### Fixes",
      "- first",
      "  goes on",
      "lazily",
      "",
      "  and in a paragraph of its own",
      "* second",
      "",
      "no part of it",
      "### Documentation",
      "- a page",
      "## **1.1.0**",
      "- [Tests] more",
      "- docs(readme): a word",
      "- [Fix] `a`: one",
      "## 1.2.0",
      "- said twice",
    ].join("\n"),
    [
      "1.2.0: first / goes on / lazily / and in a paragraph of its own | second | - a page",
      "1.1.0: - [Tests] more | - docs(readme): a word | [Fix] `a`: one",
    ],
  );
});

test("reStructuredText: underlined titles; an item that ends in a colon is a title of those within it", () => {
  check(
    [
      "Version 2.0",
      "-----------",
      "- New lexers:",
      "",
      "  * BitBake",
      "  * C:",
      "    - numbers",
      "- one",
      "  - with details",
      "",
      "demo 1.9.1rc1 (2025-01-02)",
      "==========================",
      "1. numbered",
      "",
      "Python 3.14 is supported",
      "------------------------",
      "- under a sentence",
    ].join("\r\n"),
    [
      "2.0: New lexers: / BitBake | New lexers: / C: / numbers | one / with details",
      "1.9.1rc1: numbered | under a sentence",
    ],
  );
});

test("what says that it is about stubs, documentation or nothing at all is not about code, whatever it is filed under", () => {
  const others = [
    "Added missing type stubs for `shelf`",
    "`shelf.pyi` has `open`",
    "Add a docstring to `open`",
    "Fixed method description in shelf.py",
    "Fix broken link in shelf.py",
    "Fix reference in shelf.py",
    "Add examples to shelf.py",
    "Improve test coverage for `open`",
    "`open` remains *provisional*",
    "this does **not** change change anything about `open`",
  ];
  const code = [
    "Fix type hints of `open`",
    "`open` does not change the folder",
    "Fix circular references in `open`",
    "`example` in shelf.py is new",
  ];
  check(["## 1.0.0", ...[...others, ...code].map((one) => `- ${one}`)].join("\n"), [
    `1.0.0: ${[...others.map((one) => `- ${one}`), ...code].join(" | ")}`,
  ]);
});

test("lines of an entry are those of the file, and examples in blocks are not read", () => {
  const text = "## 1.0.0\n\n- one\n  ```js\n  - no item\n  # no title\n  ```\n- two\n";
  expect(readChangelog(text)[0]?.entries).toMatchObject([
    { line: 3, endLine: 7, text: "one" },
    { line: 8, endLine: 8, text: "two" },
  ]);
});

test("broken changelogs have what can be read of them", () => {
  check("", []);
  check("\0\0## 1.0\n- a", []);
  check("## 1.0.0\n```\n- never closed\n## 2.0.0\n", ["1.0.0:"]);
  check(`## 1.0.0\n- ${"x".repeat(3_000_000)}\n- b`, [`1.0.0: ${"x".repeat(1_998)} | b`]);
  const deep = Array.from({ length: 20_000 }, (_, depth) => `${" ".repeat(depth % 1_900)}- x`).join("\n");
  expect(readChangelog(`## 1.0.0\n${deep}`)[0]?.entries.length).toBeGreaterThan(0);
  expect(readChangelog(`## 1.0.0\n${"- - ".repeat(400_000)}`)).toHaveLength(1);
});

test("any text is read, and entries come in the order of their lines", () => {
  const piece = fc.constantFrom(
    "## 1.2.3",
    "Title",
    "=====",
    "- item",
    "  * inner:",
    "```",
    "",
    "    text",
    "\t",
    "1) x",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (lines) => {
      for (const { entries } of readChangelog(lines.join("\n"))) {
        const at = entries.map(({ line }) => line);
        expect(at).toEqual(at.toSorted((a, b) => a - b));
        for (const { line, endLine } of entries) expect(endLine).toBeGreaterThanOrEqual(line);
      }
    }),
  );
});

test("an entry names what stands in code or looks like code, issues and files", () => {
  const text =
    "Fix `Box.open()` and :meth:`~demo.Shelf.close`, ``kw_only=True`` and parseValue (#12, {pr}`34`); see lib/parse.js, " +
    "`an example of use`, `None`, `#99 <https://x.org/pull/7>`_ at https://x.org/some_name and 68e608f.";
  expect(namedIn(text)).toEqual({
    identifiers: [["Box", "open"], ["demo", "Shelf", "close"], ["kw_only"], ["parseValue"]],
    files: ["lib/parse.js"],
    issues: ["12", "34", "99", "7"],
  });
  expect(namedIn("`".repeat(100_000)).identifiers).toEqual([]);
});
