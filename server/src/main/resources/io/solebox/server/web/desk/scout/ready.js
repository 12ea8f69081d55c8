// The words and styles of the scout's page: whoever imports this draws once they are there.

import { fetchStyle } from "../../base/scripts.js";
import { addWords } from "../../base/words.js";

await Promise.all([
  addWords({}, (language) => import(`./words/${language}.js`)),
  fetchStyle("desk/scout/scout.css"),
]);
