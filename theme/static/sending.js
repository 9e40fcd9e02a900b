// Sends the letter: once, and without losing anything. Whatever follows is in view and has the focus.
import { answer } from "./address.js";
import { draftLetter } from "./blanks.js";
import { byId, fields, forget, form, hide, keep, post } from "./form.js";

const trouble = byId("trouble");
const status = byId("sending");

/** Post the letter, or its retry: the relay knows by the key that it is the same. */
export function act() {
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  status.textContent = status.dataset.said;
  trouble.hidden = true;
  hide("idempotency_key", fields.idempotency_key?.value ?? makeKey());
  keep();
  deliver().catch(fail);
}

async function deliver() {
  const response = await post("letters", new FormData(form));
  if (response.status >= 500) throw response;
  const { receipt, errors, choices, brackets, ...ways } = await response.json();
  if (receipt) {
    forget();
    top.location = receipt; // out of another site's frame
  } else if (response.status === 422 && !choices.length) {
    if (brackets) hide("brackets", "1"); // asked once
    idle();
    (await import("./faults.js")).list(errors);
    if (ways.phones) answer({ errors, ...ways });
  } else {
    keep(true);
    form.submit(); // the relay's own page can ask and explain, and keeps everything that was typed
  }
}

function fail() {
  idle();
  trouble.hidden = false;
  trouble.focus();
  trouble.scrollIntoView({ block: "center" });
}

function idle() {
  form.removeAttribute("aria-busy");
  status.textContent = "";
}

// 128 bits. `randomUUID` would need HTTPS.
const makeKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

addEventListener("pageshow", idle);
byId("copy").addEventListener("click", async ({ target }) => {
  const said = byId("copied");
  try {
    await navigator.clipboard.writeText(draftLetter());
    said.textContent = target.dataset.done;
  } catch {
    said.textContent = draftLetter(); // to be copied by hand
  }
});
