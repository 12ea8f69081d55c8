package io.solebox.engine.answer;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.constrain.structure.EndMark;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Holds what an answer says to a constraint, and leaves its thoughts free. It does not end in them.
 * Owned by the engine loop.
 */
public final class StructuredCourse implements TokenConstraint {
  /** Where the answer is. */
  private sealed interface Place {}

  /**
   * Thoughts may begin, or what the answer says does.
   *
   * @param content what it may say, if it still can
   * @param said tokens of the mark in front of thoughts
   */
  private record Start(Optional<TokenConstraint> content, int said) implements Place {}

  /**
   * @param there the beginning of the mark behind them that is there already
   */
  private record Thoughts(String there) implements Place {}

  private record Content(TokenConstraint constraint) implements Place {}

  private final Route route;
  private Place place;

  /**
   * What does not change.
   *
   * @param start ids of the mark in front of thoughts
   * @param behindThoughts what the answer may say behind them, before anything is said
   */
  private record Route(int[] start, EndMark end, int vocab, TokenConstraint behindThoughts) {}

  private StructuredCourse(Route route, Place place) {
    this.route = route;
    this.place = place;
  }

  /** What stands around the thoughts that an answer has in front, or may have. */
  public static Optional<Thinking> thinking(Prompt prompt) {
    return Thinking.of(prompt)
        .filter(tags -> tags.begun() || !prompt.opening().contains(tags.end()));
  }

  /**
   * @param atOnce what the answer may say if it has no thoughts
   * @param behindThoughts what it may say behind them; white space may stand in front
   */
  public static TokenConstraint of(
      Tokenizer tokenizer,
      Structures structures,
      Prompt prompt,
      TokenConstraint atOnce,
      TokenConstraint behindThoughts) {
    Optional<Thinking> thinking = thinking(prompt);
    if (thinking.isEmpty()) {
      return atOnce;
    }
    int[] start =
        AnswerCourse.ids(
            tokenizer.segmentEncoder(prompt.template().map(ChatTemplate::source).orElse("")),
            prompt.opening(),
            thinking.get().start());
    EndMark end = structures.endMark(thinking.get().end());
    Route route = new Route(start, end, tokenizer.vocabSize(), behindThoughts);
    return new StructuredCourse(
        route, thinking.get().begun() ? new Thoughts("") : new Start(Optional.of(atOnce), 0));
  }

  @Override
  public TokenMask allowed() {
    return switch (place) {
      case Start(Optional<TokenConstraint> content, int said) -> {
        TokenMask thinks = TokenMasks.only(route.vocab(), route.start()[said]);
        yield content.map(says -> TokenMasks.union(says.allowed(), thinks)).orElse(thinks);
      }
      case Thoughts(String there) -> route.end().allowed(there);
      case Content(TokenConstraint constraint) -> constraint.allowed();
    };
  }

  @Override
  public OptionalInt forced() {
    return place instanceof Content(TokenConstraint constraint)
        ? constraint.forced()
        : OptionalInt.empty();
  }

  @Override
  public String expected() {
    return switch (place) {
      case Start(Optional<TokenConstraint> content, int _) ->
          content.map(TokenConstraint::expected).orElse("");
      case Thoughts _ -> "";
      case Content(TokenConstraint constraint) -> constraint.expected();
    };
  }

  @Override
  public boolean admits(int id) {
    return place instanceof Content(TokenConstraint constraint)
        ? constraint.admits(id)
        : allowed().allows(id);
  }

  @Override
  public void said(int id) {
    place =
        switch (place) {
          case Start start -> behind(start, id);
          case Thoughts(String there) ->
              route.end().isComplete(there, id)
                  ? new Content(route.behindThoughts().fork())
                  : new Thoughts(route.end().next(there, id));
          case Content content -> {
            content.constraint().said(id);
            yield content;
          }
        };
  }

  private Place behind(Start start, int id) {
    Optional<TokenConstraint> content = start.content().filter(says -> says.admits(id));
    content.ifPresent(says -> says.said(id));
    if (id != route.start()[start.said()]) {
      // What is not allowed at all is for the constraint to deal with.
      return new Content(content.or(start::content).orElseGet(() -> route.behindThoughts().fork()));
    }
    return start.said() + 1 == route.start().length
        ? new Thoughts("")
        : new Start(content, start.said() + 1);
  }

  @Override
  public TokenConstraint fork() {
    return new StructuredCourse(
        route,
        switch (place) {
          case Start(Optional<TokenConstraint> content, int said) ->
              new Start(content.map(TokenConstraint::fork), said);
          case Thoughts thoughts -> thoughts;
          case Content(TokenConstraint constraint) -> new Content(constraint.fork());
        });
  }
}
