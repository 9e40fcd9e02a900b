// Loaded only if an address does not decide. Offers the device's location, at the press of a button, and the phone
// directory.
const form = document.querySelector("#letter");
const found = document.querySelector("#found");
const { lang } = document.documentElement;
const part = (name, id, more) =>
  document.getElementById(id) ?? Object.assign(document.createElement(name), { id, ...more });
const box = part("div", "ways", { className: "wide" });
const inPage = box.isConnected; // on the relay's page it is already there, next to the question
const button = part("button", "locate", { type: "button", className: "plain" });
const hint = part("p", "place-hint", { className: "hint" });
const placed = inPage && document.getElementById("placed");
const send = document.getElementById("send-placed");
const proof = Object.assign(document.createElement("input"), { type: "hidden", name: "district_proof" });

button.setAttribute("aria-describedby", hint.id);

/** Show the alternatives. place: texts of the button, its hint and its failure; null if the location would not help.
 * phones: text and href of the directory. tell: shows the relay's answer and updates the preview. */
export function offer({ place, phones }, tell) {
  if (!inPage) insert(place, phones);
  if (!place) return;
  button.textContent = place.ask;
  hint.textContent = place.note;
  button.hidden = hint.hidden = false;
  const refuse = () => say((found.textContent = place.failed));
  const use = (position) =>
    prove(position)
      .then((answer) => {
        tell(answer);
        say(answer.said, answer.proof);
      })
      .catch(refuse);
  button.onclick = () => navigator.geolocation.getCurrentPosition(use, refuse, { timeout: 20000 });
}

function insert(place, phones) {
  const line = document.createElement("p");
  line.append(
    Object.assign(document.createElement("a"), {
      href: phones.href,
      textContent: phones.text,
      target: form.target && "_blank", // not into another site's frame
    }),
  );
  box.replaceChildren(...(place ? [button, hint] : []), line);
  found.after(box);
}

// Repeat the message next to the button, which may be far from the address.
function say(words, decided) {
  if (!placed) return;
  placed.textContent = words;
  send.hidden = !decided;
}

async function prove({ coords }) {
  const response = await fetch(form.action.replace(/letters$/, "legislators"), {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ lat: coords.latitude, lon: coords.longitude, lang, ...typed() }),
  });
  if (!response.ok) throw response;
  const answer = await response.json();
  for (const old of document.querySelectorAll("[name^=district_]")) {
    if (old.type === "radio") old.checked = false; // a choice would override the location
    else old.remove();
  }
  if (answer.proof) {
    proof.value = answer.proof;
    form.append(proof);
  }
  return answer;
}

// What the letter shows of the address depends on whether it matches the location.
const typed = () => Object.fromEntries(["street", "city", "zip"].map((name) => [name, form.elements[name].value]));

document.addEventListener("change", ({ target }) => {
  if (!/^(street|city|zip|district_\w+)$/.test(target.name)) return;
  proof.remove(); // it was for another address, or a choice overrides it
  say("");
  if (target.type === "radio") return;
  if (inPage) button.hidden = hint.hidden = true;
  else box.remove();
});
