package io.solebox.server.answers;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Makes the prompt of a conversation, and leaves the oldest of it away where a request asks for
 * that and the context has no room for all.
 *
 * @param context tokens of prompt and answer
 * @param room tokens that the answer should have once something is left away; where that takes too
 *     much, it gets what there is
 * @param bound what bounds the context, for messages that tell its number behind that
 * @param param that the conversation came from
 * @param clock for templates that write the date
 */
public record Truncation(
    Models.Named chosen, int context, int room, String bound, String param, Clock clock) {
  /** The {@code bound} of a model's whole context. */
  public static final String WHOLE = "the context of the model has";

  /**
   * Of a model's whole context.
   *
   * @param maxTokens of the answer, as asked for
   */
  public static Truncation of(
      Models.Named chosen, OptionalInt maxTokens, String param, Clock clock) {
    int context = chosen.model().contextTokens();
    return new Truncation(chosen, context, room(maxTokens, context), WHOLE, param, clock);
  }

  /**
   * Of what a request lets a conversation have.
   *
   * @param maxTokens of the answer, as asked for
   */
  public static Truncation of(
      Models.Named chosen, Window window, OptionalInt maxTokens, String param, Clock clock) {
    int context = window.of(chosen);
    return new Truncation(chosen, context, room(maxTokens, context), window.bound(), param, clock);
  }

  /**
   * What an answer should have: what is asked for, up to a quarter of the context.
   *
   * @param maxTokens of the answer, as asked for
   */
  public static int room(OptionalInt maxTokens, int context) {
    return Math.clamp(maxTokens.orElse(1), 1, Math.max(1, context / 4));
  }

  /**
   * What became of it.
   *
   * @param dropped what was left away
   */
  public record Fitted(ChatInput input, Prompt prompt, int dropped) {}

  /**
   * Whether a request asks for it.
   *
   * @throws io.solebox.server.http.Problem 400 for a word that is neither
   */
  public static boolean isAuto(Fields body) {
    String asked = body.string("truncation").orElse("disabled");
    return switch (asked) {
      case "auto" -> true;
      case "disabled" -> false;
      default ->
          throw Params.invalidValue("truncation", "'truncation' must be 'auto' or 'disabled'.");
    };
  }

  /** All of it, whether it fits or not. */
  public Fitted all(ChatInput input) {
    return new Fitted(input, ChatPrompts.encode(chosen, input, param, clock), 0);
  }

  /**
   * All of it.
   *
   * @throws io.solebox.server.http.Problem 400 with both counts if it does not fit
   */
  public Fitted whole(ChatInput input) {
    Fitted all = all(input);
    if (all.prompt().ids().length >= context) {
      throw tooLong(all, "Send less, or set 'truncation' to 'auto'.");
    }
    return all;
  }

  /**
   * As much of it as fits.
   *
   * @param cuts how much of it may be left away, from nothing on, in ascending order
   * @param left what is left then
   * @throws io.solebox.server.http.Problem 400 with both counts if the least does not fit
   */
  public Fitted fit(List<Integer> cuts, IntFunction<ChatInput> left) {
    Fitted all = fitted(cuts.getFirst(), left);
    if (all.prompt().ids().length < context) {
      return all;
    }
    Fitted least = fitted(cuts.getLast(), left);
    if (least.prompt().ids().length >= context) {
      throw tooLong(least, "What must stay is too long: send less of it.");
    }
    boolean roomy = least.prompt().ids().length + room <= context;
    return longest(cuts, left, least, roomy ? room : 1);
  }

  /** The first cut that leaves room enough: what is cut further is shorter. */
  private Fitted longest(
      List<Integer> cuts, IntFunction<ChatInput> left, Fitted least, int enough) {
    Fitted best = least;
    int tooFew = 0;
    int fits = cuts.size() - 1;
    while (fits - tooFew > 1) {
      int middle = (tooFew + fits) / 2;
      Fitted tried = fitted(cuts.get(middle), left);
      if (tried.prompt().ids().length + enough <= context) {
        fits = middle;
        best = tried;
      } else {
        tooFew = middle;
      }
    }
    return best;
  }

  private Fitted fitted(int cut, IntFunction<ChatInput> left) {
    ChatInput input = left.apply(cut);
    return new Fitted(input, ChatPrompts.encode(chosen, input, param, clock), cut);
  }

  private RuntimeException tooLong(Fitted fitted, String remedy) {
    String less = fitted.dropped() == 0 ? "" : " without all that may be left away";
    return EngineProblems.of(
        new SoleboxException(
            ErrorCode.CONTEXT_LENGTH_EXCEEDED,
            "",
            "The prompt has %d tokens%s, and %s %d."
                .formatted(fitted.prompt().ids().length, less, bound, context),
            remedy),
        param);
  }
}
