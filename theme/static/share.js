// Web Share and print buttons. Without them there are links, and the browser's own menu.
const share = document.querySelector("#share");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    const { title, url } = share.dataset;
    navigator.share({ title, url: new URL(url, location).href }).catch(() => {}); // canceling is not an error
  });
}
const paper = document.querySelector("#print");
if (paper) {
  paper.hidden = false;
  paper.addEventListener("click", () => print());
}
