package io.solebox.hardware.smoke;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Two cards behind one switch, a third at a root port of its own. */
class SlotsTest {
  private static final String BUS = "sys/bus/pci/devices/";

  private static TextBox bridge(TextBox box, String address, int bus, int last, String speed) {
    byte[] config = new byte[64];
    config[0x0e] = 1; // a bridge's header
    config[0x18] = (byte) Integer.parseInt(address.substring(5, 7), 16);
    config[0x19] = (byte) bus;
    config[0x1a] = (byte) last;
    return box.with(BUS + address + "/class", "0x060400")
        .with(BUS + address + "/vendor", "0x10b5")
        .with(BUS + address + "/device", "0x8747")
        .with(BUS + address + "/max_link_speed", speed)
        .with(BUS + address + "/max_link_width", "16")
        .with(BUS + address + "/config", config);
  }

  private static TextBox gpu(TextBox box, String address) {
    return box.with(BUS + address + "/class", "0x030200")
        .with(BUS + address + "/vendor", "0x10de")
        .with(BUS + address + "/device", "0x1db5")
        .with(BUS + address + "/max_link_speed", "8.0 GT/s PCIe")
        .with(BUS + address + "/max_link_width", "16")
        .with(BUS + address + "/current_link_speed", "2.5 GT/s PCIe")
        .with(BUS + address + "/current_link_width", "16");
  }

  private static Facts machine() {
    TextBox box = new TextBox();
    box = bridge(box, "0000:00:01.0", 1, 4, "16.0 GT/s PCIe");
    box = bridge(box, "0000:01:00.0", 2, 4, "8.0 GT/s PCIe");
    box = bridge(box, "0000:02:00.0", 3, 3, "8.0 GT/s PCIe");
    box = bridge(box, "0000:02:01.0", 4, 4, "8.0 GT/s PCIe");
    box = bridge(box, "0000:00:02.0", 5, 5, "5.0 GT/s PCIe");
    box = gpu(box, "0000:03:00.0");
    box = gpu(box, "0000:04:00.0");
    return Facts.of(gpu(box, "0000:05:00.0"));
  }

  private static CardFacts card(String device, String address) {
    return new CardFacts(
        device,
        "Tesla V100",
        Optional.of(address),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        LinkFacts.UNKNOWN);
  }

  @Test
  void cardsBehindOneSwitchShareItsWayUpAndOthersDoNot() {
    List<CardFacts> placed =
        new Slots(machine())
            .placed(
                List.of(
                    card("cuda:0", "0000:03:00.0"),
                    card("cuda:1", "00000000:04:00.0"),
                    card("cuda:2", "0000:05:00.0")),
                List.of());
    LinkFacts.Shared shared = placed.getFirst().link().shared().orElseThrow();
    assertEquals(List.of("cuda:0", "cuda:1"), shared.cards());
    assertEquals("0000:01:00.0", shared.port());
    assertEquals(Optional.of(new PciLink(8, 16)), shared.uplink());
    assertEquals(Optional.of(shared), placed.get(1).link().shared());
    assertEquals(Optional.empty(), placed.get(2).link().shared());
    assertEquals(Optional.of(new PciLink(5, 16)), placed.get(2).link().due());
  }

  @Test
  void whereTheBusTellsNothingTheDriverDoes() {
    DeviceReading reading =
        new DeviceReading(
            Kind.GPU,
            "GPU-1",
            "Tesla V100",
            Optional.of("0000:09:00.0"),
            Map.of(
                Metric.PCIE_MAX_GENERATION, Measured.now(3),
                Metric.PCIE_MAX_LANES, Measured.now(8)));
    CardFacts placed =
        new Slots(Facts.of(new TextBox()))
            .placed(List.of(card("cuda:0", "0000:09:00.0")), List.of(reading))
            .getFirst();
    assertEquals(Optional.of(new PciLink(8, 8)), placed.link().due());
    assertEquals(Optional.empty(), Slots.reading(card("cuda:0", "0000:0a:00.0"), List.of(reading)));
    assertEquals(
        Optional.of(reading),
        Slots.reading(CardFacts.named("cuda:0", "Tesla V100"), List.of(reading)));
  }
}
