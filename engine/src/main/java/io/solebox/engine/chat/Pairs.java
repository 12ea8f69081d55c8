package io.solebox.engine.chat;

import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.SegmentEncoder;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Writes a question and a text for a model that judges how well one suits the other. */
public final class Pairs {
  private static final Pattern PLACES = Pattern.compile("\\{(query|document)\\}");

  private final Tokenizer tokenizer;
  private final Optional<Template> template;
  private final int secondOffset;

  /** What a model's makers write around both. */
  private record Template(String source, SegmentEncoder encoder) {}

  /**
   * @param template with {@code {query}} and {@code {document}}; without one both stand between the
   *     tokens that the vocabulary separates texts by
   * @param secondOffset what is added to the ids of the second text of two that stand so: where a
   *     model has each token once more, of another type
   */
  public Pairs(Tokenizer tokenizer, Optional<String> template, int secondOffset) {
    this.tokenizer = tokenizer;
    this.secondOffset = secondOffset;
    this.template = template.map(t -> new Template(t, tokenizer.segmentEncoder(t)));
  }

  /** Ids of both; what they say is text, even where it looks like a special token. */
  public int[] encode(String query, String document) {
    return template
        .map(t -> t.encoder().encode(segments(t.source(), query, document)))
        .orElseGet(() -> separated(query, document));
  }

  private static List<Segment> segments(String template, String query, String document) {
    List<Segment> segments = new ArrayList<>();
    Matcher places = PLACES.matcher(template);
    int at = 0;
    while (places.find()) {
      segments.add(new Segment(template.substring(at, places.start()), Specials.PARSE));
      segments.add(
          new Segment(places.group(1).equals("query") ? query : document, Specials.AS_TEXT));
      at = places.end();
    }
    segments.add(new Segment(template.substring(at), Specials.PARSE));
    return segments;
  }

  /** As {@code [CLS] query [SEP] document [SEP]}, or {@code <s> query </s></s> document </s>}. */
  private int[] separated(String query, String document) {
    int[] first = tokenizer.encode(query, Specials.AS_TEXT, true);
    int[] second = tokenizer.encode(document, Specials.AS_TEXT, true);
    int begin = tokenizer.addsBos() && second.length > 0 ? 1 : 0;
    OptionalInt eos = tokenizer.eos();
    Integer separator = tokenizer.namedTokens().get("sep_token");
    boolean twice =
        separator != null
            && eos.isPresent()
            && separator == eos.getAsInt()
            && first.length > 0
            && first[first.length - 1] == separator;
    IntStream between = twice ? IntStream.of(separator) : IntStream.empty();
    return IntStream.concat(
            IntStream.concat(Arrays.stream(first), between),
            Arrays.stream(second, begin, second.length).map(id -> id + secondOffset))
        .toArray();
  }
}
