package io.solebox.app.bench;

import static io.solebox.app.bench.Yardsticks.line;
import static io.solebox.app.bench.Yardsticks.orNull;

import io.solebox.app.bench.report.Spread;
import io.solebox.app.console.Units;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Yardstick.Kind;
import io.solebox.engine.graph.Cost;
import io.solebox.planner.measured.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What {@code bench} says of one batch size, to people and to programs. */
record BenchReport(
    Session session,
    Yardsticks yardsticks,
    Cost cost,
    BenchSeries series,
    int threads,
    KvType kvType) {

  private int batch() {
    return series.settings().batch();
  }

  private double bytesPerToken(int start) {
    return bytesPerToken(cost, kvType, batch(), start, series.settings().newTokens());
  }

  /** That decode reads of weights and KV, in the middle of an answer that begins at a context. */
  static double bytesPerToken(Cost cost, KvType kvType, int batch, int start, int newTokens) {
    double middle = start + newTokens / 2.0;
    return cost.decodeBytesPerToken(batch, kvType.bytes(cost.elementsRead(middle)));
  }

  /** Of the read bandwidth. */
  private OptionalDouble decodeShare(int start) {
    double perSecond = bytesPerToken(start) * series.decode(start).median();
    Optional<Spread> bandwidth = series.bandwidth();
    return bandwidth.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(perSecond / bandwidth.get().median());
  }

  private double prefillFlops() {
    double perToken = cost.prefillFlopsPerToken(series.settings().promptTokens());
    return perToken * series.prefill().median();
  }

  /** What decode reads, at each context, for a plan. */
  List<Seen> decodeSeen() {
    return series.settings().starts().stream()
        .map(start -> seen(bytesPerToken(start), series.decode(start)))
        .toList();
  }

  /** What prompts compute, for a plan. */
  List<Seen> prefillSeen() {
    double perToken = cost.prefillFlopsPerToken(series.settings().promptTokens());
    return List.of(seen(perToken, series.prefill()));
  }

  /** Of what costs so much a token. */
  static Seen seen(double each, Spread tokensPerSecond) {
    return new Seen(each, tokensPerSecond.min(), tokensPerSecond.max());
  }

  private static OptionalDouble share(double part, OptionalDouble whole) {
    return whole.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(part / whole.getAsDouble());
  }

  Map<String, Object> fields() {
    LoadedModel loaded = session.model();
    BenchSeries.Settings settings = series.settings();
    int start = settings.starts().getFirst();
    Optional<Spread> bandwidth = series.bandwidth();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model", loaded.info().name());
    fields.put("format", loaded.info().format());
    fields.put("device", loaded.device());
    fields.put("threads", threads);
    fields.put("batch", batch());
    fields.put("load_seconds", session.loadSeconds());
    fields.put("load", loaded.loadReport().map(this::loadFields).orElse(null));
    fields.put("prefill_tokens_per_second", series.prefill().fields());
    fields.put("prefill_flops_per_second", prefillFlops());
    fields.put("matrix_flops_per_second", orNull(yardsticks.of(Kind.MATRIX_FLOPS)));
    fields.put(
        "prefill_matrix_share", orNull(share(prefillFlops(), yardsticks.of(Kind.MATRIX_FLOPS))));
    fields.put("decode_tokens_per_second", series.decode(start).fields());
    fields.put("time_to_first_token_seconds", series.firstTokenSeconds());
    fields.put("read_bandwidth_bytes_per_second", bandwidth.map(Spread::median).orElse(null));
    fields.put("decode_bandwidth_share", orNull(decodeShare(start)));
    fields.put("decode_bytes_per_token", bytesPerToken(start));
    fields.put("resident_bytes", series.residentBytes());
    fields.put("prompt_tokens", settings.promptTokens());
    fields.put("new_tokens", settings.newTokens());
    fields.put("kv_type", kvType.wireName());
    fields.put("context", loaded.contextTokens());
    fields.put("read_bandwidth", bandwidth.map(Spread::fields).orElse(null));
    fields.put("void_repetitions", series.voided());
    fields.put("decode_at", settings.starts().stream().map(this::decodeAt).toList());
    return fields;
  }

  private Map<String, Object> decodeAt(int start) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("context", start);
    fields.put("decode_tokens_per_second", series.decode(start).fields());
    fields.put("decode_bytes_per_token", bytesPerToken(start));
    fields.put("decode_bandwidth_share", orNull(decodeShare(start)));
    return fields;
  }

  private Map<String, Object> loadFields(LoadReport load) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("compiled_modules", load.compiledModules());
    fields.put("compile_seconds", load.compileSeconds());
    fields.put("uploaded_bytes", load.uploadedBytes());
    fields.put("upload_seconds", load.uploadSeconds());
    fields.put("upload_links", load.upload().links());
    fields.put("link_bandwidth_bytes_per_second", orNull(yardsticks.of(Kind.LINK_BANDWIDTH)));
    fields.put("upload_link_share", orNull(uploadShare(load)));
    return fields;
  }

  private OptionalDouble uploadShare(LoadReport load) {
    return share(load.uploadBytesPerSecondOfLink(), yardsticks.of(Kind.LINK_BANDWIDTH));
  }

  List<String> lines() {
    BenchSeries.Settings settings = series.settings();
    LoadedModel loaded = session.model();
    var lines = new ArrayList<String>();
    lines.add("%s, %s, batch %d".formatted(loaded.info().name(), loaded.device(), batch()));
    lines.add(line("load", "%.2f s", session.loadSeconds()));
    loaded.loadReport().ifPresent(load -> lines.addAll(loadLines(load)));
    String prefill = "prefill of " + settings.promptTokens();
    lines.add(line(prefill, "%s tokens/s", series.prefill().text()));
    share(prefillFlops(), yardsticks.of(Kind.MATRIX_FLOPS))
        .ifPresent(
            share ->
                lines.add(
                    line(
                        "prefill's share",
                        "%.0f %% of the %.1f TFLOP/s of the f16 matrix units",
                        100 * share,
                        yardsticks.of(Kind.MATRIX_FLOPS).orElseThrow() / 1e12)));
    for (int start : settings.starts()) {
      lines.add(line("decode at " + start, "%s tokens/s", series.decode(start).text()));
      decodeShare(start)
          .ifPresent(share -> lines.add(line("", "%.0f %% of the read bandwidth", 100 * share)));
    }
    lines.add(line("first token", "%.3f s", series.firstTokenSeconds()));
    series
        .bandwidth()
        .ifPresent(b -> lines.add(line("read bandwidth", "%.1f GB/s", b.median() / 1e9)));
    lines.add(line("resident memory", "%s", Units.bytes(series.residentBytes())));
    if (series.voided() > 0) {
      lines.add(line("void repetitions", "%d (the bandwidth changed meanwhile)", series.voided()));
    }
    return lines;
  }

  private List<String> loadLines(LoadReport load) {
    var lines = new ArrayList<String>();
    lines.add(
        line("kernels", "%d modules in %.2f s", load.compiledModules(), load.compileSeconds()));
    lines.add(
        line(
            "upload",
            "%s in %.2f s, %.1f GB/s",
            Units.bytes(load.uploadedBytes()),
            load.uploadSeconds(),
            load.uploadBytesPerSecond() / 1e9));
    uploadShare(load)
        .ifPresent(
            share ->
                lines.add(
                    line(
                        "upload's share",
                        "%.0f %% of %s%.1f GB/s",
                        100 * share,
                        load.upload().links() == 1
                            ? "the link's "
                            : load.upload().links() + " links of at least ",
                        yardsticks.of(Kind.LINK_BANDWIDTH).orElseThrow() / 1e9)));
    return lines;
  }
}
