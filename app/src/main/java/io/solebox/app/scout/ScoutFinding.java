package io.solebox.app.scout;

/**
 * What was found of one thing that a scout needs.
 *
 * @param what as in {@code ebay}, {@code feed forum}
 * @param message a sentence
 * @param remedy empty where there is nothing to do
 */
record ScoutFinding(String what, Verdict verdict, String message, String remedy) {
  enum Verdict {
    OK,
    WARN,
    FAIL
  }

  static ScoutFinding ok(String what, String message) {
    return new ScoutFinding(what, Verdict.OK, message, "");
  }

  static ScoutFinding warn(String what, String message, String remedy) {
    return new ScoutFinding(what, Verdict.WARN, message, remedy);
  }

  static ScoutFinding fail(String what, String message, String remedy) {
    return new ScoutFinding(what, Verdict.FAIL, message, remedy);
  }
}
