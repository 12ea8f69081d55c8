package io.solebox.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.update.ServedUpdates;
import io.solebox.app.update.slot.FakeMachine;
import io.solebox.app.update.slot.SlotDisk;
import io.solebox.app.update.slot.SlotName;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequest;
import io.solebox.server.update.UpdateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates that a server takes in and root installs, on a machine whose slots are files. */
class SlotUpdatesTest {
  @TempDir Path folder;
  private FakeMachine fake;
  private Path data;
  private HostDesk desk;

  @BeforeEach
  void machine() throws IOException, InterruptedException {
    fake = new FakeMachine(folder);
    data = Files.createDirectory(folder.resolve("data"));
    Files.createDirectory(data.resolve(UpdateFolder.FOLDER));
    desk = HostDesk.in(data);
    apply("1.0.0");
  }

  private void apply(String version) throws IOException, InterruptedException {
    HostFiles files = new HostFiles(folder.resolve("machine"));
    HostTools tools = command -> new HostTools.Outcome(true, "");
    var updates = new SlotUpdates(fake.machine(SlotDisk.SYSTEM), version, data);
    try (RequestFolder requests = RequestFolder.open(data)) {
      new HostApply(requests, files, tools, updates, Clock.systemUTC(), line -> {}).run(() -> {});
    }
  }

  private Map<?, ?> asked(HostRequest request, String version)
      throws IOException, InterruptedException {
    String id = desk.ask(request);
    apply(version);
    return desk.result(id).orElseThrow();
  }

  private Map<?, ?> slot(String which) {
    var slots = (Map<?, ?>) desk.machine().orElseThrow().get("slots");
    return (Map<?, ?>) slots.get(which);
  }

  @Test
  void whatTheServerHasCheckedIsInstalledAndTakenBack() throws Exception {
    assertEquals("confirmed", slot("running").get("state"));
    assertEquals("empty", slot("other").get("state"));
    Path file = new UpdateFolder(data).file();
    Files.copy(fake.update("2.0.0"), file);
    var checked = new ServedUpdates(fake.machine(SlotDisk.SYSTEM), "1.0.0").check(file);
    assertEquals("2.0.0", checked.get("version"));
    assertEquals(false, checked.get("older"));
    assertEquals("release", checked.get("signed_by"));

    assertEquals("done", asked(new HostRequest.Update(false), "1.0.0").get("state"));
    assertEquals("2.0.0", slot("other").get("version"));
    assertEquals("on_trial", slot("other").get("state"));
    fake.runFrom(SlotName.B);
    assertEquals("done", asked(new HostRequest.UpdateBack(), "2.0.0").get("state"));
    assertEquals("failed", slot("running").get("state"));
  }

  @Test
  void whatWasExchangedSinceIsRefused() throws Exception {
    Path file = new UpdateFolder(data).file();
    byte[] bytes = Files.readAllBytes(fake.update("2.0.0"));
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Map<?, ?> result = asked(new HostRequest.Update(false), "1.0.0");
    assertEquals("failed", result.get("state"));
    assertTrue(result.get("error").toString().contains("BAD_UPDATE"), result::toString);
    assertEquals("empty", slot("other").get("state"));
    Files.delete(file);
    Files.createSymbolicLink(file, fake.update("2.0.0"));
    assertEquals("failed", asked(new HostRequest.Update(false), "1.0.0").get("state"));
  }

  @Test
  void machineWithoutSlotsTellsOfNone() throws Exception {
    Files.delete(
        folder.resolve("machine/dev/disk/by-partlabel").resolve(SlotName.B.partitionLabel()));
    apply("1.0.0");
    Map<?, ?> machine = desk.machine().orElseThrow();
    assertEquals(null, machine.get("slots"));
    assertTrue(!machine.get("kinds").toString().contains("update"), machine::toString);
  }
}
