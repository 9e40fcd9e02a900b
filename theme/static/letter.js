// Progressive enhancement: without this the form is a plain POST and the relay's pages do the rest.
const form = document.querySelector("#letter");
const byId = (id) => document.getElementById(id);
const { lang } = document.documentElement;
const relay = form.action.replace(/letters$/, "");
const post = (path, body) =>
  fetch(relay + path, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(body),
    signal: AbortSignal.timeout(30000),
  });
const load = (name) => import(import.meta.url.replace("letter.js", `${name}.js`)); // for what few visitors need
const element = (name, inside, more) => {
  const made = Object.assign(document.createElement(name), more);
  made.append(inside);
  return made;
};
const item = (inside) => element("li", inside);

// --- the draft: kept for this tab only; without storage the form still works

function draft(use) {
  try {
    use(sessionStorage);
  } catch {}
}

const fields = form.elements;
const keep = (...mark) => draft((store) => store.setItem(relay, JSON.stringify([...mark, ...new FormData(form)])));
if (!document.querySelector(".panel[autofocus]"))
  draft((store) => {
    const kept = JSON.parse(store.getItem(relay)) ?? [];
    // Already submitted, and shown by the relay's own page. Restore it only if that page never loaded.
    if (!kept[0] && performance.getEntriesByType("navigation")[0].type === "navigate") store.removeItem(relay);
    else
      for (const [name, value] of kept) {
        const field = fields[name];
        if (field?.type === "checkbox") field.checked = true;
        else if (field && field.type !== "hidden") field.value = value;
      }
  });

// --- who represents this address: looked up by POST, so the address is in no log

const place = ["street", "city", "zip"];
const seats = document.querySelectorAll("[data-chamber]");
const roles = [...seats].map((seat) => seat.textContent);
const street = fields.street.parentElement;
let needed = !document.querySelector(".lede"); // the relay's page with an answer shows every field
let asked = "";
let known = {};

// Show the street only if the town does not decide or the letter shows it.
const show = () => (street.hidden = !(needed || fields.street.value || fields.disclose.value !== "town"));

// Offer alternatives if the address does not decide.
const lead = async (answer) => answer.phones && (await load("place")).offer(answer, tell);

async function lookUp() {
  const address = { lang, ...Object.fromEntries(place.map((name) => [name, fields[name].value.trim()])) };
  const question = JSON.stringify(address);
  if (question === asked) return;
  asked = question;
  const complete = address.city && /^$|\p{Nd}{5}/u.test(address.zip); // an incomplete ZIP would change the answer
  const response = complete && (await post("legislators", address));
  const answer = response?.ok ? await response.json() : {};
  if (question !== asked) return; // a newer question is on its way
  needed ||= complete && answer.status !== "matched";
  tell(answer);
  await lead(answer);
}

function tell(answer) {
  known = answer;
  byId("found").textContent = answer.said;
  seats.forEach((seat, index) => (seat.textContent = answer.names?.[seat.dataset.chamber] ?? roles[index]));
  byId("phones").replaceChildren(
    ...(answer.calls ?? []).map(({ who, phone }) => item(element("a", `${who}, ${phone}`, { href: `tel:+1${phone}` }))),
  );
  preview();
}

const look = () =>
  lookUp()
    .catch(() => {
      asked = "";
      needed = true;
    })
    .finally(show);

// --- the letter as the first office will read it; unfilled placeholders stay marked

const paper = byId("preview");
const blanks = byId("message-blanks");
const blank = /\[([A-Z][\w ]*)\]/; // same syntax as the relay's placeholders

function preview() {
  const { value: how } = fields.disclose;
  const fills = {
    "First Name": fields.first_name.value,
    "Last Name": fields.last_name.value,
    Email: fields.email.value,
    "Your Address": known.shown?.[how],
    ...known.fills,
  };
  paper.replaceChildren(
    ...`${fields.subject.value}\n\n${fields.message.value}`
      .split(blank)
      .map((text, index) => (index % 2 ? (fills[text] ?? "") || element("mark", `[${text}]`) : text)),
  );
  const left = new Set([...paper.querySelectorAll("mark")].map((mark) => mark.textContent));
  blanks.hidden = !left.size;
  blanks.lastChild.textContent = [...left].join(", ");
  const { length } = [...fields.message.value];
  byId("length").textContent = length > 9000 ? `${length} / 10000` : "";
}

form.addEventListener("input", () => {
  preview();
  keep();
});
form.addEventListener("change", look);
preview();
look(); // a draft may contain an address

// --- sending: once, without losing anything

let sending = false;
const trouble = byId("trouble");

async function send() {
  trouble.hidden = true;
  const response = await post("letters", new FormData(form));
  if (response.status >= 500 || response.status === 429) throw response;
  const answer = await response.json();
  const { receipt, choices } = answer;
  if (response.status === 422 && !choices.length) {
    needed = true;
    show();
    (await load("faults")).list(answer.errors);
    await lead(answer);
    return idle();
  }
  if (receipt) {
    draft((store) => store.removeItem(relay));
    return top.location = receipt; // out of another site’s frame
  }
  keep(""); // marks it as submitted
  form.submit(); // the relay's own page can ask and explain, and keeps everything that was typed
}

function idle() {
  sending = false;
  form.ariaBusy = null;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  form.ariaBusy = "true";
  send().catch(() => {
    idle();
    trouble.hidden = false;
    paper.parentElement.open = true; // so it can be copied by hand
  });
});
addEventListener("pageshow", idle);
byId("copy").addEventListener("click", () => navigator.clipboard?.writeText(paper.textContent));

// --- recent participants

async function showParticipants() {
  const { count, recent } = await (await fetch(`${relay}participants`)).json();
  const tally = byId("count");
  if (tally && count !== null) {
    tally.querySelector("dd").textContent = count.toLocaleString(lang);
    tally.classList.remove("pending");
  }
  const people = recent.map(({ name, town }) => item(town ? `${name}, ${town}` : name));
  if (people.length) byId("participants").replaceChildren(...people);
}
showParticipants().catch(() => {}); // the page works without it
