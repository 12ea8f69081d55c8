package io.solebox.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.source.TensorInfo;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.check.Checks;
import io.solebox.hardware.pci.PciBar;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.heat.Air;
import io.solebox.planner.heat.Heat;
import io.solebox.planner.heat.HeatPlan;
import io.solebox.planner.machine.BarFit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.machine.Supply;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shapes;
import io.solebox.planner.money.Duty;
import io.solebox.planner.money.Payback;
import io.solebox.planner.money.Prices;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Layout;
import io.solebox.planner.speed.SpeedPlan;
import io.solebox.planner.speed.Stage;
import io.solebox.planner.speed.Traffic;
import io.solebox.planner.work.StepWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the planner says to claims in articles: the table in {@code docs/planner.md} has it. */
class ClaimsTest {
  private static final Path DOCUMENT = Path.of("../docs/planner.md");
  private static final String HEAD = "| claim | the planner says | why |";

  private final Machines machines = new Machines();
  private final List<String> says = new ArrayList<>();

  @Test
  void theDocumentSaysWhatThePlannerSays() throws IOException {
    speeds();
    software();
    bars();
    power();
    money();

    assertEquals(String.join("\n", says), String.join("\n", documented()));
  }

  private static List<String> documented() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|")[2].strip())
        .toList();
  }

  private void say(String format, Object... values) {
    says.add(String.format(Locale.ROOT, format, values));
  }

  private DeviceProfile card(String name) {
    return machine("PC", name).cards().getFirst();
  }

  private MachineProfile machine(String host, String... cards) {
    return machines.machine(MachineWish.of(host, List.of(cards)));
  }

  private MachineProfile fed(String host, String card, String supply, String cooling) {
    return machines.machine(
        new MachineWish(
            host,
            Optional.empty(),
            List.of(card),
            Optional.of(supply),
            Optional.of(cooling),
            Optional.empty(),
            Optional.empty()));
  }

  private void speeds() {
    say("%s", judged("A100-SXM4-80GB", "13b", 87));
    say("%s", judged("A100-SXM4-80GB", "13b", 92));
    long bytes = model("13b").tensors().stream().mapToLong(TensorInfo::bytes).sum();
    say(
        "its weights take %s; a card that read 70 GB for a token would give at most %.0f tok/s",
        Range.exactly(bytes, Unit.BYTES, "").text(), bandwidth("A100-SXM4-80GB").high() / 70e9);
    say("%s", judged("V100-SXM2-32GB", "13b", 80));
    say(
        "7.87 GB a token at 80 tok/s are %.0f %% of this card's %s",
        100 * 80 * 7.87e9 / bandwidth("V100-SXM2-32GB").high(), bandwidth("V100-SXM2-32GB").text());
    say("%s", judged("V100-SXM2-16GB", "7b", 52));
    say("%s", bandwidth("PG199").text());
    say("%s", card("P40").refusal().orElseThrow());
  }

  private static PlannedModel model(String shape) {
    return PlannedModel.of(Shapes.named(shape).orElseThrow());
  }

  /** In F16, for one client. */
  private String judged(String card, String shape, double tokens) {
    Stage stage =
        new Stage(
            DevicePaces.of(card(card), true).orElseThrow(),
            StepWork.of(model(shape).outline().graph()));
    return SpeedPlan.of(
            new Layout.Layers(List.of(stage)), new Traffic(1, 512, 512, 512, KvType.F16))
        .judge(tokens);
  }

  private Range bandwidth(String card) {
    return card(card).bandwidth().orElseThrow().range();
  }

  private void software() {
    List<String> v100 = machine("PC", "V100-SXM2-16GB").notes();
    say("%s", matching(v100, "GSP"));
    say("%s", matching(v100, "last branch"));
    say("%s", matching(machine("PC", "A100-SXM4-80GB").notes(), "48 V"));
    say("%s", matching(machine("BCM2712", "A4000").notes(), "Known to work"));
    List<String> cix = machine("CIX-P1", "A4000").notes();
    say("%s", matching(cix, "coherent").isEmpty() ? "nothing against it" : cix);
    say(
        "%s",
        Checks.all().stream()
            .map(Check::id)
            .filter("cmdline.unknown"::equals)
            .map("`solebox doctor` finds it: %s"::formatted)
            .collect(Collectors.joining()));
  }

  private static String matching(List<String> notes, String part) {
    return notes.stream().filter(each -> each.contains(part)).collect(Collectors.joining(" "));
  }

  private void bars() {
    bar("LX2160A", "A100-SXM4-80GB");
    bar("LX2160A", "V100-SXM2-16GB");
    bar("BCM2712", "A4000");
    bar("CIX-P1", "V100-SXM2-16GB");
    bar("RK3588", "V100-SXM2-32GB");
    sizes("RTX5000Ada");
    sizes("V100-SXM2-16GB");
    sizes("V100-SXM2-32GB");
    DeviceProfile card = machine("LX2160A", "V100-SXM2-16GB").cards().getFirst();
    say("%s", card.link().orElseThrow().text() + ": " + card.link().orElseThrow().reason());
  }

  private List<BarFit> fits(String host, String card) {
    MachineProfile machine = machine(host, card);
    return BarFit.all(
        machine.host().orElseThrow(),
        machine.cards().stream().map(each -> each.part().orElseThrow()).toList());
  }

  private void sizes(String card) {
    say(
        "%s",
        fits("PC", card).stream()
            .map(fit -> PciBar.bytes(fit.bar1Bytes()))
            .collect(Collectors.joining(" or ")));
  }

  private void bar(String host, String card) {
    say("%s", fits(host, card).getLast().says());
  }

  private void power() {
    MachineProfile v100 = fed("LX2160A", "V100-SXM2-16GB", "500W platinum", "side-fan");
    Supply supply = v100.supply().orElseThrow();
    say("%s, less than the 266 W of the card alone", supply.behind(280).text());
    say("%s at the wall", supply.wall(Range.exactly(266 + 11, Unit.WATTS, "")).text());
    say("%s", Range.exactly(280, Unit.WATTS, "").map(w -> w * 3.412, Unit.BTU_PER_HOUR, "").text());
    HeatPlan four = HeatPlan.of(fed("PC", "4x PG199", "1400W platinum", "server-air"), Air.usual());
    say("%s", four.warnings().getFirst());
    Heat most = four.loads().getLast();
    say("%s of air, %s", most.air().text() + " (" + most.cfm().text() + ")", most.noise().words());
    say("%s", matching(HeatPlan.of(v100, Air.usual()).warnings(), "decode"));
    say("10 mV over 400 A are %.0f micro-ohm", 10e-3 / 400 * 1e6);
    say(
        "%+.0f %% of voltage, %+.0f %% of dynamic power",
        100 * (0.95 / 0.8 - 1), 100 * (Math.pow(0.95 / 0.8, 2) - 1));
    say("%.2f l", 320 * 210 * 120 / 1e6);
  }

  private void money() {
    say("%s", payback(8450, 92, 280, 0.80));
    say("%s", payback(4150, 52, 250, 0.60));
    say("%s", payback(4150, 250, 250, 0.60));
    say("%s", payback(8450, 55, 1100, 0.60));
  }

  private static String payback(double capital, double tokens, double watts, double price) {
    Payback payback =
        Payback.of(
            Range.exactly(capital, Unit.USD, ""),
            Range.exactly(tokens, Unit.TOKENS_PER_SECOND, ""),
            Range.exactly(watts, Unit.WATTS, ""),
            Duty.always(),
            Prices.usual().withTokens(price));
    return switch (payback) {
      case Payback.After(var hours) -> hours.text();
      case Payback.Perhaps(double best, String reason) -> "perhaps after " + best + ": " + reason;
      case Payback.Never(String reason) -> "never. " + reason;
    };
  }
}
