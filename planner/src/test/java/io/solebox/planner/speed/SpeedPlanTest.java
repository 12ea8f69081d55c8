package io.solebox.planner.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.KvType;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shapes;
import io.solebox.planner.work.StepWork;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedPlanTest {
  private static final StepWork THIRTEEN =
      StepWork.of(PlannedModel.of(Shapes.named("13b").orElseThrow()).outline().graph());

  private static SpeedPlan plan(String card, int cards, Traffic traffic) {
    DeviceProfile device =
        new Machines().machine(MachineWish.of("PC", List.of(card))).cards().getFirst();
    var stage = new Stage(DevicePaces.of(device, true).orElseThrow(), THIRTEEN);
    return SpeedPlan.of(new Layout.Layers(Collections.nCopies(cards, stage)), traffic);
  }

  private static Traffic traffic(int clients) {
    return new Traffic(clients, 512, 1, 512, KvType.F16);
  }

  /**
   * design notes 4.3, claim 1: 87 and 92 tok/s of 13b in F16 on an A100 with 80 GB. Of the 26.03 GB
   * that the weights take, a token reads 25.7: of the embedding it needs one row.
   */
  @Test
  void saysWhatPhysicsForbids() {
    SpeedPlan a100 = plan("A100-SXM4-80GB", 1, traffic(1));
    assertEquals(2039 / 25.7, a100.limit().high(), 0.2);
    String judged = a100.judge(87);
    assertTrue(judged.startsWith("Impossible: "), judged);
    assertTrue(judged.contains("needs 110 % of the bandwidth"), judged);
    assertTrue(a100.judge(92).contains("needs 116 % of the bandwidth"), a100.judge(92));
    assertTrue(a100.judge(50).startsWith("Possible: "), a100.judge(50));
  }

  @Test
  void clientsShareReadingsAndCardsInARowShareNothing() {
    SpeedPlan one = plan("V100-SXM2-32GB", 1, traffic(1));
    SpeedPlan eight = plan("V100-SXM2-32GB", 1, traffic(8));
    assertEquals(one.single(), eight.single());
    assertTrue(eight.together().low() > 5 * one.single().low(), eight.together().text());
    assertTrue(eight.each().high() <= one.single().high());
    // The whole model on each of two, one after the other: half as fast.
    SpeedPlan two = plan("V100-SXM2-32GB", 2, traffic(1));
    assertEquals(one.single().high() / 2, two.single().high(), 0.01);
    // Of a prompt of four parts, the second card waits for the first of them: (4 + 1) / 4.
    double alone = one.firstToken().orElseThrow().low();
    assertEquals(1.25 * alone, two.firstToken().orElseThrow().low(), 1e-9);
    assertEquals(
        2 * one.firstToken().orElseThrow().high(), two.firstToken().orElseThrow().high(), 1e-9);
  }

  @Test
  void longerPromptsWaitLongerAndLongerContextsAreSlower() {
    SpeedPlan near = plan("H100-SXM5-80GB", 1, new Traffic(1, 512, 512, 512, KvType.F16));
    SpeedPlan far = plan("H100-SXM5-80GB", 1, new Traffic(1, 4096, 4096, 512, KvType.F16));
    assertTrue(far.single().high() < near.single().high());
    assertTrue(far.firstToken().orElseThrow().low() > 8 * near.firstToken().orElseThrow().low());
    SpeedPlan q8 = plan("H100-SXM5-80GB", 1, new Traffic(1, 4096, 4096, 512, KvType.Q8_0));
    assertTrue(q8.single().high() > far.single().high());
  }
}
