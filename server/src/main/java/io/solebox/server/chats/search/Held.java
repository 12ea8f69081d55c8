package io.solebox.server.chats.search;

import io.solebox.server.chats.store.SealedChats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What is held of one owner: an index that is filled with some chats at a time, those that were
 * changed last first, so that searches are answered in between. A step reads and adds under the
 * lock, and changes are told when they are committed: whichever comes first, the index has the
 * newer text. Safe for many threads.
 */
final class Held {
  /** Chats that are read at once: between them others have the lock. */
  private static final int STEP = 4;

  private final SealedChats chats;
  private final String owner;
  private final long maxChars;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition filled = lock.newCondition();
  private final OwnerIndex index = new OwnerIndex(); // guarded by lock
  private final Deque<String> unread = new ArrayDeque<>(); // guarded by lock
  private int all; // guarded by lock
  private boolean begun; // guarded by lock
  private Optional<RuntimeException> failure = Optional.empty(); // guarded by lock
  private volatile boolean dropped;
  private volatile long chars;
  private volatile long used = System.nanoTime();

  /**
   * @param maxChars of the index; chats beyond that are read by each search
   */
  Held(SealedChats chats, String owner, long maxChars) {
    this.chats = chats;
    this.owner = owner;
    this.maxChars = maxChars;
  }

  /** When it was used last, as {@link System#nanoTime} has it. */
  long used() {
    return used;
  }

  /** UTF-16 units of the texts in it. */
  long chars() {
    return chars;
  }

  /** Nobody asks it any more. */
  void drop() {
    dropped = true;
  }

  void use() {
    used = System.nanoTime();
  }

  /**
   * Reads some more. What goes wrong is told to those who search.
   *
   * @return whether there is more to be read, and room for it
   */
  boolean step() {
    lock.lock();
    try {
      if (!dropped) {
        readSome();
      }
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
    boolean more = !dropped && !isFilled();
    if (!more) {
      filled.signalAll();
    }
    lock.unlock();
    return more;
  }

  private void readSome() {
    if (!begun) {
      unread.addAll(chats.ids(owner));
      all = unread.size();
      begun = true;
    }
    List<String> next = new ArrayList<>(STEP);
    while (hasRoom() && next.size() < STEP && !unread.isEmpty()) {
      next.add(unread.poll());
    }
    chats.read(owner, next, index);
    chars = index.chars();
  }

  private boolean hasRoom() {
    return index.chars() <= maxChars;
  }

  private boolean isFilled() {
    return failure.isPresent() || begun && (unread.isEmpty() || !hasRoom());
  }

  /**
   * @param patience how long it waits for the index to be whole
   */
  Found find(List<String> words, int limit, long patience) throws InterruptedException {
    lock.lock();
    try {
      long left = patience;
      while (!isFilled() && left > 0) {
        left = filled.awaitNanos(left);
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      List<Hit> hits = new ArrayList<>(index.find(words, limit));
      if (!isFilled()) {
        double part = begun ? (double) (all - unread.size()) / all : 0;
        return new Found(hits, part, index.damaged());
      }
      int damaged = index.damaged() + findInRest(words, limit, hits);
      return new Found(hits, 1, damaged);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Of what there is no room for, some is read at a time and not kept.
   *
   * @return how much of that is damaged
   */
  private int findInRest(List<String> words, int limit, List<Hit> hits) {
    int damaged = 0;
    List<String> rest = new ArrayList<>(unread);
    for (int at = 0; at < rest.size() && hits.size() < limit; at += STEP) {
      OwnerIndex some = new OwnerIndex();
      chats.read(owner, rest.subList(at, Math.min(at + STEP, rest.size())), some);
      damaged += some.damaged();
      hits.addAll(some.find(words, limit - hits.size()));
    }
    return damaged;
  }

  void change(Consumer<OwnerIndex> change) {
    lock.lock();
    try {
      change.accept(index);
      chars = index.chars();
    } finally {
      lock.unlock();
    }
  }
}
