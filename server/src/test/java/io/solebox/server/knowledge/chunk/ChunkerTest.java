package io.solebox.server.knowledge.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.documents.Place;
import io.solebox.server.documents.Section;
import java.text.BreakIterator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final ChunkSizes SMALL = new ChunkSizes(72, 12, 160);
  private static final Pattern WORD = Pattern.compile("[\\p{IsLatin}\\p{M}\\d]{1,6}|\\S");

  /** Parts of words, two more for each text, as a model of BERT's kind counts. */
  private static int parts(String text) {
    return 2 + (int) WORD.matcher(text).results().count();
  }

  /** A token for every byte, the worst there is. */
  private static int bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  private static Section section(String text, String... headings) {
    return new Section(Place.under(List.of(headings)), text);
  }

  private static List<Chunk> chunks(String text) {
    return new Chunker(SMALL, ChunkerTest::parts).chunks(List.of(section(text)));
  }

  private static List<String> texts(List<Chunk> chunks) {
    return chunks.stream().map(Chunk::text).toList();
  }

  @Test
  void keepsWhatIsShortInOnePiece() {
    assertEquals(
        List.of(
            new Chunk(0, Place.page(1), 0, 2, 12, "Two words."),
            new Chunk(1, Place.page(2), 2, 0, 5, "Three")),
        new Chunker(SMALL, ChunkerTest::parts)
            .chunks(
                List.of(
                    new Section(Place.page(1), "  Two words.\n"),
                    new Section(Place.page(1), " \n\u3000 "),
                    new Section(Place.page(2), "Three"))));
    assertEquals(List.of(), new Chunker(SMALL, ChunkerTest::parts).chunks(List.of()));
    assertEquals(List.of(), chunks(""));
  }

  private static String words(String word, int count) {
    return (word + " ").repeat(count).strip();
  }

  @Test
  void cutsWhereParagraphsEndRatherThanSentences() {
    String first = words("one", 20) + ". " + words("two", 22) + ".";
    String second = words("three", 10) + ". " + words("four", 30) + ".";
    List<String> texts = texts(chunks(first + "\n\n" + second));
    assertEquals(first, texts.getFirst());
    assertTrue(texts.getLast().endsWith(second), texts::toString);
  }

  @Test
  void cutsWhereSentencesEndRatherThanWords() {
    String first = words("one", 49) + "!";
    List<String> texts = texts(chunks(first + " " + words("two", 60) + "."));
    assertEquals(first, texts.getFirst());
  }

  @Test
  void cutsTablesBetweenTheirRows() {
    String row = "| name | " + words("value", 8) + " |\n";
    for (String text : texts(chunks(row.repeat(20)))) {
      assertTrue(text.startsWith("| name |") && text.endsWith("|"), text);
    }
  }

  @Test
  void cutsChineseBetweenItsSentences() {
    List<String> texts = texts(chunks("我们把所有的文件都放在这台机器上，没有任何东西离开它。".repeat(12)));
    assertTrue(texts.size() > 3);
    for (String text : texts) {
      assertTrue(text.endsWith("。"), text);
      assertTrue(text.startsWith("我们") || text.startsWith("没有"), text);
    }
  }

  @Test
  void repeatsSomeOfTheChunkBefore() {
    List<Chunk> chunks = chunks(words("again", 300));
    for (int i = 1; i < chunks.size(); i++) {
      int shared = chunks.get(i - 1).to() - chunks.get(i).from();
      assertTrue(shared > 0 && shared <= 12 * 6, () -> "shares " + shared);
    }
  }

  @Test
  void embedsTheHeadingsThatFit() {
    Chunker chunker = new Chunker(SMALL, ChunkerTest::parts);
    Chunk chunk = chunker.chunks(List.of(section("Text.", "Book", "Chapter"))).getFirst();
    assertEquals("Book > Chapter\nText.", chunker.embedded(chunk));
    assertEquals("Book\nChapter\nBook\nChapter\nText.", chunk.words());
    Chunk nested =
        chunker.chunks(List.of(section("Text.", words("outer", 50), "Inner"))).getFirst();
    assertEquals("Inner\nText.", chunker.embedded(nested));
    Chunk endless = chunker.chunks(List.of(section("Text.", words("outer", 100_000)))).getFirst();
    assertEquals("Text.", chunker.embedded(endless));
  }

  /** Letters of many scripts, marks, emoji, halves of pairs, and all kinds of spaces. */
  private static String anything(Random random, int length) {
    String[] parts = {
      "a",
      "Wort",
      "élan",
      "e\u0301",
      "ǆ",
      "слово",
      "שלום",
      "مرحبا",
      "नमस्ते",
      "ภาษาไทย",
      "汉字",
      "かな",
      "한국어",
      "😀",
      "👩🏽‍❤️‍💋‍👨🏽",
      "🇩🇪",
      "\ud800",
      "\udc00",
      "z\u0300\u0301\u0302",
      "0.5",
      "(x)",
      "| a |",
      "x".repeat(70),
      "=".repeat(40),
      "。",
      "！",
      ".",
      "?",
      "\"",
      ",",
      ";",
      "\u200d",
      "\u0301"
    };
    String[] spaces = {
      " ", " ", " ", "", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u3000", "   \n  \n"
    };
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(parts[random.nextInt(parts.length)]);
      text.append(spaces[random.nextInt(spaces.length)]);
    }
    return text.toString();
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  @Test
  void losesNothingWhateverIsWritten() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      List<Section> sections = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sections.add(section(anything(random, random.nextInt(3000)), "Überschrift", "第 " + i));
      }
      ToIntFunction<String> counts = seed % 2 == 0 ? ChunkerTest::parts : ChunkerTest::bytes;
      Chunker chunker = new Chunker(SMALL, counts);
      List<Chunk> chunks = chunker.chunks(sections);
      assertEquals(chunks, new Chunker(SMALL, counts).chunks(sections), "the same again");
      assertWhole(sections, chunks);
      for (Chunk chunk : chunks) {
        String embedded = chunker.embedded(chunk);
        assertTrue(counts.applyAsInt(embedded) <= SMALL.contextTokens(), embedded);
        assertTrue(counts.applyAsInt(chunk.text()) <= SMALL.maxTokens(), embedded);
      }
    }
  }

  private static void assertWhole(List<Section> sections, List<Chunk> chunks) {
    int ordinal = 0;
    for (int s = 0; s < sections.size(); s++) {
      String text = sections.get(s).text();
      BreakIterator characters = BreakIterator.getCharacterInstance();
      characters.setText(text);
      int covered = 0;
      for (Chunk chunk : chunks) {
        if (chunk.section() != s) {
          continue;
        }
        assertEquals(ordinal++, chunk.ordinal());
        assertEquals(text.substring(chunk.from(), chunk.to()), chunk.text());
        assertFalse(chunk.text().isBlank());
        assertEquals(sections.get(s).place(), chunk.place());
        for (int i = covered; i < chunk.from(); i++) {
          assertTrue(isSpace(text.charAt(i)), "lost at " + i);
        }
        assertTrue(chunk.to() > covered, "brings something new");
        covered = chunk.to();
        assertTrue(characters.isBoundary(chunk.from()), () -> "cuts a character: " + chunk);
        assertTrue(characters.isBoundary(chunk.to()), () -> "cuts a character: " + chunk);
      }
      assertTrue(text.substring(covered).chars().allMatch(c -> isSpace((char) c)), "the end");
    }
    assertEquals(chunks.size(), ordinal);
  }

  @Test
  void cutsACharacterThatIsEndlessBetweenCodePoints() {
    String endless = "a" + "\ud804\udd00".repeat(5000);
    List<Chunk> chunks = new Chunker(SMALL, ChunkerTest::bytes).chunks(List.of(section(endless)));
    assertTrue(chunks.size() > 100);
    for (Chunk chunk : chunks) {
      assertFalse(Character.isLowSurrogate(chunk.text().charAt(0)));
      assertFalse(Character.isHighSurrogate(chunk.text().charAt(chunk.text().length() - 1)));
    }
  }

  @Test
  void countsEachPlaceOfALongTextAFewTimes() {
    AtomicLong counted = new AtomicLong();
    ToIntFunction<String> counts =
        text -> {
          counted.addAndGet(text.length());
          return parts(text);
        };
    String text = (words("word", 90) + ".\n").repeat(1000) + "x".repeat(100_000);
    Chunker chunker = new Chunker(new ChunkSizes(200, 20, 256), counts);
    List<Chunk> chunks =
        assertTimeout(Duration.ofSeconds(20), () -> chunker.chunks(List.of(section(text))));
    assertTrue(chunks.size() > 500);
    assertTrue(counted.get() < 3L * text.length(), () -> counted + " of " + text.length());
  }

  @Test
  void refusesSizesThatNoCharacterNeedFit() {
    assertThrows(SoleboxException.class, () -> new ChunkSizes(10, 0, 256));
    assertThrows(SoleboxException.class, () -> new ChunkSizes(100, -1, 256));
    assertThrows(SoleboxException.class, () -> new ChunkSizes(100, 0, 100));
    assertEquals(128, new ChunkSizes(800, 400, 256).overlapTokens());
    assertEquals(50, new ChunkSizes(100, 80, 256).overlapTokens());
  }
}
