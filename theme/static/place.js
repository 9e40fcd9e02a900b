// Loaded only if an address does not decide. Offers the device's location, at the press of a button, and the phone
// directory.
import { answer, typed } from "./address.js";
import { byId, element, form, lang, post } from "./form.js";

const found = byId("found");
const box = byId("ways") ?? element("div", "", { id: "ways", className: "wide" });
const inPage = box.isConnected; // on the relay's page it is already there, next to the question
const part = (name, id, more) => byId(id) ?? element(name, "", { id, ...more });
const button = part("button", "locate", { type: "button", className: "plain" });
const hint = part("p", "place-hint", { className: "hint" });
const placed = inPage && byId("placed");
const send = byId("send-placed");
const proof = element("input", "", { type: "hidden", name: "district_proof" });

button.setAttribute("aria-describedby", hint.id);

/** Show the ways on. place: texts of the button, its hint, its progress and its failure; null if the location would not
 * help. phones: text and href of the directory. */
export function offer({ place, phones }) {
  if (!inPage) insert(place, phones);
  if (!place) return;
  button.textContent = place.ask;
  hint.textContent = place.note;
  button.hidden = hint.hidden = false;
  const refuse = () => say((found.textContent = place.failed));
  const use = (position) => answer(prove(position)).then((said) => say(said.said, said.proof)).catch(refuse);
  button.onclick = () => {
    say((found.textContent = place.looking));
    navigator.geolocation.getCurrentPosition(use, refuse, { timeout: 20000 });
  };
}

function insert(place, phones) {
  const more = { href: phones.href, target: form.target && "_blank" }; // not into another site's frame
  box.replaceChildren(...(place ? [button, hint] : []), element("p", element("a", phones.text, more)));
  found.after(box);
}

// Repeat the message next to the button, which may be far from the address.
function say(words, decided) {
  if (!placed) return;
  placed.textContent = words;
  send.hidden = !decided;
}

async function prove({ coords }) {
  // What the letter shows of the address depends on whether it matches the location.
  const response = await post("legislators", { lat: coords.latitude, lon: coords.longitude, lang, ...typed() });
  if (!response.ok) throw response;
  const said = await response.json();
  for (const old of document.querySelectorAll("[name^=district_]")) {
    if (old.type === "radio") old.checked = false; // a choice would override the location
    else old.remove();
  }
  if (said.proof) {
    proof.value = said.proof;
    form.append(proof);
  }
  return said;
}

document.addEventListener("change", ({ target }) => {
  if (!/^(street|city|zip|district_\w+)$/.test(target.name)) return;
  proof.remove(); // it was for another address, or a choice overrides it
  say("");
  if (target.type === "radio") return;
  if (inPage) button.hidden = hint.hidden = true;
  else box.remove();
});
