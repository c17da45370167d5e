import { expect, test } from "vitest";
import { type Look, lookDifferences, readLooks, SCHEMES, WIDTHS } from "./looks.ts";

const grey = (value: number, height = 1000): Look => ({
  height,
  cells: value.toString(16).padStart(2, "0").repeat(256),
});

test("a page that is the same, or off by what a browser rounds, looks as it did", () => {
  expect(lookDifferences(grey(200), grey(200))).toEqual([]);
  expect(lookDifferences(grey(200), grey(201, 1005))).toEqual([]);
});

test("a part that is missing, another theme and another height are told", () => {
  const { cells } = grey(200);
  const darker = { height: 1000, cells: `${cells.slice(0, 34)}a0${cells.slice(36)}` };
  expect(lookDifferences(grey(200), darker)).toEqual(["cell 2, 2 is 40 steps off"]);
  expect(lookDifferences(grey(250), grey(21))).toEqual([
    ...["cell 1, 1 is 229 steps off", "cells are 229.0 steps off on average"],
  ]);
  expect(lookDifferences(grey(200), grey(200, 1100))).toEqual(["1100 pixels high instead of 1000"]);
  expect(lookDifferences(undefined, grey(200))).toEqual(["it has no fingerprint yet"]);
});

test("each page kind has a fingerprint in both themes at every width, and themes are told apart", () => {
  const looks = readLooks();
  const kinds = new Set(Object.keys(looks).map((name) => name.split(" ")[0] as string));
  expect(kinds.size).toBeGreaterThan(20);
  for (const kind of kinds)
    for (const width of WIDTHS) {
      const [light, dark] = SCHEMES.map((scheme) => looks[`${kind} ${scheme} ${width}`]);
      expect(lookDifferences(light, dark as Look), `${kind} ${width}`).not.toEqual([]);
    }
});
