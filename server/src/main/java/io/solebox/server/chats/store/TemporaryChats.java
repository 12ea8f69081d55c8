package io.solebox.server.chats.store;

import io.solebox.server.http.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chats that are nowhere but in the memory of this process: they are gone with its end, or when
 * nobody has used them for an hour.
 */
public final class TemporaryChats implements ChatStore {
  /** After it one is gone that nobody used. */
  public static final Duration IDLE = Duration.ofHours(1);

  private static final int MAX_CHATS = 100;

  /** UTF-16 units of all that an owner has said and heard. */
  private static final long MAX_CHARS = 64L << 20;

  private final Clock clock;
  private final Map<String, Map<String, Held>> byOwner = new HashMap<>(); // guarded by this

  /** One of them; guarded by the store. */
  private static final class Held {
    private Chat chat;
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private long used;

    private long chars() {
      return messages.values().stream().mapToLong(Message::chars).sum();
    }
  }

  public TemporaryChats(Clock clock) {
    this.clock = clock;
  }

  private Map<String, Held> of(String owner) {
    return byOwner.computeIfAbsent(owner, _ -> new LinkedHashMap<>());
  }

  private Optional<Held> held(String owner, String id) {
    Optional<Held> found = Optional.ofNullable(byOwner.getOrDefault(owner, Map.of()).get(id));
    found.ifPresent(held -> held.used = clock.millis());
    return found;
  }

  /** Whether it is one of these. */
  public synchronized boolean has(String owner, String id) {
    return byOwner.getOrDefault(owner, Map.of()).containsKey(id);
  }

  @Override
  public synchronized void add(String owner, Chat chat, List<Message> messages) {
    Map<String, Held> theirs = of(owner);
    if (theirs.size() >= MAX_CHATS) {
      throw Problem.of(
          429,
          "too_many_temporary_chats",
          "You have %d temporary chats. Delete one, or wait: each is gone an hour after its last use."
              .formatted(MAX_CHATS));
    }
    Held held = new Held();
    held.chat = chat;
    held.used = clock.millis();
    messages.forEach(each -> held.messages.put(each.id(), each));
    requireRoom(owner, held.chars());
    theirs.put(chat.id(), held);
  }

  private void requireRoom(String owner, long more) {
    long all = of(owner).values().stream().mapToLong(Held::chars).sum();
    if (all + more > MAX_CHARS) {
      throw Problem.of(
          413,
          "temporary_chats_full",
          "Your temporary chats fill the memory that there is for them. Delete some of them.");
    }
  }

  @Override
  public synchronized Optional<Chat> find(String owner, String id) {
    return held(owner, id).map(held -> held.chat);
  }

  @Override
  public synchronized List<Message> messages(String owner, String chat) {
    return held(owner, chat).map(held -> List.copyOf(held.messages.values())).orElse(List.of());
  }

  @Override
  public synchronized Optional<Message> message(String owner, String chat, String id) {
    return held(owner, chat).flatMap(held -> Optional.ofNullable(held.messages.get(id)));
  }

  @Override
  public synchronized Optional<Chat> change(String owner, String id, Changing change) {
    return held(owner, id)
        .map(
            held -> {
              Change made = change.of(held.chat);
              requireRoom(owner, made.written().stream().mapToLong(Message::chars).sum());
              made.removed().forEach(held.messages::remove);
              made.written().forEach(each -> held.messages.put(each.id(), each));
              held.chat = made.chat();
              return held.chat;
            });
  }

  @Override
  public synchronized boolean update(String owner, String chat, Message message) {
    return held(owner, chat)
        .map(held -> held.messages.replace(message.id(), message) != null)
        .orElse(false);
  }

  @Override
  public synchronized List<Chat> list(String owner, ChatFilter filter, int limit) {
    List<Chat> all =
        new ArrayList<>(
            byOwner.getOrDefault(owner, Map.of()).values().stream()
                .map(held -> held.chat)
                .filter(filter::passes)
                .sorted(Comparator.comparing(Chat::updated).thenComparing(Chat::id).reversed())
                .toList());
    int from =
        filter.after().map(id -> all.stream().map(Chat::id).toList().indexOf(id) + 1).orElse(0);
    return all.stream().skip(from).limit(limit).toList();
  }

  @Override
  public synchronized List<String> ids(String owner) {
    return List.copyOf(byOwner.getOrDefault(owner, Map.of()).keySet());
  }

  @Override
  public synchronized int delete(String owner, Collection<String> ids) {
    Map<String, Held> theirs = of(owner);
    int before = theirs.size();
    ids.forEach(theirs::remove);
    return before - theirs.size();
  }

  /** Forgets those that nobody has used for an hour. */
  public synchronized void forgetIdle() {
    long before = clock.millis() - IDLE.toMillis();
    byOwner.values().forEach(theirs -> theirs.values().removeIf(held -> held.used < before));
    byOwner.values().removeIf(Map::isEmpty);
  }
}
