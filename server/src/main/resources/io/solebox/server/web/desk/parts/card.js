// A card with its head, and the rows of lists in it.

import { html } from "../../lib/lit-html/lit-html.js";

/**
 * @param {string} id
 * @param {unknown} title
 * @param {unknown} body
 * @param {unknown} [aside] at the end of the head
 * @param {string} [kind] further classes
 */
export const card = (id, title, body, aside = "", kind = "") => html`<section class="card ${kind}" id=${`card-${id}`} aria-labelledby=${`${id}-title`}>
  <header class="card-head"><h2 class="grow" id=${`${id}-title`}>${title}</h2>${aside}</header>${body}</section>`;

/**
 * A row of a list: what it is, what is known of it, what can be done.
 * @param {unknown} title
 * @param {unknown} about
 * @param {unknown} [actions]
 */
export const row = (title, about, actions = "") => html`<li class="line"><div class="grow"><div>${title}</div><div class="small soft">${about}</div></div>${actions}</li>`;
