package io.solebox.server.knowledge.index;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.DocumentStore.Waiting;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Makes documents ready to be found, behind everything that people wait for: the oldest of each
 * owner in turn, so that nobody's thousand documents keep another's one waiting. What cannot be
 * done now is tried again; what is kept already is not done again, whatever has ended the process.
 */
public final class Indexer implements AutoCloseable {
  /** While one waits for the words of a large document, another has its vectors made. */
  private static final int THREADS = 2;

  private static final long LOOK_SECONDS = 5;

  private final DocumentStore documents;
  private final IndexRun run;
  private final Faults faults;
  private final Semaphore work = new Semaphore(0);
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Set<String> resting = ConcurrentHashMap.newKeySet();
  private final Set<String> served = new HashSet<>(); // owners of this round; guarded by itself
  private final List<Thread> threads;
  private volatile boolean closed;

  public Indexer(DocumentStore documents, IndexRun run, Faults faults) {
    this.documents = documents;
    this.run = run;
    this.faults = faults;
    this.threads =
        IntStream.range(0, THREADS)
            .mapToObj(_ -> Thread.ofVirtual().name("knowledge").start(this::run))
            .toList();
  }

  /** There is something new. */
  public void look() {
    work.release(THREADS);
  }

  /** How far a document is that is made ready now. */
  public Optional<Progress> progress(String document) {
    return run.progress(document);
  }

  private void run() {
    try {
      while (!closed) {
        Optional<Waiting> next = next();
        if (next.isPresent()) {
          takeOn(next.get().id());
        } else {
          // Other servers with the same folder take documents, too.
          boolean told = work.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
          if (!told) {
            resting.clear();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends; the next one goes on
    }
  }

  private Optional<Waiting> next() {
    synchronized (served) {
      List<Waiting> free =
          waiting().stream()
              .filter(each -> !taken.contains(each.id()) && !resting.contains(each.id()))
              .toList();
      Optional<Waiting> other =
          free.stream().filter(each -> !served.contains(each.owner())).findFirst();
      if (other.isEmpty()) {
        served.clear();
      }
      Optional<Waiting> chosen = other.or(() -> free.stream().findFirst());
      chosen.ifPresent(each -> served.add(each.owner()));
      chosen.ifPresent(each -> taken.add(each.id()));
      return chosen;
    }
  }

  private List<Waiting> waiting() {
    try {
      return documents.isOurs() ? documents.waiting() : List.of();
    } catch (RuntimeException e) {
      faults.problem(e, "");
      return List.of();
    }
  }

  private void takeOn(String id) throws InterruptedException {
    try {
      if (!run.go(id)) {
        resting.add(id);
      }
    } catch (SoleboxException e) {
      faults.problem(e, ""); // a full disk may have room later
      resting.add(id);
    } catch (RuntimeException | Error e) {
      if (!closed) {
        give(id, faults.problem(e, ""));
      }
    } finally {
      taken.remove(id);
    }
  }

  /** Gives it up: whatever else goes wrong would do so again. */
  private void give(String id, Problem problem) {
    try {
      run.fail(id, problem);
    } catch (RuntimeException e) {
      faults.problem(e, "");
      resting.add(id);
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
