// Progressive enhancement: without this the form is a plain POST and the relay's pages do the rest. This part comes with
// the page and is small; the rest comes with the first touch of the form.
const form = document.querySelector("#letter");
const relay = form.action.replace(/letters$/, "");

// --- the draft: kept for this tab only, until the letter is accepted (see form.js)

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(relay));
  if (!kept) return false;
  // The relay's page was reached and answered: whoever opens this page anew starts again.
  if (kept.left && performance.getEntriesByType("navigation")[0].type === "navigate") return sessionStorage.removeItem(relay);
  for (const [name, value] of kept.typed) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = true;
    else if (field && field.type !== "hidden") field.value = value;
  }
  form.querySelector(".disclosure").open = form.elements.disclose.value !== "town";
  return true;
}

function tried(use) {
  try {
    return use();
  } catch {} // without storage the form still works
}

// The browser itself brings back on Back what was typed. Where there is no draft, that letter was accepted.
function clear({ persisted }) {
  const [{ type }] = performance.getEntriesByType("navigation");
  if (!(persisted || type === "back_forward") || tried(() => sessionStorage.getItem(relay)) !== null) return;
  form.reset();
  for (const field of form.querySelectorAll("[autocomplete][id]")) field.value = ""; // on the relay's pages
}

// --- the rest of the page's script

// All that the buttons need is here before they are pressed: the connection may be gone by then.
function start() {
  const [sheet] = document.querySelectorAll("link[rel=stylesheet]"); // the site's
  const more = document.createElement("link");
  sheet.after(Object.assign(more, { rel: "stylesheet", href: sheet.href.replace("site.css", "pages.css") }));
  for (const script of [import("./sending.js"), import("./preview.js")]) script.catch(() => {}); // "Send" still works
}

function sendPlainly(submitter) {
  form.removeEventListener("submit", submit);
  form.requestSubmit(submitter);
}

function submit(event) {
  const { submitter } = event;
  if (submitter?.name === "lang") return; // another language: by the relay's page
  event.preventDefault();
  const done = submitter?.id === "read" ? import("./preview.js") : import("./sending.js");
  done.then(({ act }) => act()).catch(() => sendPlainly(submitter));
}

// Enter goes on to the next field, as on paper; only the button sends.
function enter(event) {
  const { key, isComposing, target } = event;
  if (key !== "Enter" || isComposing || !target.matches("input:not([type=radio],[type=checkbox])")) return;
  event.preventDefault();
  const stops = [...form.querySelectorAll("input, textarea, button")].filter(
    (stop) => stop.tabIndex >= 0 && stop.offsetParent && !stop.closest("details:not([open])"),
  );
  stops[stops.indexOf(target) + 1].focus();
}

// --- recent participants

async function showParticipants() {
  const { count, next, recent, over } = await (await fetch(`${relay}participants`)).json();
  const late = over && document.querySelector("#over"); // past a deadline: the relay's clock counts
  if (late) form.hidden = document.querySelector("[href='#letter']").hidden = !(late.hidden = false);
  const tally = document.querySelector("#count");
  if (tally && count) {
    const numbers = [count, next];
    for (const [index, shown] of tally.querySelectorAll("strong").entries())
      shown.textContent = numbers[index].toLocaleString(document.documentElement.lang);
    Object.assign(tally.querySelector("progress") ?? {}, { max: next, value: count });
    tally.classList.remove("pending");
  }
  const list = document.querySelector("#participants");
  if (recent.length) list.replaceChildren();
  for (const { name, town } of recent)
    list.append(Object.assign(document.createElement("li"), { textContent: town ? `${name}, ${town}` : name }));
}

// The newest thing that the scripts need: Safari 16, Chrome 103, Firefox 100. Older browsers keep the plain form.
if (AbortSignal.timeout) {
  form.addEventListener("focusin", start, { once: true });
  addEventListener("pageshow", clear);
  form.addEventListener("keydown", enter);
  form.addEventListener("submit", submit);
  // The relay's own page already has what was typed.
  if (document.querySelector("main [autofocus]") || tried(restore)) start();
  showParticipants().catch(() => {}); // the page works without it
}
