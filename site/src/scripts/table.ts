/**
 * Sorts and filters the tables of a page, and keeps what was chosen in its address, so that a view can be linked to.
 * Without it the tables are whole, in the order of the ranks.
 */
const address = new URL(location.href);

for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) makeSortable(table);
for (const form of document.querySelectorAll<HTMLFormElement>("form.controls[data-filter]")) makeFilter(form);

function makeSortable(table: HTMLTableElement): void {
  const headers = [...table.querySelectorAll<HTMLTableCellElement>("thead th")];
  const originals = new Map([...table.tBodies].map((body) => [body, [...body.rows]]));
  const name = table.closest(".scroll")?.getAttribute("aria-label") ?? "";
  const sort = (index: number, descending: boolean): void => {
    for (const [place, header] of headers.entries()) {
      if (place === index) header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
    for (const [body, rows] of originals) {
      const fixed = rows.filter((row) => row.classList.contains("group-label"));
      const loose = rows.filter((row) => !fixed.includes(row));
      loose.sort((a, b) => compare(keyOf(a, index), keyOf(b, index)) * (descending ? -1 : 1));
      body.append(...fixed, ...loose);
    }
  };
  for (const [index, header] of headers.entries()) {
    const label = (header.querySelector("a") ?? header).textContent?.trim() ?? "";
    if (label === "") continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    if (header.querySelector("a") === null) {
      button.append(...header.childNodes);
      header.append(button);
    } else {
      button.textContent = "↕";
      button.setAttribute("aria-label", `Sort by ${label}`);
      header.append(" ", button);
    }
    button.addEventListener("click", () => {
      const descending = header.getAttribute("aria-sort") !== "descending";
      sort(index, descending);
      keep("sort", `${descending ? "-" : ""}${slug(label)}${slug(name) === "" ? "" : `@${slug(name)}`}`);
    });
    const wanted = address.searchParams.get("sort") ?? "";
    const own = `${slug(label)}@${slug(name)}`;
    if (wanted === own || wanted === `-${own}`) sort(index, wanted.startsWith("-"));
  }
}

function keyOf(row: HTMLTableRowElement, index: number): number | string {
  const cell = row.cells[index];
  const given = cell?.dataset["sort"];
  if (given !== undefined) return Number(given);
  const text = cell?.textContent?.trim() ?? "";
  const number = Number.parseFloat(text.replaceAll(/[\s\u00a0\u2009\u202f]/g, "").replace("−", "-"));
  return /^[−\d]/.test(text) && !Number.isNaN(number) ? number : text.toLowerCase();
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? 1 : -1;
  return String(a).localeCompare(String(b), "en");
}

/** A form whose selects hide rows by `data-kind`, and columns by `data-language` and `data-corpus` of their cells. */
function makeFilter(form: HTMLFormElement): void {
  form.hidden = false;
  const selects = [...form.querySelectorAll("select")];
  const apply = (): void => {
    const chosen = new Map(selects.map(({ name, value }) => [name, value]));
    for (const table of document.querySelectorAll<HTMLTableElement>("table.filterable")) {
      for (const row of table.querySelectorAll<HTMLTableRowElement>("tr[data-kind]")) {
        row.hidden = differs(chosen.get("kind"), row.dataset["kind"]);
      }
      for (const cell of table.querySelectorAll<HTMLElement>("[data-corpus]")) {
        cell.hidden =
          differs(chosen.get("language"), cell.dataset["language"]) ||
          differs(chosen.get("corpus"), cell.dataset["corpus"]);
      }
      // A table of which no corpus is left says nothing.
      const columns = [...table.querySelectorAll<HTMLElement>("thead [data-corpus]")];
      const isEmpty = columns.length > 0 && columns.every(({ hidden }) => hidden);
      const frame = table.closest<HTMLElement>(".scroll");
      for (const part of [frame, frame?.previousElementSibling]) {
        if (part instanceof HTMLElement && (part === frame || part.matches(".caption"))) part.hidden = isEmpty;
      }
    }
  };
  for (const select of selects) {
    const wanted = address.searchParams.get(select.name) ?? "";
    if ([...select.options].some(({ value }) => value === wanted)) select.value = wanted;
    select.addEventListener("change", () => {
      keep(select.name, select.value);
      apply();
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

function differs(wanted: string | undefined, own: string | undefined): boolean {
  return wanted !== undefined && wanted !== "" && wanted !== own;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function keep(name: string, value: string): void {
  if (value === "") address.searchParams.delete(name);
  else address.searchParams.set(name, value);
  history.replaceState(null, "", address);
}
