package io.solebox.hardware.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a case's {@code expect.json} asks for, which holds nothing but flat objects with strings.
 *
 * @param id of a check; a star stands for any
 * @param severity as it is written there
 * @param mentions words of the message
 */
record Expectation(String id, String severity, List<String> mentions) {
  private static final Pattern OBJECT = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** What is asked for, and what must not be said. */
  record Both(List<Expectation> findings, List<Expectation> forbidden) {}

  static Both of(Path file) throws IOException {
    String text = Files.readString(file);
    int forbid = text.indexOf("\"forbid\"");
    String asked = text.substring(text.indexOf('[') + 1, forbid);
    return new Both(objects(asked), objects(text.substring(forbid)));
  }

  private static List<Expectation> objects(String text) {
    return OBJECT.matcher(text).results().map(Expectation::object).toList();
  }

  private static Expectation object(MatchResult object) {
    List<String> strings =
        new ArrayList<>(
            STRING.matcher(object.group(1)).results().map(found -> found.group(1)).toList());
    String id = strings.get(strings.indexOf("id") + 1);
    String severity = strings.get(strings.indexOf("severity") + 1);
    int mentions = strings.indexOf("mentions");
    return new Expectation(
        id, severity, mentions < 0 ? List.of() : strings.subList(mentions + 1, strings.size()));
  }

  Verdict verdict() {
    return severity.equals("PASS") ? Verdict.OK : Verdict.valueOf(severity);
  }
}
