package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.tokenizer.SegmentEncoder;
import io.solebox.engine.tokenizer.StreamingDecoder;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextStreamTest {
  /** A vocabulary of given strings, where {@code ~} stands for a token without text. */
  private record Pieces(List<String> texts) implements Tokenizer {
    @Override
    public int vocabSize() {
      return texts.size();
    }

    @Override
    public int[] encode(String text, Specials specials, boolean addBosEos) {
      throw new AssertionError("not needed");
    }

    @Override
    public SegmentEncoder segmentEncoder(String template) {
      throw new AssertionError("not needed");
    }

    @Override
    public Map<String, Integer> namedTokens() {
      return Map.of();
    }

    @Override
    public String decode(int[] ids, boolean showSpecials) {
      throw new AssertionError("not needed");
    }

    @Override
    public StreamingDecoder streamingDecoder(boolean showSpecials) {
      return new StreamingDecoder() {
        private boolean open;

        @Override
        public String accept(int id) {
          open = texts.get(id).equals("~");
          return open ? "" : texts.get(id);
        }

        @Override
        public String finish() {
          return open ? "\uFFFD" : "";
        }
      };
    }

    @Override
    public byte[] tokenBytes(int id) {
      return texts.get(id).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String tokenText(int id) {
      return texts.get(id);
    }

    @Override
    public boolean isSpecial(int id) {
      return false;
    }

    @Override
    public OptionalInt bos() {
      return OptionalInt.empty();
    }

    @Override
    public OptionalInt eos() {
      return OptionalInt.empty();
    }

    @Override
    public boolean addsBos() {
      return false;
    }

    @Override
    public Set<Integer> endOfGeneration() {
      return Set.of();
    }
  }

  /**
   * Every id of the vocabulary once, in order, every other one guessed; after a close some more, as
   * a loop would.
   */
  private static final class Counting implements Generation {
    private final int length;
    private final int failAt;
    private int next;
    private boolean closed;
    private boolean ended;

    Counting(int length, int failAt) {
      this.length = length;
      this.failAt = failAt;
    }

    @Override
    public Event next() {
      assertTrue(!ended, "read past the end");
      if (next == failAt) {
        ended = true;
        return new Failed(
            new SoleboxException(ErrorCode.CLOSED, "", "The model was closed.", "Load it."));
      }
      if (next < length) {
        return new Token(next++, Optional.empty(), next % 2 == 0);
      }
      ended = true;
      FinishReason reason = closed ? FinishReason.CANCELLED : FinishReason.LENGTH;
      var drafts = new Drafts(next + 2, next / 2);
      return new End(reason, new Usage(7, 3, next, 1, 2, 3, Optional.of(drafts), 0));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private record Answer(String text, List<Integer> ids, FinishReason reason, int completion) {}

  private static Answer read(List<String> tokens, String... stops) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    List<Integer> ids = new ArrayList<>();
    Counting generation = new Counting(tokens.size(), -1);
    try (TextStream stream = new TextStream(generation, new Pieces(tokens), List.of(stops))) {
      for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
        text.append(piece.get().text());
        piece.get().tokens().forEach(placed -> ids.add(placed.token().id()));
      }
      assertTrue(stream.next().isEmpty(), "stays at its end");
      return new Answer(
          text.toString(), ids, stream.finishReason(), stream.usage().completionTokens());
    }
  }

  @Test
  void givesEverythingWhenNothingStopsIt() throws InterruptedException {
    assertEquals(
        new Answer("Hello, world", List.of(0, 1, 2, 3), FinishReason.LENGTH, 4),
        read(List.of("Hel", "lo", ",", " world")));
    assertEquals(new Answer("", List.of(), FinishReason.LENGTH, 0), read(List.of()));
  }

  @Test
  void stopStringBeginsAndEndsInsideTokens() throws InterruptedException {
    assertEquals(
        new Answer("one tw", List.of(0, 1), FinishReason.STOP, 3),
        read(List.of("one", " two", " th", "ree", " four"), "o t"));
  }

  /** What was guessed rightly behind it is not in the answer. */
  @Test
  void guessesBehindAStopStringAreNotAccepted() throws InterruptedException {
    List<String> tokens = List.of("one", " two", " three", " four", " five", " six");
    assertEquals(new Drafts(8, 3), drafts(tokens));
    assertEquals(new Drafts(8, 1), drafts(tokens, "three"));
  }

  private static Drafts drafts(List<String> tokens, String... stops) throws InterruptedException {
    Counting generation = new Counting(tokens.size(), -1);
    try (TextStream stream = new TextStream(generation, new Pieces(tokens), List.of(stops))) {
      while (stream.next().isPresent()) {
        assertTrue(generation.next <= tokens.size());
      }
      return stream.usage().drafts().orElseThrow();
    }
  }

  @Test
  void whatOnlyLooksLikeAStopIsReleased() throws InterruptedException {
    assertEquals(
        new Answer("a<|b<|en", List.of(0, 1, 2, 3, 4, 5), FinishReason.LENGTH, 6),
        read(List.of("a", "<", "|", "b", "<|", "en"), "<|end|>"));
    assertEquals(
        new Answer("aa", List.of(0, 1), FinishReason.STOP, 5),
        read(List.of("a", "a", "a", "a", "b", "c"), "aab"));
  }

  @Test
  void theStopThatIsCompleteFirstWins() throws InterruptedException {
    assertEquals("a", read(List.of("abcd"), "abcd", "bc").text());
    assertEquals("", read(List.of("ab", "c"), "bc", "abc").text());
    assertEquals("x", read(List.of("x\n", "\nUser:"), "User:", "\n\n").text());
  }

  @Test
  void tokensWithoutTextGoWithTheTextTheyComplete() throws InterruptedException {
    assertEquals(
        new Answer("aé", List.of(0, 1, 2), FinishReason.LENGTH, 3), read(List.of("a", "~", "é")));
    assertEquals(
        new Answer("a\uFFFD", List.of(0, 1), FinishReason.LENGTH, 2), read(List.of("a", "~")));
    assertEquals(
        new Answer("a", List.of(0), FinishReason.STOP, 3), read(List.of("a", "~", "é", "b"), "é"));
  }

  @Test
  void failureComesAfterTheTextBeforeIt() throws InterruptedException {
    Pieces tokenizer = new Pieces(List.of("a", "<", "b"));
    try (TextStream stream = new TextStream(new Counting(3, 2), tokenizer, List.of("<end"))) {
      assertEquals("a", stream.next().orElseThrow().text());
      assertEquals("<", stream.next().orElseThrow().text());
      assertEquals(ErrorCode.CLOSED, assertThrows(SoleboxException.class, stream::next).code());
      assertThrows(IllegalStateException.class, stream::usage);
    }
  }

  @Test
  void emptyStopStringIsRefused() {
    assertEquals(
        "stop",
        assertThrows(
                SoleboxException.class,
                () -> new TextStream(new Counting(0, -1), new Pieces(List.of()), List.of("")))
            .place());
  }

  /** Against the plain definition, character by character, with random cuts and stops. */
  @Test
  void resultDoesNotDependOnTokenBorders() throws InterruptedException {
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      String text = letters(random, 30);
      String[] stops = new String[random.nextInt(4)];
      for (int i = 0; i < stops.length; i++) {
        stops[i] = letters(random, 4);
      }
      List<String> tokens = new ArrayList<>();
      for (int at = 0; at < text.length(); ) {
        int n = Math.min(text.length() - at, 1 + random.nextInt(6));
        tokens.add(text.substring(at, at + n));
        at += n;
      }
      assertEquals(untilStop(text, stops), read(tokens, stops).text(), () -> text + tokens);
    }
  }

  private static String letters(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int n = 1 + random.nextInt(most); n > 0; n--) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  private static String untilStop(String text, String[] stops) {
    for (int end = 1; end <= text.length(); end++) {
      int longest = 0;
      for (String stop : stops) {
        if (text.substring(0, end).endsWith(stop)) {
          longest = Math.max(longest, stop.length());
        }
      }
      if (longest > 0) {
        return text.substring(0, end - longest);
      }
    }
    return text;
  }
}
