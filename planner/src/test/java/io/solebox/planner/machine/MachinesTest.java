package io.solebox.planner.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Unit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachinesTest {
  private final Machines machines = new Machines();

  @Test
  void aMachineIsWhatTheTablesKnowOfItsParts() {
    MachineProfile machine = machines.machine(MachineWish.of("LX2160A", List.of("2x PG199")));

    assertEquals("NXP LX2160A with 2 x NVIDIA DRIVE-PG199-PROD", machine.name());
    DeviceProfile card = machine.cards().getFirst();
    assertEquals(1433.6e9, card.bandwidth().orElseThrow().range().high());
    assertEquals(Rate.Basis.PEAK, card.bandwidth().orElseThrow().basis());
    assertEquals(32L << 30, card.memory().orElseThrow().low());
    assertEquals(224e12, card.rate(Arithmetic.F16).orElseThrow().range().low());
    assertEquals(machine.cards(), machine.computing());
    for (DeviceProfile device : machine.cards()) {
      assertTrue(!device.draw().orElseThrow().decode().reason().isBlank());
    }
  }

  @Test
  void theLinkIsTheSlowestOfHostSlotAndCard() {
    MachineProfile full = machines.machine(MachineWish.of("PC", List.of("V100-SXM2-16GB")));
    double gen3x16 = full.cards().getFirst().link().orElseThrow().high();
    assertTrue(gen3x16 > 12.9e9 && gen3x16 < 13.2e9, gen3x16 + " is what gearshifft measured");

    MachineWish slow =
        new MachineWish(
            "PC",
            Optional.of("gen2 x1"),
            List.of("V100-SXM2-16GB"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertTrue(machines.machine(slow).cards().getFirst().link().orElseThrow().high() < 0.5e9);
  }

  @Test
  void whatNobodyKnowsIsNotMadeUp() {
    MachineProfile machine = machines.machine(MachineWish.of("PC", List.of()));
    assertEquals(Optional.empty(), machine.processor().memory());
    assertEquals(Optional.empty(), machine.processor().bandwidth());
    assertEquals(Optional.empty(), machine.disk());
    assertEquals(List.of(machine.processor()), machine.computing());
    assertTrue(machine.notes().getFirst().contains("is not known"));
  }

  @Test
  void cardsThatNothingRunsOnAreNotComputedOn() {
    MachineProfile machine = machines.machine(MachineWish.of("PC", List.of("P40", "MI210")));
    assertEquals(List.of(machine.processor()), machine.computing());
    assertTrue(
        machine.cards().getFirst().refusal().orElseThrow().contains("compute capability 6.1"),
        machine.cards().getFirst().refusal().toString());
  }

  @Test
  void unknownNamesAreRefusedWithTheNearest() {
    assertEquals(
        "The nearest are RTX4090, RTX3090, A4000.",
        refused(MachineWish.of("PC", List.of("RTX 4009"))).remedy());
    assertTrue(refused(MachineWish.of("RK3599", List.of())).remedy().contains("RK3588"));
    assertTrue(refused(MachineWish.of("PC", List.of("V100"))).getMessage().contains("may be any"));
    refused(MachineWish.of("PC", List.of("0x P40")));
    refused(MachineWish.of("PC", List.of("99x P40")));
    refused(with("gen9 x8", "500W gold"));
    refused(with("x8", "500W gold"));
    refused(with("gen3 x8", "gold"));
    refused(with("gen3 x8", "-5W gold"));
    refused(with("gen3 x8", "500W iron"));
  }

  private static MachineWish with(String slot, String supply) {
    return new MachineWish(
        "PC",
        Optional.of(slot),
        List.of(),
        Optional.of(supply),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private SoleboxException refused(MachineWish wish) {
    SoleboxException refused =
        assertThrows(SoleboxException.class, () -> machines.machine(wish), wish.toString());
    assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    return refused;
  }

  @Test
  void aSupplyLosesWhatItsClassAllows() {
    Supply supply = machines.machine(with("gen3 x8", "1.4kW platinum")).supply().orElseThrow();
    assertEquals(1400, supply.watts());
    assertEquals(92, supply.efficiency(700).low());
    assertEquals(94, supply.efficiency(700).high());
    assertEquals(89, supply.efficiency(1000).low());
    assertTrue(supply.efficiency(20).low() < 80);
    assertEquals(Unit.WATTS, supply.behind(280).unit());
  }
}
