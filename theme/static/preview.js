// The letters exactly as they will arrive: the relay writes them as it does at Send, and keeps nothing.
import { byId, element, form, item, post } from "./form.js";

const preview = byId("preview");
const papers = preview.querySelector("div");
const said = byId("read-said");
let turn = 0;

/** In view and focused: somebody asked for it. */
export async function act() {
  said.textContent = "";
  try {
    await load(true);
  } catch {
    return (said.textContent = said.dataset.failed);
  }
  preview.focus();
  preview.scrollIntoView();
}

/** demanded: say what is missing, too. */
async function load(demanded) {
  const mine = ++turn;
  const { letters, errors } = await (await post("preview", new FormData(form))).json();
  if (mine !== turn) return;
  if (!letters && !demanded) return (preview.hidden = true); // it would show an older letter
  if (!letters && !errors.length) throw new Error("neither letters nor what is missing");
  papers.replaceChildren(...(letters ?? []).map(paper), ...(letters ? [] : [missing(errors)]));
  preview.hidden = false;
}

function paper(letter) {
  const made = byId("arriving").content.cloneNode(true);
  for (const part of made.querySelectorAll("[data-of]"))
    (part.querySelector("bdi") ?? part).textContent = letter[part.dataset.of];
  return made;
}

function missing(errors) {
  const list = element("ul", "");
  list.append(
    ...errors.map(({ field, message }) => item(byId(field) ? element("a", message, { href: `#${field}` }) : message)),
  );
  return list;
}

// Keep it true while the form changes; beside the form it shows itself once it can.
const beside = matchMedia("(min-width: 60rem)");
function refresh() {
  if (!form.checkValidity()) preview.hidden = true;
  else if (beside.matches || !preview.hidden) load(false).catch(() => (preview.hidden = true));
}
form.addEventListener("change", refresh);
refresh();
