// Loaded only when there are errors: lists them at the top of the page and next to each field.
import { byId, element, form, item } from "./form.js";

const problem = byId("problem");
const { prefix } = problem.dataset;

/** errors: [{ field, message }] from the relay. The list takes focus. */
export function list(errors) {
  for (const old of document.querySelectorAll(".fault")) old.remove();
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  problem.querySelector("ul").replaceChildren(...errors.map(entry));
  problem.hidden = false;
  document.title = `${prefix} ${document.title.replace(prefix, "")}`;
  problem.focus();
}

function entry({ field, message }) {
  mark(byId(field), message);
  return item(element("a", message, { href: `#${field}` }));
}

function mark(input, message) {
  if (!input || input.hasAttribute("aria-invalid")) return;
  const id = `${input.id}-fault`;
  input.before(element("p", message, { id, className: "fault" }));
  input.setAttribute("aria-invalid", "true");
  const describedBy = ["hint", "fault", "blanks"].map((part) => `${input.id}-${part}`);
  input.setAttribute("aria-describedby", describedBy.filter(byId).join(" "));
}
