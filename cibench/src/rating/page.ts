/** What a rater sees: one item, the rubric, and how far along they are. Plain forms; nothing runs in the browser. */
import { escapeHtml } from "../report-html.ts";
import type { Rating, Study, StudyItem } from "../schema/rating.ts";

const STYLE = `body{font:18px/1.6 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1c1b19;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #8a857b;padding:.75rem}fieldset{border:1px solid #8a857b;margin:1rem 0}
label{display:block;padding:.3rem 0}button{font:inherit;padding:.4rem 1rem}textarea{width:100%;font:inherit}
@media (prefers-color-scheme:dark){body{color:#eceae5;background:#191817}a{color:#9cc4ee}}`;

/** What every page is sent with: it loads nothing, posts to itself alone, and stands in no frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  // A form sends its origin only where the referrer may be known to the page itself.
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

/** @param own what this rater said of the item before */
export function itemPage(
  study: Study,
  item: StudyItem,
  state: { rater: string; token: string; done: number; previous: string | null; own: Rating | undefined },
): string {
  const { rater, token, done, previous, own } = state;
  const steps = [
    ...study.rubric.map(({ value, label, means }) => ({ value: String(value), label, means })),
    { value: "none", label: "I cannot tell", means: "It is left out." },
  ];
  const chosen = own === undefined ? null : String(own.value ?? "none");
  const choices = steps.map(({ value, label, means }) => {
    const checked = value === chosen ? " checked" : "";
    return `<label><input type="radio" name="value" value="${value}" required${checked}> <strong>${escapeHtml(label)}</strong>: ${escapeHtml(means)}</label>`;
  });
  const back = previous === null ? "" : `<p><a href="/?item=${encodeURIComponent(previous)}">The one before</a></p>`;
  return page(
    study.title,
    `<p>${done} of ${study.items.length} rated by ${escapeHtml(rater)}. Each rating is kept at once; you may stop at any time.</p>
<h2>Question</h2>
<pre>${escapeHtml(item.question)}</pre>
<h2>Answer</h2>
<pre>${escapeHtml(item.answer)}</pre>
<form method="post" action="/rate">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="item" value="${escapeHtml(item.id)}">
<fieldset><legend>How good is this answer?</legend>
${choices.join("\n")}
</fieldset>
<label>Note, if you like<textarea name="note" maxlength="2000" rows="3">${escapeHtml(own?.note ?? "")}</textarea></label>
<button>Keep and go on</button>
</form>
${back}
<p><a href="/export">All my ratings so far</a></p>`,
  );
}

/** When nothing is left. */
export function donePage(study: Study, rater: string, last: string | null): string {
  const back =
    last === null ? "" : `<p><a href="/?item=${encodeURIComponent(last)}">Look at the last one again</a></p>`;
  return page(
    study.title,
    `<p>All ${study.items.length} are rated by ${escapeHtml(rater)}. Thank you.</p>
${back}
<p><a href="/export">All my ratings</a></p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
