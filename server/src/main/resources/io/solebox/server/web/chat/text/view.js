// A text of Markdown on the page. It may grow while it is looked at: what is done is drawn once, the rest with each frame.

import { nextFrame } from "../../base/store.js";
import { Marked } from "../../lib/marked/marked.esm.js";
import { drawBlock, drawItem } from "./blocks.js";
import { growCode } from "./code.js";
import { MATH } from "./math.js";
import { splitter } from "./splitter.js";

/** @typedef {import("./splitter.js").Block} Block */

const marked = new Marked({ gfm: true, breaks: false, extensions: /** @type {any} */ (MATH) });
/** @param {string} source */
const lex = (source) => /** @type {Block[]} */ (/** @type {unknown} */ (marked.lexer(source)));

/** Blocks in one part. */
const PART = 24;

export class TextView {
  /** @type {{block: Block, node: HTMLElement}[]} */
  #open = [];
  #pending = "";
  #waiting = false;
  #ended = false;
  #blocks = splitter(lex);
  #whole = "";
  /** @type {(() => void)[]} */
  #drawn = [];
  /** Where what is done goes: parts of so many blocks, which are skipped as a whole out of sight. @type {HTMLElement | undefined} */
  #part;

  constructor() {
    this.element = document.createElement("div");
    this.element.className = "prose";
    this.element.dir = "auto";
  }

  /** All that it shows, as Markdown. */
  get text() {
    return this.#whole;
  }

  /** Adds to the end; drawn with the next frame. @param {string} text */
  append(text) {
    this.#whole += text;
    this.#pending += text;
    this.element.classList.add("is-live");
    this.#draw();
  }

  /** Forgets what there was and goes on from another text. @param {string} text */
  restart(text) {
    this.#whole = "";
    this.#pending = "";
    this.#open = [];
    this.#part = undefined;
    this.#blocks = splitter(lex);
    this.element.replaceChildren();
    if (text) this.append(text);
  }

  /** Nothing more comes. */
  end() {
    this.#ended = true;
    this.#draw();
  }

  /** Shows a text that is whole already. @param {string} text */
  show(text) {
    this.#whole = text;
    this.#drawWhole();
  }

  /** Shows a text as it was written, until there is time for more. @param {string} text */
  plain(text) {
    this.#whole = text;
    const words = document.createElement("p");
    words.className = "as-written";
    words.textContent = text;
    this.element.replaceChildren(words);
  }

  /** Hears after each drawing, for those who scroll along. @param {() => void} hear */
  onDrawn(hear) {
    this.#drawn.push(hear);
  }

  #draw() {
    if (this.#waiting) return;
    this.#waiting = true;
    nextFrame(() => {
      this.#waiting = false;
      const began = performance.now();
      this.#step();
      this.#drawn.forEach((hear) => hear());
      // A block that is long to draw is drawn less often: reading and scrolling go before.
      const took = performance.now() - began;
      if (took > 8 && !this.#ended) {
        this.#waiting = true;
        setTimeout(() => { this.#waiting = false; if (this.#pending || this.#ended) this.#draw(); }, Math.min(took * 4, 500));
      }
    });
  }

  #step() {
    if (this.#pending) {
      const { closed, open } = this.#blocks.take(this.#pending);
      this.#pending = "";
      this.#put(closed, open);
    }
    if (!this.#ended) return;
    this.element.classList.remove("is-live");
    // A link's address may have come behind the link.
    if (this.#blocks.references) this.#drawWhole();
    else this.#put(this.#blocks.end().closed, []);
  }

  #drawWhole() {
    this.element.replaceChildren();
    this.#open = [];
    this.#part = undefined;
    for (const block of lex(this.#whole.replaceAll("\r", ""))) {
      if (block.type !== "space" && block.type !== "def") this.#done(drawBlock(block));
    }
  }

  /** @param {Block[]} closed @param {Block[]} open */
  #put(closed, open) {
    const old = this.#open;
    this.#open = [];
    for (const block of closed) {
      const before = old.shift();
      const same = before && before.block.raw === block.raw && before.block.type === block.type && block.type !== "code";
      if (!same) before?.node.remove();
      this.#done(same ? before.node : drawBlock(block));
    }
    for (const block of open) {
      const before = old.shift();
      this.#open.push({ block, node: this.#drawOpen(block, before) });
    }
    old.forEach((left) => left.node.remove());
  }

  /** Puts a block where it stays: behind all that is done, before all that is open. @param {HTMLElement} node */
  #done(node) {
    if (!this.#part || this.#part.childElementCount >= PART) {
      this.#part = document.createElement("div");
      this.#part.className = "part";
      const last = [...this.element.querySelectorAll(":scope > .part")].at(-1);
      if (last) last.after(this.#part);
      else this.element.prepend(this.#part);
    }
    this.#part.append(node);
  }

  /** @param {Block} block @param {{block: Block, node: HTMLElement} | undefined} before */
  #drawOpen(block, before) {
    if (before && before.block.type === block.type) {
      if (before.block.raw === block.raw) return before.node;
      if (block.type === "code" && block.open && before.block.open && growCode(before.node, block.text ?? "")) return before.node;
      if (block.type === "list" && growList(before, block)) return before.node;
    }
    const node = drawBlock(block);
    if (before) before.node.replaceWith(node);
    else this.element.append(node);
    return node;
  }
}

/**
 * Goes on with a list: items that have not changed stay.
 * @param {{block: any, node: HTMLElement}} before
 * @param {any} block
 */
function growList(before, block) {
  const had = before.block;
  if (had.ordered !== block.ordered || had.loose !== block.loose || had.start !== block.start) return false;
  /** @type {any[]} */ (block.items).forEach((item, at) => {
    const node = before.node.children[at];
    if (node && had.items[at]?.raw === item.raw && had.items[at]?.loose === item.loose) return;
    const drawn = drawItem(item);
    if (node) node.replaceWith(drawn);
    else before.node.append(drawn);
  });
  while (before.node.children.length > block.items.length) before.node.lastElementChild?.remove();
  return true;
}
