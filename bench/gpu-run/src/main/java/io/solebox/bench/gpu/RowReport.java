package io.solebox.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that was measured with one model file. A stage that is missing leaves its cells empty.
 */
final class RowReport {
  private final Results.Row row;
  private final Optional<JsonNode> synth;
  private final Optional<JsonNode> cold;
  private final Optional<JsonNode> decode;
  private final Optional<JsonNode> prefill;
  private final Optional<JsonNode> streams;
  private final Optional<JsonNode> peer;
  private final OptionalDouble bandwidth;

  RowReport(Results results, Results.Row row) {
    this.row = row;
    this.synth = results.stage(row.stage("synth"));
    this.cold = results.stage(row.stage("cold"));
    this.decode = results.stage(row.stage("decode"));
    this.prefill = results.stage(row.stage("prefill"));
    this.streams = results.stage(row.stage("streams"));
    this.peer = results.stage("peer/" + row.shape());
    this.bandwidth =
        results.stage("yardsticks").stream()
            .map(y -> y.get("read_bandwidth_bytes_per_second"))
            .filter(JsonNode::isNumber)
            .mapToDouble(JsonNode::asDouble)
            .findFirst();
  }

  static final List<String> HEADER =
      List.of(
          "model",
          "format",
          "decode tokens/s at contexts, share of read bandwidth",
          "prefill tokens/s, share of mma.sync",
          "first token",
          "streams tokens/s",
          "load, upload, share of link",
          "JIT cold, warm",
          "PyTorch bf16 decode");

  List<String> cells() {
    return List.of(
        row.shape(),
        row.format(),
        decode.map(RowReport::decodeText).orElse(""),
        prefill.map(RowReport::prefillText).orElse(""),
        decode.map(d -> text("%.0f ms", seconds(d) * 1e3)).orElse(""),
        streams.map(this::streamsText).orElse(""),
        decode.map(RowReport::loadText).orElse(""),
        jit(),
        peer.map(this::peerText).orElse(""));
  }

  /** PyTorch does not measure the bandwidth: its share is of ours. */
  private String peerText(JsonNode stage) {
    var parts = new ArrayList<String>();
    for (JsonNode at : stage.get("decode_at")) {
      double speed = at.at("/decode_tokens_per_second/median").asDouble();
      double read = speed * at.get("decode_bytes_per_token").asDouble();
      String share =
          bandwidth.isEmpty() ? "" : text(" (%.0f %%)", 100 * read / bandwidth.getAsDouble());
      parts.add(text("%.1f at %d", speed, at.get("context").asInt()) + share);
    }
    return String.join("; ", parts);
  }

  private static String decodeText(JsonNode stage) {
    var parts = new ArrayList<String>();
    for (JsonNode at : stage.get("decode_at")) {
      String speed = text("%.1f", at.at("/decode_tokens_per_second/median").asDouble());
      parts.add(speed + " at " + at.get("context").asInt() + percent(at, "decode_bandwidth_share"));
    }
    return String.join("; ", parts);
  }

  private static String prefillText(JsonNode stage) {
    String speed = text("%.0f", stage.at("/prefill_tokens_per_second/median").asDouble());
    return speed + percent(stage, "prefill_matrix_share");
  }

  private String streamsText(JsonNode stage) {
    double all = speed(stage);
    String gain = decode.map(one -> text(", %.1f times one", all / speed(one))).orElse("");
    return text("%.0f at %d%s", all, stage.get("batch").asInt(), gain);
  }

  private static String loadText(JsonNode stage) {
    String total = text("%.1f s", stage.get("load_seconds").asDouble());
    JsonNode load = stage.get("load");
    if (load == null || load.isNull()) {
      return total;
    }
    double rate = load.get("uploaded_bytes").asDouble() / load.get("upload_seconds").asDouble();
    return total + text(", %.1f GB/s", rate / 1e9) + percent(load, "upload_link_share");
  }

  private String jit() {
    return compile(cold).isPresent() && compile(decode).isPresent()
        ? text("%.1f s, %.1f s", compile(cold).getAsDouble(), compile(decode).getAsDouble())
        : "";
  }

  private static OptionalDouble compile(Optional<JsonNode> stage) {
    return stage.stream()
        .map(s -> s.at("/load/compile_seconds"))
        .filter(JsonNode::isNumber)
        .mapToDouble(JsonNode::asDouble)
        .findFirst();
  }

  /** Lines that say whether the aims of this row were reached. */
  List<String> aims() {
    var lines = new ArrayList<String>();
    if (!Aims.apply(row)) {
      return lines;
    }
    decode.ifPresent(
        stage -> {
          for (JsonNode at : stage.get("decode_at")) {
            String what = "decode at " + at.get("context").asInt() + ", share of read bandwidth";
            least(lines, what, at.get("decode_bandwidth_share"), Aims.decodeShare(row), "%.2f");
          }
          if (row.shape().equals("13b")) {
            double millis = 1e3 * seconds(stage);
            String verdict = millis <= Aims.FIRST_TOKEN_MILLIS ? "reached" : "missed";
            lines.add(
                line("first token", text("%.0f ms", millis), Aims.FIRST_TOKEN_MILLIS + " ms")
                    + verdict);
          }
        });
    prefill.ifPresent(
        stage -> {
          JsonNode share = stage.get("prefill_matrix_share");
          least(lines, "prefill, share of mma.sync", share, Aims.PREFILL_SHARE, "%.2f");
        });
    if (streams.isPresent() && decode.isPresent() && streams.get().get("batch").asInt() == 8) {
      double gain = speed(streams.get()) / speed(decode.get());
      least(lines, "eight streams, times one", gain, Aims.EIGHT_STREAMS, "%.1f");
    }
    synth.ifPresent(
        stage -> {
          double rate = stage.get("bytes").asDouble() / stage.get("seconds").asDouble() / 1e6;
          least(lines, "synth, MB/s", rate, Aims.SYNTH_MB_PER_SECOND, "%.0f");
        });
    return lines;
  }

  private void least(List<String> lines, String what, JsonNode value, double aim, String format) {
    if (value != null && value.isNumber()) {
      least(lines, what, value.asDouble(), aim, format);
    }
  }

  private void least(List<String> lines, String what, double value, double aim, String format) {
    String verdict = value >= aim ? "reached" : "missed";
    lines.add(line(what, text(format, value), text(format, aim)) + verdict);
  }

  private String line(String what, String value, String aim) {
    return "%s %s, %s: %s, aim %s, ".formatted(row.shape(), row.format(), what, value, aim);
  }

  private static double speed(JsonNode stage) {
    return stage.at("/decode_tokens_per_second/median").asDouble();
  }

  private static double seconds(JsonNode stage) {
    return stage.get("time_to_first_token_seconds").asDouble();
  }

  private static String percent(JsonNode node, String field) {
    JsonNode share = node.get(field);
    return share == null || !share.isNumber() ? "" : text(" (%.0f %%)", 100 * share.asDouble());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  ObjectNode json(ObjectMapper mapper) {
    ObjectNode node = mapper.createObjectNode();
    node.put("model", row.shape());
    node.put("format", row.format());
    synth.ifPresent(stage -> node.set("synth", stage));
    cold.ifPresent(stage -> node.set("cold", stage));
    decode.ifPresent(stage -> node.set("decode", stage));
    prefill.ifPresent(stage -> node.set("prefill", stage));
    streams.ifPresent(stage -> node.set("streams", stage));
    peer.ifPresent(stage -> node.set("peer", stage));
    return node;
  }
}
