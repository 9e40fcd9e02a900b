// The browser's own way to share a page, and to print a letter. Without this there are links, and its own menu.
const share = document.querySelector("#share");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    const { title, url } = share.dataset;
    navigator.share({ title, url: new URL(url, location).href }).catch(() => {}); // who changes their mind does no wrong
  });
}
const paper = document.querySelector("#print");
if (paper) {
  paper.hidden = false;
  paper.addEventListener("click", () => print());
}
