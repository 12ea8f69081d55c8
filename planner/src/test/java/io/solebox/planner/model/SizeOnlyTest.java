package io.solebox.planner.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.KvType;
import io.solebox.planner.work.StepWork;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands for a model reads and keeps as much as that, from the smallest to the largest. */
class SizeOnlyTest {
  @ParameterizedTest
  @CsvSource({
    "  800000000,           0,  6144",
    " 4300000000,           0, 16384",
    "27000000000,           0, 32768",
    "79700000000,  3900000000, 12288",
    "15706000000,  2400000000, 138240",
    "32200000000,  9000000000,  8192",
    "110469000000, 12000000000, 94208"
  })
  void hasAsManyWeights(long parameters, long active, long kept) {
    var sizes =
        new SizeOnly(
            "m",
            "a test",
            parameters,
            active == 0 ? OptionalLong.empty() : OptionalLong.of(active),
            OptionalLong.of(kept),
            8192);
    var model = PlannedModel.of(sizes.shape());
    assertEquals(parameters, model.outline().info().parameters(), 0.03 * parameters);
    StepWork work = StepWork.of(model.outline().graph());
    double read = active == 0 ? parameters : active;
    assertEquals(2 * read, work.decodeBytes(1, 0, KvType.F16), 0.04 * 2 * read);
    double keptBytes = work.decodeBytes(1, 1, KvType.F16) - work.decodeBytes(1, 0, KvType.F16);
    assertEquals(2.0 * kept, keptBytes, 0.15 * 2 * kept);
  }
}
