package io.solebox.planner.plan;

import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.memory.DeviceMemory;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.report.Section;
import io.solebox.planner.report.Section.Line;
import io.solebox.planner.speed.SpeedPlan;
import java.util.ArrayList;
import java.util.List;

/** A model's report for people. */
public record ModelSections(ModelReport report) {
  private static final String TENSOR = "Split inside the layers";

  /** In the order in which they ask. */
  public List<Section> all() {
    var all = new ArrayList<>(List.of(model(), memory(), speed()));
    report.tensor().map(this::tensor).ifPresent(all::add);
    return all;
  }

  private Section model() {
    var info = report.question().model().outline().info();
    var lines = new ArrayList<Line>();
    lines.add(
        new Line(
            "model",
            "%s, %s, %.3g billion weights"
                .formatted(info.name(), info.format(), info.parameters() / 1e9),
            report.question().model().source()));
    lines.add(line("weights", info.fileBytes(), "shapes and formats of its tensors"));
    var sentences = new ArrayList<>(info.notes());
    sentences.addAll(report.memory().notes());
    return new Section("Model", lines, sentences);
  }

  private Section memory() {
    return new Section("Memory", lines(report.memory()), report.instead());
  }

  private List<Line> lines(MemoryPlan memory) {
    var lines = new ArrayList<Line>();
    memory.devices().forEach(device -> device(device, lines));
    return lines;
  }

  private void device(DeviceMemory device, List<Line> lines) {
    MemoryUse need = device.need();
    lines.add(new Line(device.device(), room(device), "need against what is free"));
    lines.add(line("  weights", need.weightBytes(), "uploaded, repacked or turned"));
    if (need.mappedBytes() > 0) {
      lines.add(line("  weights in place", need.mappedBytes(), "in the memory of the file"));
    }
    lines.add(
        line(
            "  keys, values, state",
            need.stateBytes(),
            "%d sequences of %d tokens in %s"
                .formatted(
                    report.question().options().parallel(),
                    report.contextTokens(),
                    report.question().options().kvType().wireName())));
    lines.add(line("  scratch", need.scratchBytes(), "activations of the largest step"));
    lines.add(line("  driver, system", device.driver()));
    lines.add(line("  it has", device.has()));
  }

  /** The other way to spread it over cards. */
  private Section tensor(TensorReport split) {
    return switch (split) {
      case TensorReport.Refused(String why) -> new Section(TENSOR, List.of(), List.of(why));
      case TensorReport.Planned planned -> {
        var lines = new ArrayList<>(lines(planned.memory()));
        var sentences = new ArrayList<>(List.of(planned.because()));
        planned.near().ifPresent(near -> speed(near, lines, sentences));
        yield new Section(TENSOR, lines, sentences);
      }
    };
  }

  private static String room(DeviceMemory device) {
    String need = Range.exactly(device.need().total(), Unit.BYTES, "").text();
    String free = device.free().text();
    return switch (device.room()) {
      case FITS -> "fits: %s of %s".formatted(need, free);
      case FITS_WITH_LESS_CACHE -> "fits with less cache: %s of %s".formatted(need, free);
      case MAY_FIT -> "may fit: %s of %s".formatted(need, free);
      case NO ->
          "does not fit: %s of %s, at least %s"
              .formatted(need, free, Range.exactly(device.least().total(), Unit.BYTES, "").text());
    };
  }

  private Section speed() {
    var lines = new ArrayList<Line>();
    var sentences = new ArrayList<String>();
    if (report.near().isPresent() && !report.fits()) {
      sentences.add(
          "It does not fit: these speeds are those of devices like them with more memory.");
    }
    report
        .near()
        .ifPresentOrElse(near -> speed(near, lines, sentences), () -> sentences.add(unknown()));
    report.far().ifPresent(far -> lines.add(line("one client, at the end", far.single())));
    report
        .load()
        .ifPresentOrElse(
            seconds -> lines.add(line("load", seconds)),
            () -> sentences.add("How long a load takes hangs on the disk: say --disk."));
    return new Section("Speed", lines, sentences);
  }

  private String unknown() {
    return report.question().model().outline().graph().logits().isEmpty()
        ? "It gives no answers, so there is no speed of decode."
        : "The bandwidth of a memory is not known, so nothing is said of speed.";
  }

  private void speed(SpeedPlan near, List<Line> lines, List<String> sentences) {
    int clients = report.question().options().parallel();
    lines.add(line("one client", near.single()));
    if (clients > 1) {
      lines.add(line(clients + " clients together", near.together()));
      lines.add(line("each of them", near.each()));
    }
    near.prefill().ifPresent(rate -> lines.add(line("prompts", rate)));
    near.firstToken().ifPresent(seconds -> lines.add(line("first token", seconds)));
    lines.add(line("what memory allows", near.limit()));
    near.reasons().forEach(reason -> sentences.add(reason + "."));
    report.question().wished().ifPresent(wish -> sentences.add(near.judge(wish)));
  }

  private static Line line(String label, long bytes, String reason) {
    return line(label, Range.exactly(bytes, Unit.BYTES, reason));
  }

  private static Line line(String label, Range range) {
    return new Line(label, range.text(), range.reason());
  }
}
