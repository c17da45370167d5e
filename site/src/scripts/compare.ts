/** Compares any two runs by their downloads, and keeps the choice in the address. All text of tools is set as text. */
interface Scored {
  category: string;
  corpus: string;
  stratum?: string;
  sites: number;
  macroF1?: { value: number | null };
  f1: { value: number | null } | number | null;
}
interface RunData {
  run: { tool: string; suiteHash: string };
  corpusScores: Scored[];
  stratumScores: Scored[];
}

/** Rows shown of each table, and the fewest items of a kind to be shown. */
const ROWS = 40;
const FEWEST = 10;
const form = document.querySelector<HTMLFormElement>("#compare");
const result = document.querySelector<HTMLElement>("#comparison");
if (form !== null && result !== null) start(form, result);

function start(choice: HTMLFormElement, place: HTMLElement): void {
  choice.hidden = false;
  const [a, b] = [...choice.querySelectorAll("select")];
  if (a === undefined || b === undefined) return;
  b.selectedIndex = 1;
  const address = new URL(location.href);
  let isChosen = false;
  for (const select of [a, b]) {
    const wanted = address.searchParams.get(select.name) ?? "";
    const option = [...select.options].find(({ value }) => value.split("/")[3] === wanted);
    if (option === undefined) continue;
    option.selected = true;
    isChosen = true;
  }
  const show = (): void => void compare(a.value, b.value, place);
  choice.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const select of [a, b]) address.searchParams.set(select.name, select.value.split("/")[3] ?? "");
    history.replaceState(null, "", address);
    show();
  });
  if (isChosen) show();
}

async function compare(urlA: string, urlB: string, place: HTMLElement): Promise<void> {
  place.textContent = "Comparing …";
  try {
    const [a, b] = await Promise.all([load(urlA), load(urlB)]);
    const note = document.createElement("p");
    note.className = "note";
    note.textContent =
      a.run.suiteHash === b.run.suiteHash
        ? `Differences are ${a.run.tool} minus ${b.run.tool}, on the same questions.`
        : "These runs answered different versions of the suite: only corpora and kinds that both have are shown, and their items may differ.";
    const tools: [string, string] = [a.run.tool, b.run.tool];
    const kinds = a.stratumScores.filter(({ sites }) => sites >= FEWEST);
    place.replaceChildren(
      note,
      table("Raw by corpus", tools, rowsOf(a.corpusScores, b.corpusScores)),
      table(`F1 by kind of item, of kinds with at least ${FEWEST}`, tools, rowsOf(kinds, b.stratumScores)),
    );
  } catch {
    place.textContent = "The data of these runs could not be read.";
  }
}

async function load(url: string): Promise<RunData> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(url);
  return (await answer.json()) as RunData;
}

function rowsOf(a: Scored[], b: Scored[]): { label: string; a: number; b: number }[] {
  const keyOf = ({ category, corpus, stratum = "" }: Scored): string => JSON.stringify([category, corpus, stratum]);
  const others = new Map(b.map((score) => [keyOf(score), score]));
  return a
    .flatMap((score) => {
      const [x, y] = [figureOf(score), figureOf(others.get(keyOf(score)))];
      const label = [score.category, score.corpus, ...(score.stratum === undefined ? [] : [score.stratum])].join(", ");
      return x === null || y === null ? [] : [{ label, a: x, b: y }];
    })
    .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b));
}

function figureOf(score: Scored | undefined): number | null {
  const figure = score?.macroF1 ?? score?.f1 ?? null;
  return typeof figure === "number" || figure === null ? figure : figure.value;
}

function table(
  title: string,
  [nameA, nameB]: [string, string],
  rows: { label: string; a: number; b: number }[],
): HTMLElement {
  const frame = document.createElement("div");
  frame.className = "scroll";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", title);
  const drawn = document.createElement("table");
  drawn.className = "compact";
  const caption = drawn.createCaption();
  caption.textContent = `${title}, the largest difference first${rows.length > ROWS ? `; ${ROWS} of ${rows.length}` : ""}`;
  const head = drawn.createTHead().insertRow();
  for (const text of ["What", "Difference", nameA.slice(0, 40), nameB.slice(0, 40)]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = text;
    if (text !== "What") cell.className = "number";
    head.append(cell);
  }
  const body = drawn.createTBody();
  for (const { label, a, b } of rows.slice(0, ROWS)) {
    const row = body.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = label;
    row.append(name);
    for (const text of [`${a > b ? "+" : ""}${share(a - b)}`, share(a), share(b)]) {
      const cell = row.insertCell();
      cell.className = "number";
      cell.textContent = text;
    }
  }
  frame.append(drawn);
  return frame;
}

function share(value: number): string {
  return value.toFixed(3).replace("-", "−");
}
