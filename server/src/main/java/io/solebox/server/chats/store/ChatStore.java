package io.solebox.server.chats.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Chats by whose they are: nobody finds those of others. Safe for many threads. */
public interface ChatStore {
  /**
   * What becomes of a chat at once.
   *
   * @param written messages that are new, or anew
   * @param removed ids of messages
   */
  record Change(Chat chat, List<Message> written, Collection<String> removed) {
    /** Of the chat alone. */
    public static Change of(Chat chat) {
      return new Change(chat, List.of(), List.of());
    }
  }

  /** Makes the change of a chat as it is. */
  @FunctionalInterface
  interface Changing {
    Change of(Chat chat);
  }

  /** Adds a chat with its messages, in their order. */
  void add(String owner, Chat chat, List<Message> messages);

  Optional<Chat> find(String owner, String id);

  /** Of a chat that is there, as they came; none of one that is not. */
  List<Message> messages(String owner, String chat);

  Optional<Message> message(String owner, String chat, String id);

  /**
   * Changes a chat, or nothing if that throws.
   *
   * @return as it is then; empty where it is not there
   */
  Optional<Chat> change(String owner, String id, Changing change);

  /**
   * Writes a message anew.
   *
   * @return whether it is still there
   */
  boolean update(String owner, String chat, Message message);

  /** Those that pass, the last changed first, so many at most. */
  List<Chat> list(String owner, ChatFilter filter, int limit);

  /** All ids, the last changed first. */
  List<String> ids(String owner);

  /** Returns how many of them there were. */
  int delete(String owner, Collection<String> ids);

  /** The same of chats without messages. */
  default Optional<Chat> changeChat(String owner, String id, UnaryOperator<Chat> change) {
    return change(owner, id, chat -> Change.of(change.apply(chat)));
  }
}
