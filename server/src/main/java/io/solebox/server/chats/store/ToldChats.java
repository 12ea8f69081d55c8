package io.solebox.server.chats.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Chats of which somebody hears.
 *
 * @param chats where they are
 */
public record ToldChats(ChatStore chats, ChatListener listener) implements ChatStore {
  @Override
  public void add(String owner, Chat chat, List<Message> messages) {
    chats.add(owner, chat, messages);
    listener.changed(owner, chat, messages, List.of());
  }

  @Override
  public Optional<Chat> find(String owner, String id) {
    return chats.find(owner, id);
  }

  @Override
  public List<Message> messages(String owner, String chat) {
    return chats.messages(owner, chat);
  }

  @Override
  public Optional<Message> message(String owner, String chat, String id) {
    return chats.message(owner, chat, id);
  }

  @Override
  public Optional<Chat> change(String owner, String id, Changing change) {
    List<Change> made = new ArrayList<>(1);
    Optional<Chat> changed =
        chats.change(
            owner,
            id,
            before -> {
              made.add(change.of(before));
              return made.getFirst();
            });
    changed.ifPresent(
        chat ->
            listener.changed(owner, chat, made.getFirst().written(), made.getFirst().removed()));
    return changed;
  }

  @Override
  public boolean update(String owner, String chat, Message message) {
    boolean there = chats.update(owner, chat, message);
    if (there) {
      listener.changed(owner, chat, message);
    }
    return there;
  }

  @Override
  public List<Chat> list(String owner, ChatFilter filter, int limit) {
    return chats.list(owner, filter, limit);
  }

  @Override
  public List<String> ids(String owner) {
    return chats.ids(owner);
  }

  @Override
  public int delete(String owner, Collection<String> ids) {
    int gone = chats.delete(owner, ids);
    listener.deleted(owner, ids);
    return gone;
  }
}
