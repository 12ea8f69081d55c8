package io.solebox.engine.chat;

import io.solebox.engine.chat.jinja.Text;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A rendered conversation.
 *
 * @param segments what the template wrote ({@link Specials#PARSE}) and everything else ({@link
 *     Specials#AS_TEXT}), in order; none is empty
 */
public record Rendering(List<Segment> segments) {
  static Rendering of(Text text) {
    List<Segment> segments = new ArrayList<>(text.parts());
    for (int part = 0; part < text.parts(); part++) {
      String piece = text.string().substring(text.start(part), text.end(part));
      if (!piece.isEmpty()) {
        segments.add(new Segment(piece, text.isWritten(part) ? Specials.PARSE : Specials.AS_TEXT));
      }
    }
    return new Rendering(List.copyOf(segments));
  }

  /** All of it. */
  public String text() {
    return segments.stream().map(Segment::text).collect(Collectors.joining());
  }

  /**
   * What stands before the last {@code mark} that is the template's, without earlier ones; empty if
   * there is none. The same characters in a message are text.
   */
  Optional<Rendering> before(String mark) {
    List<Segment> before = new ArrayList<>(segments);
    while (!before.isEmpty()) {
      Segment last = before.removeLast();
      int end = last.specials() == Specials.PARSE ? last.text().lastIndexOf(mark) : -1;
      if (end >= 0) {
        before.add(new Segment(last.text().substring(0, end), Specials.PARSE));
        return Optional.of(new Rendering(without(mark, before)));
      }
    }
    return Optional.empty();
  }

  private static List<Segment> without(String mark, List<Segment> segments) {
    return segments.stream()
        .map(
            s ->
                s.specials() == Specials.PARSE
                    ? new Segment(s.text().replace(mark, ""), s.specials())
                    : s)
        .filter(s -> !s.text().isEmpty())
        .toList();
  }

  /** What the template wrote behind the last message: where the answer begins. */
  public String opening() {
    boolean written = !segments.isEmpty() && segments.getLast().specials() == Specials.PARSE;
    return written ? segments.getLast().text() : "";
  }
}
