package io.solebox.store.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.bundle.Bundles.Box;
import io.solebox.store.layout.FaultyDisk;
import io.solebox.store.layout.KillTarget;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Sweeper;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The power fails after steps of an import, and processes are killed in the midst of one. */
class BundleCrashTest {
  private static final SigningKey KEY = SigningKey.generate();

  @TempDir private static Path folder;
  private static Path old;
  private static Path fresh;
  private static Map<String, Digest> before;
  private static Map<String, Digest> after;

  @BeforeAll
  static void makeBundles() {
    old = folder.resolve("old");
    fresh = folder.resolve("fresh");
    byte[] kept = Bundles.bytes(1, 2000);
    var a = Bundles.model("a", kept);
    var newA = Bundles.model("a", kept, Bundles.bytes(2, 3000));
    var b = Bundles.model("user/b", Bundles.bytes(3, 10));
    make(old, Bundles.MADE, a);
    make(fresh, Bundles.MADE.plusSeconds(1), newA, b);
    before = Map.of("a", a.item().manifest().digest());
    after = Map.of("a", newA.item().manifest().digest(), "user/b", b.item().manifest().digest());
  }

  private static void make(Path out, Instant made, BundleMaker.Content... contents) {
    Bundles.make(
        new BundleMaker.Order(List.of(contents), Set.of(), made, out, OptionalLong.empty(), false),
        KEY);
  }

  /** With the old bundle; nothing here waits for a disk. */
  private static Box box(String name) throws IOException {
    Box box = new Box(Files.createDirectory(folder.resolve(name)));
    Path key = box.trust().file(Bundles.ACME);
    Files.createDirectory(key.getParent());
    Files.writeString(key, KEY.verifyKey().pem());
    take(box, calm(), old);
    return box;
  }

  private static FaultyDisk calm() {
    return new FaultyDisk(Integer.MAX_VALUE, false);
  }

  private static void take(Box box, Disk disk, Path file) {
    box.importer(disk, Space.SYSTEM).run(Box.request(file), Progress.none());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whateverStepIsTheLastOneASecondTryEndsWell(boolean losesNames) throws IOException {
    // Not every one: each try takes three imports.
    for (int last = 0; ; last += losesNames ? 2 : 11) {
      Box box = box(losesNames + "-" + last);
      var disk = new FaultyDisk(last, losesNames);
      boolean done = false;
      try {
        take(box, disk, fresh);
        done = true;
      } catch (FaultyDisk.PowerCut e) {
        loseWhatCame(box, disk);
        disk.cut();
      }
      requireOldOrNew(box, "after step " + last);
      take(box, calm(), fresh);
      requireOnly(box, after, "after step " + last + " and a second try");
      if (done) {
        assertTrue(last > 30, "an import took but " + last + " steps");
        return;
      }
    }
  }

  /** What came from the bundle and was not made durable, which the disk does not know of. */
  private static void loseWhatCame(Box box, FaultyDisk disk) throws IOException {
    try (var all = Files.walk(box.storeFolder().resolve("partial"))) {
      all.filter(file -> Digest.ofHex(file.getFileName().toString()).isPresent())
          .forEach(disk::writtenElsewhere);
    }
  }

  private static void requireOldOrNew(Box box, String when) {
    Map<String, Digest> found = box.names();
    assertTrue(found.containsKey("a"), () -> when + " there is " + found);
    found.forEach(
        (name, digest) ->
            assertTrue(
                digest.equals(before.get(name)) || digest.equals(after.get(name)),
                () -> when + " there is " + found));
    assertTrue(box.isSound(), when);
  }

  /** And nothing is left over. */
  private static void requireOnly(Box box, Map<String, Digest> names, String when)
      throws IOException {
    assertEquals(names, box.names(), when);
    new Sweeper(ModelStore.open(box.storeFolder(), calm()))
        .sweep(
            new Sweeper.Rule(OptionalInt.of(1), Set.of(), Instant.now().plus(Duration.ofDays(15))));
    assertTrue(box.isSound(), when);
    try (var left = Files.walk(box.storeFolder().resolve("blobs"))) {
      assertEquals(4, left.filter(Files::isRegularFile).count(), when);
    }
    try (var left = Files.list(box.storeFolder().resolve("partial"))) {
      assertEquals(List.of(), left.toList(), when);
    }
  }

  /** Imports two bundles in turn, and says at each step where it is. */
  static final class Target {
    private Target() {}

    public static void main(String[] arguments) {
      Box box = new Box(Path.of(arguments[0]));
      var talkative =
          new Progress() {
            @Override
            public void report(String stage, double fraction) {
              System.out.println(stage + " " + fraction);
            }
          };
      for (int i = 1; ; i++) {
        Path file = Path.of(arguments[1 + i % 2]);
        var request = new BundleImport.Request(List.of(file), true, Optional.empty());
        box.importer().run(request, talkative);
        System.out.println("took " + file);
      }
    }
  }

  @Test
  void theSameHoldsForProcessesThatAreKilled() throws Exception {
    Box box = box("killed");
    for (int lines : new int[] {2, 9, 16}) {
      KillTarget.runAndKill(
          Target.class, lines, box.home().toString(), old.toString(), fresh.toString());
      requireOldOrNew(box, "after " + lines + " lines");
      take(box, Disk.SYSTEM, fresh);
      assertEquals(after, box.names());
      assertTrue(box.isSound());
    }
  }
}
