package io.solebox.engine.chat.jinja;

/** Something that a template can call. */
@FunctionalInterface
interface Callable {
  Object call(RenderContext context, Arguments arguments);
}
