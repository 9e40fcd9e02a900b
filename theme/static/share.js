// Share, copy and print buttons. Without them there are links, and the browser's own menu.
const byId = (id) => document.getElementById(id);

function offer(id, action) {
  const button = byId(id);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => action(button.dataset));
}

if (navigator.share)
  offer("share", ({ title, url }) => navigator.share({ title, url: absolute(url) }).catch(() => {})); // canceling is not an error
offer("copy", ({ url, copied, selected }) => copy(absolute(url)).then(() => tell(copied), () => mark(selected)));
offer("print", () => print());

const absolute = (url) => new URL(url, location).href;

const copy = async (text) => navigator.clipboard.writeText(text); // there is no clipboard without https

const tell = (words) => (byId("copied").textContent = words);

function mark(words) {
  getSelection().selectAllChildren(byId("address"));
  tell(words);
}
