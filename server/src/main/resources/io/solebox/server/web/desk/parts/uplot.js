// uPlot with its style, fetched when the first plot is shown, and what all plots of the desk have.

import { fileAddress, runScript } from "../../base/scripts.js";

export const HEIGHT = 240;
export const COLOURS = ["--series-1", "--series-2", "--series-3", "--series-4"];

/** The library with its style, once. */
export async function library() {
  if (!document.getElementById("uplot-style")) {
    const style = Object.assign(document.createElement("link"), { id: "uplot-style", rel: "stylesheet", href: fileAddress("lib/uplot/uPlot.min.css") });
    document.head.append(style);
  }
  await runScript("lib/uplot/uPlot.iife.min.js");
  return globalThis.uPlot;
}

/** @param {string} name of a token */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What axes look like. */
export const axis = () => ({ stroke: colour("--ink-faint"), font: `12px ${colour("--font")}`, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } });

/** A plot is as wide as its place. @param {{setSize: (size: {width: number, height: number}) => void}} made @param {HTMLElement} element */
export function fit(made, element) {
  const resized = new ResizeObserver(() => {
    if (element.isConnected) made.setSize({ width: element.clientWidth, height: HEIGHT });
    else resized.disconnect();
  });
  resized.observe(element);
}
