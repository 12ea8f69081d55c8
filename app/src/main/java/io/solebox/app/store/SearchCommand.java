package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.Expected;
import io.solebox.app.session.ThisMachine;
import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.catalogue.CatalogueModel;
import io.solebox.store.pull.name.Quantization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for models to pull. */
@Command(
    name = "search",
    description =
        "Search the catalogue for models to pull, with what suits this machine. Opens no"
            + " connection.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SearchCommand implements Callable<Integer> {
  private final Models models;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "Words that name, title, use or licence must have, each.")
  private List<String> words = List.of();

  @Option(names = "--fits", description = "Only models that fit this machine.")
  private boolean fits;

  @Option(
      names = "--licence",
      paramLabel = "LICENCE",
      description = "Only models under this licence, as in apache-2.0.")
  private Optional<String> licence;

  @Option(
      names = "--for",
      paramLabel = "USE",
      description = "Only models for chat, reasoning, code, embedding or rerank.")
  private Optional<String> use;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Mixin private EngineOptions engine;

  SearchCommand(Models models) {
    this.models = models;
  }

  /** A model that was found, and how it would be taken here. */
  private record Found(CatalogueModel model, Optional<Quantization> format, Expected expected) {}

  @Override
  public Integer call() {
    engine.check();
    requireUse();
    Catalogue catalogue = models.catalogues().current().catalogue();
    ThisMachine machine = ThisMachine.of(engine, models.environment());
    List<Found> found =
        catalogue.models().stream()
            .filter(this::matches)
            .map(model -> found(model, machine))
            .filter(f -> !fits || f.format().isPresent())
            .toList();
    if (json) {
      models.json(found.stream().map(SearchCommand::fields).toList());
    } else if (found.isEmpty()) {
      models.console().error("The catalogue has no such model; pull takes names of others too.");
    } else {
      print(found);
    }
    return 0;
  }

  private void requireUse() {
    List<String> known =
        Arrays.stream(CatalogueModel.Use.values()).map(CatalogueModel.Use::word).toList();
    if (use.filter(u -> !known.contains(u.toLowerCase(Locale.ROOT))).isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--for takes %s, and not '%s': this version answers with texts, vectors and scores"
              .formatted(String.join(", ", known), use.get()));
    }
  }

  private boolean matches(CatalogueModel model) {
    String uses = uses(model);
    String text =
        String.join(" ", model.name(), model.title(), model.source(), model.licence(), uses)
            .toLowerCase(Locale.ROOT);
    return words.stream().allMatch(word -> text.contains(word.toLowerCase(Locale.ROOT)))
        && licence.filter(l -> !l.equalsIgnoreCase(model.licence())).isEmpty()
        && use.filter(u -> model.uses().stream().noneMatch(m -> m.word().equalsIgnoreCase(u)))
            .isEmpty();
  }

  private static Found found(CatalogueModel model, ThisMachine machine) {
    Optional<Quantization> format = machine.choose(model);
    Quantization shown = format.orElse(model.formats().getLast());
    return new Found(model, format, machine.expected(model, shown));
  }

  private static String uses(CatalogueModel model) {
    return model.uses().stream().map(CatalogueModel.Use::word).collect(Collectors.joining(", "));
  }

  private void print(List<Found> found) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "CLASS", "FOR", "LICENCE", "TAKE", "SIZE", "MEMORY", "TOKENS/S"));
    found.forEach(f -> rows.add(row(f)));
    models.table(rows);
    models
        .console()
        .error(
            "Sizes and tokens/s are estimates; 'solebox pull NAME --dry-run' looks at the file"
                + " itself.");
  }

  private static List<String> row(Found found) {
    CatalogueModel model = found.model();
    Quantization shown = found.format().orElse(model.formats().getLast());
    return List.of(
        model.name(),
        model.sizeClass().word(),
        uses(model),
        model.licence() + (model.gated() ? " (gated)" : ""),
        found.format().map(Quantization::name).orElse("none"),
        Units.bytes(model.estimatedBytes(shown)),
        found.expected().fit(),
        found.expected().speed());
  }

  private static Map<String, Object> fields(Found found) {
    CatalogueModel model = found.model();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", model.name());
    fields.put("title", model.title());
    fields.put("source", "hf.co/" + model.source());
    fields.put("class", model.sizeClass().word());
    fields.put("uses", model.uses().stream().map(CatalogueModel.Use::word).toList());
    fields.put("license", model.licence());
    fields.put("gated", model.gated());
    fields.put("architecture", model.architecture());
    fields.put("parameters", model.parameters());
    model.activeParameters().ifPresent(n -> fields.put("active_parameters", n));
    fields.put("trained_context", (long) model.context());
    found.format().ifPresent(q -> fields.put("quantization", q.name()));
    found.format().ifPresent(q -> fields.put("estimated_bytes", model.estimatedBytes(q)));
    fields.putAll(found.expected().fields());
    return fields;
  }
}
