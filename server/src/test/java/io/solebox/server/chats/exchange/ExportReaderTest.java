package io.solebox.server.chats.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exports that are read while they come, wherever they are cut. */
class ExportReaderTest {
  private static final int MOST = 1000;

  private static String conversation(String title, String text) {
    return """
    {"title": "%s", "mapping": {"a": {"parent": null, "message": {"author": {"role": "user"},
     "content": {"content_type": "text", "parts": ["%s"]}}}}}\
    """
        .formatted(title, text);
  }

  /** What is told of each conversation: its title, and why it did not come. */
  private static List<String> read(String export, int piece) {
    List<String> told = new ArrayList<>();
    ExportReader reader =
        new ExportReader(
            MOST,
            0,
            entry ->
                told.add(
                    switch (entry) {
                      case Entry.Known known -> known.title();
                      case Entry.Unknown unknown -> unknown.title() + ": " + unknown.why();
                    }));
    byte[] bytes = export.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += piece) {
      byte[] some = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
      reader.take(ByteBuffer.wrap(some));
    }
    reader.end();
    return told;
  }

  private static void assertTold(List<String> expected, String export) {
    for (int piece : List.of(1, 2, 3, 7, 64, 100_000)) {
      assertEquals(expected, read(export, piece), () -> "pieces of " + piece);
    }
  }

  @Test
  void conversationsComeOneByOneWhereverTheFileIsCut() {
    String one = conversation("A", "brackets ]}[{ and \\\"quotes\\\" and \\\\");
    String two = conversation("Ö \\u00e9", "b");
    assertTold(List.of("A", "Ö é"), "[" + one + " ,\n" + two + "]\n");
    assertTold(List.of("A", "Ö é"), "\ufeff [" + one + "," + two + "]");
    assertTold(
        List.of("A", "Ö é"),
        "{\"format\": \"x\", \"list\": [1, {\"chats\": [2]}], \"chats\" : ["
            + one
            + ","
            + two
            + "], \"more\": {}}");
    String both = one + "," + two;
    assertTold(List.of("A", "Ö é"), "{\"chats\"" + " ".repeat(100) + ":\n[" + both + "]}");
    assertTold(List.of("A", "Ö é"), "{\"\\u0063hats\": [" + both + "]}");
    assertTold(List.of("A", "Ö é"), "{\"ch ats\": [1], \"chats\": [" + both + "]}");
    assertTold(List.of("A"), one);
    assertTold(List.of(), "[]");
  }

  @Test
  void ofWhatCannotComeIsSaidWhyAndTheRestComes() {
    String good = conversation("A", "a");
    List<String> told =
        read(
            "[3, \"a,b]\", "
                + good
                + ", {\"title\": \"B\" 4}, null, "
                + conversation("C", "x".repeat(2 * MOST))
                + ", "
                + good
                + "]",
            5);
    assertEquals(7, told.size(), told::toString);
    assertEquals(": It has no messages that are understood.", told.get(0));
    assertEquals("A", told.get(2));
    assertTrue(told.get(3).startsWith("Conversation 4: It is no JSON: "), told.get(3));
    assertTrue(told.get(5).startsWith("Conversation 6: It is longer than "), told.get(5));
    assertEquals("A", told.get(6));
  }

  @Test
  void whatCameBeforeAFileBreaksOffStays() {
    String good = conversation("A", "a");
    String whole = "{\"chats\": [" + good + ", " + good + "]}";
    int afterFirst = whole.indexOf(good) + good.length();
    for (int length = afterFirst; length < whole.length(); length++) {
      List<String> told = read(whole.substring(0, length), 9);
      assertEquals("A", told.getFirst());
      assertTrue(told.getLast().startsWith("Conversation "), told.toString());
    }
    for (String broken : List.of("[%s %s]", "[%s,,%s]", "[%s,%s]]", "[%s}%s]", "[%s,%s] 1")) {
      List<String> told = read(broken.formatted(good, good), 9);
      assertEquals(3, told.size(), broken);
      assertFalse(told.get(2).equals("A"), broken);
    }
  }

  /** A title that is too long ends between two characters, and that is said. */
  @Test
  void titlesOfAnyLengthCome() {
    List<Imported.Whole> came = new ArrayList<>();
    ExportReader reader =
        new ExportReader(
            MOST, 0, entry -> came.add(((Entry.Known) entry).conversation().whole(false)));
    String both =
        conversation("x".repeat(300), "a") + "," + conversation("x".repeat(299) + "😀", "b");
    reader.take(ByteBuffer.wrap(("[" + both + "]").getBytes(StandardCharsets.UTF_8)));
    reader.end();
    assertEquals(List.of(), came.getFirst().notes());
    assertEquals("x".repeat(299), came.getLast().chat().title());
    assertEquals(List.of("Its title was longer than 300 characters."), came.getLast().notes());
  }

  @Test
  void whatIsNoExportIsRefused() {
    String longest = "{\"a\": \"" + "x".repeat(2 * MOST) + "\"}";
    for (String none : List.of("", "{", "[", "3", "{}", "[1]", "[{}", "}", "]", "[}", longest)) {
      assertThrows(Problem.class, () -> read(none, 3), none);
    }
  }
}
