package io.solebox.planner.memory;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shapes;
import io.solebox.testkit.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final int THREADS = 2;
  private static final Sizings SIZINGS = Sizings.find(THREADS);

  /** So many that what the C library keeps for later, half a MiB and more, does not count. */
  static final LoadOptions OPTIONS = LoadOptions.defaults().withParallel(1024);

  @Test
  void isWhatALoadAllocatesOfEveryReferenceModel() throws Exception {
    Path folder = TestData.requireShared("arch");
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder, 2)) {
      files = all.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
    }
    Map<Path, Long> allocated = Allocations.of(files, THREADS);
    assertEquals(Set.copyOf(files), allocated.keySet());
    assertAll(files.stream().map(file -> () -> compare(file, allocated.get(file))));
  }

  private static void compare(Path file, long allocated) {
    var model = PlannedModel.of(file.getFileName().toString(), file);
    MemoryPlan plan =
        MemoryPlan.of(model, new MemoryPlan.Devices(processor(8L << 30), SIZINGS, true), OPTIONS);
    MemoryUse need = plan.devices().getFirst().need();
    long planned = need.total() - need.mappedBytes();
    assertEquals(allocated, planned, 0.03 * allocated, () -> file.getFileName() + ": " + need);
    assertTrue(need.mappedBytes() <= model.outline().info().fileBytes(), file.toString());
  }

  private static MachineProfile processor(long bytes) {
    var device =
        new DeviceProfile(
            "a processor",
            Optional.of(Range.exactly(bytes, Unit.BYTES, "for a test")),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new MachineProfile(
        "a machine",
        device,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Test
  void aCardNeedsWhatItsBackendAllocatesThoughThereIsNone() {
    var model = PlannedModel.of(Shapes.named("13b").orElseThrow());
    MemoryPlan.Devices v100 = cards("V100-SXM2-32GB");
    MemoryPlan plan = MemoryPlan.of(model, v100, LoadOptions.defaults().withContext(4096));
    MemoryUse need = plan.devices().getFirst().need();
    assertEquals(26.03e9, need.weightBytes(), 0.03e9, "13 billion weights of two bytes");
    assertEquals(2L * 40 * 5120 * 4096 * 2, need.stateBytes(), "keys and values in f16");
    assertEquals(DeviceMemory.Room.FITS, plan.room());

    MemoryPlan small = MemoryPlan.of(model, cards("V100-SXM2-16GB"), LoadOptions.defaults());
    assertEquals(DeviceMemory.Room.NO, small.room());
    MemoryPlan both =
        MemoryPlan.of(
            model,
            cards("V100-SXM2-16GB", "V100-SXM2-16GB"),
            LoadOptions.defaults().withContext(1024));
    assertEquals(2, both.placement().stages().size());
    assertEquals(DeviceMemory.Room.FITS, both.room());
    MemoryPlan q8 =
        MemoryPlan.of(
            model, v100, LoadOptions.defaults().withContext(4096).withKvType(KvType.Q8_0));
    assertTrue(q8.devices().getFirst().need().stateBytes() < 0.6 * need.stateBytes());
  }

  private static MemoryPlan.Devices cards(String... names) {
    MachineProfile machine = new Machines().machine(MachineWish.of("PC", List.of(names)));
    return new MemoryPlan.Devices(machine, SIZINGS, false);
  }
}
