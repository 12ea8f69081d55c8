// Lets Node.js load modules of pages from where they lie in the sources: what they import of libraries comes from the
// build, or from SOLEBOX_WEB_LIB. For `node --import ./hooks.mjs --test`.

import { existsSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const built = process.env.SOLEBOX_WEB_LIB
  ? pathToFileURL(`${process.env.SOLEBOX_WEB_LIB}/`)
  : new URL("../../server/target/web-libraries/io/solebox/server/web/lib/", import.meta.url);

/** Called by Node.js in a thread of its own, for each import. */
export function resolve(specifier, context, next) {
  const library = /^\.{1,2}\/(?:.*\/)?lib\/(.+)$/.exec(specifier);
  if (library && !existsSync(fileURLToPath(new URL(specifier, context.parentURL)))) {
    return next(new URL(library[1], built).href, context);
  }
  return next(specifier, context);
}

/** Our files that end in .js are modules, and so are those of libraries. */
export function load(url, context, next) {
  const ours = url.endsWith(".js") && url.includes("/io/solebox/server/web/");
  return next(url, ours ? { ...context, format: "module" } : context);
}

if (!process.env.SOLEBOX_HOOKED) {
  process.env.SOLEBOX_HOOKED = "1";
  register(import.meta.url);
}
