// A text of Markdown on the page. It may grow while it is looked at: what is done is drawn once, and a frame draws no more than it has time for.

import { SLICE, slowly } from "../../base/slices.js";
import { nextFrame } from "../../base/store.js";
import { Lexer, Marked } from "../../lib/marked/marked.esm.js";
import { drawBlock } from "./blocks.js";
import { grow } from "./grow.js";
import { MATH } from "./math.js";
import { citing } from "./cite.js";
import { splitter } from "./splitter.js";

/** @typedef {import("./splitter.js").Block} Block */

/** @param {object[]} more what it is taught beside formulas */
const reader = (...more) => new Marked({ gfm: true, breaks: false, extensions: /** @type {any} */ ([...MATH, ...more]) });

const marked = reader();

/** Blocks in one part, and after how many characters it is full. */
const PART = 24;
const PART_CHARS = 6000;
/** Characters that are read at once: what comes in one piece is drawn in several. */
const PIECE = 2000;

export class TextView {
  /** @type {{block: Block, node: HTMLElement}[]} */
  #open = [];
  #pending = "";
  #waiting = false;
  #ended = false;
  #whole = "";
  /** Where links lead that are told apart from their words, once all of them are known. @type {Record<string, any> | undefined} */
  #links;
  #marked = marked;
  #blocks = splitter((source) => this.#lex(source));
  /** @type {(() => void)[]} */
  #drawn = [];
  /** Where parts go: onto the page, or first apart, so that what is out of sight is never laid out. @type {HTMLElement | DocumentFragment} */
  #place;
  /** Where blocks go: parts of some, which are skipped as a whole out of sight. @type {HTMLElement | undefined} */
  #part;
  #partChars = 0;

  constructor() {
    this.element = document.createElement("div");
    this.element.className = "prose";
    this.element.dir = "auto";
    this.#place = this.element;
  }

  /** From now on its numbers name these. @param {import("../state.js").Source[]} sources */
  cite(sources) {
    this.#marked = reader(citing(sources));
  }

  /** All that it shows, as Markdown. */
  get text() {
    return this.#whole;
  }

  /** Adds to the end; drawn with the next frames. @param {string} text */
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
    this.#ended = false;
    this.#links = undefined;
    this.#begin(this.element);
    this.element.replaceChildren();
    if (text) this.append(text);
  }

  /** @param {HTMLElement | DocumentFragment} place */
  #begin(place) {
    this.#open = [];
    this.#part = undefined;
    this.#place = place;
    this.#blocks = splitter((source) => this.#lex(source));
  }

  /** Nothing more comes. */
  end() {
    this.#ended = true;
    this.#draw();
  }

  /** Shows a text that is whole already: at once if that is quickly done, else when there is time; until then what is there stays. @param {string} text */
  show(text) {
    this.#links = undefined;
    this.#begin(document.createDocumentFragment());
    this.#whole = text;
    this.#pending = text;
    this.#ended = true;
    this.#goOn();
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

  /** @param {string} source @returns {Block[]} */
  #lex(source) {
    const lexer = new Lexer(this.#marked.defaults);
    Object.assign(lexer.tokens.links, this.#links);
    return /** @type {Block[]} */ (/** @type {unknown} */ (lexer.lex(source)));
  }

  #draw() {
    if (this.#waiting) return;
    this.#waiting = true;
    nextFrame(() => {
      this.#waiting = false;
      const began = performance.now();
      const whole = this.#step();
      this.#drawn.forEach((hear) => hear());
      if (!whole) {
        this.#draw();
        return;
      }
      // A block that is long to draw is drawn less often: reading and scrolling go before.
      const took = performance.now() - began;
      if (took > SLICE && !this.#ended) {
        this.#waiting = true;
        setTimeout(() => { this.#waiting = false; if (this.#pending || this.#ended) this.#draw(); }, Math.min(took * 4, 500));
      }
    });
  }

  #goOn() {
    const whole = this.#step();
    this.#drawn.forEach((hear) => hear());
    if (!whole) slowly(() => this.#goOn());
  }

  /** Draws for a while. @returns {boolean} whether all is drawn that there is */
  #step() {
    const stop = performance.now() + SLICE;
    while (this.#pending) {
      const { closed, open } = this.#blocks.take(this.#pending.slice(0, PIECE));
      this.#pending = this.#pending.slice(PIECE);
      this.#put(closed, open);
      if (performance.now() > stop) break;
    }
    if (this.#pending) return false;
    if (!this.#ended) return true;
    this.element.classList.remove("is-live");
    const { references } = this.#blocks;
    this.#put(this.#blocks.end().closed, []);
    if ((references || this.#blocks.references) && !this.#links) {
      // A link's address may have come behind the link: once more, with all of them known.
      const all = new Lexer(marked.defaults);
      all.lex(this.#whole.replaceAll("\r", ""));
      this.#links = all.tokens.links;
      this.#begin(document.createDocumentFragment());
      this.#pending = this.#whole;
      return this.#step();
    }
    if (this.#place !== this.element) {
      this.element.replaceChildren(this.#place);
      this.#place = this.element;
    }
    return true;
  }

  /** @param {Block[]} closed @param {Block[]} open */
  #put(closed, open) {
    const old = this.#open;
    for (const block of closed) {
      this.#show(block, old.shift());
      this.#partChars += block.raw.length;
    }
    this.#open = open.map((block) => ({ block, node: this.#show(block, old.shift()) }));
    old.forEach((left) => left.node.remove());
  }

  /** @param {Block} block @param {{block: Block, node: HTMLElement} | undefined} before what is drawn in its place */
  #show(block, before) {
    if (before && grow(before.node, before.block, block)) return before.node;
    const node = drawBlock(block);
    if (before) before.node.replaceWith(node);
    else this.#add(node);
    return node;
  }

  /** Where a block is put, there it stays. @param {HTMLElement} node */
  #add(node) {
    if (!this.#part || this.#part.childElementCount >= PART || this.#partChars > PART_CHARS) {
      this.#part = document.createElement("div");
      this.#part.className = "part";
      this.#partChars = 0;
      this.#place.append(this.#part);
    }
    this.#part.append(node);
  }
}
