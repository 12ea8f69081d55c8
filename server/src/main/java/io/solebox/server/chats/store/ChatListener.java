package io.solebox.server.chats.store;

import java.util.Collection;
import java.util.List;

/** Hears of chats that are kept, when that is done. From many threads. */
public interface ChatListener {
  /**
   * A chat is new, or changed.
   *
   * @param written messages that are new, or anew
   * @param removed ids of messages
   */
  void changed(String owner, Chat chat, List<Message> written, Collection<String> removed);

  /** A message is written anew. */
  void changed(String owner, String chat, Message message);

  void deleted(String owner, Collection<String> chats);
}
