package io.solebox.server.chats.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Message.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The passages that answers are based on, in files of chats. */
class CitedTest {
  private static final Map<String, Object> SOURCE =
      Map.of(
          "n",
          1L,
          "vector_store_id",
          "vs_1",
          "file_id",
          "file-1",
          "filename",
          "<manual>.pdf",
          "section",
          2L,
          "from",
          0L,
          "to",
          4L,
          "page",
          7L,
          "headings",
          List.of("Pumps", "Speed"),
          "text",
          "Fast");

  private static Message answer(Object sources) {
    return new Message(
        "msg_1",
        Optional.empty(),
        Role.ASSISTANT,
        0,
        State.DONE,
        "So it is [1].",
        "",
        List.of(),
        List.of(),
        Map.of(Message.SOURCES, sources));
  }

  @Test
  void aChatForPeopleListsThem() {
    Chat chat = Chat.empty("", 0, false);
    List<Message> path = List.of(answer(List.of(SOURCE)));
    String markdown = MarkdownText.of(chat, path);
    assertTrue(
        markdown.endsWith(
            "So it is [1].\n\nSources:\n\n- [1] <manual>.pdf, page 7, Pumps > Speed\n\n"),
        markdown);
    String html = HtmlText.of(chat, path);
    assertTrue(html.contains("[1] &lt;manual&gt;.pdf, page 7, Pumps &gt; Speed"), html);
  }

  @Test
  void anAnswerWithoutThemListsNone() {
    Chat chat = Chat.empty("", 0, false);
    List<Message> path = List.of(answer(List.of()));
    assertFalse(MarkdownText.of(chat, path).contains("Sources"));
    assertFalse(HtmlText.of(chat, path).contains("Sources"));
  }

  @Test
  void ofAFileComesWhatIsWhatItShouldBe() {
    Map<String, Object> broken = Map.of("n", 2L, "filename", 3L, "headings", "none", "more", 1L);
    List<Object> given = Arrays.asList(SOURCE, broken, Map.of("filename", "no number"), 5L, null);
    List<Map<String, Object>> read = Cited.read(Map.of(Message.SOURCES, given));
    assertEquals(2, read.size());
    assertEquals(SOURCE, read.getFirst());
    assertEquals(
        Map.of(
            "n", 2L,
            "vector_store_id", "",
            "file_id", "",
            "filename", "",
            "text", "",
            "headings", List.of()),
        read.getLast());
    assertEquals(List.of(), Cited.read(Map.of(Message.SOURCES, "none")));
    assertEquals("[2] ", Cited.lines(answer(List.of(broken))).getFirst());
  }
}
