package io.solebox.server.metrics;

/**
 * What tells the series of a metric apart, as Prometheus writes it.
 *
 * @param text between the braces
 */
public record Labels(String text) {
  public static final Labels NONE = new Labels("");

  public static Labels of(String name, String value) {
    return NONE.and(name, value);
  }

  /** These and one more. */
  public Labels and(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    String label = name + "=\"" + escaped + "\"";
    return new Labels(text.isEmpty() ? label : text + "," + label);
  }

  /** Behind a metric's name. */
  String braced() {
    return text.isEmpty() ? "" : "{" + text + "}";
  }
}
