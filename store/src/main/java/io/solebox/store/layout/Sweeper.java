package io.solebox.store.layout;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds and removes what nothing names: everything is marked that a generation, a partial or a
 * lease names, and the rest is swept. Nothing is counted on disk, so nothing can be miscounted; and
 * where anything cannot be read, nothing is removed.
 */
public final class Sweeper {
  /** What has come so lately may be about to be named. */
  private static final Duration GRACE = Duration.ofHours(1);

  private final ModelStore store;

  public Sweeper(ModelStore store) {
    this.store = store;
  }

  /**
   * What to sweep.
   *
   * @param keep generations of each name beside the current one and those in use, the latest; empty
   *     for all
   * @param atOnce blobs that go however lately they came, if nothing names them
   * @param now by which age is told
   */
  public record Rule(OptionalInt keep, Set<Digest> atOnce, Instant now) {
    public static Rule garbage(Instant now) {
      return new Rule(OptionalInt.empty(), Set.of(), now);
    }
  }

  /**
   * What would go now.
   *
   * @throws SoleboxException as of {@link ModelStore}
   */
  public List<Garbage> find(Rule rule) {
    try {
      return garbage(rule);
    } catch (IOException e) {
      throw StoreFailure.of(store.blobs().root(), e);
    }
  }

  /**
   * Removes it.
   *
   * @return what went
   * @throws SoleboxException as of {@link ModelStore}
   */
  public List<Garbage> sweep(Rule rule) {
    try {
      List<Garbage> swept =
          store
              .blobs()
              .lock()
              .change(
                  "sweeps",
                  () -> {
                    List<Garbage> all = garbage(rule);
                    for (Garbage garbage : all) { // what names others before these
                      store.blobs().trash().take(garbage.path());
                    }
                    store.leases().forgetDead();
                    return all;
                  });
      store.blobs().trash().empty();
      return swept;
    } catch (IOException e) {
      throw StoreFailure.of(store.blobs().root(), e);
    }
  }

  private List<Garbage> garbage(Rule rule) throws IOException {
    List<Garbage> garbage = new ArrayList<>();
    Set<Digest> marked = new HashSet<>();
    Set<String> manifests = new HashSet<>();
    Set<Digest> leased = new HashSet<>();
    store.leases().held().forEach(lease -> leased.add(lease.manifest()));
    for (NameFolder folder : store.folders().all()) {
      Optional<NameFolder.Pointer> pointer = folder.pointer();
      if (pointer.isEmpty() && isOlder(folder.path(), GRACE, rule)) {
        garbage.add(
            new Garbage(Garbage.Kind.UNFINISHED_NAME, folder.path().toString(), folder.path(), 0));
        continue;
      }
      List<Generation> all = folder.readAll();
      for (Generation generation : all) {
        if (pointer.isPresent() && isOld(generation, all, pointer.get(), rule, leased)) {
          garbage.add(old(pointer.get(), generation, folder));
        } else {
          manifests.add(generation.manifest().digest().hex());
          generation.manifest().blobs().forEach(blob -> marked.add(blob.digest()));
        }
      }
    }
    garbage.addAll(partials(rule, marked));
    garbage.addAll(views(manifests));
    garbage.addAll(blobs(rule, marked));
    return garbage;
  }

  private static boolean isOld(
      Generation generation,
      List<Generation> all,
      NameFolder.Pointer pointer,
      Rule rule,
      Set<Digest> leased) {
    long later = all.stream().filter(g -> g.number() > generation.number()).count();
    return rule.keep().isPresent()
        && later >= rule.keep().getAsInt()
        && generation.number() != pointer.generation()
        && !leased.contains(generation.manifest().digest());
  }

  private static Garbage old(NameFolder.Pointer pointer, Generation generation, NameFolder folder) {
    String what = pointer.name() + ", generation " + generation.number();
    return new Garbage(Garbage.Kind.OLD_GENERATION, what, folder.file(generation.number()), 0);
  }

  /** Marks what those claim that stay. */
  private List<Garbage> partials(Rule rule, Set<Digest> marked) throws IOException {
    List<Garbage> garbage = new ArrayList<>();
    for (Path partial : list(store.blobs().partials())) {
      boolean isExpired = Partial.touched(partial).plus(Partial.KEPT).isBefore(rule.now());
      if (isExpired && !Partial.isOwned(partial)) {
        garbage.add(
            new Garbage(
                Garbage.Kind.EXPIRED_PARTIAL,
                partial.getFileName().toString(),
                partial,
                bytes(partial)));
      } else {
        marked.addAll(Partial.claims(partial));
      }
    }
    return garbage;
  }

  private List<Garbage> views(Set<String> manifests) throws IOException {
    List<Garbage> garbage = new ArrayList<>();
    List<Path> all = new ArrayList<>(list(store.views().root()));
    all.addAll(list(store.leases().used()));
    for (Path path : all) {
      if (!manifests.contains(path.getFileName().toString())) {
        garbage.add(new Garbage(Garbage.Kind.VIEW, path.getFileName().toString(), path, 0));
      }
    }
    return garbage;
  }

  private List<Garbage> blobs(Rule rule, Set<Digest> marked) throws IOException {
    List<Garbage> garbage = new ArrayList<>();
    for (Path folder : list(store.blobs().root())) {
      for (Path blob : list(folder)) {
        Optional<Digest> digest = Digest.ofHex(blob.getFileName().toString());
        if (digest.isPresent()
            && !marked.contains(digest.get())
            && (rule.atOnce().contains(digest.get()) || isOlder(blob, GRACE, rule))) {
          garbage.add(new Garbage(Garbage.Kind.BLOB, digest.get().toString(), blob, freedBy(blob)));
        }
      }
    }
    return garbage;
  }

  /** Nothing, where the file has another name elsewhere. */
  private static long freedBy(Path blob) throws IOException {
    return (int) Files.getAttribute(blob, "unix:nlink") > 1 ? 0 : Files.size(blob);
  }

  /** Since its name or its rights changed last: a blob keeps the time of what it was made of. */
  private static boolean isOlder(Path path, Duration age, Rule rule) throws IOException {
    FileTime changed = (FileTime) Files.getAttribute(path, "unix:ctime");
    return changed.toInstant().plus(age).isBefore(rule.now());
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
      inside.forEach(all::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return all;
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
      }
      return bytes;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
