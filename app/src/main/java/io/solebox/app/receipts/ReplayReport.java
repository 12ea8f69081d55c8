package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.engine.error.Printable;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.Replayer.Replayed;
import io.solebox.server.receipts.Comparison;
import io.solebox.server.receipts.Fields;
import io.solebox.server.receipts.Receipt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came out of a replay.
 *
 * @param answer what the receipt says of the answer that was held against it, where there was one
 */
record ReplayReport(Receipt receipt, Comparison comparison, Optional<GivenAnswer.Told> answer) {
  /** Characters of a text that are shown where it parts from another. */
  private static final int SHOWN = 40;

  static ReplayReport of(
      Receipt receipt, Replayed replay, Optional<GivenAnswer> given, Tokenizer tokenizer) {
    Comparison comparison = Comparison.of(receipt.fields(), replay.receipt().fields());
    return new ReplayReport(
        receipt,
        comparison,
        given.map(its -> its.against(receipt, replay, comparison.sameBits(), tokenizer)));
  }

  /** Whether all is as it was signed. */
  boolean holds() {
    return comparison.sameBits()
        && answer.filter(told -> told.verdict() != GivenAnswer.Verdict.SIGNED).isEmpty();
  }

  static void tellOtherPrompt(Console console, boolean json) {
    if (json) {
      console.println(Json.text(Map.of("same_bits", false, "differs", List.of("prompt"))));
    } else {
      console.println(
          "other bits: the request makes another prompt than the receipt's, so nothing was"
              + " computed");
    }
  }

  void tell(Console console, boolean json) {
    if (json) {
      console.println(Json.text(fields()));
    } else {
      print(console);
    }
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("same_bits", comparison.sameBits());
    fields.put(
        "differs", comparison.ingredients().stream().map(Comparison.Difference::what).toList());
    List<Object> departures = new ArrayList<>();
    for (Comparison.Departure each : comparison.departures()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("answer", each.answer());
      one.put("from_token", each.from());
      one.put("to_token", each.to());
      departures.add(one);
    }
    fields.put("departures", departures);
    answer.ifPresent(told -> fields.put("answer", fields(told)));
    return fields;
  }

  private static Map<String, Object> fields(GivenAnswer.Told told) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("verdict", told.verdict().name().toLowerCase(Locale.ROOT));
    told.departure()
        .ifPresent(
            departure -> {
              fields.put("member", departure.place());
              fields.put("from_character", departure.character());
              fields.put("replayed", departure.one());
              fields.put("given", departure.other());
            });
    return fields;
  }

  private void print(Console console) {
    if (comparison.sameBits()) {
      console.println("the same bits: " + counted());
    }
    for (Comparison.Departure each : comparison.departures()) {
      console.println(
          "other bits: answer %d is the same up to token %d, and another one before token %d"
              .formatted(each.answer(), each.from(), each.to()));
    }
    for (Comparison.Difference each : comparison.ingredients()) {
      console.println(
          "%s differs: %s then, %s now".formatted(each.what(), each.then(), each.now()));
    }
    answer.ifPresent(told -> print(told, console));
    if (!comparison.sameBits()) {
      console.println("limits of the receipt: " + receipt.fields().text("limits"));
    }
  }

  private static void print(GivenAnswer.Told told, Console console) {
    console.println(
        switch (told.verdict()) {
          case SIGNED -> "the answer is the one that was signed";
          case OTHER -> "the answer is not the one that was signed";
          case UNKNOWN ->
              "whether the answer is the one that was signed cannot be said: the replay is not it,"
                  + " and the answer's text can have been other tokens";
        });
    told.departure()
        .ifPresent(
            departure ->
                console.println(
                    "it departs from the replay at character %d of %s: '%s', where the replay says '%s'"
                        .formatted(
                            departure.character(),
                            departure.place(),
                            shown(departure.other()),
                            shown(departure.one()))));
  }

  /** How a text goes on, on one line. */
  private static String shown(String text) {
    int end = text.offsetByCodePoints(0, Math.min(SHOWN, text.codePointCount(0, text.length())));
    return Printable.line(text.substring(0, end)) + (end < text.length() ? "..." : "");
  }

  private String counted() {
    List<Fields> answers = receipt.fields().objects("answers");
    long tokens = answers.stream().mapToLong(each -> each.object("answer").number("tokens")).sum();
    return answers.size() == 1
        ? "%d tokens".formatted(tokens)
        : "%d tokens in %d answers".formatted(tokens, answers.size());
  }
}
