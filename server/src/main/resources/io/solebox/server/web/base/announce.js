// One place that screen readers listen to, away from the tokens that stream in.

/** @type {HTMLElement | undefined} */
let place;

/** @param {string} text */
export function announce(text) {
  if (!place) {
    place = document.createElement("div");
    place.className = "sr-only";
    place.setAttribute("aria-live", "polite");
    document.body.append(place);
  }
  place.textContent = "";
  const here = place;
  // Behind an empty one, so that the same words are said again.
  setTimeout(() => { here.textContent = text; }, 50);
}
