package io.solebox.planner.memory;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.backend.cuda.FakeCards;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.Split;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.Rate;
import io.solebox.planner.model.PlannedModel;
import io.solebox.testkit.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What loads really allocate of cards, counted by the driver that the CUDA backend is tested with,
 * against what is planned of cards that are not there.
 */
class CardMemoryTest {
  private static final long CARD_BYTES = 1L << 30;
  private static final LoadOptions OPTIONS =
      LoadOptions.defaults().withContext(256).withParallel(8);

  /** As far as what a plan does not use is asked for. */
  private static final Limits LIMITS =
      new Limits(
          256, OPTIONS.stepTokens(), 8, 8, 256, OPTIONS.kvType(), Activations.AUTO, CARD_BYTES);

  private static List<Path> files;

  @BeforeAll
  static void find() throws IOException {
    try (Stream<Path> all = Files.walk(TestData.requireShared("arch"), 2)) {
      files = all.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
    }
  }

  @Test
  void oneCardTakesWhatIsPlannedOfEveryReferenceModel() {
    assertAll(files.stream().map(file -> () -> compare(file, 1, Split.LAYERS)));
  }

  /** Those that cannot be split inside their layers are refused in both, for the same reason. */
  @ParameterizedTest
  @EnumSource(names = {"LAYERS", "TENSOR"})
  void twoCardsTakeWhatIsPlannedOfEveryReferenceModel(Split split) {
    assertAll(files.stream().map(file -> () -> compare(file, 2, split)));
  }

  private static void compare(Path file, int cards, Split split) {
    String name = file.getFileName().toString();
    try {
      MemoryPlan plan = plan(PlannedModel.of(name, file), cards, split);
      List<Long> allocated = FakeCards.allocated(cards, CARD_BYTES, split, file, OPTIONS);
      for (int i = 0; i < cards; i++) {
        Placement.Stage stage = plan.placement().stages().get(i);
        long planned =
            plan.devices().get(i).need().total()
                - FakeCards.spareBytes(cards, stage.graph(), LIMITS);
        assertEquals(allocated.get(i), planned, 0.03 * allocated.get(i), name + " on card " + i);
      }
    } catch (SoleboxException refused) {
      assertEquals(Split.TENSOR, split, name);
      assertFalse(refused.remedy().isEmpty());
      SoleboxException loaded = refusal(file, cards, split);
      assertEquals(refused.getMessage(), loaded.getMessage(), name);
    }
  }

  private static SoleboxException refusal(Path file, int cards, Split split) {
    return assertThrows(
        SoleboxException.class, () -> FakeCards.allocated(cards, CARD_BYTES, split, file, OPTIONS));
  }

  private static MemoryPlan plan(PlannedModel model, int cards, Split split) {
    DeviceProfile processor = device("a processor", Optional.empty());
    List<DeviceProfile> all = new ArrayList<>();
    for (int i = 0; i < cards; i++) {
      Range bandwidth = Range.exactly(1e12, Unit.BYTES_PER_SECOND, "for a test");
      all.add(device("card " + i, Optional.of(new Rate(bandwidth, Rate.Basis.PEAK))));
    }
    var machine =
        new MachineProfile(
            "a machine",
            processor,
            all,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Collections.emptyList());
    var devices = new MemoryPlan.Devices(machine, Sizings.find(1), true);
    return switch (split) {
      case TENSOR -> MemoryPlan.ofRanks(model, devices, OPTIONS);
      case LAYERS, AUTO -> MemoryPlan.of(model, devices, OPTIONS);
    };
  }

  private static DeviceProfile device(String name, Optional<Rate> bandwidth) {
    return new DeviceProfile(
        name,
        Optional.of(Range.exactly(CARD_BYTES, Unit.BYTES, "for a test")),
        bandwidth,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
