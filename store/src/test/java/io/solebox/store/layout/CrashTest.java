package io.solebox.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The power fails after every single step of everything that changes a store. */
class CrashTest {
  private static final ModelName A = ModelName.parse("a");
  private static final ModelName B = ModelName.parse("user/b:Q8_0");

  @TempDir private Path folder;

  /**
   * A change, and what names stand for after it.
   *
   * @param expected the content of each name's file
   */
  private record Change(Consumer<ModelStore> make, Map<String, String> expected) {}

  private static void publish(ModelStore store, FaultyDisk disk, ModelName name, String content) {
    Digest digest = Digest.of(content.getBytes(StandardCharsets.UTF_8));
    try (Partial partial = store.blobs().partial("import-" + digest.hex(), "tests")) {
      partial.claim(List.of(digest));
      Path file = Files.writeString(partial.file("data"), content);
      disk.writtenElsewhere(file);
      store.blobs().install(file, digest);
      store.publish(name, manifest(digest, content.length()));
      partial.discard();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Manifest manifest(Digest digest, long size) {
    return new Manifest(
        new Descriptor(MediaTypes.CONFIG, digest, size),
        List.of(Descriptor.titled(MediaTypes.GGUF, digest, size, "model.gguf")),
        Map.of());
  }

  private static List<Change> changes(FaultyDisk disk) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change(s -> publish(s, disk, A, "one"), Map.of("a", "one")));
    changes.add(new Change(s -> publish(s, disk, A, "two"), Map.of("a", "two")));
    changes.add(
        new Change(
            s -> s.publish(B, s.current(A).orElseThrow().manifest()),
            Map.of("a", "two", "user/b:Q8_0", "two")));
    Map<String, String> back = Map.of("a", "one", "user/b:Q8_0", "two");
    changes.add(new Change(s -> s.rollback(A, OptionalInt.empty()), back));
    Map<String, String> without = Map.of("a", "one");
    changes.add(new Change(s -> s.remove(B), without));
    changes.add(new Change(s -> new Sweeper(s).sweep(thorough()), without));
    return changes;
  }

  private static Sweeper.Rule thorough() {
    return new Sweeper.Rule(OptionalInt.of(1), Set.of(), Instant.now().plus(Duration.ofHours(2)));
  }

  private static Map<String, String> contents(ModelStore store) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (ModelName name : store.names()) {
      Manifest manifest = store.current(name).orElseThrow().manifest();
      contents.put(name.toString(), Files.readString(store.file(name, manifest)));
    }
    return contents;
  }

  private static void requireSound(ModelStore store, String when) {
    var verifier = new Verifier(store);
    for (Verifier.Checked blob : verifier.blobs(store.names())) {
      assertEquals(Verifier.State.SOUND, verifier.check(blob, _ -> {}).state(), when);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whateverStepIsTheLastOneAChangeHasHappenedOrNot(boolean losesNames) throws IOException {
    // Where names are lost every step is the last one; where they are not, less can go wrong.
    for (int last = 0; ; last += losesNames ? 1 : 5) {
      Path root = Files.createDirectory(folder.resolve(losesNames + "-" + last));
      FaultyDisk disk = new FaultyDisk(last, losesNames);
      List<Change> changes = changes(disk);
      ModelStore store = ModelStore.open(root.resolve("store"), disk);
      int done = 0;
      try {
        for (Change change : changes) {
          change.make().accept(store);
          done++;
        }
      } catch (FaultyDisk.PowerCut e) {
        disk.cut();
      }
      String when = "after step " + last + " of change " + done;
      requireOldOrNew(root.resolve("store"), changes, done, when);
      if (done == changes.size()) {
        assertTrue(last > 80, "the changes took but " + last + " steps");
        return;
      }
    }
  }

  /** And a second try ends well, with nothing left over. */
  private static void requireOldOrNew(Path root, List<Change> changes, int done, String when)
      throws IOException {
    var calm = new FaultyDisk(Integer.MAX_VALUE, false); // which waits for no disk
    ModelStore again = ModelStore.open(root, calm);
    Map<String, String> before = done == 0 ? Map.of() : changes.get(done - 1).expected();
    Map<String, String> after = done == changes.size() ? before : changes.get(done).expected();
    Map<String, String> found = contents(again);
    assertTrue(found.equals(before) || found.equals(after), () -> when + ": " + found);
    requireSound(again, when);
    publish(again, calm, A, "three");
    if (again.current(B).isPresent()) {
      again.remove(B);
    }
    new Sweeper(again)
        .sweep(
            new Sweeper.Rule(OptionalInt.of(1), Set.of(), Instant.now().plus(Duration.ofDays(15))));
    assertEquals(Map.of("a", "three"), contents(again), when);
    requireSound(again, when);
    try (var left = Files.walk(root.resolve("blobs"))) {
      assertEquals(1, left.filter(Files::isRegularFile).count(), when);
    }
  }

  @Test
  void theSameHoldsForProcessesThatAreKilled() throws Exception {
    Path root = folder.resolve("store");
    for (int lines : new int[] {2, 9}) {
      Set<String> told = KillTarget.runAndKill(root, lines);
      ModelStore store = ModelStore.open(root);
      requireSound(store, "after " + lines + " changes");
      Map<String, String> contents = contents(store);
      told.forEach(name -> assertTrue(contents.containsKey(name), () -> name + " was named"));
      new Sweeper(store).sweep(thorough());
      assertEquals(contents, contents(store));
    }
  }
}
