package io.solebox.server.chats.search;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.ChatListener;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.SealedChats;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Finds chats by what is said in them. What is kept is sealed, so the folded texts of whoever
 * searches are held in memory: made by the first search, brought up to date by each change, and
 * dropped when nobody has searched for some minutes or there is no room. Whose texts have no room
 * at all are read from the disk by each search. Safe for many threads.
 */
public final class ChatSearch implements ChatListener {
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** UTF-16 units of all texts; most take a byte each. */
  private static final long MAX_CHARS = 256L << 20;

  private final SealedChats chats;
  private final long maxChars;
  private final Map<String, Held> byOwner = new HashMap<>(); // guarded by this

  /** Of one owner. */
  private static final class Held {
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<OwnerIndex> index = Optional.empty(); // guarded by lock
    private volatile long used = System.nanoTime();
    private volatile long chars;
  }

  public ChatSearch(SealedChats chats) {
    this(chats, MAX_CHARS);
  }

  ChatSearch(SealedChats chats, long maxChars) {
    this.chats = chats;
    this.maxChars = maxChars;
  }

  /**
   * @param query words in any order, each of which is to be found
   * @param limit so many at most
   */
  public List<Hit> find(String owner, String query, int limit) {
    List<String> words = Folding.words(query);
    if (words.isEmpty()) {
      return List.of();
    }
    Held held;
    synchronized (this) {
      held = byOwner.computeIfAbsent(owner, _ -> new Held());
    }
    held.lock.lock();
    try {
      held.used = System.nanoTime();
      OwnerIndex index = held.index.orElseGet(() -> read(owner));
      held.chars = index.chars();
      held.index = index.chars() <= maxChars ? Optional.of(index) : Optional.empty();
      makeRoom(held);
      return index.find(words, limit);
    } finally {
      held.lock.unlock();
    }
  }

  private OwnerIndex read(String owner) {
    OwnerIndex index = new OwnerIndex();
    chats.readAll(owner, index::put, index::put);
    return index;
  }

  /** Drops those that were not used for longest, but not this one. */
  private synchronized void makeRoom(Held kept) {
    long all = byOwner.values().stream().mapToLong(each -> each.chars).sum();
    while (all > maxChars && byOwner.size() > 1) {
      String oldest =
          byOwner.entrySet().stream()
              .filter(each -> each.getValue() != kept)
              .min((a, b) -> Long.signum(a.getValue().used - b.getValue().used))
              .orElseThrow()
              .getKey();
      all -= byOwner.remove(oldest).chars;
    }
  }

  /** Drops those that nobody has used for some minutes. */
  public synchronized void forgetIdle() {
    long before = System.nanoTime() - IDLE.toNanos();
    byOwner.values().removeIf(each -> each.used - before < 0);
  }

  /** Drops what is known of somebody; the next search reads it anew. */
  public synchronized void forget(String owner) {
    byOwner.remove(owner);
  }

  private void change(String owner, Consumer<OwnerIndex> change) {
    Optional<Held> held;
    synchronized (this) {
      held = Optional.ofNullable(byOwner.get(owner));
    }
    if (held.isPresent()) {
      held.get().lock.lock();
      try {
        held.get().index.ifPresent(change);
      } finally {
        held.get().lock.unlock();
      }
    }
  }

  @Override
  public void changed(String owner, Chat chat, List<Message> written, Collection<String> removed) {
    change(
        owner,
        index -> {
          index.put(chat);
          index.removeMessages(chat.id(), removed);
          written.forEach(each -> index.put(chat.id(), each));
        });
  }

  @Override
  public void changed(String owner, String chat, Message message) {
    change(owner, index -> index.put(chat, message));
  }

  @Override
  public void deleted(String owner, Collection<String> ids) {
    change(owner, index -> index.remove(ids));
  }
}
