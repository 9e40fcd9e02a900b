// Who represents the address: asked by POST, so that it is in no log. The relay says it in the page's language, and
// says at once what it would say at Send.
import { byId, element, fields, form, item, lang, post, released } from "./form.js";

const seats = document.querySelectorAll("[data-chamber]");
const roles = [...seats].map((seat) => seat.textContent);
let asked = "";
let turn = 0;

/** The relay's newest answer, which says what some placeholders become. */
export let known = {};

const names = ["street", "city", "zip", "disclose"]; // a letter that shows the street needs one

export const typed = () => Object.fromEntries(names.map((name) => [name, fields[name].value.trim()]));

/** Show the answer to a question, unless a newer one was asked in the meantime. */
export async function answer(question) {
  const mine = ++turn;
  const found = await question;
  if (mine === turn) tell(found);
  return found;
}

async function tell(found) {
  known = found;
  await released();
  if (known !== found) return;
  byId("found").textContent = found.said ?? found.errors?.map(({ message }) => message).join(" ") ?? "";
  seats.forEach((seat, index) => (seat.textContent = found.names?.[seat.dataset.chamber] ?? roles[index]));
  byId("phones").replaceChildren(
    ...(found.calls ?? []).map(({ who, phone }) => item(element("a", `${who}, ${phone}`, { href: `tel:+1${phone}` }))),
  );
  for (const part of document.querySelectorAll("[data-letter]")) {
    part.hidden = found.letters?.length && !found.letters.includes(part.dataset.letter); // nobody gets it
    part.open = part.open || Boolean(found.letters?.includes("thanks"));
  }
  form.dispatchEvent(new Event("known"));
  if (!found.phones) return;
  const { offer } = await import("./place.js"); // the address does not decide: ways on
  if (known === found) offer(found);
}

/** Ask about the address as it is now, once. */
export function look() {
  const address = typed();
  const question = JSON.stringify(address);
  if (question === asked) return;
  asked = question;
  const ask = address.city || address.zip ? post("legislators", { lang, ...address }).then((said) => said.json()) : {};
  answer(ask).catch(() => {
    asked = ""; // the next change asks again
    tell({});
  });
}

form.addEventListener("change", ({ target }) => names.includes(target.name) && look());
look(); // a draft may contain an address
