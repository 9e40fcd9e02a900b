// Loaded only when there are errors: lists them at the top of the page and next to each field.
const form = document.querySelector("#letter");
const problem = document.querySelector("#problem");
const { prefix } = problem.dataset;
const byId = (id) => document.getElementById(id);

/** errors: [{ field, message }] from the relay. The list takes focus. */
export function list(errors) {
  for (const old of document.querySelectorAll(".fault")) old.remove();
  for (const old of form.querySelectorAll("[aria-invalid]")) old.ariaInvalid = null;
  problem.querySelector("ul").replaceChildren(...errors.map(entry));
  problem.hidden = false;
  document.title = `${prefix} ${document.title.replace(prefix, "")}`;
  problem.focus();
}

function entry({ field, message }) {
  mark(byId(field), message);
  const line = document.createElement("li");
  line.append(Object.assign(document.createElement("a"), { href: `#${field}`, textContent: message }));
  return line;
}

function mark(input, message) {
  if (!input || input.ariaInvalid) return;
  const id = `${input.id}-fault`;
  input.before(Object.assign(document.createElement("p"), { id, className: "fault", textContent: message }));
  input.ariaInvalid = "true";
  const describedBy = ["hint", "fault", "blanks"].map((part) => `${input.id}-${part}`);
  input.setAttribute("aria-describedby", describedBy.filter(byId).join(" "));
}
