package io.solebox.server.knowledge;

import io.solebox.server.knowledge.chunk.Chunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a document says, put together again of the pieces in which it is found. */
final class DocumentPages {
  private DocumentPages() {}

  /**
   * A text for each section, as it was read.
   *
   * @param chunks of a document, in order; they cover it all
   */
  static List<Map<String, Object>> of(List<Chunk> chunks) {
    List<Map<String, Object>> pages = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      while (text.length() < chunk.from()) {
        text.append('\n'); // white space that is in no piece
      }
      int known = Math.min(text.length() - chunk.from(), chunk.text().length());
      text.append(chunk.text(), known, chunk.text().length());
      boolean ends = i + 1 == chunks.size() || chunks.get(i + 1).section() != chunk.section();
      if (ends) {
        pages.add(page(chunk, text.toString()));
        text.setLength(0);
      }
    }
    return pages;
  }

  private static Map<String, Object> page(Chunk last, String text) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("type", "text");
    page.put("text", text);
    page.put("section", last.section());
    page.put(
        "page", last.place().page().isPresent() ? (Object) last.place().page().getAsInt() : null);
    page.put("headings", last.place().headings());
    return page;
  }
}
