package io.solebox.server.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordIndexTest {
  private static WordIndex of(String... texts) {
    WordIndex index = WordIndex.empty();
    Map<Long, String> all = new HashMap<>();
    for (int i = 0; i < texts.length; i++) {
      all.put((long) i, texts[i]);
    }
    index.put(all);
    return index;
  }

  private static List<Long> found(WordIndex index, String question) {
    return index.search(question, 10, id -> true).stream().map(WordIndex.Hit::id).toList();
  }

  private static void finds(String text, String question) {
    try (WordIndex index = of("something else", text, "and another thing")) {
      assertEquals(List.of(1L), found(index, question), question);
    }
  }

  @Test
  void findsWordsWithoutCaseAccentsAndEndings() {
    finds("Backups are restored by the administrator", "RESTORING backup");
    finds("Die Größe des Cafés", "cafe");
    finds("Größe", "größe");
    finds("о чём говорит Россия", "россия");
    finds("المملكة العربية", "العربية");
    finds("ｆｕｌｌ ｗｉｄｔｈ letters", "full");
    finds("set max_chunk_size_tokens to 800", "max_chunk_size_tokens");
  }

  @Test
  void findsWordsOfScriptsWithoutSpaces() {
    finds("我们把所有的文件都放在这台机器上", "文件放在哪里");
    finds("我们把所有的文件都放在这台机器上", "机");
    finds("我们把所有的文件都放在这台机器上", "上");
    finds("データはこの箱から出ません", "データ");
    finds("개인정보는 상자를 떠나지 않습니다", "개인정보");
    finds("ข้อมูลอยู่ในกล่องนี้", "ข้อมูล");
    finds("用GPU计算", "GPU 计算");
    finds("𠮷野家在那里", "𠮷野家");
  }

  @Test
  void putsTheBestFirst() {
    try (WordIndex index =
        of(
            "a page about many things, of which one is a passkey, and there is more to be said",
            "passkey passkey",
            "nothing of it",
            "nothing either",
            "nor this",
            "passkey passkey")) {
      assertEquals(List.of(1L, 5L, 0L), found(index, "Passkeys?"));
      List<WordIndex.Hit> hits = index.search("passkey", 2, id -> id != 1);
      assertEquals(List.of(5L, 0L), hits.stream().map(WordIndex.Hit::id).toList());
      assertTrue(hits.getFirst().score() > hits.getLast().score() && hits.getLast().score() > 0);
      assertEquals(List.of(), index.search("passkey", 0, id -> true));
    }
  }

  @Test
  void whatMakesAQuestionOneCountsOnlyWhereThereIsNothingElse() {
    try (WordIndex index = of("how do I what", "The backup is restored", "und wie", "如何")) {
      assertEquals(List.of(1L), found(index, "How do I restore it, and what can I do?"));
      assertEquals(List.of(0L), found(index, "How?"));
      assertEquals(List.of(2L), found(index, "wie"));
      assertEquals(List.of(3L), found(index, "如何"));
    }
  }

  @Test
  void takesWhateverIsTypedForWords() {
    String[] typed = {
      "",
      "  ",
      "\"",
      "\"passkey",
      "passkey\" OR",
      "NOT passkey",
      "passkey AND (",
      "text : passkey",
      "{text} : passkey",
      "passkey*",
      "* passkey ^",
      "NEAR(passkey, 2)",
      "-passkey + passkey",
      "passkey'; DROP TABLE words; --",
      "passkey\0passkey",
      "\ud800passkey",
      "passkey \u0301 \u200d",
      "words words bm25 rowid passkey"
    };
    try (WordIndex index = of("nothing", "my passkey")) {
      for (String question : typed) {
        assertEquals(
            question.contains("passkey") ? List.of(1L) : List.of(), found(index, question));
      }
    }
  }

  @Test
  void takesRandomTextsAndQuestions() {
    Random random = new Random(11);
    try (WordIndex index = of("something")) {
      for (int i = 0; i < 300; i++) {
        String text =
            random
                .ints(random.nextInt(40), 0, random.nextBoolean() ? 0x250 : 0x11_0000)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        index.put(Map.of((long) i, text));
        found(index, text);
      }
      assertEquals(300, index.ids().size());
    }
  }

  @Test
  void refusesAQuestionOfTooManyWords() {
    try (WordIndex index = of("word7")) {
      String most =
          IntStream.range(0, WordIndex.MOST_WORDS)
              .mapToObj(i -> "word" + i)
              .collect(Collectors.joining(" "));
      assertEquals(List.of(0L), found(index, most + " " + most));
      SoleboxException refused =
          assertThrows(SoleboxException.class, () -> found(index, most + " more"));
      assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    }
  }

  @Test
  void forgetsWhatIsRemovedAndChanged() {
    try (WordIndex index = of("apple", "pear", "plum")) {
      index.put(Map.of(1L, "quince"));
      index.remove(Set.of(2L, 77L));
      assertEquals(List.of(), found(index, "pear plum"));
      assertEquals(List.of(1L), found(index, "quince"));
      assertEquals(Set.of(0L, 1L), index.ids());
    }
  }

  private static boolean holds(byte[] saved, String word) {
    return new String(saved, StandardCharsets.ISO_8859_1).contains(word);
  }

  @Test
  void isTheSameWhenItWasSavedAndOpened() {
    String[] texts = new String[400];
    Arrays.setAll(texts, i -> "number" + i + " of common words and of rare" + i % 7);
    texts[13] += " unmistakable";
    byte[] saved;
    try (WordIndex index = of(texts)) {
      assertTrue(holds(index.save(), "mistak"));
      index.remove(Set.of(13L));
      saved = index.save();
      assertFalse(holds(saved, "mistak"), "nothing is left of what was removed");
      assertArrayEquals(saved, index.save());
    }
    try (WordIndex opened = WordIndex.open(saved)) {
      assertEquals(399, opened.ids().size());
      assertEquals(List.of(20L), found(opened, "number20"));
      opened.put(Map.of(1000L, "later " + "much ".repeat(100_000), 20L, "other"));
      opened.remove(Set.of(21L));
      assertEquals(List.of(1000L), found(opened, "later"));
      assertEquals(List.of(), found(opened, "number20 number21"));
      try (WordIndex again = WordIndex.open(opened.save())) {
        assertEquals(opened.ids(), again.ids());
        assertEquals(found(opened, "rare3 common"), found(again, "rare3 common"));
      }
    }
  }

  @Test
  void refusesWhatIsDamaged() {
    byte[] saved;
    try (WordIndex index = of("apple", "pear")) {
      saved = index.save();
    }
    byte[] torn = Arrays.copyOf(saved, saved.length / 2);
    byte[] other = "not a database ".repeat(1000).getBytes(StandardCharsets.UTF_8);
    for (byte[] wrong : List.of(torn, other, new byte[0])) {
      SoleboxException refused =
          assertThrows(SoleboxException.class, () -> WordIndex.open(wrong).close());
      assertEquals(ErrorCode.IO_ERROR, refused.code());
    }
  }

  @Test
  void saysThatItIsClosed() {
    WordIndex index = of("apple");
    index.close();
    index.close();
    assertEquals(
        ErrorCode.CLOSED, assertThrows(SoleboxException.class, () -> found(index, "apple")).code());
  }
}
