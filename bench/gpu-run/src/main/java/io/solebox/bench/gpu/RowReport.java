package io.solebox.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Everything that was measured with one model in one format, of which {@code bench} gives an object
 * for one stream and one for several. Cells of what is missing are empty.
 */
final class RowReport {
  private final Results.Row row;
  private final Optional<JsonNode> one;
  private final Optional<JsonNode> streams;
  private final List<Profile> profiles;
  private final String clocks;

  RowReport(Results results, Results.Row row) {
    this.row = row;
    List<JsonNode> objects =
        results.file(row.stage()).stream()
            .flatMap(array -> StreamSupport.stream(array.spliterator(), false))
            .toList();
    this.one = objects.stream().filter(o -> batch(o) == 1).findFirst();
    this.streams = objects.stream().filter(o -> batch(o) > 1).findFirst();
    this.profiles = one.map(o -> Profile.all(o, bandwidth(o))).orElse(List.of());
    this.clocks = results.text(row.stage() + ".clocks");
  }

  private static int batch(JsonNode object) {
    return object.at("/batch").asInt();
  }

  /** Of the same minute. */
  private static OptionalDouble bandwidth(JsonNode object) {
    return Text.number(object, "/read_bandwidth_bytes_per_second");
  }

  static final List<String> HEADER =
      List.of(
          "model",
          "decode, tokens/s (of read bandwidth)",
          "prefill, tokens/s (of mma.sync)",
          "first token",
          "streams, tokens/s",
          "load (link's share)",
          "JIT cold",
          "SM clock");

  List<String> cells() {
    return List.of(
        name(),
        one.map(RowReport::decodeText).orElse(""),
        one.map(RowReport::prefillText).orElse(""),
        one.map(o -> Text.of("%.0f ms", firstTokenMillis(o))).orElse(""),
        streams.map(this::streamsText).orElse(""),
        one.map(RowReport::loadText).orElse(""),
        one.map(RowReport::jitText).orElse(""),
        clockText());
  }

  String name() {
    return row.shape() + " " + row.format();
  }

  /** One for each context. */
  List<Profile> profiles() {
    return profiles;
  }

  private static String decodeText(JsonNode one) {
    var parts = new ArrayList<String>();
    for (JsonNode at : one.at("/decode_at")) {
      String share = Text.percent(at, "decode_bandwidth_share");
      parts.add(Text.of("%.1f%s at %d", speed(at), share, at.at("/context").asInt()));
    }
    return String.join("<br>", parts);
  }

  private static String prefillText(JsonNode one) {
    String speed = Text.of("%.0f", one.at("/prefill_tokens_per_second/median").asDouble());
    return speed + Text.percent(one, "prefill_matrix_share");
  }

  private String streamsText(JsonNode several) {
    String gain = one.map(o -> Text.of(", %.1f times one", speed(several) / speed(o))).orElse("");
    return Text.of("%.0f with %d%s", speed(several), batch(several), gain);
  }

  private static String loadText(JsonNode one) {
    String total = Text.of("%.1f s", one.at("/load_seconds").asDouble());
    return total + Text.percent(one.at("/load"), "upload_link_share");
  }

  private static String jitText(JsonNode one) {
    OptionalDouble seconds = Text.number(one, "/load/compile_seconds");
    return seconds.isEmpty()
        ? ""
        : Text.of(
            "%.1f s, %d modules", seconds.getAsDouble(), one.at("/load/compiled_modules").asInt());
  }

  /** The first column of what was asked for before and after. */
  private String clockText() {
    List<String> before = clocks.lines().map(line -> line.split(",")[0].strip()).toList();
    return before.isEmpty() ? "" : String.join(" to ", before) + " MHz";
  }

  /**
   * Whether each aim was reached, and for a missed share of the bandwidth what the time went to.
   */
  List<Aim> aims() {
    var aims = new ArrayList<Aim>();
    one.ifPresent(o -> ofOneStream(o, aims));
    if (one.isPresent() && streams.isPresent() && batch(streams.get()) == 8) {
      double gain = speed(streams.get()) / speed(one.get());
      String text = Text.of("eight streams, %.1f times one, aim %.0f", gain, Aims.EIGHT_STREAMS);
      aims.add(new Aim(gain >= Aims.EIGHT_STREAMS, name() + ": " + text));
    }
    return aims;
  }

  private void ofOneStream(JsonNode one, List<Aim> aims) {
    for (JsonNode at : one.at("/decode_at")) {
      int context = at.at("/context").asInt();
      String what = "decode at " + context;
      String cause =
          profiles.stream()
              .filter(p -> p.position() == context)
              .map(p -> "; " + p.cause())
              .findFirst()
              .orElse("");
      share(
          aims,
          what,
          at,
          "decode_bandwidth_share",
          "the read bandwidth",
          Aims.decodeShare(row),
          cause);
    }
    share(aims, "prefill", one, "prefill_matrix_share", "mma.sync", Aims.PREFILL_SHARE, "");
    if (row.shape().equals("13b")) {
      double millis = firstTokenMillis(one);
      String text = Text.of("first token, %.0f ms, aim %d ms", millis, Aims.FIRST_TOKEN_MILLIS);
      aims.add(new Aim(millis <= Aims.FIRST_TOKEN_MILLIS, name() + ": " + text));
    }
  }

  private void share(
      List<Aim> aims,
      String what,
      JsonNode node,
      String field,
      String whole,
      double aim,
      String cause) {
    OptionalDouble value = Text.number(node, "/" + field);
    if (value.isPresent()) {
      double share = value.getAsDouble();
      boolean reached = share >= aim;
      String text = "%s: %s, %.0f %% of %s, aim %.0f %%";
      String line = Text.of(text, name(), what, 100 * share, whole, 100 * aim);
      aims.add(new Aim(reached, reached ? line : line + cause));
    }
  }

  /** What was aimed at, in a line. */
  record Aim(boolean reached, String text) {}

  private static double speed(JsonNode object) {
    return object.at("/decode_tokens_per_second/median").asDouble();
  }

  private static double firstTokenMillis(JsonNode object) {
    return 1e3 * object.at("/time_to_first_token_seconds").asDouble();
  }
}
