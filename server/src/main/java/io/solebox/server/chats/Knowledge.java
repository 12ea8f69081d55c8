package io.solebox.server.chats;

import io.solebox.server.chats.run.Sources;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.knowledge.Lookup;
import io.solebox.server.knowledge.search.Filter;
import io.solebox.server.knowledge.search.Passage;
import io.solebox.server.knowledge.search.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The collections of documents that answers of a chat are based on.
 *
 * @param owner of the chat
 * @param stores ids of vector stores; none where answers are based on none
 */
record Knowledge(Lookup lookup, String owner, List<String> stores) {
  /** Passages that an answer is given. */
  private static final int PASSAGES = 5;

  Knowledge {
    stores = List.copyOf(stores);
  }

  /**
   * Looks up what suits the last question of a chat.
   *
   * @param path from the first message to what is answered
   */
  Sources behind(List<Message> path, RequestNotes notes) {
    List<String> questions = questions(path);
    return stores.isEmpty() || questions.isEmpty()
        ? Sources.NONE
        : () -> Optional.of(find(questions, notes));
  }

  private List<Map<String, Object>> find(List<String> questions, RequestNotes notes)
      throws InterruptedException {
    var query = new Query(questions, PASSAGES, Filter.ALL, 0, Optional.empty(), 1, 1);
    List<Map<String, Object>> sources = new ArrayList<>();
    for (Passage passage : lookup.find(owner, stores, query, notes)) {
      sources.add(Lookup.source(sources.size() + 1, passage));
    }
    return sources;
  }

  /** The last one; and with the one before, which says what "it" is. */
  private static List<String> questions(List<Message> path) {
    List<String> asked =
        path.stream()
            .filter(each -> each.role() == Role.USER && !each.text().isBlank())
            .map(each -> Lookup.question(each.text()))
            .toList();
    if (asked.size() < 2) {
      return asked;
    }
    return List.of(
        asked.getLast(), Lookup.question(asked.get(asked.size() - 2) + "\n" + asked.getLast()));
  }
}
