package io.solebox.planner.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.doctor.facts.SmokedCard;
import io.solebox.planner.speed.DevicePaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundMachineTest {
  private static final String V100 =
      """
      GPU 00000000:01:00.0
          Product Name                          : Tesla V100-SXM2-32GB
          PCI
              GPU Link Info
                  PCIe Generation
                      Max                       : 3
                      Current                   : 3
                  Link Width
                      Max                       : 8x
                      Current                   : 8x
          FB Memory Usage
              Total                             : 32510 MiB
      """;

  @TempDir private Path root;

  private MachineProfile machine() throws IOException {
    return new Machines().found(new FolderBox(root), SmokedCard.of(new FolderBox(root)));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void whatAMachineSaysOfItselfWins() throws IOException {
    write("proc/meminfo", "MemTotal:       16244408 kB\nMemFree: 1 kB\n");
    write("proc/cpuinfo", "processor : 0\nmodel name : Some Processor\n");
    write("nvidia-smi-q.txt", V100);

    MachineProfile machine = machine();

    assertEquals(16_244_408L * 1024, machine.processor().memory().orElseThrow().low());
    assertEquals("Some Processor", machine.processor().name());
    DeviceProfile card = machine.cards().getFirst();
    assertEquals(32_510L << 20, card.memory().orElseThrow().low());
    assertEquals(898e9, card.bandwidth().orElseThrow().range().high());
    double link = card.link().orElseThrow().high();
    assertTrue(link > 6.2e9 && link < 6.7e9, link + " is that of 8 lanes, and not of 16");
  }

  private static String smoke(String name, String memory) {
    return """
        {"at": "2026-11-30T21:20:00Z", "devices": [
          {"device": "cuda:0", "name": "Other", "address": "0000:07:00.0"},
          {"device": "cuda:1", "name": "%s", "address": "0000:01:00.0"}],
         "figures": [
          {"id": "memory.read", "subject": "cuda:0", "value": 1e9},
          {"id": "memory.walk", "subject": "cuda:1", "value": 2e9},
          {"id": "memory.read", "subject": "cuda:1", "value": %s},
          {"id": "copy.to_device.pinned", "subject": "cuda:1", "value": 5e9}]}
        """
        .formatted(name, memory);
  }

  @Test
  void whatTheLastSmokeTestMeasuredStandsBeforeTables() throws IOException {
    write("nvidia-smi-q.txt", V100);
    write("smoke-last.json", smoke("Tesla V100-SXM2-32GB", "8e11"));
    DeviceProfile card = machine().cards().getFirst();
    assertEquals(Rate.Basis.MEASURED, card.bandwidth().orElseThrow().basis());
    assertEquals(8e11, card.bandwidth().orElseThrow().range().middle(), 1);
    assertEquals(5e9, card.link().orElseThrow().middle(), 1);
    DevicePaces paces = DevicePaces.of(card, true).orElseThrow();
    String words = "measured on this machine at 2026-11-30 21:20 UTC by 'solebox smoke'";
    assertTrue(paces.reasons().getFirst().contains(words), paces.reasons()::toString);
    assertEquals(0.9 * 1.1 * 8e11, paces.fast().keptBytesPerSecond(), 1);
  }

  @Test
  void ofAnotherCardOrOfNonsenseItIsNotUsed() throws IOException {
    write("nvidia-smi-q.txt", V100);
    write("smoke-last.json", smoke("Tesla V100-SXM2-16GB", "8e11"));
    MachineProfile machine = machine();
    assertEquals(898e9, machine.cards().getFirst().bandwidth().orElseThrow().range().high());
    assertTrue(
        machine.notes().getLast().contains("of Tesla V100-SXM2-16GB at 0000:01:00.0"),
        machine.notes()::toString);
    for (String nonsense : List.of("-8e11", "0", "1e999", "\"much\"", "null")) {
      write("smoke-last.json", smoke("Tesla V100-SXM2-32GB", nonsense));
      assertEquals(898e9, machine().cards().getFirst().bandwidth().orElseThrow().range().high());
    }
    write("smoke-last.json", smoke("Tesla V100-SXM2-32GB", "8e11").substring(0, 90));
    assertEquals(898e9, machine().cards().getFirst().bandwidth().orElseThrow().range().high());
  }

  @Test
  void aBoardIsKnownByItsTree() throws IOException {
    write("proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0");
    MachineProfile machine = machine();
    assertEquals(Optional.of("BCM2712"), machine.host().map(each -> each.key()));
    assertEquals(17.1e9, machine.processor().bandwidth().orElseThrow().range().high(), 1);
    assertEquals(Optional.empty(), machine.processor().memory());
  }

  @Test
  void aMachineOfWhichNothingCanBeReadHasNothing() throws IOException {
    MachineProfile machine = machine();
    assertEquals(List.of(), machine.cards());
    assertEquals(Optional.empty(), machine.processor().bandwidth());
    assertEquals(Optional.empty(), machine.host());
  }
}
