package io.solebox.planner.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.FolderBox;
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
    return new Machines().found(new FolderBox(root));
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
