package io.solebox.app.quality;

import static io.solebox.app.quality.Curve.plusMinus;
import static io.solebox.app.quality.Curve.rounded;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a comparison found, for people and programs. */
record DivergenceReport(String nameA, String nameB, ModelPair.Result result, double seconds) {
  private static final double HALF = 0.5;
  private static final double NINE_IN_TEN = 0.9;
  private static final double ALL_BUT_ONE_IN_A_HUNDRED = 0.99;

  private Divergence found() {
    return result.divergence();
  }

  List<String> lines() {
    Divergence d = found();
    return List.of(
        "KL divergence        %s nats".formatted(plusMinus(d.mean(), d.standardError())),
        "  median             %s".formatted(rounded(d.quantile(HALF))),
        "  90 %%               %s".formatted(rounded(d.quantile(NINE_IN_TEN))),
        "  99 %%               %s".formatted(rounded(d.quantile(ALL_BUT_ONE_IN_A_HUNDRED))),
        "  largest            %s".formatted(rounded(d.quantile(1))),
        "same likeliest token %s".formatted(percent(d.agreement(), d.agreementError())),
        "probability, RMS     %s".formatted(percent(d.rmsChange(), d.rmsChangeError())),
        "probability, mean    %s".formatted(percent(d.meanChange(), d.meanChangeError())),
        "perplexity of A      %s".formatted(plusMinus(d.perplexityA(), d.perplexityAError())),
        "perplexity of B      %s".formatted(plusMinus(d.perplexityB(), d.perplexityBError())),
        "B over A             %s".formatted(plusMinus(d.ratio(), d.ratioError())),
        "correlation          %s"
            .formatted(Double.isFinite(d.correlation()) ? rounded(d.correlation()) : "none"));
  }

  private static String percent(double share, double error) {
    return plusMinus(100 * share, 100 * error) + " %";
  }

  String footer() {
    return String.format(
        Locale.ROOT,
        "A: %s on %s; B: %s on %s; %.1f s with the loads",
        nameA,
        result.deviceA(),
        nameB,
        result.deviceB(),
        seconds);
  }

  void draw(Path svg) {
    Divergence d = found();
    CurveChart.write(
        svg,
        "%s from %s: %s nats".formatted(nameB, nameA, plusMinus(d.mean(), d.standardError())),
        "mean KL divergence of the tokens so far, in nats, and its standard error",
        d.curve());
  }

  /**
   * @param scored what was scored
   */
  Map<String, Object> fields(Map<String, Object> scored) {
    Divergence d = found();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model_a", nameA);
    fields.put("model_b", nameB);
    fields.put("device_a", result.deviceA());
    fields.put("device_b", result.deviceB());
    fields.putAll(scored);
    fields.putAll(figures(d));
    fields.put("seconds", seconds);
    return fields;
  }

  /** What a divergence is in numbers. */
  static Map<String, Object> figures(Divergence d) {
    var fields = new LinkedHashMap<String, Object>();
    var divergence = new LinkedHashMap<String, Object>();
    divergence.put("mean", d.mean());
    divergence.put("standard_error", d.standardError());
    divergence.put("median", d.quantile(HALF));
    divergence.put("percentile_90", d.quantile(NINE_IN_TEN));
    divergence.put("percentile_99", d.quantile(ALL_BUT_ONE_IN_A_HUNDRED));
    divergence.put("maximum", d.quantile(1));
    fields.put("kl_divergence_nats", divergence);
    fields.put("top1_agreement", estimate(d.agreement(), d.agreementError()));
    fields.put("probability_change_mean", estimate(d.meanChange(), d.meanChangeError()));
    fields.put("probability_change_rms", estimate(d.rmsChange(), d.rmsChangeError()));
    fields.put("perplexity_a", estimate(d.perplexityA(), d.perplexityAError()));
    fields.put("perplexity_b", estimate(d.perplexityB(), d.perplexityBError()));
    fields.put("perplexity_ratio", estimate(d.ratio(), d.ratioError()));
    fields.put("log_probability_correlation", d.correlation()); // null where it is not finite
    return fields;
  }

  static Map<String, Object> estimate(double value, double error) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("value", value);
    fields.put("standard_error", error);
    return fields;
  }
}
