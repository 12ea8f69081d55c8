package io.solebox.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.Keys;
import io.solebox.engine.source.gguf.GgufHeader;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tokenizer.Splitter.Fragment;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One pass over the text finds what one search per token finds. */
@Timeout(60)
class SpecialSplitterTest {
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  @TempDir Path folder;

  private Vocabulary vocabulary(List<String> tokens, int[] kinds) {
    Path file = folder.resolve("v.gguf");
    new GgufWriter()
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.token_type", kinds)
        .write(file);
    return Vocabulary.read(new Keys(GgufHeader.read(file).metadata(), "tokenizer.ggml"));
  }

  /** The definition: each token in turn, the longest first, in what the others have left. */
  private static List<Fragment> byOneSearchPerToken(
      Vocabulary vocabulary, String text, boolean[] parsed) {
    int[] owner = new int[text.length()];
    List<Integer> ids =
        IntStream.range(0, vocabulary.size())
            .filter(id -> vocabulary.kind(id) != TokenKind.NORMAL)
            .boxed()
            .sorted(Comparator.comparingInt(id -> -vocabulary.text(id).length()))
            .toList();
    for (int id : ids) {
      String token = vocabulary.text(id);
      boolean anywhere = vocabulary.kind(id) == TokenKind.USER_DEFINED;
      for (int at = 0; at + token.length() <= text.length(); at++) {
        boolean free = text.startsWith(token, at) && !token.isEmpty();
        for (int i = at; free && i < at + token.length(); i++) {
          free = owner[i] == 0 && (anywhere || parsed[i]);
        }
        for (int i = at; free && i < at + token.length(); i++) {
          owner[i] = i == at ? id + 1 : -1;
        }
      }
    }
    List<Fragment> fragments = new ArrayList<>();
    int rest = 0;
    for (int at = 0; at <= text.length(); at++) {
      boolean end = at == text.length();
      if ((end || owner[at] > 0) && at > rest) {
        fragments.add(new Fragment.Text(rest, at));
      }
      if (!end && owner[at] > 0) {
        fragments.add(new Fragment.Special(owner[at] - 1));
      }
      if (!end && owner[at] != 0) {
        rest = at + 1;
      }
    }
    return fragments;
  }

  private static String letters(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int n = 1 + random.nextInt(most); n > 0; n--) {
      text.append((char) ('a' + random.nextInt(2 + random.nextInt(2))));
    }
    return text.toString();
  }

  @Test
  void equalsTheDefinition() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<String> tokens = new ArrayList<>();
      int[] kinds = new int[1 + random.nextInt(12)];
      for (int id = 0; id < kinds.length; id++) {
        tokens.add(letters(random, 1 + random.nextInt(6)));
        kinds[id] = List.of(NORMAL, CONTROL, CONTROL, USER_DEFINED).get(random.nextInt(4));
      }
      Vocabulary vocabulary = vocabulary(tokens, kinds);
      SpecialSplitter splitter = new SpecialSplitter(vocabulary, Set.of(), SpaceEaters.NONE);
      for (int sample = 0; sample < 60; sample++) {
        List<Segment> segments = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
          Specials specials = random.nextBoolean() ? Specials.PARSE : Specials.AS_TEXT;
          segments.add(new Segment(random.nextInt(5) == 0 ? "" : letters(random, 25), specials));
        }
        StringBuilder text = new StringBuilder();
        segments.forEach(segment -> text.append(segment.text()));
        boolean[] parsed = new boolean[text.length()];
        int at = 0;
        for (Segment segment : segments) {
          for (int i = 0; i < segment.text().length(); i++) {
            parsed[at++] = segment.specials() == Specials.PARSE;
          }
        }
        assertEquals(
            byOneSearchPerToken(vocabulary, text.toString(), parsed),
            splitter.split(ParsedText.of(segments)),
            () -> tokens + " in " + segments);
      }
    }
  }

  /** As many as a hostile text or file can hold; a search per token would take hours. */
  @Test
  void manyTokensInALongTextTakeLinearTime() {
    int count = 20_000;
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tokens.add("<|reserved_special_token_" + i + "|>");
    }
    int[] kinds = IntStream.generate(() -> CONTROL).limit(count).toArray();
    SpecialSplitter splitter =
        new SpecialSplitter(vocabulary(tokens, kinds), Set.of(), SpaceEaters.NONE);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(tokens.get((i * 7919) % count));
    }
    byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    List<Fragment> found = splitter.split(ParsedText.of(utf8, Specials.PARSE));
    assertEquals(100_000, found.size());
    assertEquals(new Fragment.Special(7919), found.get(1));
    assertEquals(1, splitter.split(ParsedText.of(utf8, Specials.AS_TEXT)).size());
  }

  @Test
  void runsOfOneCharacterTakeLinearTime() {
    List<String> tokens = new ArrayList<>();
    for (int n = 2; n < 60; n++) {
      tokens.add(" ".repeat(n));
    }
    int[] kinds = IntStream.generate(() -> USER_DEFINED).limit(tokens.size()).toArray();
    SpecialSplitter splitter =
        new SpecialSplitter(vocabulary(tokens, kinds), Set.of(), SpaceEaters.NONE);
    byte[] spaces = " ".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
    List<Fragment> found = splitter.split(ParsedText.of(spaces, Specials.AS_TEXT));
    assertEquals(1_000_000 / 59 + 1, found.size());
    assertEquals(new Fragment.Special(1_000_000 % 59 - 2), found.getLast());
  }

  @Test
  void charactersAreFoundWhereTheyAreWhole() {
    Vocabulary vocabulary = vocabulary(List.of("\u00e9", "\u20ac\u20ac"), new int[] {3, 4});
    SpecialSplitter splitter = new SpecialSplitter(vocabulary, Set.of(), SpaceEaters.NONE);
    byte[] text = "x\u00e9\u20ac\u20ac\u20ac".getBytes(StandardCharsets.UTF_8);
    List<Fragment> expected =
        List.of(
            new Fragment.Text(0, 1),
            new Fragment.Special(0),
            new Fragment.Special(1),
            new Fragment.Text(9, 12));
    assertEquals(expected, splitter.split(ParsedText.of(text, Specials.PARSE)));
    assertTrue(splitter.split(ParsedText.of(new byte[0], Specials.PARSE)).isEmpty());
    assertArrayEquals(text, ParsedText.of(text, Specials.PARSE).utf8());
  }
}
