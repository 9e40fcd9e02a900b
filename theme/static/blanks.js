// What is still blank in the letter, and how long it is. What the letter says in the end, the relay alone knows: see
// preview.js.
import { known } from "./address.js";
import { byId, element, fields, form } from "./form.js";

const said = byId("message-blanks");
const placeholder = /\[([^\[\]\n]*\p{L}[^\[\]\n]*)\]/u; // as in the relay: theme.placeholders

function fills() {
  const [first, last] = [fields.first_name.value, fields.last_name.value];
  const names = first || last ? { "First Name": first, "Last Name": last } : {}; // one is enough
  const email = fields.email.value || undefined;
  return { ...names, Email: email, "Your Address": known.shown?.[fields.disclose.value], ...known.fills };
}

/** The letter as far as this page knows it, for when the relay cannot be reached. */
export function draftLetter() {
  const filled = fills();
  const { subject, reason, message, thanks_subject, thanks_message } = fields;
  const parts = [subject, reason, message, thanks_subject, thanks_message].filter((part) => part && !part.closest("[hidden]"));
  const text = parts.map(({ value }) => value).filter(Boolean).join("\n\n");
  return text.split(placeholder).map((part, index) => (index % 2 ? filled[part] ?? `[${part}]` : part)).join("");
}

function show() {
  const { dataset } = form.querySelector("[name=disclose]:checked");
  byId("shows").textContent = dataset.said;
  const left = draftLetter().match(new RegExp(placeholder, "gu")) ?? [];
  const names = element("bdi", [...new Set(left)].join(", "), { lang: fields.message.lang });
  said.replaceChildren(`${said.dataset.said} `, names);
  said.hidden = !left.length;
  const { length } = [...fields.message.value];
  byId("length").textContent = length > 9000 ? `${length} / 10000` : "";
}

for (const change of ["input", "known"]) form.addEventListener(change, show);
show();
