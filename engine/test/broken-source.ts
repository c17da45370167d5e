import type { Files } from "./folder.ts";

/**
 * One file each, by path: what a reader of source meets in the wild, and worse. The value says what must be reported
 * of it: the start of a reason, or nothing where the file is fine in its own way.
 */
export const BROKEN: Record<string, { content: string | Uint8Array; reason?: string }> = {
  // Not text, or text in disguise.
  "empty.ts": { content: "" },
  "spaces.ts": { content: " \t\n\n" },
  "comments.ts": { content: "// nothing\n/* here */" },
  "open-comment.ts": { content: "/* never closed", reason: "syntax-error" },
  "binary.ts": { content: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0xff]), reason: "binary" },
  "random.js": { content: noise(50_000), reason: "binary" },
  "high-bytes.js": { content: Buffer.alloc(5_000, 0xfe), reason: "not-utf8" },
  "latin1.ts": { content: Buffer.from("const caf\u00e9 = f();", "latin1"), reason: "not-utf8" },
  "cut-utf8.ts": { content: Buffer.from("f('\u00e9").subarray(0, 4), reason: "not-utf8" },
  "late-nul.ts": { content: `${"f();\n".repeat(2_000)}\0`, reason: "syntax-error" },
  "utf8-bom.ts": { content: "\ufefff();" },
  "utf16le.ts": { content: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("f();", "utf16le")]) },
  "utf16be.ts": { content: Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from("f();", "utf16le").swap16()]) },
  "utf16-no-bom.ts": { content: Buffer.from("f();", "utf16le"), reason: "binary" },
  "lone-surrogate.ts": { content: Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0]), reason: "not-utf16" },
  "encoded-surrogate.ts": { content: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), reason: "not-utf8" },
  "json.ts": { content: '{ "a": 1, "b": [true, null] }', reason: "syntax-error" },
  "html.js": { content: "<!doctype html><html><body>404</body></html>", reason: "syntax-error" },
  "qt.ts": { content: '<?xml version="1.0"?><!DOCTYPE TS><TS version="2.1"/>', reason: "syntax-error" },

  // Cut short or torn.
  "truncated.ts": { content: "export class A { m() { if (x", reason: "syntax-error" },
  "truncated-string.ts": { content: "f('abc", reason: "syntax-error" },
  "truncated-template.ts": { content: "f(`abc ${g(", reason: "syntax-error" },
  "truncated-regex.ts": { content: "x = /ab[", reason: "syntax-error" },
  "stray-brackets.ts": { content: "}}})]]] f();", reason: "syntax-error" },
  "conflict.ts": { content: "<<<<<<< HEAD\nf();\n=======\ng();\n>>>>>>> x\n", reason: "syntax-error" },
  "unbalanced.tsx": { content: "const a = <A><B></A>;", reason: "syntax-error" },
  "bad-escape.ts": { content: 'f("\\u{110000}"); var \\u0000 = 1;', reason: "syntax-error" },

  // Deep.
  "deep-parens.js": { content: nested("(", "1", ")") },
  "deep-brackets.js": { content: `x = ${nested("[", "", "]")}` },
  "deep-braces.js": { content: nested("{", "", "}") },
  "deep-objects.js": { content: `x = ${nested("{a:", "1", "}")}` },
  "deep-calls.js": { content: nested("f(", "", ")") },
  "deep-functions.js": { content: nested("function f(){", "", "}") },
  "deep-arrows.js": { content: `x = ${"a=>".repeat(10_000)}1` },
  "deep-ternaries.js": { content: `x = ${"a?b:".repeat(10_000)}c` },
  "deep-templates.js": { content: nested("`${", "1", "}`") },
  "deep-jsx.jsx": { content: `x = ${nested("<a>", "", "</a>")}` },
  "deep-not.js": { content: `x = ${"!".repeat(10_000)}1` },
  "deep-typeof.js": { content: `x = ${"typeof ".repeat(10_000)}1` },
  "deep-else-if.js": { content: `${"if (a) b(); else ".repeat(10_000)}c()` },
  "deep-blocks.ts": { content: nested("if(a){", "", "}") },
  "deep-types.ts": { content: `type T = ${nested("A<", "B", ">")}`, reason: "nested-too-deeply" },
  "deep-classes.js": { content: nested("(class extends ", "A", "{})") },
  "deep-patterns.js": { content: `const ${nested("[", "a", "]")} = x` },
  "deep-unclosed.js": { content: "(".repeat(10_000), reason: "syntax-error" },
  "deeper-than-any-stack.js": { content: "[".repeat(2_000_000), reason: "nested-too-deeply" },

  // Long.
  "long-binary.js": { content: `x = ${"a+".repeat(100_000)}a` },
  "long-string-concat.js": { content: `x = ${"'a'+".repeat(20_000)}'b'` },
  "long-logical.js": { content: `x = ${"a&&".repeat(20_000)}a` },
  "long-comma.js": { content: `${"a(),".repeat(50_000)}a()` },
  "long-chain.js": { content: `x${".a()".repeat(10_000)}` },
  "long-members.js": { content: `x${".a".repeat(20_000)}` },
  "long-nullish.js": { content: `x = ${"a??".repeat(20_000)}a` },
  "long-power.js": { content: `x = ${"a**".repeat(10_000)}a` },
  "long-assign.js": { content: `${"a=".repeat(10_000)}1` },
  "long-union.ts": { content: `type T = ${"'a'|".repeat(50_000)}'b'` },
  "long-await.mjs": { content: `${"await ".repeat(10_000)}a` },
  "one-line-20-mb.js": { content: `x="${"a".repeat(20_000_000)}"`, reason: "too-large" },
  "one-line-5-mb.js": { content: `f();x="${"a".repeat(5_000_000)}"` },
  "huge-name.js": { content: `function ${"a".repeat(100_000)}() {}` },
  "many-functions.js": {
    content: Array.from({ length: 5_000 }, (_, at) => `function f${at}() { f${at + 1}(); }`).join("\n"),
  },
  "many-errors.ts": { content: "let let = ;\n".repeat(5_000), reason: "syntax-error" },
  "big-switch.js": { content: `switch (a) {${"case 1: f(); break;".repeat(20_000)}}` },
  "big-array.js": { content: `x = [${"1,".repeat(300_000)}]` },

  // Odd, and right.
  "hashbang.mjs": { content: "#!/usr/bin/env node\nf();" },
  "crlf.ts": { content: "f();\r\ng();\r\n" },
  "cr.ts": { content: "f();\rg();\r" },
  "separators.ts": { content: "f();\u2028g();\u2029h();" },
  "escaped-name.js": { content: "\\u0061b();" },
  "astral.ts": { content: "const \u{20000} = () => 1; \u{20000}();" },
  "html-comment.cjs": { content: "<!-- old\nf();\n--> older\n" },
  "sloppy.cjs": { content: "with (a) { f(); } var yield = 1; delete x; 010;" },
  "regex-bomb.js": { content: "/(a+)+(b+)+((c+)+)+$/.test(x); /(?<n>.)\\k<n>/v.exec(y);" },
  "decorators.ts": { content: "@a @b() @c.d\nclass A<@x T> { @e f; @g() m(@h p) {} }", reason: "syntax-error" },
  "decorated.ts": { content: "@a @b() @c.d\nclass A { @e f = 1; @g() m(@h p: any) {} }" },
  "flow.js": {
    content: "// @flow\ntype A = {| b: ?string |};\nexport const f = (a: A): %checks => !!a;",
    reason: "syntax-error",
  },
  "proto.js": {
    content: "const o = { __proto__: o, constructor() {}, 'toString'() {}, ['hasOwnProperty']() {} }; o.__proto__.x();",
  },

  // Modules that lead in circles or nowhere.
  "cycle-a.ts": {
    content: 'export * from "./cycle-b.ts"; import { b } from "./cycle-b.ts"; export const a = () => b();',
  },
  "cycle-b.ts": {
    content: 'export * from "./cycle-a.ts"; import { a } from "./cycle-a.ts"; export const b = () => a();',
  },
  "self.ts": {
    content: 'import { f } from "./self.ts"; export { f as g } from "./self.ts"; export function f() { f(); }',
  },
  "self-star.ts": { content: 'export * from "./self-star.ts"; import { x } from "./self-star.ts"; x();' },
  "missing-import.ts": { content: 'import { x } from "./not-there.ts"; import y from ""; import "\\0"; x(); y();' },
  "double-export.ts": {
    content: "export function f() {}\nexport function f() {}\nexport default f; export default 1;",
  },
  "circular-values.js": { content: "let a = b, b = a; a = () => a(a); a(a)(a); class C extends C {} new C();" },
  "circular-types.ts": {
    content: "interface A extends B {} interface B extends A {} type T = T[]; declare const a: A; a.x();",
  },
  "require-odd.cjs": {
    content: "require(); require(1); require('.'); require('..'); require(`./${x}`); module.exports = module;",
  },

  // Names.
  "a b/with space.ts": { content: "f();" },
  "line\nbreak.ts": { content: "f();" },
  "quotes'\"`.ts": { content: "f();" },
  "hash#<module>.ts": { content: "function f() { f(); }" },
  "\u65e5\u672c\u8a9e/\u{1f600}.ts": { content: "f();" },
  "__proto__/constructor.ts": { content: "f();" },
  "trailing.ts/inside.ts": { content: "f();" },
  ".ts": { content: "f();" },
  "percent%2e%2e.ts": { content: "f();" },
};

/** Files that steer resolution, broken in every way. */
export const MANIFESTS: Files = {
  "package.json": "{ broken",
  "m-array/package.json": "[]",
  "m-null/package.json": "null",
  "m-number/package.json": '{ "name": 1, "exports": 2, "main": [], "workspaces": { "packages": 3 }, "imports": "x" }',
  "m-cycle/package.json":
    '{ "name": "m-cycle", "exports": { ".": "m-cycle", "./*": "./*", "./a": { "import": "m-cycle/a" } } }',
  "m-cycle/a.ts": 'import "m-cycle"; import "m-cycle/a"; import "m-cycle/b"; f();',
  "m-deep/package.json": nested('{"exports":', "1", "}"),
  "m-huge/package.json": `{ "name": "m-huge", "x": "${"y".repeat(2_000_000)}" }`,
  "m-same-1/package.json": '{ "name": "same" }',
  "m-same-2/package.json": '{ "name": "same" }',
  "tsconfig.json": '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "*": ["*", 1], "@/*": 3 } } }',
  "t/tsconfig.json": '{ "extends": ["../t/tsconfig.base.json", "./nowhere"] }',
  "t/tsconfig.base.json":
    '{ "extends": "./tsconfig.json", "compilerOptions": { "baseUrl": "../../../..", "paths": null } }',
  "t/a.ts": 'import "@/x"; import "*"; f();',
  "m-binary/tsconfig.json": Buffer.from([0, 1, 2]),
  "jsconfig.json": "",
};

function nested(before: string, inside: string, after: string, depth = 10_000): string {
  return before.repeat(depth) + inside + after.repeat(depth);
}

/** The same bytes each time, of every value. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}
