package io.solebox.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.FakeGpu;
import io.solebox.app.console.Environment;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.hardware.box.FolderBox;
import io.solebox.testkit.Backends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before a command computes on a card without a power limit, its clocks are locked. */
class HeldPowerTest {
  private static final String CARD = "sys/bus/pci/devices/0000:01:00.0";

  @TempDir private Path folder;
  private FakeGpu gpu;

  @BeforeEach
  void build() throws Exception {
    gpu = new FakeGpu(folder).set("no nvmlDeviceGetPowerManagementLimit");
    Path card = Files.createDirectories(folder.resolve(CARD));
    Files.writeString(card.resolve("vendor"), "0x10de\n");
    Files.writeString(card.resolve("class"), "0x030200\n");
    Files.writeString(card.resolve("device"), "0x20bb\n");
  }

  private Optional<String> require(String ledger) throws Exception {
    var environment =
        new Environment(
            Map.of("SOLEBOX_HOME", folder.toString(), "SOLEBOX_NVML", gpu.library().toString()),
            folder,
            Optional.empty());
    var device =
        new OpenDevice("cpu", Backends.open("reference", 1), new MemoryLedger(ledger, 1L << 20));
    try (Engine engine =
        Engine.of("it", List.of(device), (graph, _) -> Placement.whole(graph, device))) {
      return new HeldPower(new FolderBox(folder), environment).require(engine);
    }
  }

  @Test
  void clocksAreLockedBeforeTheFirstStep() throws Exception {
    require("cuda");
    assertEquals(List.of("lock 0 135 135"), gpu.log());
  }

  /** Whichever of them a model is on: all are on one power supply. */
  @Test
  void allCardsAreHeldAndNotTheFirstAlone() throws Exception {
    gpu.set("gpus 3");
    require("cuda:1");
    assertEquals(List.of("lock 0 135 135", "lock 1 135 135", "lock 2 135 135"), gpu.log());
  }

  @Test
  void aLockThatDoesNotHoldIsARefusalWithARemedy() throws Exception {
    gpu.set("slip 1");
    SoleboxException refused = assertThrows(SoleboxException.class, () -> require("cuda"));
    assertEquals(ErrorCode.HARDWARE_GUARD, refused.code());
    assertTrue(refused.getMessage().contains("and it runs at 1530 MHz"), refused.getMessage());
    assertTrue(refused.remedy().contains("solebox power plan"), refused.remedy());
  }

  @Test
  void aCardThatIsKnownToTakeALimitIsNotEvenAskedAndACpuNever() throws Exception {
    gpu.set("slip 1");
    require("cpu");
    Files.writeString(folder.resolve(CARD).resolve("device"), "0x1db1\n");
    require("cuda");
    assertEquals(List.of(), gpu.log());
  }

  @Test
  void whereNobodyCanBeAskedAKnownUnlimitedCardIsRefusedAndOthersAreTold() throws Exception {
    Files.delete(gpu.library());
    SoleboxException refused = assertThrows(SoleboxException.class, () -> require("cuda"));
    assertEquals(ErrorCode.HARDWARE_GUARD, refused.code());
    assertTrue(refused.getMessage().contains("NVML"), refused.getMessage());
    Files.writeString(folder.resolve(CARD).resolve("device"), "0xfffe\n");
    String note = require("cuda").orElseThrow();
    assertTrue(note.startsWith("whether the GPUs are held"), note);
    assertEquals(Optional.empty(), require("cpu"));
  }
}
