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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Finds chats by what is said in them. What is kept is sealed, so the folded texts of whoever
 * searches are held in memory: read in the background from when somebody looks at their chats,
 * brought up to date by each change, and dropped when nobody has asked for some minutes or there is
 * no room. A search answers from what is read so far, and says which part that is, and how much of
 * it is damaged. Safe for many threads.
 */
public final class ChatSearch implements ChatListener, AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** How long a search waits for chats to be read: those of most people are, within that. */
  private static final Duration PATIENCE = Duration.ofMillis(40);

  /** UTF-16 units of all texts; most take a byte each. */
  private static final long MAX_CHARS = 256L << 20;

  private final SealedChats chats;
  private final long maxChars;
  private final Map<String, Held> byOwner = new HashMap<>(); // guarded by this

  /** Reads for all owners, some chats of each in turn, so that nobody waits for somebody else. */
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("chats-index").factory());

  public ChatSearch(SealedChats chats) {
    this(chats, MAX_CHARS);
  }

  ChatSearch(SealedChats chats, long maxChars) {
    this.chats = chats;
    this.maxChars = maxChars;
  }

  /**
   * Looks through what is read so far of somebody's chats; the rest is read meanwhile.
   *
   * @param query words in any order, each of which is to be found
   * @param limit so many at most
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR} if the database cannot be
   *     read
   */
  public Found find(String owner, String query, int limit) throws InterruptedException {
    List<String> words = Folding.words(query);
    return words.isEmpty() ? Found.NOTHING : held(owner).find(words, limit, PATIENCE.toNanos());
  }

  /** Begins to read somebody's chats: a search may follow. */
  public void prepare(String owner) {
    held(owner);
  }

  private synchronized Held held(String owner) {
    Held held =
        byOwner.computeIfAbsent(
            owner,
            _ -> {
              Held made = new Held(chats, owner, maxChars);
              readOn(made);
              return made;
            });
    held.use();
    return held;
  }

  private void readOn(Held held) {
    try {
      reader.execute(
          () -> {
            if (held.step()) {
              readOn(held);
            }
            makeRoom(held);
          });
    } catch (RejectedExecutionException e) {
      // closed
    }
  }

  private synchronized void forget(Held held) {
    held.drop();
    byOwner.values().remove(held);
  }

  /** Drops those that were not used for longest, but not this one. */
  private synchronized void makeRoom(Held kept) {
    long all = byOwner.values().stream().mapToLong(Held::chars).sum();
    while (all > maxChars && byOwner.size() > 1) {
      Held oldest =
          byOwner.values().stream()
              .filter(each -> each != kept)
              .min((a, b) -> Long.signum(a.used() - b.used()))
              .orElseThrow();
      all -= oldest.chars();
      forget(oldest);
    }
  }

  /** Drops those that nobody has used for some minutes. */
  public synchronized void forgetIdle() {
    long before = System.nanoTime() - IDLE.toNanos();
    List.copyOf(byOwner.values()).stream()
        .filter(each -> each.used() - before < 0)
        .forEach(this::forget);
  }

  /** Drops what is known of somebody; the next search reads it anew. */
  public synchronized void forget(String owner) {
    Optional.ofNullable(byOwner.remove(owner)).ifPresent(Held::drop);
  }

  private void change(String owner, Consumer<OwnerIndex> change) {
    Optional<Held> held;
    synchronized (this) {
      held = Optional.ofNullable(byOwner.get(owner));
    }
    held.ifPresent(its -> its.change(change));
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

  /** Reads no more. */
  @Override
  public void close() {
    reader.shutdownNow();
  }
}
