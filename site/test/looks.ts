/**
 * How pages look, as small fingerprints: the mean luminance of 16 x 16 cells of a screenshot of the whole page. They are kept
 * in `looks.json`, by page kind, theme and width, and a page must look like its fingerprint within `TOLERANCE`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import sharp from "sharp";

/** Cells a side. */
const CELLS = 16;
export const WIDTHS = [360, 768, 1440] as const;
export const SCHEMES = ["light", "dark"] as const;

/**
 * How far a page may be from its fingerprint: any cell, and all on average, in steps of 255; and its height in pixels as a
 * share. One machine draws a page twice the same; another version of the browser rounds edges of letters otherwise. A
 * table that is missing, or a theme that is not applied, is beyond it. To take what pages look like now, after looking at them:
 * `DRIFT_UPDATE_LOOKS=true pnpm exec vitest run test/browser-looks.test.ts`, in `site`, with `-t "<kind> looks"` for one kind.
 */
export const TOLERANCE = { cell: 12, mean: 1.5, height: 0.01 } as const;

export interface Look {
  /** Of the whole page, in pixels. */
  height: number;
  /** Two hexadecimal digits a cell, row by row. */
  cells: string;
}

const FILE = fileURLToPath(new URL("looks.json", import.meta.url));
const FONTS = path.join(path.dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");

/** Whether fingerprints are written anew instead of compared. */
export const isUpdating = (env: NodeJS.ProcessEnv): boolean => env["DRIFT_UPDATE_LOOKS"] === "true";

/** The kept fingerprints by `kind theme width`. */
export function readLooks(): Record<string, Look> {
  return JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Look>;
}

/** Puts these in the place of what is kept. */
export function writeLooks(looks: Record<string, Look>): void {
  const sorted = Object.entries(looks).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

let style: string | undefined;

/** Fonts that are the same everywhere, and everything laid out however far below. Needs a context without the pages' policy. */
export async function fixLook(page: Page): Promise<void> {
  style ??= [
    ...[
      ["serif", "DejaVuSerif"],
      ["sans", "DejaVuSans"],
      ["mono", "DejaVuSansMono"],
    ].map(([token, file]) => {
      const font = readFileSync(path.join(FONTS, `${file}.ttf`)).toString("base64");
      return `@font-face { font-family: "fixed ${token}"; src: url(data:font/ttf;base64,${font}); } :root { --${token}: "fixed ${token}"; }`;
    }),
    "* { content-visibility: visible !important; }",
  ].join("\n");
  await page.addStyleTag({ content: style });
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map((font) => font.load()));
  });
}

/** Screenshots that are taken of a page until two in a row are the same. */
const MAX_SCREENSHOTS = 8;

/** A page that does not come to rest. */
export class RestlessPageError extends Error {
  constructor(url: string) {
    super(
      `${url} looks different in each of ${MAX_SCREENSHOTS} screenshots; stop what moves on it when motion is reduced`,
    );
    this.name = "RestlessPageError";
  }
}

/**
 * A screenshot of the whole page once it has come to rest. On a busy computer the first may be taken while the page is still
 * being laid out for a new width.
 */
async function screenshotAtRest(page: Page): Promise<Buffer> {
  let before = await page.screenshot({ fullPage: true });
  for (let taken = 1; taken < MAX_SCREENSHOTS; taken++) {
    const now = await page.screenshot({ fullPage: true });
    if (now.equals(before)) return now;
    before = now;
  }
  throw new RestlessPageError(page.url());
}

/**
 * The fingerprint of a page as it is now. One that looks as it did is at rest; any other gets the time to come to rest.
 *
 * @param kept how it looked
 * @throws RestlessPageError when it goes on changing
 */
export async function lookOf(page: Page, kept?: Look): Promise<Look> {
  const first = await fingerprint(await page.screenshot({ fullPage: true }));
  if (kept !== undefined && lookDifferences(kept, first).length === 0) return first;
  return fingerprint(await screenshotAtRest(page));
}

async function fingerprint(png: Buffer): Promise<Look> {
  const { data, info } = await sharp(png).removeAlpha().greyscale().raw().toBuffer({ resolveWithObject: true });
  const sums = new Float64Array(CELLS * CELLS);
  const counts = new Float64Array(CELLS * CELLS);
  for (let y = 0; y < info.height; y++) {
    const row = Math.floor((y * CELLS) / info.height) * CELLS;
    for (let x = 0; x < info.width; x++) {
      const cell = row + Math.floor((x * CELLS) / info.width);
      sums[cell] = (sums[cell] as number) + (data[(y * info.width + x) * info.channels] as number);
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  const cells = Array.from(sums, (sum, cell) =>
    Math.round(sum / (counts[cell] as number))
      .toString(16)
      .padStart(2, "0"),
  );
  return { height: info.height, cells: cells.join("") };
}

/** What is further apart than the tolerance, in words; empty when a page looks as it did. */
export function lookDifferences(kept: Look | undefined, seen: Look): string[] {
  if (kept === undefined) return ["it has no fingerprint yet"];
  const valuesOf = ({ cells }: Look): number[] =>
    (cells.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
  const before = valuesOf(kept);
  const apart = valuesOf(seen).map((value, cell) => Math.abs(value - (before[cell] ?? 0)));
  const most = Math.max(...apart);
  const mean = apart.reduce((sum, one) => sum + one, 0) / apart.length;
  const cell = apart.indexOf(most);
  const height = Math.abs(seen.height - kept.height) / kept.height;
  return [
    ...(height > TOLERANCE.height ? [`${seen.height} pixels high instead of ${kept.height}`] : []),
    ...(most > TOLERANCE.cell
      ? [`cell ${(cell % CELLS) + 1}, ${Math.floor(cell / CELLS) + 1} is ${most} steps off`]
      : []),
    ...(mean > TOLERANCE.mean ? [`cells are ${mean.toFixed(1)} steps off on average`] : []),
  ];
}
