package io.solebox.server.chats.store;

/** Takes chats that are read one after another, each before its messages, damaged ones too. */
public interface ChatTaker {
  void put(Chat chat);

  /** A message of the chat that came last. */
  void put(String chat, Message message);

  /** A chat that cannot be opened, so that none of its messages comes. */
  void damaged(String chat);

  /** A message that cannot be opened, of the chat that came last. */
  void damaged(String chat, String message);
}
