package io.solebox.planner.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonWriter;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.money.PartsCost;
import io.solebox.planner.money.Payback;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineReportTest {
  private static final Range SPEED = new Range(30, 50, Unit.TOKENS_PER_SECOND, "asked");

  private static MachineProfile machine(String host, String card) {
    Machines machines = new Machines();
    return machines
        .machine(MachineWish.of(host, List.of(card)))
        .withSupply(machines.supply("500W gold"))
        .withCooling(machines.cooling("side-fan"));
  }

  @Test
  void everyLineHasItsReason() {
    MachineReport report =
        MachineReport.of(MachineQuestion.of(machine("LX2160A", "V100-SXM2-16GB")).making(SPEED));
    assertEquals(
        List.of("Machine", "Power and heat", "Money"),
        report.sections().stream().map(Section::title).toList());
    for (Section section : report.sections()) {
      for (Section.Line line : section.lines()) {
        assertFalse(line.reason().isBlank(), line.label());
      }
    }
  }

  @Test
  void whatDoesNotGoIsARefusal() {
    List<String> refusals =
        MachineReport.of(MachineQuestion.of(machine("LX2160A", "V100-SXM2-16GB"))).refusals();
    assertTrue(refusals.getFirst().contains("The firmware has 16 GiB"), refusals.toString());
    assertTrue(
        MachineReport.of(MachineQuestion.of(machine("BCM2712", "A4000"))).refusals().stream()
            .noneMatch(each -> each.contains("window")),
        "one of its sizes fits");
  }

  @Test
  void withoutASpeedThereIsNoPayback() {
    MachineQuestion question = MachineQuestion.of(machine("LX2160A", "V100-SXM2-16GB"));
    assertTrue(MachineReport.of(question).payback().isEmpty());
    Payback payback =
        MachineReport.of(question.making(SPEED).with(PartsCost.said(4150))).payback().orElseThrow();
    assertInstanceOf(Payback.After.class, payback);
  }

  @Test
  void programsGetTheSame() {
    MachineReport report =
        MachineReport.of(MachineQuestion.of(machine("PC", "2x PG199")).making(SPEED));
    String json = new String(new JsonWriter().bytes(report.fields()), StandardCharsets.UTF_8);
    assertTrue(json.contains("\"windows\":{}"), json);
    assertTrue(json.contains("\"noise\":\"server_room\""), json);
    assertTrue(json.contains("\"unpriced\":["), json);
  }
}
