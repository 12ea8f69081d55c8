// After the last step: where the box is now. A new address is kept once a browser has reached the box there.

import { html } from "../../lib/lit-html/lit-html.js";
import { Refusal, ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";

const AGAIN_MS = 2000;
const MOST_TRIES = 150;

const pause = () => new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });

/** Until the server answers as wanted: while a machine changes, it is gone for a while. @param {() => Promise<unknown>} work */
async function patiently(work) {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    try {
      return await work();
    } catch (error) {
      const passing = error instanceof Refusal && (error.status === 0 || error.status === 404 || error.status >= 500);
      if (!passing) throw error;
      await pause();
    }
  }
  throw new Refusal(0);
}

/** @param {() => void} draw */
export function moving(draw) {
  /** @type {unknown} */
  let shown;

  /** @param {unknown} what */
  function show(what) {
    shown = html`<div class="panel" role="status">${what}</div>`;
    draw();
  }

  /** @param {string} of */
  const keep = (of) => patiently(() => ask("POST", "/host/keep", { of }, { stayHere: true }));

  return {
    view: () => shown,
    /** The box was reached where a change has put it. @param {string} id */
    found(id) {
      show(html`<h1>${say("boot.found")}</h1><p class="soft">${say("boot.wait")}</p>`);
      keep(id).then(() => location.replace("/"), () => show(html`<h1>${say("boot.late")}</h1><p class="soft">${say("boot.late.about")}</p>
        <a class="btn btn-primary btn-large btn-full" href="/">${say("go.on")}</a>`));
    },
    /** What follows when all is chosen. @param {{chosen: Record<string, any>, asked: Record<string, string>}} done */
    async after({ chosen, asked }) {
      const network = asked.network ? chosen.network : undefined;
      if (network?.mode === "none") return show(html`<h1>${say("boot.done")}</h1><p class="soft">${say("boot.network.none.hint")}</p>`);
      if (network?.address) {
        const host = network.address.split("/")[0];
        const to = `https://${host.includes(":") ? `[${host}]` : host}${location.port ? `:${location.port}` : ""}/setup?found=${asked.network}`;
        return show(html`<h1>${say("boot.moves")}</h1><p class="soft">${say("boot.moves.about")}</p>
          <a class="btn btn-primary btn-large btn-full" href=${to}>${icon("server")}${host}</a>`);
      }
      show(html`<h1>${say("boot.done")}</h1><p class="soft">${say("boot.wait")}</p>`);
      if (network) await keep(asked.network).catch(() => undefined);
      if (asked["air-gap"]) await pause();
      await patiently(() => ask("GET", "/health/live", undefined, { stayHere: true })).catch(() => undefined);
      location.replace("/");
    },
  };
}
