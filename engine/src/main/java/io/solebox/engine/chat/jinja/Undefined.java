package io.solebox.engine.chat.jinja;

/**
 * What a missing variable, attribute or element evaluates to: prints as nothing, counts as false,
 * iterates as empty, and fails with its message when anything else is asked of it.
 */
record Undefined(String message) {
  private static final int MAX_NAME = 80;

  static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined attribute(Object owner, Text name) {
    return new Undefined(
        "'"
            + Values.describeOwner(owner)
            + "' has no attribute '"
            + abbreviate(name.string())
            + "'");
  }

  /** Messages are kept for as long as the value is: a name of a megabyte must not be. */
  private static String abbreviate(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "...";
  }

  TemplateFailure failure() {
    return new TemplateFailure(message);
  }
}
