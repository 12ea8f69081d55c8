package io.solebox.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * Other kernels, and the same with parts of the backend turned off, side by side: a table of what a
 * step takes, and each launch of the kinds that take most of it.
 */
record Variants(Results results) {
  private static final String USUAL = "usual";
  private static final int KINDS = 5;
  private static final Results.Row MODEL = new Results.Row("13b", "Q4_K_M");

  /** A variant whose kernels are the usual ones, in a later process. */
  private static final String SAME_KERNELS = "early-off";

  /** Empty where none was measured, or there is nothing to hold them against. */
  List<String> lines() {
    Optional<JsonNode> usual = usual();
    Optional<Profile> base = usual.flatMap(Variants::profile);
    List<String> names = results.variants().stream().filter(n -> !n.equals(USUAL)).toList();
    if (base.isEmpty() || names.stream().allMatch(n -> results.variant(n).isEmpty())) {
      return List.of();
    }
    List<String> kinds = base.get().nodes().stream().limit(KINDS).map(Profile.Node::kind).toList();
    var header = new ArrayList<>(List.of("variant", "step, us", "tokens/s", "JIT, s"));
    kinds.forEach(kind -> header.add(kind + ", us"));
    var lines = new ArrayList<String>();
    lines.add(Text.tableRow(header));
    lines.add(Text.tableRule(header.size()));
    lines.add(row(USUAL, usual.get(), base.get(), kinds));
    for (String name : names) {
      results.variant(name).ifPresent(stage -> lines.add(row(name, stage, base.get(), kinds)));
    }
    return lines;
  }

  /** What the driver's compiler takes, at first and once it keeps what it made. */
  Optional<String> jit() {
    return results
        .stage(MODEL.stage())
        .filter(cold -> results.variant(SAME_KERNELS).isPresent())
        .map(
            cold ->
                Text.of(
                    "compiling %d modules of 13b Q4_K_M: %.1f s, and %.1f s from the driver's cache",
                    cold.at("/load/compiled_modules").asInt(),
                    compileSeconds(cold),
                    compileSeconds(results.variant(SAME_KERNELS).orElseThrow())));
  }

  private static double compileSeconds(JsonNode stage) {
    return Text.number(stage, "/load/compile_seconds").orElse(0);
  }

  /** Measured as a variant, or else with the model's other figures. */
  private Optional<JsonNode> usual() {
    return results.variant(USUAL).or(() -> results.stage(MODEL.stage()));
  }

  private static Optional<Profile> profile(JsonNode stage) {
    return Profile.all(stage, OptionalDouble.empty()).stream().findFirst();
  }

  private static String row(String name, JsonNode stage, Profile base, List<String> kinds) {
    var cells = new ArrayList<String>();
    Optional<Profile> profile = profile(stage);
    cells.add(name);
    cells.add(profile.map(p -> step(p, base)).orElse(""));
    cells.add(Text.of("%.1f", stage.at("/decode_tokens_per_second/median").asDouble()));
    cells.add(Text.of("%.1f", compileSeconds(stage)));
    for (String kind : kinds) {
      OptionalDouble micros = profile.map(p -> p.micros(kind)).orElseGet(OptionalDouble::empty);
      cells.add(micros.isEmpty() ? "" : Text.of("%.1f", micros.getAsDouble()));
    }
    return Text.tableRow(cells);
  }

  private static String step(Profile profile, Profile base) {
    String micros = Text.of("%.0f", profile.stepMicros());
    double change = 100 * (profile.stepMicros() / base.stepMicros() - 1);
    return profile.stepMicros() == base.stepMicros()
        ? micros
        : micros + Text.of(" (%+.1f %%)", change);
  }
}
