// Uses the device's location instead of an address. The page has a hidden button for it; the answer is the relay's next
// page, as for an address.
const form = document.querySelector("#where");
const [button, hint, placed] = ["locate", "place-hint", "placed"].map((id) => document.getElementById(id));

button.hidden = hint.hidden = false;
button.addEventListener("click", () =>
  navigator.geolocation.getCurrentPosition(send, () => (placed.textContent = placed.dataset.failed), { timeout: 20000 }),
);

function send({ coords }) {
  const inputs = [
    ["lat", coords.latitude],
    ["lon", coords.longitude],
  ].map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  form.append(...inputs);
  form.submit();
  for (const input of inputs) input.remove(); // the visitor may come back and type an address
}
