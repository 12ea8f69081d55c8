package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The passages of documents that an answer is based on: for people, and out of files. */
final class Cited {
  private static final List<String> TEXTS =
      List.of("vector_store_id", "file_id", "filename", "text");
  private static final List<String> NUMBERS =
      List.of("n", "section", "from", "to", "page", "score");

  private Cited() {}

  /** A line for each, as {@code [1] manual.pdf, page 7, Pumps > Speed}. */
  static List<String> lines(Message message) {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> source : read(message.about())) {
      StringBuilder line = new StringBuilder("[%s] ".formatted(source.get("n")));
      line.append(Loose.text(source, "filename").orElse("?").replace('\n', ' '));
      Loose.number(source, "page").ifPresent(page -> line.append(", page ").append(page));
      List<String> headings = Loose.texts(source, "headings");
      if (!headings.isEmpty()) {
        line.append(", ").append(String.join(" > ", headings).replace('\n', ' '));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /**
   * What a message tells of them, as far as it is what it should be.
   *
   * @return those that have a number, by which they are cited
   */
  static List<Map<String, Object>> read(Map<String, Object> message) {
    List<Map<String, Object>> sources = new ArrayList<>();
    for (Object each : Loose.list(message, Message.SOURCES)) {
      Map<String, Object> given = Loose.object(each);
      Map<String, Object> source = new LinkedHashMap<>();
      for (String name : NUMBERS) {
        if (given.get(name) instanceof Number number) {
          source.put(name, number);
        }
      }
      TEXTS.forEach(name -> source.put(name, Loose.text(given, name).orElse("")));
      source.put("headings", Loose.texts(given, "headings"));
      if (source.containsKey("n")) {
        sources.add(source);
      }
    }
    return sources;
  }
}
