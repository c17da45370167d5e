/** What axe holds against pages, and what the console says, in a real browser. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import type { Problem } from "./pages.ts";

/** WCAG 2.2 A and AA, and axe's own good practice. */
export const WCAG = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
} as const;
/** All that a colour scheme can break. */
export const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] } as const;

/** What axe holds against a page that is open with JavaScript, which axe needs. */
export async function violations(page: Page, { type, values }: typeof WCAG | typeof COLOURS): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ runOnly: { type, values: [...values] } });
  const result = await builder.analyze();
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The widths and colour schemes that pages are looked at in. */
const VIEWS = [
  { width: 1280, colorScheme: "light", rules: WCAG },
  { width: 360, colorScheme: "dark", rules: WCAG },
] as const;

/** Looks at the pages in each view: violations, what the console complains of, and pages wider than their window. */
export async function accessibilityProblems(
  browser: Browser,
  root: string,
  pages: readonly string[],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { width, colorScheme, rules } of VIEWS) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      reducedMotion: "reduce",
    });
    for (const address of pages) {
      const page = await context.newPage();
      const say = (what: string): number =>
        problems.push({ page: address, what: `${width} px, ${colorScheme}: ${what}` });
      page.on("console", (message) => say(`console ${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => say(`error: ${error.message}`));
      await page.goto(new URL(address, root).href);
      for (const found of await violations(page, rules)) say(found);
      const wider = await overflow(page);
      if (wider > 0) say(`${wider} px wider than the window`);
      await page.close();
    }
    await context.close();
  }
  return problems;
}
