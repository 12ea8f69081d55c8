// The words and styles of knowledge: whoever imports this draws once they are there.

import { fetchStyle } from "../base/scripts.js";
import { addWords } from "../base/words.js";

await Promise.all([
  addWords({}, (language) => import(`./words/${language}.js`)),
  fetchStyle("knowledge/knowledge.css"),
]);
