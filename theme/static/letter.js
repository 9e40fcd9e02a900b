// Quicker, never possible: without this the form is a plain post and the relay's pages do the rest.
const form = document.querySelector("#letter");
const byId = (id) => document.getElementById(id);
const language = document.documentElement.lang;
const relay = form.action.replace(/letters$/, "");
const post = (path, body) =>
  fetch(relay + path, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(body),
    signal: AbortSignal.timeout(30000),
  });
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

// --- the draft: for this tab only; without storage the form still works

function draft(use) {
  try {
    use(sessionStorage);
  } catch {}
}

if (!document.querySelector(".panel[autofocus]"))
  draft((store) => {
    const kept = new Map(JSON.parse(store.getItem(relay)));
    for (const field of kept.size ? form.elements : [])
      if (/radio|checkbox/.test(field.type)) field.checked = kept.get(field.name) === field.value;
      else if (field.type !== "hidden" && kept.has(field.name)) field.value = kept.get(field.name);
  });
form.addEventListener("input", () => draft((store) => store.setItem(relay, JSON.stringify([...new FormData(form)]))));

// --- who represents this address: asked by post, so that no log holds it

const found = byId("found");
const seats = [...document.querySelectorAll("[data-chamber]")];
const roles = new Map(seats.map((seat) => [seat, seat.textContent]));
const titles = new Map(seats.map(({ dataset }) => [dataset.chamber, dataset.title]));
const place = ["street", "city", "zip"];
let asked = "";

async function lookUp() {
  const address = Object.fromEntries(place.map((name) => [name, form.elements[name].value.trim()]));
  const question = JSON.stringify(address);
  if (question === asked) return;
  asked = question;
  const complete = address.city && /^\d{5}(-?\d{4})?$/.test(address.zip);
  const response = complete && (await post("legislators", address));
  if (question !== asked) return; // a newer question is on its way
  show(response?.ok ? await response.json() : { legislators: [] });
}

function show({ status, legislators }) {
  for (const member of legislators) member.title = titles.get(member.chamber) ?? member.title;
  const phones = legislators.filter(({ phone }) => phone).map(({ title, name, phone }) => {
    const item = element("li");
    item.append(Object.assign(element("a", `${title} ${name}, ${phone}`), { href: `tel:${phone}` }));
    return item;
  });
  byId("phones").replaceChildren(...phones);
  const names = seats.flatMap((seat) => {
    const member = legislators.find(({ chamber }) => chamber === seat.dataset.chamber);
    const name = member && `${member.title} ${member.name || `(${found.dataset.vacant})`}`;
    seat.textContent = name ? `${name}, ${member.district}` : roles.get(seat);
    return name ?? [];
  });
  found.textContent = names.length ? `${found.dataset.matched} ${names.join(", ")}.` : (found.dataset[status] ?? "");
}

const look = () => lookUp().catch(() => (asked = ""));
if (seats.length) {
  form.addEventListener("change", ({ target }) => place.includes(target.name) && look());
  look(); // a draft may hold an address
}

// --- sending: once, losing nothing

let sending = false;

async function send(button) {
  byId("trouble").hidden = true;
  const response = await post("letters", new FormData(form));
  if (response.status === 202) {
    draft((store) => store.removeItem(relay));
    return location.assign((await response.json()).receipt);
  }
  if (response.status >= 500 || response.status === 429) throw new Error(response.statusText);
  const { errors, choices } = response.status === 422 ? await response.json() : {};
  if (!errors || choices.length) return form.submit(); // the relay's own page can ask and explain
  showFaults(errors);
  return idle(button);
}

function idle(button) {
  sending = false;
  form.removeAttribute("aria-busy");
  if (button?.dataset.label) button.textContent = button.dataset.label;
}

function showFaults(errors) {
  for (const old of document.querySelectorAll(".fault")) old.remove();
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  const links = errors.map(({ field, message }) => {
    const item = element("li");
    item.append(Object.assign(element("a", message), { href: `#${field}` }));
    const input = byId(field);
    if (input && !input.hasAttribute("aria-invalid")) {
      input.before(Object.assign(element("p", message), { id: `${field}-fault`, className: "fault" }));
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", [`${field}-hint`, `${field}-fault`].filter(byId).join(" "));
    }
    return item;
  });
  const problem = byId("problem");
  const { prefix } = problem.dataset;
  problem.querySelector("ul").replaceChildren(...links);
  problem.hidden = false;
  if (!document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
  problem.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  if (button?.dataset.busy) {
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  }
  send(button).catch(() => {
    idle(button);
    byId("trouble").hidden = false;
  });
});
addEventListener("pageshow", ({ persisted }) => persisted && idle(form.querySelector("[data-label]")));

// --- who wrote lately

async function showParticipants() {
  const { count, recent } = await (await fetch(`${relay}participants`)).json();
  const tally = byId("count");
  if (tally && count !== null) {
    tally.querySelector("dd").textContent = count.toLocaleString(language);
    tally.classList.remove("pending");
  }
  // A browser that does not know the language would say it in its own.
  const spoken = Intl.RelativeTimeFormat.supportedLocalesOf(language);
  const ago = new Intl.RelativeTimeFormat(spoken, { numeric: "auto" });
  byId("participants")?.replaceChildren(
    ...recent.map(({ name, town, at }) => {
      const hours = Math.round((Date.parse(at) - Date.now()) / 3600000);
      const item = element("li");
      item.append(element("bdi", `${name}, ${town}`), " ");
      if (spoken.length)
        item.append(element("span", hours > -48 ? ago.format(hours, "hour") : ago.format(Math.round(hours / 24), "day")));
      return item;
    }),
  );
}
showParticipants().catch(() => {}); // the page is whole without
