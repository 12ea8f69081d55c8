package io.solebox.app.plan;

import io.solebox.app.bench.report.BoxReport;
import io.solebox.app.bench.report.Figure;
import io.solebox.app.bench.report.Quantity;
import io.solebox.app.bench.report.ReportReader;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelInfo;
import io.solebox.hardware.table.PartTable;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.measured.MeasuredPaces;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurement.Prompts;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.measured.Origin;
import io.solebox.planner.measured.Seen;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Paces;
import io.solebox.planner.work.StepWork;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paces that a report of {@code solebox bench} tells, of this machine or another: for the device
 * that it measured, and for models in the format that it measured.
 */
final class ReportedBench implements Paces {
  /** As the report names a single card; several are in parentheses, each with its number. */
  private static final Pattern CARD =
      Pattern.compile("([^(]+), \\d+ MiB, compute capability [\\d.]+");

  private static final String PROCESSOR = "CPU";

  private final BoxReport report;
  private final Path file;
  private final PlannedModel model;
  private final KvType kvType;
  private final Measurement measured;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where it says nothing of such a model, and
   *     as {@link ReportReader#read} says
   */
  ReportedBench(Path file, PlannedModel model, KvType kvType) {
    this.report = ReportReader.read(file);
    this.file = file;
    this.model = model;
    this.kvType = kvType;
    requireSame("format", report.model().format(), model.format());
    requireSame("--kv-type", report.conditions().kvType(), kvType.wireName());
    this.measured = measurement();
  }

  private void requireSame(String what, String told, String wanted) {
    if (!told.equals(wanted)) {
      throw bad(
          "It is of %s %s, and the plan of %s.".formatted(what, told, wanted),
          "Plan with that one, or name another report.");
    }
  }

  private SoleboxException bad(String what, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, file.toString(), what, remedy);
  }

  private Measurement measurement() {
    List<Figure> decodes = alone(Quantity.DECODE);
    if (decodes.isEmpty()) {
      throw bad(
          "It tells nothing of decode with one client.",
          "Make it again with 'solebox bench MODEL --report FILE'.");
    }
    var pace =
        Seen.pace(
            isSameModel()
                ? decodes.stream().map(this::decode).toList()
                : List.of(seen(report.model().bytesPerToken(), decodes.getFirst())),
            Unit.BYTES_PER_SECOND);
    return new Measurement(
        report.machine().device(),
        new Subject.Model(report.model().name(), report.model().format()),
        kvType,
        new Origin(report.at(), report.machine().cpu(), "solebox bench --report"),
        pace,
        pace,
        prompts());
  }

  private boolean isSameModel() {
    ModelInfo info = model.outline().info();
    return info.architecture().equals(report.model().architecture())
        && info.parameters() == report.model().parameters();
  }

  /** Of one client, from the shortest context. */
  private List<Figure> alone(Quantity quantity) {
    return report.figures().stream()
        .filter(each -> each.quantity() == quantity && each.by().isEmpty())
        .filter(each -> each.point().filter(at -> at.clients() == 1).isPresent())
        .filter(each -> each.spread().min() > 0)
        .sorted(Comparator.comparing(each -> each.point().orElseThrow().context()))
        .toList();
  }

  private Seen decode(Figure figure) {
    double context = figure.point().orElseThrow().context() + report.conditions().newTokens() / 2.0;
    return seen(work().decodeBytes(1, context, kvType), figure);
  }

  private static Seen seen(double each, Figure figure) {
    return new Seen(each, figure.spread().min(), figure.spread().max());
  }

  private StepWork work() {
    return StepWork.of(model.outline().graph());
  }

  private Optional<Prompts> prompts() {
    List<Seen> seen =
        isSameModel()
            ? alone(Quantity.PREFILL).stream()
                .map(
                    figure ->
                        seen(work().promptFlops(figure.point().orElseThrow().context()), figure))
                .toList()
            : List.of();
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    var pace = Seen.pace(seen, Unit.OPERATIONS_PER_SECOND);
    return Optional.of(new Prompts(pace, pace));
  }

  @Override
  public Optional<DevicePaces> of(DeviceProfile device, boolean isCard, int number) {
    requireSame(device, isCard);
    return Optional.of(MeasuredPaces.ofModel(measured, device, isCard));
  }

  private void requireSame(DeviceProfile device, boolean isCard) {
    String told = report.machine().device();
    Matcher card = CARD.matcher(told);
    boolean isSame =
        isCard ? card.matches() && isSame(card.group(1), device) : told.startsWith(PROCESSOR);
    if (!isSame) {
      throw bad(
          "It measured %s, and the plan computes on %s.".formatted(told, device.name()),
          "Name a report of one such device, or another machine.");
    }
  }

  /** By what the driver calls it, or what the tables know by that name. */
  private static boolean isSame(String told, DeviceProfile device) {
    boolean isFound =
        PartTable.cards().find(told) instanceof PartTable.Found.One(var part)
            && device.part().filter(part::equals).isPresent();
    return isFound || device.name().startsWith(told);
  }
}
