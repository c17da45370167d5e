import sharp from "sharp";
import { expect, test } from "vitest";
import { cardPng, siteCard } from "../src/data/social-card.ts";

test("a card without any total says so, and is drawn in the same bytes twice", async () => {
  const card = siteCard([]);
  expect(card.lines).toEqual(["not measured"]);
  expect(await cardPng(card)).toEqual(await cardPng(card));
});

test("a title is drawn as text, whatever it holds, and stays on the paper", async () => {
  const png = await cardPng({ title: `<b>&amp;</span>\u202e${"W".repeat(5_000)}`, lines: ["<i>", "&"] });
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([1200, 630]);
  const dark = [...data].flatMap((value, index) => (value < 128 ? [index % info.width] : []));
  expect(dark.length).toBeGreaterThan(1_000);
  expect(Math.max(...new Set(dark))).toBeLessThan(1_130);
});
