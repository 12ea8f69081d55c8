package io.solebox.engine.chat.jinja;

/**
 * A macro as a value.
 *
 * @param body binds the arguments and renders
 */
record MacroFunction(String name, Callable body) implements Callable {
  @Override
  public Object call(RenderContext context, Arguments arguments) {
    return body.call(context, arguments);
  }
}
