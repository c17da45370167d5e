/** How pages look in fixed fonts, against fingerprints that are kept. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, KINDS, type OpenSite, openSite } from "./in-browser.ts";
import {
  fixLook,
  isUpdating,
  type Look,
  lookDifferences,
  lookOf,
  readLooks,
  RestlessPageError,
  SCHEMES,
  WIDTHS,
  writeLooks,
} from "./looks.ts";

describe.runIf(browserPath !== undefined)("in a browser", () => {
  let open: OpenSite;
  beforeAll(async () => {
    open = await openSite();
  });
  afterAll(() => open.close());

  describe("in fixed fonts", () => {
    const seen: Record<string, Look> = {};
    const kept = isUpdating(process.env) ? {} : readLooks();
    afterAll(() => {
      // Kinds that were not asked for keep theirs.
      if (isUpdating(process.env)) writeLooks({ ...readLooks(), ...seen });
    });

    test.each(KINDS)("%s looks as it did in both themes at every width", { timeout: 240_000 }, async (kind, target) => {
      const problems: string[] = [];
      for (const scheme of SCHEMES) {
        await open.look(target, { width: 1440, scheme, scripts: true, bypassCSP: true }, async (page) => {
          await fixLook(page);
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
            const name = `${kind} ${scheme} ${width}`;
            seen[name] = await lookOf(page, kept[name]);
            const differences = isUpdating(process.env) ? [] : lookDifferences(kept[name], seen[name]);
            problems.push(...differences.map((difference) => `${name}: ${difference}`));
          }
        });
      }
      expect(problems).toEqual([]);
    });

    test("a page gets the time to come to rest, and one that never does is told", async () => {
      await open.look("/glossary/", { width: 360, scripts: true, bypassCSP: true }, async (page) => {
        const before = await lookOf(page);
        await page.evaluate(() => {
          let left = 3;
          const draw = (): void => {
            document.body.style.background = left === 0 ? "black" : `rgb(${left * 60}, 0, 0)`;
            if (left-- > 0) requestAnimationFrame(draw);
          };
          draw();
        });
        const rested = await lookOf(page, before);
        expect(lookDifferences(before, rested)).not.toEqual([]);
        expect(lookDifferences(rested, await lookOf(page))).toEqual([]);
        await page.evaluate(() => {
          let shade = 0;
          setInterval(() => (document.body.style.background = `rgb(0, ${(shade = (shade + 1) % 251)}, 0)`), 5);
        });
        await expect(lookOf(page, rested)).rejects.toThrow(RestlessPageError);
      });
    });

    test("a page without one of its tables no longer does", async () => {
      await open.look("/leaderboard/", { width: 1440, scripts: true, bypassCSP: true }, async (page) => {
        await fixLook(page);
        const whole = await lookOf(page);
        await page
          .locator("main .scroll")
          .first()
          .evaluate((element) => element.remove());
        expect(lookDifferences(whole, await lookOf(page))).not.toEqual([]);
      });
    });
  });
});
