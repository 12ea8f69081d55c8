package io.solebox.app.quality;

import static io.solebox.app.quality.Curve.plusMinus;
import static io.solebox.app.quality.Curve.rounded;

import io.solebox.app.console.Svg;
import io.solebox.app.console.Table;
import io.solebox.app.console.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What quantizing cost, for people and programs. */
record QualityReport(ModelSize source, List<Measured> measured, double seconds) {
  private static final int CELLS = 24;
  private static final double HALF = 0.5;
  private static final double ALL_BUT_ONE_IN_A_HUNDRED = 0.99;

  /** A quantized model beside its source. */
  record Measured(ModelSize size, ModelPair.Result result) {
    Divergence divergence() {
      return result.divergence();
    }
  }

  List<String> lines() {
    Divergence any = measured.getFirst().divergence();
    var lines = new ArrayList<String>();
    lines.add(
        "source: %s, %s, perplexity %s"
            .formatted(
                source.name(), size(source), plusMinus(any.perplexityA(), any.perplexityAError())));
    lines.add("");
    lines.addAll(Table.lines(figures()));
    lines.add("");
    lines.addAll(Table.lines(distributions()));
    return lines;
  }

  private static String size(ModelSize size) {
    return "%s, %s bits per weight".formatted(Units.bytes(size.weightBytes()), bits(size));
  }

  private static String bits(ModelSize size) {
    return String.format(Locale.ROOT, "%.2f", size.bitsPerWeight());
  }

  private List<List<String>> figures() {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("", "bits", "size", "KL divergence", "same token", "perplexity", "to source"));
    for (Measured one : measured) {
      Divergence d = one.divergence();
      rows.add(
          List.of(
              one.size().name(),
              bits(one.size()),
              Units.bytes(one.size().weightBytes()),
              plusMinus(d.mean(), d.standardError()),
              plusMinus(100 * d.agreement(), 100 * d.agreementError()) + " %",
              plusMinus(d.perplexityB(), d.perplexityBError()),
              plusMinus(d.ratio(), d.ratioError())));
    }
    return rows;
  }

  private List<List<String>> distributions() {
    var scale = LogScale.of(measured.stream().map(Measured::divergence).toList());
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("", "KL by tokens, sorted", "median", "99 %", "largest (nats)"));
    for (Measured one : measured) {
      Divergence d = one.divergence();
      rows.add(
          List.of(
              one.size().name(),
              scale.bars(d, CELLS),
              rounded(d.quantile(HALF)),
              rounded(d.quantile(ALL_BUT_ONE_IN_A_HUNDRED)),
              rounded(d.quantile(1))));
    }
    return rows;
  }

  String footer() {
    return String.format(
        Locale.ROOT,
        "on %s; %.1f s with the loads",
        measured.getFirst().result().deviceA(),
        seconds);
  }

  void draw(Path svg) {
    Svg.write(svg, new QualityChart(measured).draw());
  }

  /**
   * @param scored what was scored
   */
  Map<String, Object> fields(Map<String, Object> scored) {
    Divergence any = measured.getFirst().divergence();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("source", fields(source));
    fields.putAll(scored);
    fields.put(
        "source_perplexity", DivergenceReport.estimate(any.perplexityA(), any.perplexityAError()));
    fields.put("models", measured.stream().map(QualityReport::fields).toList());
    fields.put("seconds", seconds);
    return fields;
  }

  private static Map<String, Object> fields(Measured one) {
    var fields = fields(one.size());
    fields.put("device", one.result().deviceB());
    fields.putAll(DivergenceReport.figures(one.divergence()));
    return fields;
  }

  private static Map<String, Object> fields(ModelSize size) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model", size.name());
    fields.put("weight_bytes", size.weightBytes());
    fields.put("bits_per_weight", size.bitsPerWeight());
    return fields;
  }
}
