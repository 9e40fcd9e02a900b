// Loaded only where an address does not decide: what else leads on. The device's own place, if its owner presses the
// button, and the offices' numbers.
const form = document.querySelector("#letter");
const found = document.querySelector("#found");
const { lang } = document.documentElement;
const part = (name, id, more) =>
  document.getElementById(id) ?? Object.assign(document.createElement(name), { id, ...more });
const box = part("div", "ways", { className: "wide" });
const standing = box.isConnected; // on the relay's own page it stands with the question, far above the address
const button = part("button", "locate", { type: "button", className: "plain" });
const hint = part("p", "place-hint", { className: "hint" });
const placed = standing && document.getElementById("placed");
const send = document.getElementById("send-placed");
const proof = Object.assign(document.createElement("input"), { type: "hidden", name: "district_proof" });

button.setAttribute("aria-describedby", hint.id);

/** Show the ways on. place: the button's words, what it means, and what is said when the place does not help; null
 * where no place would. phones: where the numbers are. tell: shows the relay's answer, and fills the letter as it
 * will say. */
export function offer({ place, phones }, tell) {
  if (!standing) stand(place, phones);
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

function stand(place, phones) {
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

// The same words beside the button, where the address is far below it.
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
    if (old.type === "radio") old.checked = false; // a choice would count before the place
    else old.remove();
  }
  if (answer.proof) {
    proof.value = answer.proof;
    form.append(proof);
  }
  return answer;
}

// What letters say of the address depends on whether it lies around the place.
const typed = () => Object.fromEntries(["street", "city", "zip"].map((name) => [name, form.elements[name].value]));

document.addEventListener("change", ({ target }) => {
  if (!/^(street|city|zip|district_\w+)$/.test(target.name)) return;
  proof.remove(); // it was for another address, or a choice goes before it
  say("");
  if (target.type === "radio") return;
  if (standing) button.hidden = hint.hidden = true;
  else box.remove();
});
