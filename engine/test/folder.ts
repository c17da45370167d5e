import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Files by path; one that ends in "/" is an empty folder. */
export type Files = Record<string, string | Uint8Array>;

/** A folder with these files, removed when the test has finished. */
export function folder(files: Files = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "drift-engine-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  write(root, files);
  return root;
}

/** Adds or replaces files. */
export function write(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, path);
    mkdirSync(path.endsWith("/") ? at : dirname(at), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(at, content);
  }
}

/** A project of three files whose calls cross them. */
export const SHOP: Files = {
  "package.json": '{ "name": "shop", "type": "module" }',
  "src/price.ts":
    "export function price(n: number) { return round(n * 1.2); }\nfunction round(n: number) { return Math.round(n); }\n",
  "src/cart.ts":
    'import { price } from "./price.ts";\nexport class Cart {\n  total(n: number) { return price(n); }\n}\n',
  "src/main.ts":
    'import { Cart } from "./cart.ts";\nnew Cart().total(3);\nexport function run(table: any, key: string) {\n  table[key]();\n}\n',
};
