// Tells the embedding page, and nobody else, how tall this page is. Without it the frame scrolls.
const within = window !== parent && (location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin));

if (within)
  new ResizeObserver(() =>
    parent.postMessage({ beaconpost: { height: Math.ceil(document.body.getBoundingClientRect().height) } }, within),
  ).observe(document.body);
