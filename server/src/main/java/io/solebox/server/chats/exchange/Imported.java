package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.chats.store.Message;
import io.solebox.storage.Ids;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation of an export, before it is a chat here.
 *
 * @param about without messages; its id is not used
 * @param nodes by the names that they have in the export
 * @param current the node that was shown last
 * @param notes what did not come along, for people
 */
public record Imported(
    Chat about, Map<String, Node> nodes, Optional<String> current, List<String> notes) {
  private static final int MAX_TITLE = 300;

  /**
   * A place in the tree.
   *
   * @param parent the node before it
   * @param message what stands there, without its place; empty for one that only leads on
   */
  record Node(Optional<String> parent, Optional<Message> message) {}

  /** As it is kept: the messages in an order in which none comes before its parent. */
  public record Whole(Chat chat, List<Message> messages, List<String> notes) {}

  /**
   * Gives everything a name of its own here.
   *
   * @param temporary whether it stays in memory
   */
  public Whole whole(boolean temporary) {
    Map<String, List<String>> below = new HashMap<>();
    List<String> roots = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          Optional<String> parent = node.parent().filter(nodes::containsKey);
          if (parent.isPresent()) {
            below.computeIfAbsent(parent.get(), _ -> new ArrayList<>()).add(name);
          } else {
            roots.add(name);
          }
        });
    Map<String, Optional<String>> ids = new HashMap<>();
    List<Message> messages = new ArrayList<>();
    Deque<String> next = new ArrayDeque<>(roots);
    while (!next.isEmpty()) {
      String name = next.poll();
      Node node = nodes.get(name);
      Optional<String> parent = node.parent().flatMap(p -> ids.getOrDefault(p, Optional.empty()));
      Optional<Message> placed = node.message().map(message -> placed(message, parent));
      placed.ifPresent(messages::add);
      ids.put(name, placed.map(Message::id).or(() -> parent));
      next.addAll(below.getOrDefault(name, List.of()));
    }
    List<String> told = new ArrayList<>(notes);
    if (ids.size() < nodes.size()) {
      told.add(
          "%d messages that hang on nothing were left out.".formatted(nodes.size() - ids.size()));
    }
    if (about.title().strip().length() > MAX_TITLE) {
      told.add("Its title was longer than %d characters.".formatted(MAX_TITLE));
    }
    Optional<String> last =
        current
            .flatMap(name -> ids.getOrDefault(name, Optional.empty()))
            .or(() -> messages.isEmpty() ? Optional.empty() : Optional.of(messages.getLast().id()));
    return new Whole(chat(temporary, last), messages, told);
  }

  private static Message placed(Message message, Optional<String> parent) {
    return new Message(
        Ids.of("msg"),
        parent,
        message.role(),
        message.created(),
        message.state(),
        message.text(),
        message.reasoning(),
        message.attachments(),
        message.steps(),
        message.about());
  }

  /** Not in the middle of one. */
  private static int wholeCharacters(String title) {
    return Character.isHighSurrogate(title.charAt(MAX_TITLE - 1)) ? MAX_TITLE - 1 : MAX_TITLE;
  }

  private Chat chat(boolean temporary, Optional<String> last) {
    String title = about.title().strip();
    return new Chat(
        Ids.of("chat"),
        about.created(),
        about.updated(),
        title.length() <= MAX_TITLE ? title : title.substring(0, wholeCharacters(title)),
        title.isEmpty() ? TitledBy.NOBODY : TitledBy.PERSON,
        about.folder(),
        about.tags(),
        about.pinned(),
        about.archived(),
        temporary,
        about.model(),
        about.settings(),
        last);
  }

  /** Collects nodes. */
  static final class Nodes {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> leftOut = new LinkedHashMap<>();

    void add(String name, Optional<String> parent, Message message) {
      nodes.put(name, new Node(parent, Optional.of(message)));
    }

    /**
     * One that only leads on.
     *
     * @param what it was, in the plural; empty where nobody misses it
     */
    void leadOn(String name, Optional<String> parent, String what) {
      nodes.put(name, new Node(parent, Optional.empty()));
      leaveOut(what);
    }

    void leaveOut(String what) {
      if (!what.isEmpty()) {
        leftOut.merge(what, 1, Integer::sum);
      }
    }

    Imported of(Chat about, Optional<String> current) {
      List<String> notes = new ArrayList<>();
      leftOut.forEach((what, count) -> notes.add("Left out: %d %s.".formatted(count, what)));
      return new Imported(about, nodes, current, notes);
    }
  }
}
