package io.solebox.clients;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a {@link ScriptedModel} says next. A test writes the script into the conversation itself, as
 * {@code [script:...]} around a JSON array in Base64 (so that no program on the way can change it):
 * the texts of the assistant's turns from there on, in the model's own format. Without one, the
 * model calls the tool {@code time} until it has a result, and then says it. With {@code [pace:N]}
 * anywhere in the conversation it says N tokens a second, else all at once. With {@code
 * [hold:WORD]} it is first in the queue, and then reads the prompt, each until a conversation with
 * {@code [go:WORD]} comes: what is seen meanwhile can be looked at however slow a machine is.
 */
final class Script {
  /** What {@link ScriptedModel}'s template writes in front of the assistant's turns. */
  static final String TURN = "[[assistant]] ";

  /** And around the result of a tool. */
  static final String RESULT = "<tool_response>";

  private static final String CALL = call("time", "{\"zone\": \"UTC\"}");
  private static final Pattern SCRIPT = Pattern.compile("\\[script:([A-Za-z0-9+/=]+)]");

  private static final Pattern PACE = Pattern.compile("\\[pace:(\\d{1,6})]");
  private static final Pattern HOLD = Pattern.compile("\\[hold:(\\w+)]");
  private static final Pattern GO = Pattern.compile("\\[go:(\\w+)]");

  private Script() {}

  /** How many tokens a second are wished; the last wish counts. */
  static OptionalInt pace(String prompt) {
    return PACE.matcher(prompt)
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .reduce((_, last) -> last);
  }

  /** By which word it is held. */
  static Optional<String> hold(String prompt) {
    return HOLD.matcher(prompt).results().map(found -> found.group(1)).findFirst();
  }

  /** Which word lets go. */
  static Optional<String> go(String prompt) {
    return GO.matcher(prompt).results().map(found -> found.group(1)).findFirst();
  }

  /** What stands in a message for this script. */
  static String of(String... turns) {
    byte[] json = new JsonWriter().bytes(List.of(turns));
    return "[script:" + Base64.getEncoder().encodeToString(json) + "]";
  }

  /**
   * A call, as the template writes it: what must be called begins so, to the letter.
   *
   * @param arguments JSON
   */
  static String call(String name, String arguments) {
    return "<tool_call>\n{\"name\": \"%s\", \"arguments\": %s}\n</tool_call>"
        .formatted(name, arguments);
  }

  /**
   * @param prompt as the template makes it
   */
  static String next(String prompt) {
    return SCRIPT
        .matcher(prompt)
        .results()
        .reduce((_, last) -> last)
        .map(last -> turn(last, prompt))
        .orElseGet(() -> time(prompt));
  }

  private static String turn(MatchResult script, String prompt) {
    String json = new String(Base64.getDecoder().decode(script.group(1)), StandardCharsets.UTF_8);
    List<?> turns =
        (List<?>) new JsonReader(JsonLimits.LOCAL).read(json.getBytes(StandardCharsets.UTF_8));
    // The last of them is the one that is to be said.
    int begun = prompt.substring(script.end()).split(Pattern.quote(TURN), -1).length - 1;
    return begun <= turns.size() ? (String) turns.get(begun - 1) : "The script is over.";
  }

  private static String time(String prompt) {
    int at = prompt.lastIndexOf(RESULT);
    if (at < 0) {
      return CALL;
    }
    int begin = at + RESULT.length();
    return "It is " + prompt.substring(begin, begin + 5) + ".";
  }
}
