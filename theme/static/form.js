// What the other scripts share: the form, the relay behind it, and the draft in this tab.
export const form = document.querySelector("#letter");
export const fields = form.elements;
export const { lang } = document.documentElement;
const relay = form.action.replace(/letters$/, "");

export const byId = (id) => document.getElementById(id);

export function element(name, inside, more) {
  const made = Object.assign(document.createElement(name), more);
  made.append(inside);
  return made;
}

export const item = (inside) => element("li", inside);

export const post = (path, body) =>
  fetch(relay + path, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(body),
    signal: AbortSignal.timeout(30000),
  });

// A page that moves under a press loses the click: whoever types a ZIP and presses "Send" at once presses while the answer
// to that ZIP comes.
let press;
addEventListener("pointerdown", () => {
  press = new Promise((released) => {
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(released), { once: true });
  });
});

/** Resolves once no finger or button is down. */
export const released = () => press;

/** A hidden field, added if need be. */
export function hide(name, value) {
  if (fields[name]) fields[name].value = value;
  else form.append(element("input", "", { type: "hidden", name, value }));
}

// --- the draft: without storage the form still works

function draft(use) {
  try {
    return use(sessionStorage);
  } catch {}
}

/** left: the letter is on its way by the relay's own page, which keeps what was typed. */
export const keep = (left) =>
  draft((store) => store.setItem(relay, JSON.stringify({ left, typed: [...new FormData(form)] })));

/** Nothing typed is left in this tab, nor where Back leads: see letter.js. */
export function forget() {
  draft((store) => store.removeItem(relay));
  addEventListener("pagehide", () => form.reset(), { once: true });
}

const typed = draft((store) => JSON.parse(store.getItem(relay)))?.typed ?? [];
const key = typed.find(([name]) => name === "idempotency_key");
if (key) hide(...key); // the answer to that letter may have been lost
form.addEventListener("input", () => keep());
if ([...form.querySelectorAll("[autocomplete][id]")].some(({ value }) => value)) keep(); // typed while this was loading
