package io.solebox.server.chats;

import io.solebox.server.http.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Tells the pages of somebody what becomes of their chats. Safe for many threads. */
final class ChatNews {
  /** Whoever has so many to read looks at everything anew. */
  private static final int MOST = 1000;

  /** In place of what a slow reader has missed. */
  private static final Map<String, Object> LOST = Map.of("type", "lost");

  private final Map<String, List<Listener>> listeners = new ConcurrentHashMap<>();

  /** A page that listens until this is closed. */
  final class Listener implements Registration {
    private final String owner;
    private final BlockingQueue<Map<String, Object>> news = new ArrayBlockingQueue<>(MOST);

    private Listener(String owner) {
      this.owner = owner;
    }

    /** Waits so long for the next. */
    Optional<Map<String, Object>> next(Duration time) throws InterruptedException {
      return Optional.ofNullable(news.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private synchronized void hear(Map<String, Object> what) {
      if (!news.offer(what)) {
        news.drainTo(new ArrayList<>());
        news.add(LOST);
      }
    }

    @Override
    public void close() {
      listeners.computeIfPresent(
          owner,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }

  Listener listen(String owner) {
    Listener listener = new Listener(owner);
    listeners.compute(
        owner,
        (_, all) -> {
          List<Listener> grown = all == null ? new CopyOnWriteArrayList<>() : all;
          grown.add(listener);
          return grown;
        });
    return listener;
  }

  /**
   * @param what one JSON object
   */
  void tell(String owner, Map<String, Object> what) {
    listeners.getOrDefault(owner, List.of()).forEach(each -> each.hear(what));
  }
}
