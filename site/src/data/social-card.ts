/** Social cards: the picture that is shown where a page is linked to, 1200 by 630 pixels. */
import { createRequire } from "node:module";
import path from "node:path";
import sharp from "sharp";
import { escapeHtml, formatPoints, shorten, visible } from "../format.ts";
import type { Total } from "./board.ts";
import type { Run } from "./runs.ts";

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 80;
/** Characters past which a title is set smaller. */
const LONG_TITLE = 36;
/** Tools that the card of the site names, best first. */
const NAMED_TOOLS = 3;

/** What a card says: a large title, and below it lines, each in one row. */
export interface CardText {
  title: string;
  lines: string[];
}

/** The card of every page that has none of its own. */
export function siteCard(totals: readonly Total[]): CardText {
  const best = totals.filter(({ run }) => run.points !== null).slice(0, NAMED_TOOLS);
  return {
    title: "How well do tools understand code?",
    lines: best.length === 0 ? ["not measured"] : best.map(({ run }) => `${run.tool}: ${pointsOf(run)}`),
  };
}

/** The card of a tool. */
export function toolCard(run: Run): CardText {
  return { title: run.tool, lines: [pointsOf(run), `version ${run.toolVersion}, ${run.badge}`] };
}

function pointsOf({ points, measuredWeight }: Run): string {
  return points === null ? "not measured" : `${formatPoints(points)} of ${measuredWeight} points`;
}

/** Draws a card as PNG, with fonts of a pinned package: the same bytes on every computer with the same packages. */
export async function cardPng({ title, lines }: CardText): Promise<Buffer<ArrayBuffer>> {
  const rows = [
    { text: "Drift · CIBench", size: 34, top: 70, colour: "#1d4f7c", face: "Sans Bold", file: "DejaVuSans-Bold.ttf" },
    {
      text: title,
      size: title.length > LONG_TITLE ? 48 : 72,
      top: 150,
      colour: "#1d1c1a",
      face: "Serif Bold",
      file: "DejaVuSerif-Bold.ttf",
    },
    ...lines.map((text, index) => ({
      ...{ text, size: 36, top: 370 + index * 66, colour: "#57544d", face: "Sans", file: "DejaVuSans.ttf" },
    })),
  ];
  const drawn = rows.map(({ text, size, top, colour, face, file }) => ({
    input: {
      text: {
        text: `<span foreground="${colour}">${escapeHtml(visible(shorten(text, 48)))}</span>`,
        ...{
          font: `DejaVu ${face} ${size}`,
          fontfile: path.join(FONTS, file),
          width: WIDTH - 2 * MARGIN,
          dpi: 72,
          rgba: true,
        },
        wrap: "word-char" as const,
      },
    },
    ...{ left: MARGIN, top },
  }));
  const paper = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: "#fcfbf8" } });
  const png = await paper.composite(drawn).png({ palette: true, compressionLevel: 9 }).toBuffer();
  return Buffer.from(png);
}

const FONTS = path.join(path.dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
