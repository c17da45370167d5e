/** Checks the built site: `npm run site:check`. Read `checkSite` first. */
import path from "node:path";
import { parseArgs } from "node:util";
import { type CommandIo, isProgram, PACKAGE_DIR } from "../build.ts";
import { Store } from "../data/open.ts";
import { DriftError, describeFailure } from "../errors.ts";
import { serveSite } from "../serve.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { findBrowser, launchBrowser } from "./browser.ts";
import { figureProblems } from "./figures.ts";
import { htmlProblems } from "./html.ts";
import { type LighthouseResult, runLighthouse } from "./lighthouse.ts";
import { linkProblems } from "./links.ts";
import { type BuiltSite, type Problem, readBuiltSite, samplePages } from "./pages.ts";

/** Budgets of the home page in bytes as transferred, and the least score of Lighthouse. */
const BUDGET = { homeBytes: 150_000, scriptBytes: 30_000, score: 95 } as const;

/** One check: what it looked at, and what it found. */
export interface CheckResult {
  name: string;
  looked: string;
  problems: Problem[];
}

export interface CheckOptions {
  dir: string;
  dbFile: string;
  /** Pages of each kind for the checks that take long. */
  perKind: number;
  /** The browser; null leaves out what needs one. */
  browser: string | null;
  lighthouse: boolean;
  onResult?: (result: CheckResult) => void;
}

/** Runs every check, cheap ones first. */
export async function checkSite(options: CheckOptions): Promise<CheckResult[]> {
  const site = readBuiltSite(options.dir);
  const results: CheckResult[] = [];
  const add = (name: string, looked: string, problems: Problem[]): void => {
    const result = { name, looked, problems };
    results.push(result);
    options.onResult?.(result);
  };
  add("links", `${site.pages.length} pages`, linkProblems(site));
  const store = Store.open(options.dbFile);
  const { problems: wrong, figures } = figureProblems(site, store);
  store.close();
  add("figures", `${figures} figures against the store`, wrong);
  const html = await htmlProblems(site, options.perKind);
  add("html", `${html.pages} pages`, html.problems);
  if (options.browser !== null) await lookInBrowser(site, { ...options, browser: options.browser }, add);
  return results;
}

async function lookInBrowser(
  site: BuiltSite,
  options: CheckOptions & { browser: string },
  add: (name: string, looked: string, problems: Problem[]) => void,
): Promise<void> {
  const server = await serveSite({ dir: options.dir, port: 0 });
  try {
    const pages = [...samplePages(site.pages, 1).values()].flat();
    const browser = await launchBrowser(options.browser);
    try {
      add(
        "accessibility",
        `${pages.length} pages, two views each`,
        await accessibilityProblems(browser, server.url, pages),
      );
    } finally {
      await browser.close();
    }
    if (!options.lighthouse) return;
    const kinds = samplePages(site.pages, 1);
    const judged = ["/", "/leaderboard", "/tools/*", "/performance"].flatMap((kind) => kinds.get(kind) ?? []);
    const results = await runLighthouse(options.browser, server.url, judged);
    add("lighthouse", results.map(describeLighthouse).join("; "), results.flatMap(lighthouseProblems));
  } finally {
    await server.close();
  }
}

const describeLighthouse = ({ page, scores, transferredBytes }: LighthouseResult): string =>
  `${page} ${Object.values(scores).join("/")} ${Math.round(transferredBytes / 1000)} kB`;

/** What a result of Lighthouse falls short of. */
export function lighthouseProblems({
  page,
  scores,
  transferredBytes,
  scriptBytes,
  failed,
}: LighthouseResult): Problem[] {
  const low = Object.entries(scores).filter(([, score]) => score < BUDGET.score);
  return [
    ...low.map(([name, score]) => ({
      page,
      what: `${name} is ${score}, below ${BUDGET.score} (${failed.join(", ")})`,
    })),
    ...(page === "/" && transferredBytes > BUDGET.homeBytes
      ? [{ page, what: `${transferredBytes} bytes are transferred, more than ${BUDGET.homeBytes}` }]
      : []),
    ...(scriptBytes > BUDGET.scriptBytes
      ? [{ page, what: `${scriptBytes} bytes of JavaScript, more than ${BUDGET.scriptBytes}` }]
      : []),
  ];
}

const HELP = `Usage: npm run site:check -- [options]

Checks the built site: links, figures against the store, HTML, and in a browser accessibility and Lighthouse.
Installs Debian's Chromium when there is no browser and that is allowed.

Options:
  --dir <dir>        the built site (default: site/dist)
  --db <file>        results database (default: $DRIFT_RESULTS_DB, else results/history.db)
  --per-kind <n>     pages of each kind whose HTML is validated (default: 5)
  --no-browser       leave out what needs a browser
  --no-lighthouse    leave out Lighthouse, which takes a minute
  --json             print the results as one JSON record
  --help             print this help

Exit codes: 0 fine · 1 problems were found · 2 bad arguments · 3 no built site, or no browser · 70 a bug in Drift
`;

/** The command line of this file. @returns the exit code */
export async function checkCommand(args: string[], io: CommandIo): Promise<number> {
  try {
    const values = parseCheckArgs(args);
    if (values.help) {
      io.stdout(HELP);
      return 0;
    }
    const browser = values["no-browser"] ? null : findBrowser(io.env);
    if (browser === undefined) {
      throw new DriftError("BROWSER_MISSING", "there is no Chrome or Chromium", {
        hint: 'Install one, name one in DRIFT_BROWSER, or say "--no-browser".',
      });
    }
    const results = await checkSite({
      dir: path.resolve(values.dir ?? path.join(PACKAGE_DIR, "dist")),
      dbFile: path.resolve(values.db ?? io.env["DRIFT_RESULTS_DB"] ?? path.join(PACKAGE_DIR, "../results/history.db")),
      perKind: Number(values["per-kind"]),
      browser,
      lighthouse: !values["no-lighthouse"],
      onResult: (result) => {
        if (!values.json) io.stdout(describeResult(result));
      },
    });
    if (values.json) io.stdout(`${JSON.stringify(results)}\n`);
    return results.some(({ problems }) => problems.length > 0) ? 1 : 0;
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    io.stderr(text);
    return exitCode;
  }
}

/** Problems printed for one check. */
const SHOWN = 20;

function describeResult({ name, looked, problems }: CheckResult): string {
  const lines = problems.slice(0, SHOWN).map(({ page, what }) => `  ${page}: ${what}\n`);
  const more = problems.length > SHOWN ? `  and ${problems.length - SHOWN} more\n` : "";
  return `${name}: ${looked}: ${problems.length === 0 ? "fine" : `${problems.length} problems`}\n${lines.join("")}${more}`;
}

function parseCheckArgs(args: string[]): {
  dir?: string;
  db?: string;
  "per-kind": string;
  "no-browser": boolean;
  "no-lighthouse": boolean;
  json: boolean;
  help: boolean;
} {
  try {
    const { values } = parseArgs({
      args,
      options: {
        dir: { type: "string" },
        db: { type: "string" },
        "per-kind": { type: "string", default: "5" },
        "no-browser": { type: "boolean", default: false },
        "no-lighthouse": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (!/^[1-9]\d{0,5}$/.test(values["per-kind"]))
      throw new Error(`--per-kind wants a number, not "${values["per-kind"]}"`);
    return values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DriftError("BAD_ARGUMENTS", message, { hint: "See --help.", cause, exitCode: 2 });
  }
}

/* v8 ignore start -- the program itself; tests start it as a process */
if (isProgram(import.meta.url)) {
  process.exitCode = await checkCommand(process.argv.slice(2), {
    env: process.env,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
/* v8 ignore stop */
