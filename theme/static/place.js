// Loaded only where an address does not decide: the device's own place may, if its owner presses the button.
const form = document.querySelector("#letter");
const found = document.querySelector("#found");
const { lang } = document.documentElement;
const button = Object.assign(document.createElement("button"), { type: "button", className: "plain wide" });
const hint = Object.assign(document.createElement("p"), { className: "hint wide", id: "place-hint" });
const proof = Object.assign(document.createElement("input"), { type: "hidden", name: "district_proof" });

button.setAttribute("aria-describedby", hint.id);

/** Show the button. ask: its words; note: what it means; failed: what is said when the place does not help. tell: shows
 * the relay's answer, and fills the letter as it will say. */
export function offer({ ask, note, failed }, tell) {
  button.textContent = ask;
  hint.textContent = note;
  const refuse = () => (found.textContent = failed);
  const use = (position) => prove(position).then(tell).catch(refuse);
  button.onclick = () => navigator.geolocation.getCurrentPosition(use, refuse, { timeout: 20000 });
  found.after(button, hint);
}

async function prove({ coords }) {
  const response = await fetch(form.action.replace(/letters$/, "legislators"), {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ lat: coords.latitude, lon: coords.longitude, lang, ...typed() }),
  });
  if (!response.ok) throw response;
  const answer = await response.json();
  proof.remove();
  if (answer.proof) {
    proof.value = answer.proof;
    form.append(proof);
  }
  return answer;
}

// What letters say of the address depends on whether it lies around the place.
const typed = () => Object.fromEntries(["street", "city", "zip"].map((name) => [name, form.elements[name].value]));

form.addEventListener("change", ({ target }) => {
  if (!/street|city|zip/.test(target.name)) return;
  proof.remove(); // it was for another address
  button.remove();
  hint.remove();
});
