// Tells the page that shows us in a frame how tall we are, and nobody else; without this the frame scrolls.
const within = window !== parent && (location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin));

if (within)
  new ResizeObserver(() =>
    parent.postMessage({ beaconpost: { height: Math.ceil(document.body.getBoundingClientRect().height) } }, within),
  ).observe(document.body);
