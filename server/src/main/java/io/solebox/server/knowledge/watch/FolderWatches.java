package io.solebox.server.knowledge.watch;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.VectorStores;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at folders of documents every few seconds, and says what has become of them. */
public final class FolderWatches implements AutoCloseable {
  private static final long LOOK_MILLIS = 5_000;

  /** What is missing may come soon, as a model that is loaded. */
  private static final long AGAIN_MILLIS = 1_000;

  private final List<WatchedFolder> folders;
  private final Map<WatchedFolder, FolderWatch> watches = new HashMap<>();
  private final Map<WatchedFolder, String> troubles = new HashMap<>(); // as they were told last
  private final DocumentStore documents;
  private final Runnable news;
  private final Faults faults;
  private final PrintStream log;
  private final Thread thread;

  /**
   * @param embedding who makes vectors
   * @param news told when there is something to be read
   */
  public FolderWatches(
      List<WatchedFolder> folders,
      VectorStores stores,
      DocumentStore documents,
      FileStore files,
      Clock clock,
      Embedding embedding,
      Runnable news,
      Faults faults,
      PrintStream log) {
    this.folders = List.copyOf(folders);
    this.documents = documents;
    this.news = news;
    this.faults = faults;
    this.log = log;
    folders.forEach(
        each ->
            watches.put(each, new FolderWatch(each, stores, documents, files, clock, embedding)));
    this.thread =
        folders.isEmpty()
            ? Thread.ofVirtual().unstarted(() -> {})
            : Thread.ofVirtual().name("folders").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (documents.isOurs()) {
          folders.forEach(this::look);
        }
        Thread.sleep(troubles.isEmpty() ? LOOK_MILLIS : AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
  }

  /** A trouble is told once, and again when it is another one. */
  private void look(WatchedFolder folder) {
    try {
      FolderWatch.Changes changes = watches.get(folder).look();
      troubles.remove(folder);
      if (!changes.isEmpty()) {
        log.println("documents of '" + folder.name() + "': " + changes);
        news.run();
      }
    } catch (SoleboxException e) {
      trouble(folder, e.describe());
    } catch (Problem e) {
      trouble(folder, "documents of '" + folder.name() + "': " + e.getMessage());
    } catch (IOException e) {
      trouble(
          folder,
          "documents of '%s': a file cannot be read: %s".formatted(folder.name(), e.getMessage()));
    } catch (RuntimeException e) {
      faults.problem(e, "");
    }
  }

  private void trouble(WatchedFolder folder, String what) {
    if (!what.equals(troubles.put(folder, what)) && !Thread.currentThread().isInterrupted()) {
      log.println(what);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!folders.isEmpty()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
