package io.solebox.store.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.MediaTypes;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanupTest {
  private static final OptionalLong NONE = OptionalLong.empty();

  @TempDir private Path folder;
  private ModelStore store;
  private Cleanup cleanup;

  @BeforeEach
  void open() {
    store = ModelStore.open(folder);
    cleanup = new Cleanup(store, folder);
  }

  /** A model of so many bytes. */
  private Manifest publish(String name, int bytes) {
    byte[] content = new byte[bytes];
    content[0] = (byte) name.hashCode();
    Digest digest = Digest.of(content);
    try (Partial partial = store.blobs().partial("import-" + digest.hex(), "tests")) {
      partial.claim(List.of(digest));
      store.blobs().install(partial, content);
      var manifest =
          new Manifest(
              new Descriptor(MediaTypes.CONFIG, digest, bytes),
              List.of(Descriptor.titled(MediaTypes.GGUF, digest, bytes, "model.gguf")),
              Map.of());
      store.publish(ModelName.parse(name), manifest);
      partial.discard();
      return manifest;
    }
  }

  private static Instant in(long days) {
    return Instant.now().plus(Duration.ofDays(days));
  }

  private static List<String> announced(Cleanup.Report report) {
    return report.announced().keySet().stream().map(l -> l.name() + " " + l.reason()).toList();
  }

  private static List<String> removed(Cleanup.Report report) {
    return report.removed().stream().map(l -> l.name().toString()).toList();
  }

  @Test
  void nothingLeavesUntilSomebodyWantsIt() {
    publish("a", 10);
    assertEquals(CleanupRule.OFF, cleanup.rule());
    Cleanup.Report report = cleanup.run(in(10_000));
    assertEquals(List.of(), announced(report));
    assertEquals(1, store.names().size());
  }

  @Test
  void whatNobodyUsesIsAnnouncedADayBeforeItLeaves() {
    publish("a", 10);
    publish("pinned", 20);
    Manifest used = publish("used", 30);
    store.pin(ModelName.parse("pinned"), true);
    cleanup.set(new CleanupRule(NONE, NONE, OptionalLong.of(30)));
    assertEquals(List.of(), announced(cleanup.run(in(29))));
    try (var _ = store.leases().take(used.digest(), "runs it")) {
      Cleanup.Report first = cleanup.run(in(31));
      assertEquals(List.of("a UNUSED"), announced(first));
      assertEquals(List.of(), removed(first));
      Cleanup.Report second = cleanup.run(in(31).plus(Duration.ofHours(25)));
      assertEquals(List.of("a"), removed(second));
    }
    assertEquals(2, store.names().size());
    assertEquals(List.of(), removed(cleanup.run(in(60))), "it was in use, so it is announced anew");
  }

  @Test
  void theLeastRecentlyUsedLeaveUntilTheOthersFit() throws IOException {
    Manifest first = publish("a", 100);
    publish("b", 200);
    publish("c", 300);
    store.leases().take(first.digest(), "runs it").close();
    cleanup.set(new CleanupRule(NONE, OptionalLong.of(420), NONE));
    assertEquals(List.of("b TOO_MUCH"), announced(cleanup.run(in(0))));
    publish("d", 10);
    assertEquals(List.of("b"), removed(cleanup.run(in(2))));
    assertEquals(List.of(), announced(cleanup.run(in(3))));
    long all = Files.getFileStore(folder).getTotalSpace() + 1;
    cleanup.set(new CleanupRule(OptionalLong.of(2 * all), NONE, NONE));
    assertEquals(
        List.of("c DISK_NEARLY_FULL", "a DISK_NEARLY_FULL", "d DISK_NEARLY_FULL"),
        announced(cleanup.run(in(4))));
  }

  @Test
  void aRuleThatIsNotUnderstoodRemovesNothing() throws IOException {
    publish("a", 10);
    Files.writeString(folder.resolve("cleanup.json"), "{\"unused_hours\":1}");
    assertThrows(SoleboxException.class, () -> cleanup.run(in(1000)));
    cleanup.set(CleanupRule.OFF);
    assertEquals(List.of(), announced(cleanup.run(in(1000))));
  }
}
