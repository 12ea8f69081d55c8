package io.solebox.store.cleanup;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.blob.WriterLock;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Sweeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Lets models leave by a {@link CleanupRule}: each is announced first, and leaves a day later at
 * the earliest, if the rule still says so; never one that is pinned or in use. Nothing happens by
 * itself: somebody calls {@link #run}, as commands do that bring models.
 */
public final class Cleanup {
  /** From the announcement to the removal. */
  public static final Duration NOTICE = Duration.ofDays(1);

  private final ModelStore store;
  private final Path rule;
  private final Path announced;

  /**
   * @param folder of the store
   */
  public Cleanup(ModelStore store, Path folder) {
    this.store = store;
    this.rule = folder.resolve("cleanup.json");
    this.announced = folder.resolve("cleanup.announced");
  }

  /**
   * What came of a run.
   *
   * @param announced the models that will leave, and when
   * @param removed those that left
   */
  public record Report(Map<Leaver, Instant> announced, List<Leaver> removed) {}

  public CleanupRule rule() {
    try {
      return CleanupRule.read(Files.readAllBytes(rule), rule.toString());
    } catch (NoSuchFileException e) {
      return CleanupRule.OFF;
    } catch (IOException e) {
      throw StoreFailure.of(rule, e);
    }
  }

  /** Sets another rule; what was announced by the old one is forgotten. */
  public void set(CleanupRule to) {
    change(
        () -> {
          Disk.SYSTEM.delete(announced);
          if (to.isOff()) {
            Disk.SYSTEM.delete(rule);
          } else {
            Disk.SYSTEM.replace(rule, to.bytes());
          }
          return to;
        });
  }

  /**
   * Announces what is due, and removes what was announced a day ago and still is.
   *
   * @throws SoleboxException as of {@link ModelStore}
   */
  public Report run(Instant now) {
    CleanupRule current = rule();
    if (current.isOff()) {
      return new Report(Map.of(), List.of());
    }
    try {
      List<Leaver> due = new Leavers(store, freeBytes()).due(current, now);
      Map<String, Instant> since = since();
      Map<Leaver, Instant> waiting = new LinkedHashMap<>();
      List<Leaver> removed = new ArrayList<>();
      for (Leaver leaver : due) {
        Instant from = since.getOrDefault(leaver.name().toString(), now);
        if (from.plus(NOTICE).isAfter(now) || !remove(leaver.name(), now)) {
          waiting.put(leaver, from);
        } else {
          removed.add(leaver);
        }
      }
      write(waiting);
      waiting.replaceAll((_, from) -> from.plus(NOTICE));
      return new Report(waiting, removed);
    } catch (IOException e) {
      throw StoreFailure.of(announced, e);
    }
  }

  private long freeBytes() throws IOException {
    Path there = Files.exists(rule) ? rule : announced;
    return Files.getFileStore(there).getUsableSpace();
  }

  /** False where somebody has begun to use it meanwhile, or has pinned or removed it. */
  private boolean remove(ModelName name, Instant now) {
    try {
      Set<Digest> theirs = new HashSet<>();
      for (Generation generation : store.remove(name)) {
        generation.manifest().blobs().stream().map(Descriptor::digest).forEach(theirs::add);
      }
      new Sweeper(store).sweep(new Sweeper.Rule(OptionalInt.empty(), theirs, now));
      return true;
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.IN_USE || e.code() == ErrorCode.MODEL_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** A line for each: since when, and the name. What is damaged counts as not announced. */
  private Map<String, Instant> since() throws IOException {
    Map<String, Instant> since = new LinkedHashMap<>();
    if (Files.exists(announced)) {
      for (String line : Files.readAllLines(announced)) {
        int space = line.indexOf(' ');
        try {
          since.put(
              line.substring(space + 1), Instant.parse(line.substring(0, Math.max(0, space))));
        } catch (DateTimeParseException e) {
          continue;
        }
      }
    }
    return since;
  }

  private void write(Map<Leaver, Instant> waiting) {
    var lines = new StringBuilder();
    waiting.forEach((leaver, since) -> lines.append(since + " " + leaver.name() + "\n"));
    change(
        () -> {
          Disk.SYSTEM.replace(announced, lines.toString().getBytes(StandardCharsets.UTF_8));
          return waiting;
        });
  }

  private <T> void change(WriterLock.Change<T> change) {
    try {
      store.blobs().lock().change("sees to the clean-up", change);
    } catch (IOException e) {
      throw StoreFailure.of(announced, e);
    }
  }
}
