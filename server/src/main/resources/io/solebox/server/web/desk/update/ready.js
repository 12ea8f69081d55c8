// The words of the page about updates: whoever imports this draws once they are there.

import { addWords } from "../../base/words.js";

await addWords({}, (language) => import(`./words/${language}.js`));
