package io.solebox.server.answers;

import io.solebox.engine.generation.Priority;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.receipts.ReceiptWish;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads on what terms an answer is asked for, as OpenAI's routes have it. */
public final class TermsFields {
  private static final double MAX_SECONDS = 24 * 3600;

  private TermsFields() {}

  /** Whose the work is, and how urgent. */
  public static Terms requester(Fields body) {
    Terms terms = Terms.USUAL.withPriority(priority(body.string("service_tier")));
    // OpenAI's newer name first.
    Optional<String> user = body.string("safety_identifier").or(() -> body.string("user"));
    body.string("user"); // read in any case
    return user.map(terms::withUser).orElse(terms);
  }

  /** The same of what is answered in tokens. */
  public static Terms answer(Fields body) {
    return receipt(requester(body), body);
  }

  /** The same with what a request says about receipts. */
  public static Terms receipt(Terms terms, Fields body) {
    if (!body.has("receipt")) {
      return terms;
    }
    return terms.withReceipt(
        body.flag("receipt") ? new ReceiptWish.Asked() : new ReceiptWish.None());
  }

  /** The same with a deadline. */
  public static Terms read(Fields body) {
    Terms ofUser = answer(body);
    OptionalDouble seconds = body.number("timeout");
    return seconds.isPresent() ? ofUser.withDeadline(deadline(seconds.getAsDouble())) : ofUser;
  }

  private static Priority priority(Optional<String> tier) {
    return switch (tier.orElse("auto")) {
      case "auto", "default", "priority", "scale", "standard", "standard_only" ->
          Priority.INTERACTIVE;
      case "flex", "background", "batch" -> Priority.BACKGROUND;
      case String other ->
          throw Params.invalidValue(
              "service_tier",
              "'service_tier' is '%s', but must be auto, default, priority, flex or background."
                  .formatted(Texts.abbreviated(other)));
    };
  }

  private static Duration deadline(double seconds) {
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
      throw Params.invalidValue(
          "timeout", "'timeout' is %s, but must be above 0 and at most a day.".formatted(seconds));
    }
    return Duration.ofMillis(Math.max(1, (long) (seconds * 1000)));
  }
}
